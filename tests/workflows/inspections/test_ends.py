"""The lawful ends of an inspection, each reached step by step, and the case with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.law.models import Provision
from grid.ledger.models import Entry
from tests.forward import go_to
from tests.workflows.conftest import UNKNOWN_MEANS, WEIGHTY, Walk, certify, found
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import pause_for, resume_after
from workflows.clocks.models import Clock
from workflows.clocks.terms import falling_with
from workflows.engine import procedures
from workflows.engine.actions.stuck import find_stuck
from workflows.inspections import actions
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models import ENDED, Inspection
from workflows.inspections.models import InspectionState as S
from workflows.listing import actions as listings
from workflows.notices.models import NoticeKind
from workflows.notices.queries import check


def verbs(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case.code).order_by("nth").values_list("verb", flat=True))


def ended(inspection: Inspection) -> Case:
    """Nothing is left open: no step, and no term but that to correct. Answers the case as it now stands."""
    inspection.refresh_from_db()
    assert inspection.state in ENDED and inspection.closed_at
    assert procedures.open_steps(inspection.process) == []
    running = Clock.objects.filter(
        case=inspection.case, kind__in=falling_with("inspection"), fired_at=None, stopped_at=None
    )
    assert not running.exists()
    return Case.objects.get(pk=inspection.case_id)


def test_paid_and_corrected_ends_the_case_as_performed(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    case = Case.objects.get(pk=one.case_id)
    assert (case.state, case.healed_on) == (CaseState.PENALISED, today())
    actions.record_payment(one, one.fine, today(), "缴-1", by=cast.by.zhou)
    assert ended(one).state == CaseState.PERFORMED
    assert procedures.open_steps(case.process) == []


def test_paid_and_not_corrected_leaves_the_case_to_the_list(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    actions.record_payment(one, one.fine / 2, today(), "缴-1", by=cast.by.zhou)
    assert one.state == S.PERFORMING
    with pytest.raises(inspections_problems.PaymentWrong):
        actions.record_payment(one, one.fine / 2, today(), "缴-1", by=cast.by.zhou)
    tomorrow = today() + timedelta(days=1)
    for amount, on, slip in (
        (Decimal(0), today(), "缴-2"),
        (one.fine, tomorrow, "缴-2"),
        (one.fine, today(), " "),
    ):
        with pytest.raises(inspections_problems.PaymentWrong):
            actions.record_payment(one, amount, on, slip, by=cast.by.zhou)
    with pytest.raises(problems.OutOfOrder):
        actions.record_payment(one, one.fine / 2, today(), "缴-2", by=cast.by.zhou, at=S.DEMANDED)
    actions.record_payment(one, one.fine / 2, today(), "缴-2", by=cast.by.zhou)
    assert ended(one).state == CaseState.PENALISED


def test_a_case_not_listed_leaves_its_fine_to_be_paid(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    listings.drop_listing(Case.objects.get(pk=one.case_id), "已补办，不再提请", by=cast.by.qian)
    assert one.case.clocks.get(kind="penalty.payment").stopped_at is None
    one = walk.inspection_at(one.case, S.DEMANDED)
    actions.record_payment(one, one.fine * 2, today(), "缴-1", by=cast.by.zhou)
    assert ended(one).state == CaseState.NOT_LISTED


def test_not_paid_is_demanded_and_enforced_by_the_court(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    with pytest.raises(inspections_problems.PenaltyNotOverdue):
        actions.issue_demand(one, by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.DEMANDED)
    with pytest.raises(inspections_problems.CourtTooSoon):
        actions.apply_court(one, UNKNOWN_MEANS, by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.ENFORCED)
    case = ended(one)
    assert case.state == CaseState.PENALISED
    demand = case.notices.get(kind=NoticeKind.DEMAND)
    application = case.notices.get(kind=NoticeKind.COURT_APPLICATION)
    assert float(demand.values["surcharge"]) > 0
    assert float(application.values["surcharge"]) <= float(one.fine)


def test_three_months_after_the_remedies_the_court_is_asked_no_more(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.DEMANDED)
    walk.wait(one.case, "inspection.remedy")
    walk.wait(one.case, "inspection.court")
    with pytest.raises(inspections_problems.CourtTooLate):
        actions.apply_court(one, UNKNOWN_MEANS, by=cast.by.zhou)
    assert [snag.kind for snag in find_stuck()] == ["court-missed"]
    actions.record_payment(one, one.fine * 2, today(), "缴-1", by=cast.by.zhou)
    assert find_stuck() == []


def test_a_minor_and_corrected_violation_is_withdrawn(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.ORDERED)
    with pytest.raises(problems.ReasonMissing):
        actions.withdraw_inspection(one, " ", by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        actions.withdraw_inspection(one, "轻微且已改正", by=cast.by.zhou)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    actions.withdraw_inspection(one, "轻微且已改正", by=cast.by.qian)
    case = ended(one)
    assert case.state == CaseState.HEALED
    assert case.notices.filter(kind=NoticeKind.CASE_WITHDRAWN, withdrawn_at=None).exists()
    assert case.notices.get(kind=NoticeKind.ORDER).withdrawn_at


def test_withdrawn_without_correction_ends_the_case_as_withdrawn(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    actions.withdraw_inspection(one, "违法事实不能成立", by=cast.by.qian)
    assert ended(one).state == CaseState.WITHDRAWN


def test_a_first_and_corrected_violation_is_spared(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.DECIDING)
    record = f"record-{one.records.get(kind='scene').pk}"
    actions.impose_no_penalty(one, "初次违法，危害后果轻微并及时改正", by=cast.by.qian, proof=record)
    case = ended(one)
    assert case.state == CaseState.NOT_PENALISED and case.penalty is None
    decision = case.notices.get(kind=NoticeKind.NO_PENALTY)
    walk.serve(decision, cast.by.zhou)
    assert verbs(case)[-1] == "notice.served"


def test_what_another_authority_is_to_judge_is_transferred(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    actions.transfer_inspection(one, "市税务局", "属欠缴社会保险费，由征收机构处理", by=cast.by.qian)
    case = ended(one)
    assert case.state == CaseState.TRANSFERRED
    letter = case.notices.get(kind=NoticeKind.CASE_TRANSFER)
    assert letter.number.startswith("乌海勃人社监移〔") and letter.stays_on_file and letter.is_sent
    said = letter.values
    assert (said["to"], said["reasons"]) == ("市税务局", ["属欠缴社会保险费，由征收机构处理"])
    assert said["filing_number"] == one.code and said["found"] and len(said["officers"]) == 2
    filing = case.notices.get(kind=NoticeKind.FILING)
    assert f"《立案审批表》{filing.number}" in said["enclosures"]
    assert any("上门核查记录" in proof for proof in said["evidence"])
    assert [cited["law"] for cited in said["basis"]] == ["劳动保障监察条例"]
    assert Entry.objects.get(case=case.code, verb="inspection.transferred").data["number"] == letter.number


def test_a_suspected_crime_goes_to_the_judicial_organ(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    with pytest.raises(problems.SamePersonTwice):
        actions.transfer_inspection(
            one, "公安局", "涉嫌犯罪", by=replace(cast.by.qian, person_id=cast.zhou.pk)
        )
    actions.transfer_inspection(one, "市公安局", "涉嫌拒不支付劳动报酬罪", by=cast.by.qian, because="crime")
    letter = ended(one).notices.get(kind=NoticeKind.CASE_TRANSFER)
    assert letter.values["is_crime"] is True
    assert [f"{cited['law']}{cited['article']}" for cited in letter.values["basis"]] == [
        "劳动保障监察条例第十八条第二款",
        "中华人民共和国行政处罚法第二十七条第一款",
        "行政执法机关移送涉嫌犯罪案件的规定（国务院令第310号）",
    ]  # fmt: skip
    told = check(letter.code)
    assert (told.addressee, told.is_to_party) == ("市公安局", False)


def test_a_filing_refused_brings_the_case_back_and_may_be_tried_again(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.FILING)
    actions.refuse_filing(one, "请先稽核", by=cast.by.qian)
    case = ended(one)
    assert case.state == CaseState.ESCALATED
    assert [step.name for step in procedures.open_steps(case.process)] == ["escalated"]
    officers = (cast.zhou.pk, cast.he.pk)
    again = actions.file_inspection(case, officers, "稽核已查明", by=cast.by.zhou)
    assert again.code.endswith("-J2")
    walk.inspection_at(case, S.PERFORMING)


@pytest.mark.once
def test_a_weighty_matter_is_heard_and_discussed(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    walk.arrears = WEIGHTY
    case = make_case()
    one = walk.inspection_at(case, S.NOTICED)
    assert one.hearing_owed
    actions.request_hearing(one, "要求听证", today(), by=cast.by.zhou)
    assert one.state == S.HEARING
    one = walk.inspection_at(case, S.COLLECTIVE)
    assert one.hearing_held_on and one.collective_needed
    one = walk.inspection_at(case, S.PERFORMING)
    assert one.collective_members == 3
    told = verbs(case)
    milestones = ["inspection.hearing_asked", "inspection.hearing_held", "inspection.reviewed",
                  "inspection.discussed", "inspection.decided", "penalty.recorded"]  # fmt: skip
    places = [told.index(verb) for verb in milestones]
    assert places == sorted(places)


def test_a_file_sent_back_is_noticed_reviewed_and_decided_again(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.DECIDING)
    actions.return_inspection(one, "欠缴金额请再核实", by=cast.by.qian)
    assert (one.state, one.reviewed_by, one.returned_why) == (S.INVESTIGATING, None, "欠缴金额请再核实")
    one = walk.inspection_at(one.case, S.PERFORMING)
    notices = one.case.notices.filter(kind=NoticeKind.PENALTY_NOTICE)
    assert notices.count() == 2 and notices.filter(withdrawn_at=None).count() == 1


def test_a_file_sent_back_keeps_the_days_on_which_its_term_stood_still(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    Provision.objects.filter(key="pause.appraisal").update(reviewed=True)
    one = inspection_at(S.ORDERED)
    term = one.case.clocks.get(kind="inspection.investigation")
    go_to(today() + timedelta(days=1))
    pause_for(term, "appraisal", today(), "委托审计", by=cast.by.zhou)
    go_to(today() + timedelta(days=30))
    paused = resume_after(term, today(), by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDING)
    actions.return_inspection(one, "事实不清", by=cast.by.qian)
    again = one.case.clocks.get(kind="inspection.investigation", fired_at=None, stopped_at=None)
    assert (again.started_on, again.due_on) == (one.filed_on, paused.due_on)
    assert again.pauses.count() == 1


def test_a_file_sent_back_to_be_heard_goes_on_when_the_statement_is_answered(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.LEGAL_REVIEW)
    actions.return_inspection(one, "请补听取意见", to=S.NOTICED, by=cast.by.shi)
    actions.record_statement(one, "补充说明", by=cast.by.zhou)
    with pytest.raises(inspections_problems.StatementUnanswered):
        actions.close_statement(one, by=cast.by.zhou)
    actions.answer_statement(one, "已复核", by=cast.by.zhou)
    actions.close_statement(one, by=cast.by.zhou)
    assert one.state == S.LEGAL_REVIEW


def test_a_case_under_inspection_is_closed_by_no_register(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.INVESTIGATING)
    assert cases.rectify_cases([one.case.subject_id], by=cast.by.wu) == [one.case.code]
    case = Case.objects.get(pk=one.case_id)
    assert (case.state, case.healed_on) == (CaseState.INSPECTED, today())
    one.refresh_from_db()
    assert one.state == S.INVESTIGATING


def test_the_agenda_stands_where_the_inspection_stands(make_case: Callable[..., Case], walk: Walk) -> None:
    case = make_case()
    for state in ("filing", "investigating", "ordered", "order_expired", "noticed", "legal_review", "deciding",
                  "decided", "performing", "demanded", "court"):  # fmt: skip
        one = walk.inspection_at(case, state)
        assert [step.name for step in procedures.open_steps(one.process)] == [state]


def test_a_whole_inspection_is_found_again_in_the_case(
    inspection_at: Callable[..., Inspection], cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    case = Case.objects.get(pk=one.case_id)
    assert case.penalty == {
        "number": one.decision_number,
        "decided_on": one.decided_on.isoformat(),
        "amount": str(one.fine),
        "facts": one.facts,
    }
    assert one.due_on == case.clocks.get(kind="penalty.payment").due_on


def test_paid_late_owes_the_surcharge_too(inspection_at: Callable[..., Inspection], cast: Any) -> None:
    from grid.calendar.now import moved_to
    from tests.workflows.conftest import noon

    one = inspection_at(S.PERFORMING)
    with moved_to(noon(one.due_on + timedelta(days=2))):
        actions.record_payment(one, one.fine, today(), "缴-1", by=cast.by.zhou)
        assert one.state == S.PERFORMING
        actions.record_payment(one, one.fine * 6 / 100, today(), "缴-2", by=cast.by.zhou)
    assert one.state == S.PERFORMED


def test_obstruction_is_fined_a_sum_of_its_own(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    weighed = found(violation="obstruction", obstructed=True, first=False, times=Decimal(12000))
    walk.serve(actions.issue_penalty_notice(one, weighed, by=cast.by.zhou), cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDED)
    assert one.fine == Decimal("12000.00")
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert "倍" not in decision.values["discretion"][0] and "12,000.00" in decision.values["discretion"][0]


def test_an_expired_certificate_investigates_nothing(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = walk.to(make_case(), CaseState.ESCALATED)
    certify(cast)
    cast.he.certificates.update(valid_to=today() - timedelta(days=1))
    with pytest.raises(inspections_problems.CertificateInvalid):
        actions.file_inspection(case, (cast.zhou.pk, cast.he.pk), "逾期", by=cast.by.zhou)


def test_found_keeps_its_circumstances() -> None:
    assert found(first=False).circumstances["first"] is False
