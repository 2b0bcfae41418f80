"""Audits along their path: every lawful end, every act out of order, by the wrong person, or too early."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.law.problems import LawMissing
from grid.law.queries import the_law
from grid.ledger.models import Entry
from grid.ledger.verbs import Verb
from grid.scope import Right, Role
from grid.territory.models import Posting
from tests.workflows.audits.conftest import TAX, Auditing, go_to, record, short
from workflows.audits import actions, queries, states
from workflows.audits import problems as audits_problems
from workflows.audits.actions.auditing import Plan
from workflows.audits.documents import composing
from workflows.audits.models import Audit, AuditState
from workflows.audits.verbs import AuditVerb
from workflows.audits.waiting import AUDITS
from workflows.cases.actions import rectify_cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.verbs import ClockVerb
from workflows.engine.actions.stuck import find_stuck
from workflows.inspections import actions as inspecting
from workflows.inspections import problems as inspections_problems
from workflows.inspections.models.certificates import CertificateKind
from workflows.notices import problems as notices_problems
from workflows.notices.models import NoticeKind
from workflows.notices.verbs import NoticeVerb

MAY = {
    "noticed": {"begin", "heal", "obstruct"},
    "examining": {"inform", "clear", "heal", "obstruct"},
    "informed": {"clear", "heal"},
    "opinion": {"correct", "heal"},
    "corrected": set(),
    "clean": set(),
    "proposed": set(),
    "tax": set(),
}


@pytest.mark.parametrize("state", AuditState.values)
def test_every_act_in_every_state(state: str) -> None:
    """An opinion needs its approval, a proposal or a transfer the end of the term to correct."""
    audit = Audit(state=state)
    assert {act for act in states.ACTS if states.may(audit, act)} == MAY[state]
    audit.approved_at, audit.expired_on = now(), today()
    more = {"informed": {"order"}, "opinion": {"propose", "transfer"}}.get(state, set())
    assert {act for act in states.ACTS if states.may(audit, act)} == MAY[state] | more


def verbs(case: Case, *kinds: Verb) -> list[str]:
    said = Entry.objects.filter(case=case.code, verb__in=[str(kind) for kind in kinds]).order_by("nth")
    return [entry.verb for entry in said]


def running(case: Case) -> list[str]:
    return sorted(case.clocks.filter(fired_at=None, stopped_at=None).values_list("kind", flat=True))


def test_from_the_notice_to_the_correction(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.OPINION)
    case.refresh_from_db()
    assert (case.state, running(case)) == (CaseState.AUDITED, ["audit.correction"])
    assert audit.draft == (
        "为8名职工办理工伤保险参保登记。\n"
        "就工伤保险2026-01至2026-10少缴的部分向税务机关申报缴纳（测算960.00 元，以税务机关核定为准）。"
    )
    actions.confirm_correction(audit, "已补办登记并补缴,核对缴费凭证", by=auditing.by.jiang)
    case.refresh_from_db()
    assert (audit.state, case.state, case.healed_on) == (AuditState.CORRECTED, CaseState.HEALED, today())
    assert running(case) == []
    numbers = list(
        case.notices.filter(kind__startswith="audit").order_by("pk").values_list("number", flat=True)
    )
    assert [number.split("〔")[0] for number in numbers] == [
        "乌海勃社保稽通",
        "乌海勃社保稽告",
        "乌海勃社保稽意",
    ]
    assert verbs(
        case, AuditVerb.AUDIT_OPENED, AuditVerb.AUDIT_BEGUN, AuditVerb.AUDIT_RECORDED, AuditVerb.AUDIT_FOUND,
        AuditVerb.AUDIT_INFORMED,
        AuditVerb.AUDIT_DRAFTED, AuditVerb.AUDIT_APPROVED, AuditVerb.AUDIT_ORDERED, AuditVerb.AUDIT_ENDED,
    ) == [
        "audit.opened", "audit.begun", "audit.recorded", "audit.found", "audit.informed", "audit.drafted",
        "audit.approved", "audit.ordered", "audit.ended",
    ]  # fmt: skip


def test_nothing_found_ends_audit_and_case(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    with pytest.raises(audits_problems.AuditFindingsMissing):
        actions.clear_audit(audit, "查阅后未发现问题", by=auditing.by.qian)
    actions.note_record(audit, record(), by=auditing.by.tang)
    actions.note_finding(audit, "injury", short(heads_insured=12), by=auditing.by.tang)
    with pytest.raises(audits_problems.AuditFindingsMissing):
        actions.issue_findings(audit, by=auditing.by.tang)
    actions.clear_audit(audit, "查阅后未发现问题", by=auditing.by.qian)
    case.refresh_from_db()
    assert (audit.state, case.state) == (AuditState.CLEAN, CaseState.WITHDRAWN)


@pytest.fixture
def cleared(auditing: Auditing, case: Case) -> Audit:
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_record(audit, record(), by=auditing.by.tang)
    actions.note_finding(audit, "injury", short(heads_insured=12), by=auditing.by.tang)
    return actions.clear_audit(audit, "差额人员为退休返聘", by=auditing.by.qian)


def test_who_was_found_clean_is_told_in_writing_within_the_term(auditing: Auditing, cleared: Audit) -> None:
    """社会保险稽核办法 第10条. The term begins with the end of the audit and outlives the case."""
    case = cleared.case
    letter = case.notices.get(kind=NoticeKind.AUDIT_CLEAR)
    assert letter.number.startswith("乌海勃社保稽结〔") and letter.values["reasons"] == ["差额人员为退休返聘"]
    assert letter.values["checked"] == [
        "工伤保险（2026-01 至 2026-10）：应参保12人，实际参保12人；"
        "月平均工资6,000.00 元；申报的月缴费基数6,000.00 元。"
    ]
    assert letter.values["basis"][0]["reviewed"] is False
    term = case.clocks.get(kind="audit.result_letter")
    assert (running(case), term.length, term.unit, term.reviewed) == (
        ["audit.result_letter"], 5, "wd", False,
    )  # fmt: skip
    with pytest.raises(problems.NotYourPost):
        auditing.walk.serve(letter, auditing.by.zhao)
    auditing.walk.serve(letter, auditing.by.jiang)
    assert letter.service.effective_on == today() and running(case) == []
    assert verbs(case, NoticeVerb.NOTICE_SERVED, ClockVerb.TERM_STOPPED)[-2:] == [
        "notice.served",
        "term.stopped",
    ]
    with pytest.raises(notices_problems.NoticeServed):
        auditing.walk.serve(letter, auditing.by.jiang)


def test_the_auditors_are_asked_to_serve_it_and_the_district_when_it_is_late(
    auditing: Auditing, cleared: Audit
) -> None:
    by, term = auditing.by, cleared.case.clocks.get(kind="audit.result_letter")

    def asked() -> dict[str, tuple[str, Any]]:
        found = {name: AUDITS.lines(getattr(by, name), 50) for name in ("tang", "jiang", "qian", "zhao")}
        return {name: (items[0].why, items[0].due_on) for name, items in found.items() if items}

    waits = ("未发现问题，结果告知书待送达", term.due_on)
    assert asked() == {"tang": waits, "jiang": waits}
    auditing.walk.wait(cleared.case, "audit.result_letter")
    late = ("结果告知书逾期未送达，请督办", term.due_on)
    assert asked() == {"tang": waits, "jiang": waits, "qian": late}
    assert verbs(cleared.case, AuditVerb.AUDIT_OVERDUE) == ["audit.overdue"] and find_stuck() == []
    auditing.serve(cleared, NoticeKind.AUDIT_CLEAR)
    assert asked() == {}


def test_findings_that_were_not_so_are_handed_to_nobody(auditing: Auditing, case: Case) -> None:
    audit, by = auditing.to(case, AuditState.EXAMINING), auditing.by
    actions.note_record(audit, record(), by=by.tang)
    actions.note_finding(audit, "injury", short(), by=by.tang)
    told = actions.issue_findings(audit, by=by.tang)
    actions.note_finding(audit, "injury", short(heads_insured=12), by=by.tang)
    actions.clear_audit(audit, "八人属劳务派遣", by=by.qian)
    told.refresh_from_db()
    assert told.withdrawn_why == "稽核未发现问题"
    waiting = case.notices.filter(withdrawn_at=None, service=None).values_list("kind", flat=True)
    assert list(waiting) == [NoticeKind.AUDIT_CLEAR]


def test_what_ends_the_audit_is_undone_with_its_letter(auditing: Auditing, case: Case) -> None:
    """Refused to an auditor, it leaves no letter and no term."""
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_record(audit, record(), by=auditing.by.tang)
    with pytest.raises(problems.NotYourPost):
        actions.clear_audit(audit, "无问题", by=auditing.by.tang)
    assert running(case) == [] and not case.notices.filter(kind=NoticeKind.AUDIT_CLEAR).exists()


def test_what_turned_out_to_be_in_order_is_ordered_by_nobody(auditing: Auditing, case: Case) -> None:
    audit, by = auditing.to(case, AuditState.INFORMED), auditing.by
    auditing.walk.wait(case, "audit.answer")
    actions.note_finding(audit, "injury", short(heads_insured=12), by=by.jiang)
    with pytest.raises(audits_problems.AuditFindingsMissing):
        actions.draft_opinion(audit, "", "", by=by.tang)
    audit.refresh_from_db()
    assert audit.draft == "" and audit.drafted_at is None


def test_what_was_found_is_not_cleared_away(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.INFORMED)
    with pytest.raises(audits_problems.AuditFindingsPresent):
        actions.clear_audit(audit, "无问题", by=auditing.by.qian)


def test_not_corrected_in_time_a_penalty_is_proposed_and_inspected(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.OPINION)
    with pytest.raises(audits_problems.CorrectionTermRunning):
        actions.propose_penalty(audit, "未改正", by=auditing.by.tang)
    auditing.walk.wait(case, "audit.correction")
    actions.propose_penalty(audit, "期满未改正", by=auditing.by.tang)
    case.refresh_from_db()
    assert (audit.state, case.state) == (AuditState.PROPOSED, CaseState.ESCALATED)
    assert case.notices.filter(kind=NoticeKind.PENALTY_PROPOSAL).count() == 1
    officers = (auditing.cast.zhou.pk, auditing.cast.he.pk)
    inspecting.file_inspection(case, officers, "经办机构提请处罚", by=auditing.by.zhou)
    case.refresh_from_db()
    assert case.state == CaseState.INSPECTED


def test_law_11_who_audits_does_not_inspect_and_the_other_way_round(auditing: Auditing, case: Case) -> None:
    """经办条例44: the agency hands over to the department; neither posts nor people are the same."""
    cast, by = auditing.cast, auditing.by
    auditing.walk.to(case, CaseState.ESCALATED)
    assert not by.zhou.can(Right.AUDIT, case.area) and not by.tang.can(Right.INSPECT, case.area)
    assert [pk for pk, _name in queries.possible_auditors(case.area)] == [cast.tang.pk, cast.jiang.pk]
    with pytest.raises(problems.NotYourPost):
        actions.open_audit(case, auditing.pair, by=by.zhou)
    with pytest.raises(audits_problems.AuditorsMissing):
        actions.open_audit(case, (cast.zhou.pk, cast.he.pk), by=by.tang)
    with pytest.raises(problems.NotYourPost):
        inspecting.file_inspection(case, (cast.zhou.pk, cast.he.pk), "提请", by=by.tang)


def test_law_11_who_audited_a_case_does_not_investigate_it(auditing: Auditing, case: Case) -> None:
    """Posted to the department meanwhile, with its certificate: not in this matter, neither at first nor instead."""
    cast, by = auditing.cast, auditing.by
    actions.report_obstruction(auditing.to(case, AuditState.EXAMINING), "拒绝稽核", by=by.tang)
    Posting.objects.filter(person=cast.jiang).update(role=Role.INSPECTOR)
    cast.jiang.certificates.update(kind=CertificateKind.ENFORCEMENT)
    with pytest.raises(inspections_problems.AuditedBefore):
        inspecting.file_inspection(case, (cast.zhou.pk, cast.jiang.pk), "提请处罚", by=by.zhou)
    inspection = inspecting.file_inspection(case, (cast.zhou.pk, cast.he.pk), "提请处罚", by=by.zhou)
    with pytest.raises(inspections_problems.AuditedBefore):
        inspecting.recuse_officer(inspection, cast.he.pk, cast.jiang.pk, "亲属", by=by.qian)


def test_who_will_not_be_audited_is_reported(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    with pytest.raises(problems.ReasonMissing):
        actions.report_obstruction(audit, " ", by=auditing.by.tang)
    actions.report_obstruction(audit, "拒绝提供工资账册", by=auditing.by.tang)
    case.refresh_from_db()
    assert (audit.state, case.state) == (AuditState.PROPOSED, CaseState.ESCALATED)
    audit.process.refresh_from_db()
    assert audit.process.status == "CANCELED"


@pytest.mark.parametrize(
    "state", [AuditState.NOTICED, AuditState.EXAMINING, AuditState.INFORMED, AuditState.OPINION]
)
def test_the_register_ends_an_audit_as_corrected(
    auditing: Auditing, case: Case, state: str, cast: Any
) -> None:
    audit = auditing.to(case, state)
    assert rectify_cases([case.subject_id], by=cast.by.wu) == [case.code]
    audit.refresh_from_db()
    case.refresh_from_db()
    assert (audit.state, case.state, running(case)) == (AuditState.CORRECTED, CaseState.HEALED, [])
    assert verbs(case, AuditVerb.AUDIT_ENDED) == ["audit.ended"]


def test_a_case_may_be_audited_twice_one_after_the_other(auditing: Auditing, case: Case) -> None:
    first = auditing.to(case, AuditState.EXAMINING)
    with pytest.raises(problems.OutOfOrder):
        actions.open_audit(case, auditing.pair, by=auditing.by.tang)
    actions.report_obstruction(first, "拒绝稽核", by=auditing.by.tang)
    second = actions.open_audit(case, auditing.pair, by=auditing.by.tang)
    assert second.code != first.code
    auditing.serve(second, NoticeKind.AUDIT_NOTICE)
    assert second.state == AuditState.EXAMINING


# --- who may, and when ---------------------------------------------------------------------------


def test_two_different_certified_auditors(auditing: Auditing, case: Case) -> None:
    cast, by = auditing.cast, auditing.by
    auditing.walk.to(case, CaseState.ESCALATED)
    for pair in ((cast.tang.pk, cast.tang.pk), (cast.tang.pk, cast.sun.pk), (cast.tang.pk, 0)):
        with pytest.raises(audits_problems.AuditorsMissing):
            actions.open_audit(case, pair, by=by.tang)
    cast.jiang.certificates.update(valid_to=today() - timedelta(days=1))
    with pytest.raises(audits_problems.AuditorsMissing):
        actions.open_audit(case, auditing.pair, by=by.tang)
    assert not Audit.objects.exists()
    case.refresh_from_db()
    assert case.state == CaseState.ESCALATED


@pytest.mark.parametrize(("who", "refusal"), [("sun", problems.NotYourPost), ("han", problems.NotHere)])
def test_who_may_not_open(auditing: Auditing, case: Case, who: str, refusal: type[Exception]) -> None:
    auditing.walk.to(case, CaseState.ESCALATED)
    with pytest.raises(refusal):
        actions.open_audit(case, auditing.pair, by=getattr(auditing.by, who))


def test_an_audit_is_announced_before_it_begins(auditing: Auditing, case: Case) -> None:
    auditing.walk.to(case, CaseState.ESCALATED)
    with pytest.raises(audits_problems.WrongDay):
        actions.open_audit(
            case, auditing.pair, Plan(held_on=today() + timedelta(days=2)), by=auditing.by.tang
        )
    with pytest.raises(problems.WrongPeriod):
        plan = Plan(month_from="2026-09", month_to="2026-03")
        actions.open_audit(case, auditing.pair, plan, by=auditing.by.tang)
    audit = actions.open_audit(case, auditing.pair, by=auditing.by.tang)
    assert audit.held_on == today() + timedelta(days=3)


def test_law_9_an_audit_rests_on_the_clause_that_allows_it(auditing: Auditing, case: Case) -> None:
    """经办条例 第四十二条第（一）项; 第四十三条 is about service bodies that break their agreement."""
    auditing.opened(case)
    (cited,) = case.notices.get(kind=NoticeKind.AUDIT_NOTICE).values["basis"]
    assert (cited["law"], cited["article"]) == ("社会保险经办条例", "第四十二条第（一）项")


@pytest.mark.parametrize(("served_after", "begins_after"), [(0, 3), (2, 5)])
def test_law_10_the_days_before_an_audit_count_from_the_service(
    auditing: Auditing, case: Case, served_after: int, begins_after: int
) -> None:
    """Served late, the beginning moves; nothing is looked at before."""
    audit, by, issued = auditing.opened(case), auditing.by, today()
    assert audit.held_on == issued + timedelta(days=3)
    go_to(issued + timedelta(days=served_after))
    auditing.serve(audit, NoticeKind.AUDIT_NOTICE)
    assert audit.held_on == issued + timedelta(days=begins_after)
    go_to(audit.held_on - timedelta(days=1))
    for act in (
        lambda: actions.note_record(audit, record(), by=by.tang),
        lambda: actions.note_finding(audit, "injury", short(), by=by.tang),
    ):
        with pytest.raises(audits_problems.AuditNotBegun):
            act()
    go_to(audit.held_on)
    assert actions.note_record(audit, record(), by=by.tang).on == audit.held_on
    with pytest.raises(audits_problems.WrongDay):
        actions.note_record(audit, record(on=audit.held_on - timedelta(days=1)), by=by.tang)


def test_only_the_two_named_audit(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    qian = auditing.by.qian
    for act in (
        lambda: actions.note_record(audit, record(), by=qian),
        lambda: actions.note_finding(audit, "injury", short(), by=qian),
        lambda: actions.issue_findings(audit, by=qian),
        lambda: actions.report_obstruction(audit, "拒绝", by=qian),
    ):
        with pytest.raises(audits_problems.NotAnAuditor):
            act()
    with pytest.raises(problems.NotHere):
        actions.note_record(audit, record(), by=auditing.by.han)


def test_records_are_dated_and_signed_or_say_why_not(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    by = auditing.by.tang
    for day in (audit.noticed_on - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(audits_problems.WrongDay):
            actions.note_record(audit, record(on=day), by=by)
    with pytest.raises(problems.ReasonMissing):
        actions.note_record(audit, record(is_signed=False), by=by)
    kept = actions.note_record(
        audit, record(kind="interview", said_by="李某", is_signed=False, refused_why="拒绝签名"), by=by
    )
    assert kept.said_by == "李某"
    assert "李某" not in str(Entry.objects.filter(case=case.code).latest("pk").data)


def test_a_finding_told_again_says_the_newer(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_finding(audit, "injury", short(), by=auditing.by.tang)
    actions.note_finding(audit, "injury", short(rate=Decimal("0.0025")), by=auditing.by.jiang)
    assert [row.arrears for row in audit.findings.all()] == [1200]
    assert verbs(case, AuditVerb.AUDIT_FOUND) == ["audit.found"] * 2
    with pytest.raises(problems.WrongPeriod):
        actions.note_finding(audit, "injury", short(month_to="2025-12"), by=auditing.by.tang)


def test_law_40_arrears_are_reckoned_by_the_law_of_each_year(auditing: Auditing, case: Case) -> None:
    """The floors of 2021 to 2024, told line by line with the mark of what waits for the lawyers."""
    audit = auditing.to(case, AuditState.EXAMINING)
    seen = short(month_from="2021-07", month_to="2025-02", heads_insured=11, base_due=Decimal(3000))
    row = actions.note_finding(audit, "pension", seen, by=auditing.by.tang)
    assert row.reckoning is not None
    bases = ("3,806.40", "4,050.60", "4,589.40", "4,863.00", "4,907.40")
    assert [base in line["words"] for base, line in zip(bases, row.reckoning, strict=True)] == [True] * 5
    months = [6, 12, 12, 12, 2]
    assert all(f"× 24% × {n} 个月 ×" in line["words"] for n, line in zip(months, row.reckoning, strict=True))
    assert row.arrears == sum(Decimal(line["amount"]) for line in row.reckoning)
    actions.note_record(audit, record(), by=auditing.by.tang)
    told = actions.issue_findings(audit, by=auditing.by.tang).values["arrears"]
    assert len(told["steps"]) == 6 and told["reviewed"] is False
    assert Decimal(told["steps"][-1]["amount"]) == row.arrears
    with pytest.raises(LawMissing):
        actions.note_finding(audit, "pension", short(month_from="1998-01"), by=auditing.by.tang)


def test_law_40_this_year_runs_on_the_figures_of_the_last(law: None) -> None:
    for key in ("base.floor", "base.ceiling"):
        here, before = (the_law(date(year, 6, 1))[key] for year in (2026, 2025))
        assert here.value == before.value and not here.reviewed and "2026年度标准未公布" in here.basis


def test_law_15_a_base_below_the_floor_is_not_found_clean(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.EXAMINING)
    actions.note_record(audit, record(), by=auditing.by.tang)
    low = short(heads_insured=12, base_due=Decimal(4450), base_declared=Decimal(4450))
    actions.note_finding(audit, "injury", low, by=auditing.by.tang)
    with pytest.raises(audits_problems.AuditFindingsPresent):
        actions.clear_audit(audit, "未发现", by=auditing.by.qian)


def test_no_opinion_before_the_unit_was_heard(auditing: Auditing, case: Case) -> None:
    audit, by = auditing.to(case, AuditState.INFORMED), auditing.by
    with pytest.raises(audits_problems.AnswerTermRunning):
        actions.draft_opinion(audit, "", "", by=by.tang)
    with pytest.raises(problems.ReasonMissing):
        actions.record_answer(audit, " ", today(), by=by.jiang)
    for day in (audit.informed_on - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(audits_problems.WrongDay):
            actions.record_answer(audit, "两人已于八月离职", day, by=by.jiang)
    actions.record_answer(audit, "两人已于八月离职", today(), by=by.jiang)
    assert "audit.answer" not in running(case)
    with pytest.raises(problems.ReasonMissing):
        actions.draft_opinion(audit, "", "", by=by.tang)
    actions.draft_opinion(audit, "为6名职工办理工伤保险参保登记。", "经核实属实,扣除两人。", by=by.tang)
    with pytest.raises(problems.OutOfOrder):
        actions.note_finding(audit, "injury", short(), by=by.tang)
    notice = actions.approve_opinion(audit, by=by.qian)
    assert notice.values["heard"][1] == "经核实属实,扣除两人。"
    assert notice.values["orders"] == ["为6名职工办理工伤保险参保登记。"]


def test_an_opinion_is_approved_by_somebody_else(auditing: Auditing, case: Case) -> None:
    audit, by = auditing.to(case, AuditState.INFORMED), auditing.by
    with pytest.raises(problems.OutOfOrder):
        actions.approve_opinion(audit, by=by.qian)
    auditing.draft(audit)
    with pytest.raises(problems.NotYourPost):
        actions.approve_opinion(audit, by=by.tang)
    with pytest.raises(problems.NotHere):
        actions.approve_opinion(audit, by=by.han)
    with pytest.raises(problems.ReasonMissing):
        actions.return_opinion(audit, " ", by=by.qian)
    actions.return_opinion(audit, "写明补缴月份", by=by.qian)
    with pytest.raises(problems.OutOfOrder):
        actions.approve_opinion(audit, by=by.qian)
    actions.draft_opinion(audit, "补缴2026-01至2026-10的费用。", "", by=by.jiang)
    actions.approve_opinion(audit, by=by.qian)
    with pytest.raises(problems.OutOfOrder):
        actions.approve_opinion(audit, by=by.qian)
    assert verbs(case, AuditVerb.AUDIT_RETURNED, AuditVerb.AUDIT_APPROVED) == [
        "audit.returned",
        "audit.approved",
    ]


def test_the_database_keeps_the_gates(auditing: Auditing, case: Case) -> None:
    from django.db import IntegrityError, transaction

    audit = auditing.to(case, AuditState.INFORMED)
    rows = Audit.objects.filter(pk=audit.pk)
    for change in (
        {"state": "opinion"},
        {"state": "opinion", "opinion_on": today()},
        {"approved_by": auditing.cast.tang, "approved_at": now()},
        {"auditor_2": auditing.cast.tang},
        {"state": "clean"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_a_late_opinion_is_said_in_the_file(auditing: Auditing, case: Case) -> None:
    audit = auditing.to(case, AuditState.INFORMED)
    auditing.walk.wait(case, "audit.opinion_days")
    audit.refresh_from_db()
    assert audit.state == AuditState.INFORMED and audit.answer_closed_on
    said = Entry.objects.filter(case=case.code, verb=AuditVerb.AUDIT_OVERDUE).order_by("nth")
    assert [entry.data["term_name"] for entry in said] == ["对稽核情况的答复期", "稽核意见书送达期限"]


def test_an_auditor_is_replaced_by_the_district(auditing: Auditing, case: Case) -> None:
    audit, cast, by = auditing.to(case, AuditState.EXAMINING), auditing.cast, auditing.by
    with pytest.raises(problems.NotYourPost):
        actions.replace_auditor(audit, cast.jiang.pk, cast.tang.pk, "回避", by=by.tang)
    with pytest.raises(audits_problems.AuditorsMissing):
        actions.replace_auditor(audit, cast.jiang.pk, cast.tang.pk, "回避", by=by.qian)
    with pytest.raises(problems.SamePersonTwice):
        actions.replace_auditor(audit, cast.jiang.pk, cast.qian.pk, "回避", by=by.qian)
    with pytest.raises(problems.ReasonMissing):
        actions.replace_auditor(audit, cast.jiang.pk, cast.sun.pk, " ", by=by.qian)
    with pytest.raises(audits_problems.AuditorsMissing):
        actions.replace_auditor(audit, cast.sun.pk, cast.wu.pk, "回避", by=by.qian)
    audit.refresh_from_db()
    assert audit.auditors == auditing.pair


# --- arrears sent to the tax office --------------------------------------------------------------


def test_nothing_owed_nothing_to_transfer(auditing: Auditing, case: Case) -> None:
    """All had been insured after all; what is left to correct is not owed in money."""
    audit = auditing.to(case, AuditState.INFORMED)
    actions.note_finding(audit, "injury", short(heads_insured=12), by=auditing.by.jiang)
    auditing.walk.wait(case, "audit.answer")
    audit.refresh_from_db()
    actions.draft_opinion(audit, "更正职工名册。", "", by=auditing.by.tang)
    auditing.approve(audit)
    auditing.serve(audit, NoticeKind.AUDIT_OPINION)
    with pytest.raises(audits_problems.CorrectionTermRunning):
        actions.transfer_to_tax(audit, TAX, "欠缴", by=auditing.by.tang)
    auditing.walk.wait(case, "audit.correction")
    audit.refresh_from_db()
    with pytest.raises(audits_problems.ArrearsMissing):
        actions.transfer_to_tax(audit, TAX, "欠缴", by=auditing.by.tang)


def test_arrears_go_to_a_department_that_has_a_liaison(
    auditing: Auditing, case: Case, make_case: Callable[..., Case]
) -> None:
    audit = auditing.expired(case)
    with pytest.raises(audits_problems.NoTaxLiaison):
        actions.transfer_to_tax(audit, "乌达区税务局", "欠缴", by=auditing.by.tang)
    transfer = actions.transfer_to_tax(audit, TAX, "改正期满仍欠缴", by=auditing.by.tang)
    case.refresh_from_db()
    audit.refresh_from_db()
    assert (audit.state, case.state, transfer.state) == (AuditState.TAX, CaseState.AUDITED, "sent")
    assert transfer.lines == [
        {"insurance": "injury", "label": "工伤保险", "from": "2026-01", "to": "2026-10", "amount": "960.00"}
    ]
    assert running(case) == ["tax.answer", "tax.reminder"]


def test_law_45_a_transfer_carries_what_the_tax_office_needs(auditing: Auditing, case: Case) -> None:
    letter = auditing.transferred(case).notice
    opinion = case.notices.get(kind=NoticeKind.AUDIT_OPINION)
    assert letter.values["enclosures"] == [f"《稽核意见书》（{opinion.number}）", "应缴社会保险费计算表"]
    # The slip is enclosed where it lies, and so is the roster (test_sums.py).
    opinion.service.slip_path = "slips/1.pdf"
    opinion.service.save(update_fields=["slip_path"])
    told = composing.audit_file(Audit.objects.get(case=case))
    assert composing.enclosures_of(told)[0] == f"《稽核意见书》（{opinion.number}）及送达回证"
