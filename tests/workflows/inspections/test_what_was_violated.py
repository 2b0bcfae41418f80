"""What a paper says follows from what was investigated, by one row of the law: never from a sentence that is always the
same. The numbers are those of the lawyers' list."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import the_law
from tests.forward import go_to
from tests.workflows.conftest import ARREARS, MEASURES, Walk, certify, found
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.engine.acts import offers_for
from workflows.inspections import actions, queries
from workflows.inspections import problems as inspections_problems
from workflows.inspections.actions import investigating
from workflows.inspections.forms import FileForm, WeighForm
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import waiting_for, weighing
from workflows.inspections.queries.offences import Suspected
from workflows.inspections.queries.weighing import TaxOrder
from workflows.inspections.rules.offences import ORDER, offence_of, offences_for
from workflows.notices.models import Notice, NoticeKind
from workflows.remedies.actions import close_remedy, note_remedy
from workflows.remedies.rules import Challenge, Ending

At = Callable[..., Inspection]
SOCIAL, RULES = "中华人民共和国社会保险法", "劳动保障监察条例"


def with_measure(case: Case, *measures: str) -> Case:
    """The same case, opened for something else that was found at its door."""
    case.measures = [MEASURES[0] | {"measure": measure, "why": f"{measure}的事由"} for measure in measures]
    case.save(update_fields=["measures"])
    return case


def cited(notice: Notice, name: str) -> list[str]:
    return [f"{clause['law']}{clause['article']}" for clause in notice.values[name]]


def paper(inspection: Inspection, kind: str) -> Notice:
    return inspection.case.notices.get(kind=kind, withdrawn_at=None)


def offered(who: Any, inspection: Inspection) -> set[str]:
    one = queries.inspection_at(who, inspection.case.code)
    return {offer.name for offer in offers_for("inspection", who, one, queries.file_of(one))}


def collected(inspection: Inspection) -> TaxOrder:
    assert inspection.ordered_on and inspection.order_expired_on
    return TaxOrder("乌海税限缴〔2026〕3号", inspection.ordered_on, inspection.order_expired_on)


def expired_for(make_case: Callable[..., Case], walk: Walk, *measures: str) -> Inspection:
    return walk.inspection_at(with_measure(make_case(), *measures), S.ORDER_EXPIRED)


# --- 2: fact, duty and power belong together --------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("measure", "violation", "breached", "ordered_by", "punished_by"),
    [
        ("抓参保", "unregistered", "第五十七条第一款", f"{SOCIAL}第八十四条", f"{SOCIAL}第八十四条"),
        ("抓漏保", "missed", "第五十八条第一款", f"{RULES}第十八条第一款第（二）项", f"{SOCIAL}第八十四条"),
        ("抓续保", "unpaid", "第六十条第一款", f"{RULES}第十八条第一款第（二）项", f"{SOCIAL}第八十六条"),
    ],
)
def test_law_2_order_notice_and_decision_cite_what_was_violated(
    make_case: Callable[..., Case], walk: Walk, cast: Any, measure: str, violation: str, breached: str,
    ordered_by: str, punished_by: str,
) -> None:  # fmt: skip
    one = expired_for(make_case, walk, measure)
    assert one.violation == one.ordered_for == violation
    order, filing = paper(one, NoticeKind.ORDER), paper(one, NoticeKind.FILING)
    assert cited(order, "breached") == cited(filing, "breached") == [f"{SOCIAL}{breached}"]
    assert cited(order, "basis")[0] == ordered_by
    tax = collected(one) if violation == "unpaid" else None
    notice = actions.issue_penalty_notice(one, found(violation=violation, tax=tax), by=cast.by.zhou)
    walk.serve(notice, cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDED)
    for issued in (notice, paper(one, NoticeKind.PENALTY_DECISION)):
        assert cited(issued, "breached") == [f"{SOCIAL}{breached}"]
        assert cited(issued, "basis") == [punished_by]


def test_law_2_only_a_violation_the_findings_allow_is_picked(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = walk.inspection_at(with_measure(make_case(), "抓漏保"), S.INVESTIGATING)
    with pytest.raises(inspections_problems.ViolationUnfit) as refusal:
        actions.issue_order(one, Violation.UNREGISTERED, by=cast.by.zhou)
    assert "抓漏保" in refusal.value.detail and "请按发现的事项" in refusal.value.advice
    choices = dict(FileForm(case=one.case).fields["violation"].choices)
    assert set(choices) == {"missed", "unpaid", "concealed", "obstruction"}
    walk.gather(one)
    actions.issue_order(one, by=cast.by.zhou)
    walk.serve(paper(one, NoticeKind.ORDER), cast.by.zhou)
    one = walk.inspection_at(one.case, S.ORDER_EXPIRED)
    assert set(dict(WeighForm(case=one).fields["violation"].choices)) == {*choices, "defiance"}
    with pytest.raises(inspections_problems.ViolationUnfit):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)


def test_law_2_what_was_ordered_is_what_is_punished(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = expired_for(make_case, walk, "抓参保")
    with pytest.raises(inspections_problems.OrderedOtherwise):
        actions.issue_penalty_notice(one, found(violation=Violation.MISSED), by=cast.by.zhou)


def test_law_2_an_order_is_defied_when_it_has_run_out(inspection_at: At, walk: Walk, cast: Any) -> None:
    one = inspection_at(S.INVESTIGATING)
    with pytest.raises(inspections_problems.ViolationUnfit):
        actions.issue_order(one, Violation.DEFIANCE, by=cast.by.zhou)
    one = walk.inspection_at(one.case, S.ORDER_EXPIRED)
    notice = actions.issue_penalty_notice(one, found(violation=Violation.DEFIANCE), by=cast.by.zhou)
    assert cited(notice, "basis") == [f"{RULES}第三十条第一款第（三）项"]


def test_law_2_nobody_is_filed_for_what_is_no_violation(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = with_measure(walk.to(make_case(), CaseState.ESCALATED), "抓入保", "抓代缴")
    certify(cast)
    with pytest.raises(inspections_problems.NoViolation):
        actions.file_inspection(case, (cast.zhou.pk, cast.he.pk), "督促期满", by=cast.by.zhou)
    assert not case.inspections.exists()


def test_law_2_what_is_in_doubt_is_marked_and_what_is_certain_is_not(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = expired_for(make_case, walk, "抓漏保")
    notice = actions.issue_penalty_notice(one, found(violation=Violation.MISSED), by=cast.by.zhou)
    assert [clause["reviewed"] for clause in notice.values["basis"]] == [False]
    assert all(clause["reviewed"] for clause in notice.values["breached"])


def test_law_2_the_order_states_the_finding_that_bears_on_it(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = with_measure(make_case(), "抓续保", "抓参保")
    one = walk.inspection_at(case, S.INVESTIGATING)
    order = actions.issue_order(one, Violation.UNREGISTERED, by=cast.by.zhou)
    assert order.values["found"] == ["抓参保的事由"]


def test_law_2_every_violation_has_its_entry_and_a_full_title(db: None) -> None:
    table = Provision.objects.get(key="inspection.violations").value
    tiers = Provision.objects.filter(key="inspection.tiers").latest("valid_from").value
    assert set(table) == set(Violation.values)
    for key in table:
        offence = offence_of(table, key)
        assert offence.tiers in tiers and offence.measures and offence.orders
        for clause in (*offence.breached, *offence.order, *offence.punish):
            assert clause.startswith("《") and "《社会保险法》" not in clause


# --- 3: the payment is the tax office's -------------------------------------------------------------


@pytest.mark.parametrize("measure", ["抓续保", "抓漏保"])
def test_law_3_no_order_asks_for_payment(make_case: Callable[..., Case], walk: Walk, measure: str) -> None:
    one = walk.inspection_at(with_measure(make_case(), measure), S.ORDERED)
    (order,) = paper(one, NoticeKind.ORDER).values["orders"]
    assert "补缴" not in order and "应缴费款由税务机关依法核定、征收" in order


def test_law_3_arrears_are_punished_after_the_tax_offices_own_order_only(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = expired_for(make_case, walk, "抓续保")
    tax = collected(one)
    running = TaxOrder(tax.number, tax.served_on, today())
    for given, refusal in (
        (None, inspections_problems.TaxOrderFirst),
        (TaxOrder(" ", tax.served_on, tax.due_on), inspections_problems.TaxOrderFirst),
        (TaxOrder("税1号", tax.due_on, tax.served_on), inspections_problems.TaxOrderFirst),
        (running, inspections_problems.TaxOrderRuns),
    ):
        with pytest.raises(refusal):
            actions.issue_penalty_notice(one, found(violation="unpaid", tax=given), by=cast.by.zhou)
    notice = actions.issue_penalty_notice(one, found(violation="unpaid", tax=tax), by=cast.by.zhou)
    (proof,) = [said for said in notice.values["evidence"] if tax.number in said]
    assert str(tax.served_on) in proof and str(tax.due_on) in proof


def test_law_3_the_form_asks_for_the_tax_offices_order_where_it_is_needed(
    make_case: Callable[..., Case], walk: Walk
) -> None:
    one = expired_for(make_case, walk, "抓续保")
    given = {
        "at": one.state, "facts": "欠缴", "violation": "unpaid", "arrears": "100", "source": "核定单",
        "since": today().isoformat(), "heads": "1", "corrected": "never",
    }  # fmt: skip
    assert set(WeighForm(given, case=one).errors) == {"tax_number", "tax_served_on", "tax_due_on"}
    assert not WeighForm(given | {"violation": "concealed"}, case=one).errors


def test_law_3_no_sql_decides_arrears_without_it(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = expired_for(make_case, walk, "抓续保")
    given = found(violation="unpaid", tax=collected(one))
    walk.serve(actions.issue_penalty_notice(one, given, by=cast.by.zhou), cast.by.zhou)
    one = walk.inspection_at(one.case, S.DECIDED)
    for field, value in (("tax_number", ""), ("tax_due_on", None), ("tax_due_on", one.decided_on)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Inspection.objects.filter(pk=one.pk).update(**{field: value})


# --- 5, 5b: corrected in time -----------------------------------------------------------------------


@pytest.mark.parametrize("corrected", ["before_filing", "in_term"])
@pytest.mark.parametrize("violation", ["unregistered", "missed", "unpaid", "defiance"])
def test_law_5_corrected_in_time_is_not_fined(db: None, violation: str, corrected: str) -> None:
    with pytest.raises(inspections_problems.NothingToPunish) as refusal:
        weighing.weigh(
            found(violation=violation, corrected=corrected), the_law(today()), today(), is_person=False
        )
    assert "撤销立案" in refusal.value.advice


def test_law_5_corrected_too_late_is_fined_by_the_mildest_tier(db: None) -> None:
    weighed = weighing.weigh(found(corrected="after_term"), the_law(today()), today(), is_person=False)
    assert (weighed.tier.title, weighed.fine) == ("从轻", ARREARS)


def test_law_5_concealing_is_punished_whenever_it_was_put_right(db: None) -> None:
    weighed = weighing.weigh(
        found(violation="concealed", corrected="in_term"), the_law(today()), today(), is_person=False
    )
    assert weighed.fine > 0


def test_law_5b_an_order_the_register_shows_met_ends_as_corrected(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.ORDERED)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    walk.wait(one.case, "order.term")
    one.refresh_from_db()
    assert (one.state, one.order_expired_on) == (S.INVESTIGATING, None)
    assert one.order_met_on == Case.objects.get(pk=one.case_id).healed_on
    assert not {"order", "notice"} & offered(cast.by.zhou, one)
    assert "withdraw" in offered(cast.by.qian, one)
    assert waiting_for(cast.by.qian).filter(pk=one.pk).exists()
    with pytest.raises(inspections_problems.NothingToPunish):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)
    actions.withdraw_inspection(one, "责令期限内已改正，情节轻微", by=cast.by.qian)
    assert Case.objects.get(pk=one.case_id).state == CaseState.HEALED
    assert cited(paper(one, NoticeKind.CASE_WITHDRAWN), "basis") == [f"{RULES}第十八条第一款第（三）项"]


def test_law_5b_nothing_is_ordered_that_the_register_shows_done(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.INVESTIGATING)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    one = Inspection.objects.get(pk=one.pk)
    with pytest.raises(inspections_problems.CorrectedOnRecord):
        actions.issue_order(one, by=cast.by.zhou)
    assert "order" not in offered(cast.by.zhou, one)


def test_law_5b_a_notice_does_not_contradict_the_register(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    one = Inspection.objects.get(pk=one.pk)
    with pytest.raises(inspections_problems.CorrectedOnRecord):
        actions.issue_penalty_notice(one, found(), by=cast.by.zhou)
    assert actions.issue_penalty_notice(one, found(corrected="after_term"), by=cast.by.zhou)


def test_law_5b_nor_is_there_one_where_the_register_shows_it_done_in_time(
    inspection_at: At, cast: Any
) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    Case.objects.filter(pk=one.case_id).update(healed_on=one.order_expired_on)
    one = Inspection.objects.get(pk=one.pk)
    with pytest.raises(inspections_problems.NothingToPunish):
        actions.issue_penalty_notice(one, found(corrected="after_term"), by=cast.by.zhou)


def test_law_5b_nor_does_a_decision(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.DECIDING)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    with pytest.raises(inspections_problems.CorrectedOnRecord):
        actions.decide(Inspection.objects.get(pk=one.pk), by=cast.by.qian)


# --- 4: the decision orders the correction ----------------------------------------------------------


def test_law_4_a_decision_orders_the_correction_within_a_term(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    decision = paper(one, NoticeKind.PENALTY_DECISION).values
    assert decision["corrections"] and "办理社会保险登记" in decision["corrections"][0]
    assert "12 人" in decision["corrections"][-1] and decision["correction"]["length"] == 15
    clock = one.case.clocks.get(kind="penalty.correction")
    assert clock.started_on == one.served_on and one.correction_due_on == clock.due_on
    actions.record_payment(one, one.fine, today(), "缴-1", by=cast.by.zhou)
    assert one.state == S.PERFORMED and one.correction_expired_on is None
    walk.wait(one.case, "penalty.correction")
    one.refresh_from_db()
    assert one.correction_expired_on == clock.due_on


def test_law_4_corrected_within_the_term_it_does_not_expire(inspection_at: At, walk: Walk, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    cases.rectify_cases([one.case.subject_id], by=cast.by.wu)
    walk.wait(one.case, "penalty.correction")
    one.refresh_from_db()
    assert one.correction_expired_on is None


def test_law_4_a_quashed_penalty_orders_nothing_any_more(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.PERFORMING)
    one.case.refresh_from_db()
    remedy = note_remedy(one.case, Challenge("review", "区政府", today(), "penalty"), by=cast.by.zhou)
    close_remedy(remedy, Ending("quashed", "复1号", today()), by=cast.by.zhou)
    assert one.case.clocks.get(kind="penalty.correction").stopped_at


# --- 8: the demand says what is so ------------------------------------------------------------------


def overdue(inspection: Inspection) -> Inspection:
    assert inspection.due_on
    go_to(inspection.due_on + timedelta(days=1))
    fire_due_clocks()
    return Inspection.objects.get(pk=inspection.pk)


def test_law_8_within_the_time_for_review_a_demand_claims_nothing(inspection_at: At, cast: Any) -> None:
    demand = actions.issue_demand(overdue(inspection_at(S.PERFORMING)), by=cast.by.zhou)
    assert "在法定期限内既不申请行政复议、不提起行政诉讼又不履行的" in demand.values["standing"]
    assert cited(demand, "basis")[1] == "中华人民共和国行政处罚法第七十二条第一款第（一）项"


def test_law_8_after_it_a_demand_says_that_nothing_was_asked(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.PERFORMING)
    walk.wait(one.case, "inspection.remedy")
    demand = actions.issue_demand(Inspection.objects.get(pk=one.pk), by=cast.by.zhou)
    assert demand.values["standing"] == "在法定期限内没有申请行政复议，也没有提起行政诉讼。"


def test_law_8_no_demand_while_a_suit_is_pending_and_the_truth_after_it(
    inspection_at: At, walk: Walk, cast: Any
) -> None:
    one = overdue(inspection_at(S.PERFORMING))
    remedy = note_remedy(one.case, Challenge("suit", "区法院", today(), "penalty"), by=cast.by.zhou)
    with pytest.raises(inspections_problems.PenaltyChallenged):
        actions.issue_demand(one, by=cast.by.zhou)
    assert "demand" not in offered(cast.by.zhou, one)
    assert not waiting_for(cast.by.zhou).filter(pk=one.pk).exists()
    close_remedy(remedy, Ending("upheld", "判1号", today(), effective_on=today()), by=cast.by.zhou)
    standing = actions.issue_demand(one, by=cast.by.zhou).values["standing"]
    assert "行政诉讼（区法院）" in standing and "没有提起行政诉讼" not in standing


# --- 23: two years ----------------------------------------------------------------------------------


def test_law_23_what_ended_two_years_ago_is_filed_with_a_reason_only(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = walk.to(make_case(), CaseState.ESCALATED)
    certify(cast)
    officers, long_ago = (cast.zhou.pk, cast.he.pk), today() - timedelta(days=900)
    with pytest.raises(inspections_problems.TooLongAgo):
        actions.file_inspection(case, officers, "逾期", Suspected(ended_on=long_ago), by=cast.by.zhou)
    suspected = Suspected(ended_on=long_ago, late_why="二年内已经投诉举报")
    one = actions.file_inspection(case, officers, "逾期", suspected, by=cast.by.zhou)
    actions.approve_filing(one, by=cast.by.qian)
    lasts = paper(one, NoticeKind.FILING).values["lasts"]
    assert str(long_ago) in lasts and "二年内已经投诉举报" in lasts


def test_law_23_whoever_files_says_when_it_ended_or_that_it_goes_on(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = walk.to(make_case(), CaseState.ESCALATED)
    certify(cast)
    given = {
        "at": case.state, "violation": "unregistered", "officer_1": str(cast.zhou.pk),
        "officer_2": str(cast.he.pk), "why": "逾期",
    }  # fmt: skip
    day = today().isoformat()
    assert "ended_on" in FileForm(given, case=case).errors
    assert "ended_on" in FileForm(given | {"goes_on": "on", "ended_on": day}, case=case).errors
    for said in ({"goes_on": "on"}, {"ended_on": day}):
        assert not FileForm(given | said, case=case).errors


# --- 17, 16, 30 -------------------------------------------------------------------------------------


def test_law_17_the_late_fee_is_no_part_of_a_penalty(inspection_at: At) -> None:
    one = inspection_at(S.DECIDED)
    for kind in (NoticeKind.PENALTY_NOTICE, NoticeKind.PENALTY_DECISION):
        values = paper(one, kind).values
        assert "滞纳金" not in str(values["calculation"]) and "滞纳金" not in str(values)
    assert one.late_fee and one.late_fee > 0


def test_law_16_the_base_of_a_fine_names_its_source(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.ORDER_EXPIRED)
    notice = actions.issue_penalty_notice(one, found(source="海社核〔2026〕7号"), by=cast.by.zhou)
    assert "计罚基数 20,000.00 元（海社核〔2026〕7号）" in str(notice.values["calculation"])


@pytest.mark.parametrize(
    ("ground", "clause"), [("first", "第一款后段"), ("minor", "第一款前段"), ("no_fault", "第二款")]
)
def test_law_30_no_penalty_names_the_sentence_it_rests_on(
    inspection_at: At, cast: Any, ground: str, clause: str
) -> None:
    one = inspection_at(S.DECIDING)
    proof = f"record-{one.records.exclude(kind='report').first().pk}"
    actions.impose_no_penalty(one, "初次违法", ground, proof, by=cast.by.qian)
    assert cited(paper(one, NoticeKind.NO_PENALTY), "basis")[0].endswith(f"第三十三条{clause}")


def test_law_35_a_transfer_for_its_place_rests_on_whose_ground_it_is(inspection_at: At, cast: Any) -> None:
    one = inspection_at(S.INVESTIGATING)
    actions.transfer_inspection(one, "外地人社局", "用工地不在本区", by=cast.by.qian, because="place")
    assert cited(paper(one, NoticeKind.CASE_TRANSFER), "basis") == [
        f"{RULES}第十三条第一款", "中华人民共和国行政处罚法第二十二条",
    ]  # fmt: skip


def test_law_30_the_sheet_of_the_filing_names_its_clause(inspection_at: At) -> None:
    one = inspection_at(S.INVESTIGATING)
    filing = paper(one, NoticeKind.FILING)
    assert cited(filing, "basis") == ["中华人民共和国行政处罚法第五十四条第二款"]
    assert filing.values["lasts"] == "处于继续状态"


def test_the_nearest_violation_comes_first_in_whatever_order_a_database_keeps_them(cast: Any) -> None:
    table = the_law(today())["inspection.violations"].value
    for kept in (table, dict(sorted(table.items())), dict(reversed(table.items()))):
        assert [offence.key for offence in offences_for(kept, ["抓参保"])] == [
            "unregistered",
            "missed",
            "obstruction",
        ]
    assert set(table) == set(ORDER)


def test_law_44_the_sheet_says_where_the_lead_came_from(inspection_at: At) -> None:
    one = inspection_at(S.INVESTIGATING)
    urging = one.case.notices.get(kind=NoticeKind.URGING)
    source = paper(one, NoticeKind.FILING).values["source"]
    assert source == f"全民参保网格走访核查（案件 {one.case.code}），经督促（{urging.number}）期满未改正"


def test_law_43_an_order_shows_what_the_registers_say_of_its_finding_and_nothing_else(
    make_case: Callable[..., Case], walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = walk.inspection_at(with_measure(make_case(), "抓漏保", "抓续保"), S.INVESTIGATING)
    facts: dict[str, Any] = {}
    for name, shown in (
        ("market", ("standing", "capital", "scope")), ("tax", ("heads", "premium_owed")), ("social", ("insured",)),
    ):  # fmt: skip
        rows = [(key, f"{name}.{key}", "有") for key in shown]
        facts[name] = SimpleNamespace(label=name, as_of="2026-10-31", shown=rows)
    monkeypatch.setattr(investigating, "facts_of", lambda subject: facts)
    order = actions.issue_order(one, Violation.MISSED, by=walk.cast.by.zhou)
    assert [row[0] for row in order.values["facts"]["rows"]] == ["tax.heads", "social.insured"]
