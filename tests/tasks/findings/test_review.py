"""The second pair of eyes: confirm, ask again, or reject."""

from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import Actor, Held, Role
from tasks.comparison.models import Comparison, Lead
from tasks.coverage.models import Span
from tasks.findings import problems as findings_problems
from tasks.findings.actions import confirm_finding, reject_finding, return_finding
from tasks.findings.models import Finding
from tests.cast import GRID_1
from tests.doors import IN_ORDER, SHORT, arrival, make_round, make_task, push
from tests.mobile_api.test_sync import register_row

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


@pytest.fixture
def finding(cast: Any, task: Any) -> Finding:
    push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT))
    return Finding.objects.get()


def lead_on(subject: Any, rule: str) -> Lead:
    from grid.calendar.now import now

    run = Comparison.objects.create(area="1503", as_of=today(), run_at=now())
    row = subject.rows.first() or register_row(subject, "tax", heads=12)
    return Lead.objects.create(
        comparison=run, subject=subject, area=subject.area, rule=rule, state="tasked", why="", clause="", left=row,
        found_on=today(),
    )  # fmt: skip


def test_confirmed(cast: Any, task: Any, finding: Finding) -> None:
    borne_out, refuted = lead_on(task.subject, "R2"), lead_on(task.subject, "R5")
    confirm_finding(finding, "属实", by=cast.by.zhao)
    for row in (finding, task, borne_out, refuted):
        row.refresh_from_db()
    assert (finding.state, finding.reviewed_by, task.state) == ("confirmed", cast.zhao, "done")
    assert Span.objects.get(subject=task.subject, until=None).state == "found"
    assert (borne_out.state, borne_out.closed_on) == ("confirmed", None)
    assert (refuted.state, refuted.closed_on) == ("dismissed", today())
    assert borne_out.verified_at and Entry.objects.filter(verb="finding.confirmed").exists()


def test_in_order(cast: Any, task: Any) -> None:
    push(cast.post.wang, cast.by.wang, arrival(task, answers=IN_ORDER))
    confirm_finding(Finding.objects.get(), by=cast.by.zhao)
    assert Span.objects.get(subject=task.subject, until=None).state == "compliant"


def test_whoever_recorded_it_cannot_confirm_it(cast: Any, finding: Finding) -> None:
    """Even when the same person also holds a reviewer's posting."""
    both = Actor(cast.wang.pk, "王建国", (Held(cast.post.zhao.pk, Role.COMMUNITY, GRID_1[:12]),))
    for act in (
        lambda: confirm_finding(finding, by=both),
        lambda: return_finding(finding, "?", [], by=both),
        lambda: reject_finding(finding, "不", by=both),
    ):
        with pytest.raises(problems.SamePersonTwice):
            act()


def test_only_within_reach_and_right(cast: Any, finding: Finding) -> None:
    with pytest.raises(problems.NotHere):
        confirm_finding(finding, by=cast.by.chen)
    with pytest.raises(problems.NotYourPost):
        confirm_finding(finding, by=cast.by.wang)


def test_a_colleague_was_faster(cast: Any, finding: Finding) -> None:
    confirm_finding(finding, by=cast.by.zhao)
    with pytest.raises(problems.AlreadyDone) as refused:
        confirm_finding(finding, by=cast.by.sun)
    assert "赵敏" in refused.value.detail


def test_returned(cast: Any, task: Any, finding: Finding) -> None:
    return_finding(finding, "用工名册有吗?", ["employees"], by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, task.question_by) == ("returned", cast.zhao)
    assert Span.objects.get(subject=task.subject, until=None).state == "to_check"


def test_a_return_asks_something_the_form_has(cast: Any, finding: Finding) -> None:
    with pytest.raises(problems.ReasonMissing):
        return_finding(finding, " ", [], by=cast.by.zhao)
    with pytest.raises(findings_problems.UnknownQuestion):
        return_finding(finding, "请再核", ["colour"], by=cast.by.zhao)


def test_rejected(cast: Any, task: Any, finding: Finding) -> None:
    lead = lead_on(task.subject, "R2")
    reject_finding(finding, "名册为上年数据", by=cast.by.zhao)
    lead.refresh_from_db()
    assert lead.state == "dismissed"
    assert Span.objects.get(subject=task.subject, until=None).state == "compliant"


def test_nothing_to_reject_or_return(cast: Any, make_employer: Any) -> None:
    push(cast.post.wang, cast.by.wang, arrival(subject_id=make_employer().pk))
    finding = Finding.objects.get()
    with pytest.raises(findings_problems.NothingToReject):
        reject_finding(finding, "不", by=cast.by.zhao)
    with pytest.raises(findings_problems.NoTaskToReturn):
        return_finding(finding, "?", [], by=cast.by.zhao)


def test_nothing_is_rejected_without_a_remark_and_what_was_replaced_is_not_reviewed(
    cast: Any, task: Any, finding: Finding
) -> None:
    with pytest.raises(problems.ReasonMissing):
        reject_finding(finding, " ", by=cast.by.zhao)
    push(cast.post.wang, cast.by.wang, arrival(task, answers={**SHORT, "employees": 9}))
    finding.refresh_from_db()
    assert finding.state == "replaced"
    with pytest.raises(problems.OutOfOrder):
        confirm_finding(finding, "属实", by=cast.by.zhao)
