"""Every lawful end of a case, an audit and an inspection, each walked to by the people whose steps they are."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from grid.calendar.now import today
from tests.journeys import stages
from tests.journeys.way import DAY, Way, at, reaches, told_ends
from workflows.audits.models import ENDED as AUDIT_ENDED
from workflows.audits.models import AuditState, TransferState
from workflows.cases.models import ENDED as CASE_ENDED
from workflows.cases.models import Case, CaseState
from workflows.inspections.models import ENDED as INSPECTION_ENDED
from workflows.inspections.models import InspectionState
from workflows.notices.models import NoticeKind

pytestmark = pytest.mark.once


def kinds(case: Case) -> list[str]:
    """The papers of a case that stand, in the order they were issued."""
    return list(case.notices.filter(withdrawn_at=None).order_by("pk").values_list("kind", flat=True))


# --- before any proceeding --------------------------------------------------------------------------


@reaches(CaseState.HEALED)
def test_registered_within_the_term(way: Way, opened: Case) -> None:
    """补办登记: the next register shows every head, and the case ends by itself."""
    way.urges(opened)
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED, "社保名册显示已整改")


@reaches(CaseState.WITHDRAWN)
def test_withdrawn_by_the_district(way: Way, opened: Case) -> None:
    """撤案, while the term runs: what was issued is taken back."""
    way.urges(opened)
    way.sun.may_not(at.case(opened), "withdraw")
    way.qian.does(at.case(opened), "withdraw", why="经核实人员属劳务派遣")
    way.ends(opened, CaseState.WITHDRAWN, "经核实人员属劳务派遣")
    assert kinds(opened) == []


@reaches(CaseState.WITHDRAWN)
def test_withdrawn_by_the_street_before_it_approves(way: Way, opened: Case) -> None:
    way.sun.does(at.case(opened), "withdraw", why="同一单位已另案办理")
    way.ends(opened, CaseState.WITHDRAWN, "同一单位已另案办理")


@reaches(CaseState.WITHDRAWN)
def test_a_second_visit_finds_everything_in_order(way: Way, opened: Case, make_finding: Any) -> None:
    """Sent back to the door by the district; what the door then shows ends the case."""
    way.sun.does(at.case(opened), "approve")
    way.qian.does(at.case(opened), "return", why="请核实人数", fields_asked=["employees"])
    again = make_finding(opened.subject, measures=[])
    way.zhao.does(reverse("finding", args=[again.pk]), "confirm", remark="已全部参保")
    way.ends(opened, CaseState.WITHDRAWN, "补正后的走访没有发现需要处理的事项")


# --- the audit --------------------------------------------------------------------------------------


@reaches(AuditState.CLEAN, CaseState.WITHDRAWN)
def test_audited_and_nothing_is_wrong(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.audited(way, opened)
    stages.examined(way, opened, insured=12)
    way.tang.may_not(at.audit(opened), "clear")
    way.qian.does(at.audit(opened), "clear", why="十二人均已参保，名册迟报")
    assert "结果告知书待送达" in way.tang.opens("/").words
    way.jiang.serves(at.audit(opened), "serve-result")
    way.ends(opened, CaseState.WITHDRAWN, "稽核未发现问题")
    assert kinds(opened)[-1] == NoticeKind.AUDIT_CLEAR


@reaches(AuditState.CORRECTED, CaseState.HEALED)
def test_audited_and_corrected_in_the_term(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.opined(way, opened)
    way.jiang.does(at.audit(opened), "correct", why="已补办八人工伤保险并补缴")
    way.ends(opened, CaseState.HEALED, "稽核责令改正后已改正")


@reaches(AuditState.CORRECTED, CaseState.HEALED)
def test_the_register_ends_an_audit(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.audited(way, opened)
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED, "社保名册显示已整改")


def _sent_to_tax(way: Way, case: Case) -> str:
    """Not paid in the audit's term; where the tax office's liaison answers."""
    stages.escalated(way, case)
    stages.opined(way, case)
    way.waits(case, "audit.correction")
    way.tang.does(at.audit(case), "transfer", department="市税务局", why="改正期满仍欠缴")
    transfer = case.transfers.get()
    assert case.subject.name in way.feng.opens("/").words
    way.feng.opens(at.case(case), status=404)
    return reverse("transfer", args=[transfer.pk])


@reaches(AuditState.TAX, TransferState.COLLECTED, CaseState.TRANSFERRED)
def test_arrears_paid_at_the_tax_office(way: Way, opened: Case) -> None:
    letter = _sent_to_tax(way, opened)
    way.feng.does(letter, "answer", kind="received")
    way.feng.does(letter, "answer", kind="collected", amount="400")
    assert Case.objects.get(pk=opened.pk).state == CaseState.AUDITED
    way.feng.does(letter, "answer", kind="collected", amount="560")
    way.ends(opened, CaseState.TRANSFERRED, "税务", str(TransferState.COLLECTED.label))


@reaches(AuditState.TAX, TransferState.AGREED, CaseState.TRANSFERRED)
def test_arrears_deferred_by_agreement_with_the_tax_office(way: Way, opened: Case) -> None:
    letter = _sent_to_tax(way, opened)
    way.feng.does(letter, "answer", kind="agreed", until=today().replace(year=today().year + 1, day=1))
    way.ends(opened, CaseState.TRANSFERRED, str(TransferState.AGREED.label))


@reaches(AuditState.TAX, TransferState.FAILED, CaseState.WITHDRAWN)
def test_arrears_the_tax_office_returns(way: Way, opened: Case) -> None:
    """What cannot be collected comes back, and the district ends the case."""
    letter = _sent_to_tax(way, opened)
    way.feng.does(letter, "answer", kind="failed", why="单位已注销，无可供执行财产")
    assert opened.code in way.zhou.opens("/").words
    way.qian.does(at.case(opened), "withdraw", why="单位已注销")
    way.ends(opened, CaseState.WITHDRAWN, "单位已注销", str(TransferState.FAILED.label))


@reaches(AuditState.TAX, TransferState.RECALLED, CaseState.HEALED)
def test_corrected_while_the_tax_office_collects(way: Way, opened: Case) -> None:
    _sent_to_tax(way, opened)
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED, str(TransferState.RECALLED.label))


@reaches(AuditState.TAX, TransferState.RECALLED, CaseState.WITHDRAWN)
def test_a_transfer_nobody_answers_is_recalled(way: Way, opened: Case) -> None:
    """The liaison is reminded, then the superiors are told; the district takes it back."""
    letter = _sent_to_tax(way, opened)
    way.waits(opened, "tax.reminder")
    way.waits(opened, "tax.answer")
    assert opened.subject.name in way.qian.opens("/").words
    way.qian.does(at.audit(opened), "recall", why="税务逾期未答复")
    way.feng.opens(letter, status=200)
    way.qian.does(at.case(opened), "withdraw", why="所欠金额已抵扣")
    way.ends(opened, CaseState.WITHDRAWN, "所欠金额已抵扣")


# --- from the audit to the penalty ------------------------------------------------------------------


@reaches(AuditState.PROPOSED, InspectionState.PERFORMED, CaseState.PERFORMED)
def test_proposed_by_the_audit_fined_paid_and_corrected(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.opined(way, opened)
    way.waits(opened, "audit.correction")
    way.tang.does(at.audit(opened), "propose", why="责令改正期满拒不改正")
    stages.penalised(way, opened)
    way.register_shows(opened, 12)
    stages.pays(way, opened, 30000)
    way.ends(opened, CaseState.PERFORMED, "罚款已缴清")
    assert kinds(opened) == [
        NoticeKind.URGING, NoticeKind.AUDIT_NOTICE, NoticeKind.AUDIT_FINDINGS, NoticeKind.AUDIT_OPINION,
        NoticeKind.PENALTY_PROPOSAL, NoticeKind.FILING, NoticeKind.ORDER, NoticeKind.PENALTY_NOTICE,
        NoticeKind.PENALTY_DECISION, NoticeKind.PENALTY_ADVICE,
    ]  # fmt: skip


@reaches(AuditState.PROPOSED, CaseState.WITHDRAWN)
def test_an_obstructed_audit_is_reported_and_the_filing_refused(way: Way, opened: Case) -> None:
    """不予立案: the case comes back, and the district ends it."""
    stages.escalated(way, opened)
    stages.audited(way, opened)
    way.jiang.does(at.audit(opened), "obstruct", why="拒不提供工资表")
    stages.proposed(way, opened)
    way.qian.does(at.inspection(opened), "refuse", why="单位已被吊销，由市场监管处理")
    assert opened.code in way.zhou.opens("/").words
    way.qian.does(at.case(opened), "withdraw", why="单位已被吊销")
    way.ends(opened, CaseState.WITHDRAWN, "单位已被吊销")


# --- the inspection ---------------------------------------------------------------------------------


@reaches(InspectionState.WITHDRAWN, CaseState.WITHDRAWN)
def test_the_filing_is_refused(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.proposed(way, opened)
    way.zhou.may_not(at.inspection(opened), "refuse")
    way.qian.does(at.inspection(opened), "refuse", why="证据不足")
    way.qian.does(at.case(opened), "withdraw", why="证据不足，不予立案")
    way.ends(opened, CaseState.WITHDRAWN, "证据不足，不予立案")


@reaches(InspectionState.WITHDRAWN, CaseState.WITHDRAWN)
def test_the_filing_is_withdrawn(way: Way, opened: Case) -> None:
    """撤销立案: what was suspected is not so."""
    stages.escalated(way, opened)
    stages.filed(way, opened)
    way.qian.does(at.inspection(opened), "withdraw", why="违法事实不能成立")
    assert opened.code in way.zhou.opens("/").words, "the decision waits to be handed over"
    way.zhou.serves(at.inspection(opened), "serve-withdrawn")
    way.ends(opened, CaseState.WITHDRAWN, "违法事实不能成立")
    assert kinds(opened)[-1] == NoticeKind.CASE_WITHDRAWN


@reaches(InspectionState.WITHDRAWN, CaseState.HEALED)
def test_the_order_to_correct_is_obeyed(way: Way, opened: Case) -> None:
    """Corrected within the order's term: the inspection is told by the register, and its head ends it."""
    stages.escalated(way, opened)
    stages.filed(way, opened)
    stages.ordered(way, opened)
    way.register_shows(opened, 12)
    assert "已于" in way.zhou.opens(at.inspection(opened)).words
    way.qian.does(at.inspection(opened), "withdraw", why="违法行为轻微，责令期内已改正")
    way.zhou.serves(at.inspection(opened), "serve-withdrawn")
    way.ends(opened, CaseState.HEALED, "责令期内已改正")


@reaches(InspectionState.SPARED, CaseState.NOT_PENALISED)
def test_not_penalised(way: Way, opened: Case) -> None:
    """不予处罚, after the party was heard and the file reviewed."""
    stages.escalated(way, opened)
    stages.filed(way, opened)
    stages.ordered(way, opened)
    stages.told(way, opened)
    way.zhou.does(at.inspection(opened), "statement", text="首次违法，已着手补办")
    way.zhou.does(at.inspection(opened), "answer", text="属实，建议不予处罚")
    way.waits(opened, "inspection.statement")
    stages.reviewed(way, opened)
    way.qian.does(
        at.inspection(opened), "spare", why="初次违法且危害后果轻微并及时改正", proof="现场检查笔录"
    )
    way.zhou.serves(at.inspection(opened), "serve-spared")
    case = way.ends(opened, CaseState.NOT_PENALISED, "初次违法且危害后果轻微并及时改正")
    assert case.penalty is None
    assert kinds(opened)[-1] == NoticeKind.NO_PENALTY


@reaches(InspectionState.SPARED, CaseState.NOT_PENALISED)
def test_healed_while_the_inspection_is_open(way: Way, opened: Case) -> None:
    """The register ends no inspection: corrected before the decision, it is not penalised."""
    stages.escalated(way, opened)
    stages.filed(way, opened)
    stages.ordered(way, opened)
    stages.told(way, opened)
    way.register_shows(opened, 12)
    assert Case.objects.get(pk=opened.pk).state == CaseState.INSPECTED
    way.qian.does(at.inspection(opened), "spare", why="告知后即全部补办，危害后果轻微")
    way.zhou.serves(at.inspection(opened), "serve-spared")
    way.ends(opened, CaseState.NOT_PENALISED, "告知后即全部补办")


@reaches(InspectionState.TRANSFERRED, CaseState.TRANSFERRED)
def test_transferred_to_another_authority(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.filed(way, opened)
    way.qian.does(
        at.inspection(opened), "transfer", to="乌海市公安局", why="涉嫌拒不支付劳动报酬罪", because="crime"
    )
    letter = opened.notices.get(kind=NoticeKind.CASE_TRANSFER)
    shown = way.zhou.opens(at.inspection(opened)).words
    assert letter.number in shown and "函送乌海市公安局" in shown
    assert letter.number in way.zheng.opens(reverse("verify", args=[letter.code])).words
    way.ends(opened, CaseState.TRANSFERRED, "涉嫌拒不支付劳动报酬罪", "乌海市公安局")


@reaches(InspectionState.PERFORMED, CaseState.HEALED)
def test_fined_paid_and_only_then_corrected(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    stages.pays(way, opened, 30000)
    assert Case.objects.get(pk=opened.pk).state == CaseState.PENALISED
    way.register_shows(opened, 12)
    way.ends(opened, CaseState.HEALED, "社保名册显示已整改")


@reaches(InspectionState.PERFORMED, CaseState.PERFORMED)
def test_heard_discussed_decided_and_paid(way: Way, opened: Case) -> None:
    stages.escalated(way, opened)
    stages.filed(way, opened)
    stages.ordered(way, opened)
    stages.told(way, opened, stages.WEIGHTY)
    stages.heard(way, opened)
    stages.reviewed(way, opened)
    stages.discussed(way, opened)
    stages.decided(way, opened)
    way.register_shows(opened, 12)
    stages.pays(way, opened, 120000)
    way.ends(opened, CaseState.PERFORMED)
    assert NoticeKind.HEARING_NOTICE in kinds(opened)


@reaches(InspectionState.ENFORCED, CaseState.PERFORMED)
def test_not_paid_demanded_and_enforced_by_the_court(way: Way, opened: Case) -> None:
    page = at.inspection(opened)
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    way.zhou.may_not(page, "demand")
    way.waits(opened, "penalty.payment")
    way.zhou.does(page, "demand")
    way.zhou.serves(page, "serve-demand")
    way.zhou.may_not(page, "court")
    way.waits(opened, "inspection.remedy")
    way.zhou.does(page, "court", property="未查明")
    way.register_shows(opened, 12)
    way.zhou.does(page, "enforced", why="法院已划拨罚款和加处罚款")
    way.ends(opened, CaseState.PERFORMED, "法院已划拨")
    assert kinds(opened)[-2:] == [NoticeKind.DEMAND, NoticeKind.COURT_APPLICATION]


# --- review and suit against the penalty ------------------------------------------------------------


@reaches(InspectionState.QUASHED, CaseState.WITHDRAWN)
def test_a_suit_quashes_the_penalty(way: Way, opened: Case) -> None:
    """Nothing is owed any more, the decision says so when scanned; what remains is for the district to end."""
    page = at.inspection(opened)
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    way.zhou.does(page, "remedy", kind="suit", body="海勃湾区人民法院", filed_on=today())
    way.goes_to(today() + 40 * DAY)
    judged = {"decided_on": today() - 20 * DAY, "effective_on": today()}
    way.zhou.does(page, "close-remedy", outcome="quashed", number="（2026）内0302行初1号", **judged)
    stages.withdraws(way, opened, "处罚决定经判决撤销")
    assert opened.code in way.zhou.opens("/").words
    decision = opened.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert decision.withdrawn_at and "撤" in way.zheng.opens(reverse("verify", args=[decision.code])).words
    way.qian.does(at.case(opened), "withdraw", why="法院认定违法事实不成立")
    case = way.ends(opened, CaseState.WITHDRAWN, "法院认定违法事实不成立")
    assert case.penalty is None


@reaches(InspectionState.PERFORMED, CaseState.WITHDRAWN)
def test_a_penalty_already_paid_is_quashed(way: Way, opened: Case) -> None:
    """The money is another matter; the case rests on no penalty any more, and the district ends it."""
    page = at.inspection(opened)
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    stages.pays(way, opened, 30000)
    way.zhou.does(page, "remedy", kind="review", body="乌海市人民政府", filed_on=today())
    way.zhou.does(page, "close-remedy", outcome="quashed", number="乌政复〔2026〕1号", decided_on=today())
    stages.withdraws(way, opened, "处罚决定经复议撤销")
    way.qian.does(at.case(opened), "withdraw", why="复议撤销，罚款已退还")
    way.ends(opened, CaseState.WITHDRAWN, "复议撤销，罚款已退还")


@reaches(InspectionState.PERFORMED, CaseState.PERFORMED)
def test_a_review_makes_the_fine_smaller_and_it_is_paid(way: Way, opened: Case) -> None:
    page = at.inspection(opened)
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    way.zhou.does(page, "remedy", kind="review", body="乌海市人民政府", filed_on=today())
    changed = {"number": "乌政复〔2026〕2号", "decided_on": today(), "fine": 20000}
    way.zhou.does(page, "close-remedy", outcome="changed", **changed)
    stages.withdraws(way, opened, "罚款经复议变更为20000元")
    stages.publishes(way, opened)
    way.register_shows(opened, 12)
    stages.pays(way, opened, 20000)
    way.ends(opened, CaseState.PERFORMED, "罚款已缴清")


@reaches(InspectionState.ENFORCED, CaseState.PERFORMED)
def test_upheld_by_the_review_and_enforced_by_the_court(way: Way, opened: Case) -> None:
    """While the review runs nothing is demanded or asked of the court; once it is over and no suit follows, it is."""
    page = at.inspection(opened)
    stages.escalated(way, opened)
    stages.penalised(way, opened)
    way.zhou.does(page, "remedy", kind="review", body="乌海市人民政府", filed_on=today())
    way.waits(opened, "penalty.payment")
    way.zhou.may_not(page, "demand")
    way.zhou.does(page, "close-remedy", outcome="upheld", number="乌政复〔2026〕3号", decided_on=today())
    way.zhou.does(page, "demand")
    way.zhou.serves(page, "serve-demand")
    way.zhou.may_not(page, "court")
    for kind in ("inspection.demand", "inspection.remedy"):
        if opened.clocks.filter(kind=kind, fired_at=None, stopped_at=None).exists():
            way.waits(opened, kind)
    way.zhou.does(page, "court", property="未查明")
    way.register_shows(opened, 12)
    way.zhou.does(page, "enforced", why="法院已划拨罚款")
    way.ends(opened, CaseState.PERFORMED, "法院已划拨罚款")


# --- none is left out -------------------------------------------------------------------------------

ENDS = (
    *CASE_ENDED,
    *INSPECTION_ENDED,
    *AUDIT_ENDED,
    TransferState.COLLECTED,
    TransferState.AGREED,
    TransferState.FAILED,
    TransferState.RECALLED,
)


def test_every_end_has_its_journey() -> None:
    """Those of the list are walked to in a module of their own."""
    files = sorted(Path(__file__).parent.glob("test_*_ends.py"))
    walked = told_ends(import_module(f"tests.journeys.{file.stem}") for file in files)
    missing = [f"{type(end).__name__}.{end.name}" for end in ENDS if (type(end), str(end)) not in walked]
    assert missing == []
