"""A closed year comes out the same whatever happens later; what comes in about it late is named, member by member."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from grid.calendar.now import moved_to
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.recut.actions import Part, recut_grid
from grid.registers.actions import Meaning, import_delivery
from grid.registers.models import Register, Row
from grid.registers.verbs import RegisterVerb
from grid.scope import Actor
from grid.subjects.actions.merging import merge_subjects
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Subject
from grid.territory.models import Area
from tasks.comparison.verbs import ComparisonVerb
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.findings.verbs import FindingVerb
from tests.cast import FAR_GRID, GRID_1
from tests.workflows.assessment.ground import (
    CLOCK,
    at,
    computed,
    digits,
    frozen,
    next_line,
    register_row,
    shown,
    tell,
)
from workflows.assessment.models import MemberList, Result, Scheme
from workflows.assessment.queries import checking
from workflows.assessment.verbs import AssessmentVerb
from workflows.cases.verbs import CaseVerb

LATER = at(6, 1, 2027)


@pytest.fixture
def closed(cast: Any, played: Any) -> Scheme:
    return frozen(cast)


def checked(by: Actor, scheme: Scheme) -> checking.Check:
    return checking.check_scheme(by, scheme)


def later_registers(cast: Any, subjects: Any, tmp_path: Any) -> None:
    """The next year's market register strikes a unit off and changes another; the social one insures nobody."""
    good, bad, _far = subjects
    file = tmp_path / "market.csv"
    lines = ["统一社会信用代码,企业名称,登记状态,住所"]
    lines += [
        f"{subject.credit_code},{subject.name},{said},某路1号"
        for subject, said in ((good, "注销"), (bad, "存续"))
    ]
    file.write_text("\n".join(lines), encoding="utf8")
    import_delivery(Meaning("market", "1503", date(2027, 5, 1)), file, by=cast.by.wu)
    next_line(Row.objects.get(subject=good, register=Register.SOCIAL), date(2027, 5, 1), status="注销")


def later_moves(cast: Any, subjects: Any, tmp_path: Any) -> None:
    """To another district, with the current lines of the registers."""
    good, bad, _far = subjects
    before = [good.area, bad.area]
    good.area = bad.area = FAR_GRID
    save_moves([good, bad], before, by=CLOCK)


def later_merge(cast: Any, subjects: Any, tmp_path: Any) -> None:
    good, bad, _far = subjects
    Subject.objects.filter(pk=bad.pk).update(credit_code=None, legacy_code="150302600012345")
    bad.refresh_from_db()
    merge_subjects(good, bad, "同一家", by=cast.by.zhao)


def later_recut(cast: Any, subjects: Any, tmp_path: Any) -> None:
    grid, only = Area.objects.get(code=GRID_1), [Part(name="全部")]
    recut_grid(grid, only, reason="网格过大", by=cast.by.sun)


def later_findings(cast: Any, subjects: Any, tmp_path: Any) -> None:
    """What was confirmed is taken back, another door is settled, a case is closed late, a lead found again."""
    good, bad, _far = subjects
    tell(FindingVerb.FINDING_RETURNED, LATER, good)
    tell(FindingVerb.FINDING_REJECTED, LATER, bad)
    tell(ComparisonVerb.LEAD_FOUND, LATER, good)
    tell(CaseVerb.CASE_HEALED, LATER, bad, case="HBW-2026-000001")
    mark_state([good.pk], CoverState.TO_CHECK, by=CLOCK)
    mark_state([bad.pk], CoverState.COMPLIANT, by=CLOCK)


def later_kinds(cast: Any, subjects: Any, tmp_path: Any) -> None:
    file = tmp_path / "market.csv"
    lines = ["统一社会信用代码,企业名称,登记状态,住所,主体类别"]
    lines += [
        f"{subject.credit_code},改名后的商贸公司{subject.pk},吊销,某路1号,合作社" for subject in subjects
    ]
    file.write_text("\n".join(lines), encoding="utf8")
    import_delivery(Meaning("market", "1503", date(2027, 5, 1)), file, by=cast.by.wu)


@pytest.mark.once
@pytest.mark.parametrize(
    "happens", [later_registers, later_moves, later_merge, later_recut, later_findings, later_kinds]
)
def test_what_happens_later_changes_nothing(cast, closed, played, tmp_path, happens):
    before = digits("150302") | {("far", key): value for key, value in digits("150304").items()}
    with moved_to(LATER):
        happens(cast, played, tmp_path)
    with moved_to(at(7, 1, 2027)):
        found = checked(cast.by.wu, closed)
    assert found.is_sound, [
        (comparison.indicator.formula, comparison.changed)
        for comparison in found.compared
        if comparison.count
    ]
    assert before == digits("150302") | {("far", key): value for key, value in digits("150304").items()}


def changed_in(found: checking.Check, formula: str) -> list[checking.Changed]:
    return next(
        comparison.changed for comparison in found.compared if comparison.indicator.formula == formula
    )


def causes(changed: checking.Changed) -> str:
    return "；".join(cause.words or cause.entry.verb for cause in changed.causes)


def test_a_line_that_came_late_about_the_year_is_named(cast, closed, played):
    far = played[2]
    with moved_to(LATER):
        register_row(far, Register.SOCIAL, date(2026, 12, 20), status="参保缴费", insured=5)
    found = checked(cast.by.wu, closed)
    assert (found.is_same, found.is_intact, found.is_told) == (False, True, True)
    (one,) = changed_in(found, "enrolment")
    assert (one.difference.before.reached, one.difference.after.reached) == (0, 5)
    assert "后来导入的名册行" in causes(one) and "2026-12-20" in causes(one)
    assert [c.count for c in found.compared if c.count] == [1], "the other four are the same"
    # Of another district's members nothing is named.
    seen = checked(cast.by.qian, closed)
    assert not seen.is_same and not any(comparison.changed for comparison in seen.compared)


def test_a_delivery_taken_back_an_ended_line_and_a_lost_one_are_named(cast, closed, played):
    good, bad, far = played
    rows = [Row.objects.get(subject=subject, register=Register.MARKET) for subject in played]
    Row.objects.filter(pk=rows[0].pk).update(until=rows[0].since)
    Row.objects.filter(pk=rows[1].pk).update(until=date(2026, 11, 1))
    Row.objects.filter(pk=rows[2].pk).delete()
    told = {change.name: causes(change) for change in changed_in(checked(cast.by.wu, closed), "enrolment")}
    assert "已随批次撤回" in told[good.name]
    assert "自 2026-11-01 起终止" in told[bad.name]
    assert "已不在库中" in told[far.name]


def test_what_the_ledger_told_since_stands_beside_the_member(cast, closed, played):
    good = played[0]
    tell(RegisterVerb.SUBJECT_CHANGED, LATER, good)
    Row.objects.filter(subject=good, register=Register.SOCIAL).update(data={"status": "注销"})
    found = checked(cast.by.wu, closed)
    (one,) = changed_in(found, "retention")
    assert causes(one) == "subject.changed"


def test_a_number_of_the_law_changed_behind_the_year_is_named(cast, closed):
    Provision.objects.filter(key="assess.retention").update(value=400)
    found = checked(cast.by.wu, closed)
    assert found.law == [("assess.retention", 90, 400)] and not found.is_same


def test_the_database_keeps_a_closed_year(cast, closed):
    result = Result.objects.filter(numerator__gt=0).first()
    for statement in (
        "UPDATE workflows_scheme SET state = 'open', frozen_at = NULL, frozen_by_id = NULL",
        "DELETE FROM workflows_memberlist",
        f"UPDATE workflows_result SET numerator = numerator + 1 WHERE id = {result.pk}",
        "UPDATE workflows_indicator SET weight = 1",
        "UPDATE workflows_memberlist SET count = 0",
    ):
        with (
            pytest.raises((IntegrityError, DatabaseError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert checked(cast.by.wu, closed).is_sound


def test_a_touched_number_shows_before_it_is_closed(cast, played):
    scheme = shown(cast)
    MemberList.objects.filter(count__gt=0).delete()
    found = checked(cast.by.wu, scheme)
    assert not found.is_intact and not found.is_same


def test_a_year_still_running_is_checked_up_to_the_day_it_was_computed(cast, played):
    with moved_to(at(7, 1)):
        scheme = computed(cast)
    with moved_to(at(11, 1)):
        tell(FindingVerb.FINDING_CONFIRMED, at(10, 1), played[1])
        assert checked(cast.by.wu, scheme).is_same
    assert Entry.objects.filter(verb=AssessmentVerb.ASSESSMENT_COMPUTED).count() == 1


def test_the_check_page_names_what_changed(cast, closed, played, client):
    with moved_to(LATER):
        register_row(played[2], Register.SOCIAL, date(2026, 12, 20), insured=5)
        client.force_login(cast.wu)
        page = client.post("/assessment/2026/check/").content.decode()
    assert played[2].name in page and "后来导入的名册行" in page and "0 / 5" in page and "5 / 5" in page
