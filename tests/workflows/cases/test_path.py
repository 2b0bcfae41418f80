"""One case the whole way, and the ways beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from tasks.coverage.models import CoverState, Span
from tasks.doors.actions.moves import return_task
from tasks.doors.models import TaskState
from tasks.findings.models import Finding, FindingState
from tests.workflows.conftest import MEASURES, Walk, day_after
from workflows.cases import actions, rules
from workflows.cases import problems as cases_problems
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.engine import procedures
from workflows.listing import actions as listings
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Receipt
from workflows.notices.models import Notice, NoticeKind


def verbs(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case.code).order_by("nth").values_list("verb", flat=True))


def test_the_whole_path_from_the_door_to_the_removal(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.REMOVED)
    assert case.closed_at and not case.is_open
    milestones = [
        "case.opened", "case.approved", "notice.issued", "notice.served", "case.urged", "term.started",
        "term.expired", "case.escalated", "inspection.proposed", "inspection.filed",
        "inspection.ordered", "inspection.noticed", "inspection.reviewed", "inspection.decided", "penalty.recorded",
        "inspection.performed", "listing.proposed",
        "listing.noticed", "defence.closed", "listing.reviewed", "listing.approved", "listing.decided",
        "listing.served", "listing.published", "listing.removed",
    ]  # fmt: skip
    told = verbs(case)
    places = [told.index(verb) for verb in milestones]
    assert places == sorted(places)
    assert procedures.open_steps(case.process) == []
    issued = Notice.objects.filter(case=case)
    assert issued.get(kind=NoticeKind.PENALTY_DECISION).number == case.penalty["number"]
    removal, decision = issued.get(kind=NoticeKind.REMOVAL), issued.get(kind=NoticeKind.LISTING_DECISION)
    assert removal.issued_by is None and removal.values["listed_number"] == decision.number


def test_the_removal_is_served_like_every_document(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.REMOVED)
    removal = case.notices.get(kind=NoticeKind.REMOVAL)
    receipt = Receipt(way="direct", served_on=today(), receiver="王经理")
    service = actions.record_service(removal, receipt, by=cast.by.zhao)
    assert service.notice == removal and verbs(case)[-1] == "notice.served"
    with pytest.raises(notices_problems.NoticeServed):
        actions.record_service(removal, receipt, by=cast.by.zhao)
    case.refresh_from_db()
    assert case.state == CaseState.REMOVED


def test_the_agenda_stands_where_the_case_stands(make_case: Callable[..., Case], walk: Walk) -> None:
    case = make_case()
    for state in rules.PATH[:-1]:
        walk.to(case, state)
        assert [step.name for step in procedures.open_steps(case.process)] == [state]


# --- opening -------------------------------------------------------------------------------------


def test_a_confirmed_finding_opens_a_case_with_a_number_of_its_district(
    cast: Any, make_finding: Callable[..., Finding]
) -> None:
    first = actions.confirm_and_open(make_finding(), by=cast.by.zhao)
    second = actions.confirm_and_open(make_finding(), "属实", by=cast.by.zhao)
    assert first and second
    year = today().year
    assert [first.code, second.code] == [f"HBW-{year}-000001", f"HBW-{year}-000002"]
    assert first.finding.state == FindingState.CONFIRMED
    assert first.measures == MEASURES


def test_a_finding_in_order_is_confirmed_without_a_case(
    cast: Any, make_finding: Callable[..., Finding]
) -> None:
    assert actions.confirm_and_open(make_finding(measures=[]), by=cast.by.zhao) is None
    assert not Case.objects.exists()


def test_a_finding_in_order_opens_no_case(cast: Any, make_finding: Callable[..., Finding]) -> None:
    finding = make_finding(
        state=FindingState.CONFIRMED, reviewed_by=cast.zhao, reviewed_at=now(), measures=[]
    )
    with pytest.raises(cases_problems.FindingEmpty):
        actions.open_case(finding, by=cast.by.zhao)


def test_whoever_recorded_a_finding_cannot_open_its_case(
    cast: Any, make_finding: Callable[..., Finding]
) -> None:
    with pytest.raises(problems.SamePersonTwice):
        actions.confirm_and_open(make_finding(recorded_by=cast.zhao), by=cast.by.zhao)


def test_a_further_finding_joins_no_second_case(cast: Any, make_finding: Callable[..., Finding]) -> None:
    first = actions.confirm_and_open(make_finding(), by=cast.by.zhao)
    assert first
    again = actions.confirm_and_open(make_finding(first.subject), by=cast.by.zhao)
    assert again and again.pk == first.pk
    assert Case.objects.count() == 1


# --- approving -----------------------------------------------------------------------------------


def test_nobody_from_another_territory_approves(cast: Any, make_case: Callable[..., Case]) -> None:
    case = make_case()
    for stranger in (cast.by.chen, cast.by.han):
        with pytest.raises(problems.NotHere):
            actions.approve_case(case, by=stranger)
    with pytest.raises(problems.NotYourPost):
        actions.approve_case(case, by=cast.by.zheng)
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL


def test_whoever_confirmed_the_finding_does_not_approve(
    cast: Any, make_finding: Callable[..., Finding]
) -> None:
    case = actions.confirm_and_open(make_finding(), by=cast.by.sun)
    assert case
    with pytest.raises(problems.SamePersonTwice):
        actions.approve_case(case, by=cast.by.sun)


def test_a_page_that_was_overtaken_decides_nothing(cast: Any, make_case: Callable[..., Case]) -> None:
    case = make_case()
    actions.approve_case(Case.objects.get(pk=case.pk), by=cast.by.sun, at=CaseState.STREET_APPROVAL)
    with pytest.raises(problems.AlreadyDone) as refused:
        actions.approve_case(Case.objects.get(pk=case.pk), by=cast.by.sun, at=CaseState.STREET_APPROVAL)
    assert refused.value.facts["who"] == "孙强"
    case.refresh_from_db()
    assert case.state == CaseState.DISTRICT_APPROVAL
    assert verbs(case).count("case.approved") == 1


# --- returning -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [CaseState.STREET_APPROVAL, CaseState.DISTRICT_APPROVAL])
def test_a_return_reaches_the_phone_and_the_new_visit_comes_back(
    cast: Any, case_at: Callable[..., Case], make_finding: Callable[..., Finding], at: CaseState
) -> None:
    case = case_at(at)
    by = cast.by.sun if at == CaseState.STREET_APPROVAL else cast.by.qian
    actions.return_case(case, "在岗人数与门牌不符", ["employees"], by=by)
    task = case.finding.visit.task
    assert task
    task.refresh_from_db()
    assert (case.state, case.returned_to) == (CaseState.CORRECTION, at)
    assert (task.state, task.question, task.question_fields) == (
        TaskState.RETURNED,
        "在岗人数与门牌不符",
        ["employees"],
    )
    assert Span.objects.get(subject=case.subject, until=None).state == CoverState.TO_CHECK
    measures = [{**MEASURES[0], "why": "在岗 9 人"}]
    again = actions.confirm_and_open(make_finding(case.subject, measures=measures), by=cast.by.zhao)
    assert again and again.pk == case.pk
    case.refresh_from_db()
    assert (case.state, case.returned_to, case.measures) == (at, "", measures)
    assert [step.name for step in procedures.open_steps(case.process)] == [at]


def test_a_corrected_visit_that_finds_everything_in_order_ends_the_case(
    cast: Any, make_case: Callable[..., Case], make_finding: Callable[..., Finding]
) -> None:
    case = make_case()
    actions.return_case(case, "请再看一次", ["employees"], by=cast.by.sun)
    actions.confirm_and_open(make_finding(case.subject, measures=[]), by=cast.by.zhao)
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert procedures.open_steps(case.process) == []


def test_a_return_about_the_file_alone_is_answered_at_the_desk(
    cast: Any, make_case: Callable[..., Case], make_finding: Callable[..., Finding]
) -> None:
    case = make_case()
    actions.return_case(case, "请补充地址", [], by=cast.by.sun)
    task = case.finding.visit.task
    assert task and task.state != TaskState.RETURNED
    with pytest.raises(problems.ReasonMissing):
        actions.correct_case(case, None, "", by=cast.by.zhao)
    with pytest.raises(cases_problems.FindingOfAnother):
        actions.correct_case(case, make_finding(), by=cast.by.zhao)
    with pytest.raises(problems.NotYourPost):
        actions.correct_case(case, None, "已补充", by=cast.by.zhou)
    actions.correct_case(case, None, "已补充", by=cast.by.zhao)
    assert case.state == CaseState.STREET_APPROVAL


def test_a_return_needs_its_reason(cast: Any, make_case: Callable[..., Case]) -> None:
    with pytest.raises(problems.ReasonMissing):
        actions.return_case(make_case(), " ", [], by=cast.by.sun)


@pytest.mark.parametrize(
    "at,by", [("listing_review", "fang"), ("listing_district", "qian"), ("listing_city", "ma")]
)
def test_a_listing_sent_back_returns_to_its_sender_unless_its_facts_change(
    cast: Any, case_at: Callable[..., Case], walk: Walk, at: str, by: str
) -> None:
    case = case_at(CaseState(at))
    before = case.listing.facts
    actions.return_case(case, "请附处罚决定书", [], by=getattr(cast.by, by))
    with pytest.raises(problems.NotYourPost):
        listings.correct_listing(case, before, "已附", by=cast.by.zhao)
    listings.correct_listing(case, before, "已附", by=cast.by.zhou)
    assert case.state == at
    actions.return_case(case, "事实表述不准确", [], by=getattr(cast.by, by))
    listing = listings.correct_listing(case, "未为12名职工办理登记,处罚后仍未改正", "已更正", by=cast.by.zhou)
    listing.refresh_from_db()
    assert case.state == CaseState.LISTING_PROPOSED
    assert (
        listing.noticed_on is listing.defence_closed_on is listing.reviewed_at is listing.district_at is None
    )
    assert Notice.objects.get(case=case, kind=NoticeKind.LISTING_NOTICE).withdrawn_at
    walk.to(case, CaseState.PUBLISHED)


def test_a_listing_may_ask_the_door_again(
    cast: Any, case_at: Callable[..., Case], make_finding: Callable[..., Finding]
) -> None:
    case = case_at(CaseState.LISTING_REVIEW)
    actions.return_case(case, "请核实仍未登记", ["insured_seen"], by=cast.by.fang)
    task = case.finding.visit.task
    assert task
    task.refresh_from_db()
    assert task.state == TaskState.RETURNED
    finding = make_finding(case.subject)
    actions.confirm_and_open(finding, by=cast.by.zhao)
    case.refresh_from_db()
    assert (case.state, case.finding_id) == (CaseState.CORRECTION, finding.pk)
    listings.correct_listing(case, case.listing.facts, "已再次核实", by=cast.by.zhou)
    assert case.state == CaseState.LISTING_REVIEW


# --- withdrawing, healing ------------------------------------------------------------------------


def test_withdrawing_needs_a_reason_and_takes_back_what_was_issued(
    cast: Any, case_at: Callable[..., Case]
) -> None:
    case = case_at(CaseState.TERM)
    with pytest.raises(problems.ReasonMissing):
        actions.withdraw_case(case, "", by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        actions.withdraw_case(case, "重复立案", by=cast.by.sun)
    actions.withdraw_case(case, "重复立案", by=cast.by.qian)
    assert (case.state, case.closed_why) == (CaseState.WITHDRAWN, "重复立案")
    assert all(notice.withdrawn_at for notice in case.notices.all())
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()
    assert procedures.open_steps(case.process) == []


@pytest.mark.parametrize("state", ["street_approval", "urging", "term", "escalated", "listing_city"])
def test_the_register_closes_a_case_wherever_it_stands(
    cast: Any, case_at: Callable[..., Case], state: str
) -> None:
    case = case_at(CaseState(state))
    assert actions.rectify_cases([case.subject_id], by=cast.by.wu) == [case.code]
    case.refresh_from_db()
    assert (case.state, case.healed_on) == (CaseState.HEALED, today())
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()
    assert procedures.open_steps(case.process) == []
    assert Span.objects.get(subject=case.subject, until=None).state == CoverState.RECTIFIED
    assert actions.rectify_cases([case.subject_id], by=cast.by.wu) == []


def test_a_listed_subject_that_rectifies_stays_listed_until_its_end(
    cast: Any, case_at: Callable[..., Case]
) -> None:
    case = case_at(CaseState.PUBLISHED)
    actions.rectify_cases([case.subject_id], by=cast.by.wu)
    case.refresh_from_db()
    assert (case.state, case.healed_on) == (CaseState.PUBLISHED, today())
    assert actions.rectify_cases([case.subject_id], by=cast.by.wu) == []
    with day_after(case):
        assert fire_due_clocks() == 1, "the period of the list"
    case.refresh_from_db()
    assert case.state == CaseState.REMOVED


def test_a_healed_case_is_escalated_by_no_clock(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    with day_after(case):
        actions.rectify_cases([case.subject_id], by=cast.by.wu)
        assert fire_due_clocks() == 0
    case.refresh_from_db()
    assert case.state == CaseState.HEALED


# --- what was asked of the door, settled without another visit -----------------------------------


def withdraw(case: Case, cast: Any) -> None:
    actions.withdraw_case(case, "查明无误", by=cast.by.sun)


def heal(case: Case, cast: Any) -> None:
    actions.rectify_cases([case.subject_id], by=cast.by.wu)


def answer(case: Case, cast: Any) -> None:
    actions.correct_case(case, None, "已电话核实", by=cast.by.zhao)


@pytest.mark.parametrize(
    "settle,cover",
    [(withdraw, CoverState.FOUND), (heal, CoverState.RECTIFIED), (answer, CoverState.FOUND)],
)
def test_a_door_asked_again_is_asked_no_more_once_the_case_is_settled(
    cast: Any, make_case: Callable[..., Case], settle: Callable[..., None], cover: CoverState
) -> None:
    case = make_case()
    actions.return_case(case, "请再核", ["employees"], by=cast.by.sun)
    task = case.finding.visit.task
    assert task
    feed = task.posting.feed
    settle(case, cast)
    task.refresh_from_db()
    task.posting.refresh_from_db()
    assert (task.state, task.question, task.question_fields) == (TaskState.DONE, "", [])
    assert task.feed == task.posting.feed > feed
    assert Span.objects.get(subject=case.subject, until=None).state == cover


def test_a_door_asked_for_a_listing_that_is_dropped_is_asked_no_more(
    cast: Any, case_at: Callable[..., Case]
) -> None:
    case = case_at(CaseState.LISTING_REVIEW)
    actions.return_case(case, "请核实仍未登记", ["insured_seen"], by=cast.by.fang)
    listings.drop_listing(case, "不予列入", by=cast.by.qian)
    task = case.finding.visit.task
    assert task
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_an_ended_case_leaves_a_door_that_somebody_else_asked_as_it_is(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    case = make_case()
    task = case.finding.visit.task
    assert task
    return_task(task.pk, "本轮复核的问题", ["employees"], by=cast.by.zhao)
    heal(case, cast)
    task.refresh_from_db()
    assert task.state == TaskState.RETURNED
