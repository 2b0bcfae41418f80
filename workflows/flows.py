"""The four flows. Their path and the names in them are stored in every row of the engine: they never move.

A flow holds the agenda only: which step is open. What is true of a case, of its audit or inspection, or of a
round is its own state, under its own state machine; after each step the flow looks there and opens the step that
belongs to the state.
A step that is named here once is named here for ever (tests/workflows/released_names.txt).
"""

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from tasks.rounds.models import RoundState
from workflows.audits.models import AuditProcess, AuditState
from workflows.cases.models import CaseProcess, CaseState
from workflows.engine.nodes import ClosedNode, HumanNode, WaitingNode, by_state
from workflows.inspections.models import InspectionProcess, InspectionState
from workflows.rounds.models import RoundProcess


class CaseFlow(Flow):
    """案件办理

    From the confirmed finding to the removal from the list. Withdrawing, healing and a listing that is
    dropped break it off anywhere.
    """

    process_class = CaseProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title=_("立项")).Next(this.street_approval)

    street_approval = HumanNode(right=Right.APPROVE_STREET).Annotation(title=_("街道审批"))
    street_approval.Next(this.after_street)
    after_street = by_state("district_approval", "correction")

    district_approval = HumanNode(right=Right.APPROVE_DISTRICT).Annotation(title=_("区级审批"))
    district_approval.Next(this.after_district)
    after_district = by_state("urging", "correction")

    # What went back to the door is answered by the reviewer, what went back to the file by the inspector.
    correction = HumanNode(Right.INSPECT, right=Right.REVIEW).Annotation(title=_("补正"))
    correction.Next(this.after_correction)
    after_correction = by_state(
        "street_approval", "district_approval", "listing_proposed",
        "listing_review", "listing_district", "listing_city",
    )  # fmt: skip

    urging = HumanNode(right=Right.SERVE).Annotation(title=_("制发并送达告知书")).Next(this.term)
    term = WaitingNode().Annotation(title=_("整改期限")).Next(this.escalated)

    escalated = HumanNode(Right.AUDIT, right=Right.INSPECT).Annotation(title=_("逾期处置"))
    escalated.Next(this.after_escalation)
    after_escalation = by_state("audited", "inspected")
    # The audit and the inspection are flows of their own; the case follows what they came to.
    audited = WaitingNode().Annotation(title=_("社会保险稽核")).Next(this.escalated)
    inspected = WaitingNode().Annotation(title=_("劳动监察")).Next(this.after_inspection)
    after_inspection = by_state("escalated", "penalised")

    penalised = HumanNode(right=Right.INSPECT).Annotation(title=_("提请列入名单")).Next(this.after_penalty)
    # A penalty that fell by review or suit leaves the case where it was before.
    after_penalty = by_state("listing_proposed", "escalated")
    listing_proposed = HumanNode(right=Right.INSPECT).Annotation(title=_("列入告知")).Next(this.defence)
    defence = HumanNode(right=Right.INSPECT).Annotation(title=_("听取陈述申辩")).Next(this.listing_review)

    listing_review = HumanNode(right=Right.LEGAL_REVIEW).Annotation(title=_("法制审核"))
    listing_review.Next(this.after_review)
    after_review = by_state("listing_district", "correction")
    listing_district = HumanNode(right=Right.DECIDE_DISTRICT).Annotation(title=_("区级列入决定"))
    listing_district.Next(this.after_district_decision)
    after_district_decision = by_state("listing_city", "correction")
    listing_city = HumanNode(right=Right.DECIDE_CITY).Annotation(title=_("市级列入决定"))
    listing_city.Next(this.after_city_decision)
    after_city_decision = by_state("listing_service", "correction")

    listing_service = HumanNode(right=Right.SERVE).Annotation(title=_("送达列入决定")).Next(this.publication)
    publication = HumanNode(right=Right.DECIDE_CITY).Annotation(title=_("公示")).Next(this.published)
    published = WaitingNode(Right.DECIDE_CITY).Annotation(title=_("公示")).Next(this.removed)
    removed = ClosedNode(at=(CaseState.REMOVED,)).Annotation(title=_("移出名单"))


class InspectionFlow(Flow):
    """劳动监察

    From the filing to the performed penalty. Withdrawing, sparing and transferring break it off anywhere
    before the decision.
    """

    process_class = InspectionProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title=_("申请立案")).Next(this.filing)

    filing = HumanNode(right=Right.APPROVE_DISTRICT).Annotation(title=_("批准立案")).Next(this.investigating)
    investigating = HumanNode(right=Right.INSPECT).Annotation(title=_("调查取证"))
    investigating.Next(this.after_investigation)
    # A file sent back after its order had run out is noticed again without another order.
    after_investigation = by_state("ordered", "noticed")
    ordered = WaitingNode().Annotation(title=_("责令改正期限")).Next(this.order_expired)
    order_expired = HumanNode(right=Right.INSPECT).Annotation(title=_("处罚事先告知")).Next(this.noticed)

    noticed = HumanNode(right=Right.INSPECT).Annotation(title=_("听取陈述申辩")).Next(this.after_statement)
    after_statement = by_state("hearing", "legal_review")
    hearing = HumanNode(right=Right.INSPECT).Annotation(title=_("听证")).Next(this.legal_review)

    legal_review = HumanNode(right=Right.LEGAL_REVIEW).Annotation(title=_("法制审核"))
    legal_review.Next(this.after_review)
    after_review = by_state("collective", "deciding", "investigating", "noticed")
    collective = HumanNode(Right.INSPECT, right=Right.DECIDE_DISTRICT).Annotation(title=_("集体讨论"))
    collective.Next(this.after_discussion)
    after_discussion = by_state("deciding", "investigating", "noticed")
    deciding = HumanNode(right=Right.DECIDE_DISTRICT).Annotation(title=_("负责人决定"))
    deciding.Next(this.after_decision)
    after_decision = by_state("decided", "investigating", "noticed")

    decided = HumanNode(right=Right.INSPECT).Annotation(title=_("送达处罚决定书")).Next(this.performing)
    performing = WaitingNode(Right.INSPECT).Annotation(title=_("履行")).Next(this.after_performing)
    after_performing = by_state("performed", "demanded")
    demanded = WaitingNode(Right.INSPECT).Annotation(title=_("催告")).Next(this.after_demand)
    after_demand = by_state("performed", "court")
    court = WaitingNode(Right.INSPECT).Annotation(title=_("申请强制执行")).Next(this.after_court)
    after_court = by_state("performed", "enforced")
    performed = ClosedNode(at=(InspectionState.PERFORMED,)).Annotation(title=_("已履行"))
    enforced = ClosedNode(at=(InspectionState.ENFORCED,)).Annotation(title=_("已强制执行"))


class AuditFlow(Flow):
    """社会保险稽核

    From the notice to the opinion and what became of it. A unit that the register shows corrected breaks it off.
    """

    process_class = AuditProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title=_("立项")).Next(this.noticed)

    noticed = HumanNode(right=Right.AUDIT).Annotation(title=_("送达稽核通知书")).Next(this.examining)
    examining = HumanNode(right=Right.AUDIT).Annotation(title=_("稽核")).Next(this.after_examination)
    after_examination = by_state("informed", "clean")
    informed = HumanNode(right=Right.AUDIT).Annotation(title=_("告知情况，听取陈述"))
    informed.Next(this.after_statement)
    after_statement = by_state("opinion", "clean")
    opinion = HumanNode(right=Right.AUDIT).Annotation(title=_("责令限期改正")).Next(this.after_opinion)
    after_opinion = by_state("corrected", "proposed", "tax")
    corrected = ClosedNode(at=(AuditState.CORRECTED,)).Annotation(title=_("已改正"))
    clean = ClosedNode(at=(AuditState.CLEAN,)).Annotation(title=_("未发现问题"))
    proposed = ClosedNode(at=(AuditState.PROPOSED,)).Annotation(title=_("提请行政处罚"))
    tax = ClosedNode(at=(AuditState.TAX,)).Annotation(title=_("移送税务"))


class RoundFlow(Flow):
    """摸排轮次

    Planned, approved by each level it concerns, dispatched, worked, closed by its deadline or by its last task.
    """

    process_class = RoundProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle(this.begin).Annotation(title=_("提交")).Next(this.after_start)
    after_start = by_state("street_approval", "district_approval", "city_approval")

    street_approval = HumanNode(right=Right.APPROVE_ROUND_STREET).Annotation(title=_("街道审批"))
    street_approval.Next(this.after_street)
    after_street = by_state("district_approval", "dispatch", "correction")

    district_approval = HumanNode(right=Right.APPROVE_ROUND_DISTRICT).Annotation(title=_("区级审批"))
    district_approval.Next(this.after_district)
    after_district = by_state("dispatch", "correction")

    city_approval = HumanNode(right=Right.APPROVE_ROUND_CITY).Annotation(title=_("市级审批"))
    city_approval.Next(this.after_city)
    after_city = by_state("dispatch", "correction")

    correction = HumanNode(right=Right.PLAN, at=(RoundState.RETURNED,)).Annotation(title=_("修改"))
    correction.Next(this.after_correction)
    after_correction = by_state("street_approval", "district_approval", "city_approval")

    dispatch = HumanNode(right=Right.DISPATCH, at=(RoundState.APPROVED,)).Annotation(title=_("派发"))
    dispatch.Next(this.work)
    work = WaitingNode(Right.DISPATCH, at=(RoundState.DISPATCHING, RoundState.WORKED))
    work.Annotation(title=_("摸排")).Next(this.closed)
    closed = ClosedNode(at=(RoundState.CLOSED,)).Annotation(title=_("结束"))

    def begin(self, activation, state):  # type: ignore[no-untyped-def]
        activation.process.state = state
        return activation.process
