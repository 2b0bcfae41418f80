"""What a decision on a finding says will follow, and what it then did, whatever case its subject has."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.registers.models import Delivery, Row
from tasks.comparison.models import Comparison, Lead
from tasks.coverage.models import Span
from tasks.coverage.states import CoverState
from tasks.findings.models import Finding
from tasks.visits.models import UNGROUNDED, Visit
from tests.workflows.conftest import MEASURES
from workflows.cases import actions
from workflows.cases import problems as cases_problems
from workflows.cases.models import ENDED, Case, CaseState
from workflows.cases.queries.foreseeing import outlook_of, running_case
from workflows.cases.rules import Confirming, OpenCase, confirming

Made = Callable[..., Finding]
OPEN = [state for state in CaseState if state not in ENDED and state != CaseState.CORRECTION]


def promised(client: Client, finding: Finding, act: str = "confirm") -> str:
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    found = re.search(rf'id="act-{act}".*?接下来：(.*?)</span>', page, re.DOTALL)
    return found[1] if found else ""


def confirm(client: Client, finding: Finding) -> str:
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    answer = client.post(f"/findings/{finding.pk}/confirm/", {"remark": "属实", "seen": seen[1]}, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", "", answer.content.decode())


@pytest.fixture
def desk(cast: Any, client: Client) -> Client:
    client.force_login(cast.zhao)
    return client


def counted(finding: Finding) -> str:
    return str(CoverState(Span.objects.get(subject=finding.subject_id, until=None).state).label)


@pytest.fixture
def put(cast: Any, make_case: Callable[..., Case]) -> Callable[..., Case]:
    """A case in any state, with what the database asks of one there."""

    def make(state: str, returned_to: str = "") -> Case:
        case = make_case()
        approved = {"street_by": cast.sun, "street_at": now(), "district_by": cast.qian, "district_at": now()}
        Case.objects.filter(pk=case.pk).update(state=state, returned_to=returned_to, **approved)
        case.refresh_from_db()
        return case

    return make


def test_the_first_finding_opens_a_case(desk: Client, make_finding: Made) -> None:
    finding = make_finding()
    assert promised(desk, finding) == "立案，送街道审批"
    assert "已确认：立案" in confirm(desk, finding)
    case = Case.objects.get(finding=finding)
    assert case.state == CaseState.STREET_APPROVAL
    assert case.code in desk.get(f"/findings/{finding.pk}/").content.decode()


def of_another_round(finding: Finding) -> Finding:
    """A visit under the same task would take the place of the one before it."""
    finding.visit.task = None
    finding.visit.save()
    return finding


@pytest.mark.parametrize("state", OPEN)
def test_a_further_finding_joins_the_case_wherever_it_is(
    desk: Client, make_finding: Made, put: Callable[..., Case], state: str
) -> None:
    case = put(state)
    finding = of_another_round(make_finding(case.subject))
    label = case.get_state_display()
    page = desk.get(f"/findings/{finding.pk}/").content.decode()
    assert "该单位已有案件" in page and f'href="/cases/{case.code}/"' in page and f"（{label}）" in page
    assert promised(desk, finding) == f"并入该案 {case.code}（{label}），不另立案"
    assert f"已确认：并入该案{case.code}" in confirm(desk, finding)
    assert Case.objects.get().state == state
    joined = Entry.objects.get(case=case.code, verb="case.joined")
    assert joined.data["finding"] == finding.pk
    assert "已并入案件" in desk.get(f"/findings/{finding.pk}/").content.decode()


@pytest.mark.parametrize("measures", [MEASURES, []])
def test_a_case_rests_on_the_visit_that_takes_the_place_of_its_own(
    desk: Client, make_finding: Made, put: Callable[..., Case], measures: Any
) -> None:
    case = put(CaseState.URGING)
    finding = make_finding(case.subject, measures=measures)
    words = f"在办案件 {case.code}（{case.get_state_display()}）改以这次发现为依据"
    assert promised(desk, finding) == words
    assert "已确认：" + re.sub(r"\s+", "", words) in confirm(desk, finding)
    before, case = case, Case.objects.get()
    assert (case.state, case.finding_id) == (before.state, finding.pk)
    assert before.finding.visit.finding.state == "corrected"


def test_a_finding_without_its_ground_concludes_nothing_about_a_case(
    desk: Client, make_finding: Made, put: Callable[..., Case]
) -> None:
    case = put(CaseState.CORRECTION, CaseState.STREET_APPROVAL)
    finding = make_finding(case.subject, measures=[])
    Visit.objects.filter(pk=finding.visit_id).update(
        outcome="not_a_subject",
        marks=json.dumps([{"kind": UNGROUNDED, "where": "", "said": "", "facts": {}}]),
    )
    assert promised(desk, finding) == "不作结论，这一户仍待查；在办案件照常办理"
    confirm(desk, finding)
    assert Case.objects.get().state == CaseState.CORRECTION


@pytest.mark.once
@pytest.mark.parametrize("state", ENDED)
def test_a_case_that_is_over_is_joined_by_nothing(
    desk: Client, make_finding: Made, put: Callable[..., Case], state: str
) -> None:
    case = put(state)
    finding = make_finding(case.subject)
    assert promised(desk, finding) == "立案，送街道审批"
    confirm(desk, finding)
    assert Case.objects.exclude(pk=case.pk).get().finding_id == finding.pk


@pytest.mark.parametrize(
    ("measures", "state"), [(MEASURES, CaseState.STREET_APPROVAL), ([], CaseState.WITHDRAWN)]
)
def test_a_case_sent_back_is_corrected_or_withdrawn(
    desk: Client, cast: Any, make_finding: Made, make_case: Callable[..., Case], measures: Any, state: str
) -> None:
    case = actions.return_case(make_case(), "请再核实", [], by=cast.by.sun)
    finding = make_finding(case.subject, measures=measures)
    words = (
        f"案件 {case.code} 以新的发现补正，报回“待街道审批”"
        if measures
        else f"没有发现问题，案件 {case.code} 撤案"
    )
    assert promised(desk, finding) == words
    assert "已确认：" + re.sub(r"\s+", "", words) in confirm(desk, finding)
    case.refresh_from_db()
    assert (case.state, case.finding_id) == (state, finding.pk)


def test_a_file_sent_back_takes_the_new_facts_and_stays_with_the_inspector(
    desk: Client, make_finding: Made, put: Callable[..., Case]
) -> None:
    case = put(CaseState.CORRECTION, CaseState.LISTING_REVIEW)
    finding = make_finding(case.subject)
    assert promised(desk, finding) == f"新的发现归入案件 {case.code}，由劳动监察员补正后报回"
    confirm(desk, finding)
    case.refresh_from_db()
    assert (case.state, case.finding_id) == (CaseState.CORRECTION, finding.pk)


@pytest.mark.parametrize("has_case", [False, True])
def test_a_door_in_order_counts_as_what_was_seen(
    desk: Client, make_finding: Made, make_case: Callable[..., Case], has_case: bool
) -> None:
    case = make_case() if has_case else None
    finding = of_another_round(make_finding(case.subject if case else None, measures=[]))
    assert promised(desk, finding) == "计为“已查合规”" + "；在办案件照常办理" * has_case
    confirm(desk, finding)
    assert Case.objects.count() == has_case
    assert counted(finding) == "已查合规"


def test_a_case_opened_meanwhile_is_not_joined_unread(
    desk: Client, cast: Any, make_finding: Made, make_case: Callable[..., Case]
) -> None:
    finding = make_finding()
    seen = outlook_of(finding, running_case(finding.subject_id)).key
    case = actions.open_case(make_finding(finding.subject), by=cast.by.zhao)
    answer = desk.post(f"/findings/{finding.pk}/confirm/", {"remark": "", "seen": seen})
    assert answer.status_code == 409 and cases_problems.OutcomeChanged.code in answer.content.decode()
    finding.refresh_from_db()
    assert finding.state == "open" and Case.objects.get() == case


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "计为“已查合规”，线索“未参保”“少报基数”排除"),
        ({"wage_base": None}, "计为“已查合规”，线索“未参保”排除，线索“少报基数”仍待核查"),
        ({"operating": "closed"}, "计为“已停业”，线索“未参保”“少报基数”排除"),
    ],
)
def test_a_finding_that_does_not_hold_settles_what_it_says(
    desk: Client, cast: Any, make_finding: Made, answers: dict[str, Any], words: str
) -> None:
    finding = make_finding()
    said = {"wage_base": "full", **finding.visit.answers, **answers}
    finding.visit.answers = {name: value for name, value in said.items() if value is not None}
    finding.visit.save()
    delivery = Delivery.objects.create(
        register="tax",
        area="1503",
        file_name="tax.csv",
        sha256="1",
        as_of=today(),
        delivered_at=now(),
        state="done",
    )
    row = Row.objects.create(
        register="tax", subject=finding.subject, area=finding.area, delivery=delivery, line=2, data={}, hash="1",
        since=today(),
    )  # fmt: skip
    comparison = Comparison.objects.create(area="150302", as_of=today(), run_at=now())
    for rule in ("R1", "R3"):
        Lead.objects.create(
            rule=rule,
            subject=finding.subject,
            area=finding.area,
            comparison=comparison,
            found_on=today(),
            left=row,
        )
    settles = promised(desk, finding, "reject")
    assert settles.startswith("计为“") and settles.partition("，")[2] == words.partition("，")[2]
    desk.post(f"/findings/{finding.pk}/reject/", {"remark": "不实"})
    assert settles.startswith(f"计为“{counted(finding)}”")
    still = set(Lead.objects.filter(state="open").values_list("rule", flat=True))
    assert still == ({"R3"} if "仍待" in words else set())


def test_a_door_nobody_was_sent_to_cannot_be_asked_again(desk: Client, make_finding: Made) -> None:
    finding = make_finding()
    assert promised(desk, finding, "return") == "问题出现在网格员的手机上"
    type(finding.visit).objects.filter(pk=finding.visit_id).update(task=None)
    assert promised(desk, finding, "return") == ""


def test_every_state_of_a_case_has_an_outcome() -> None:
    for state in ("", *OPEN):
        case = OpenCase(state) if state else None
        found = confirming(has_measures=True, is_person=False, case=case)
        assert found == (Confirming.JOINS if state else Confirming.OPENS)
        assert confirming(has_measures=False, is_person=False, case=case) == Confirming.SETTLES
    assert confirming(has_measures=True, is_person=True) == Confirming.SETTLES
