"""The agenda of an inspection: which step is open. What is true of it is its own state, under its own state machine; after each
step the flow looks there and opens the step that belongs to the state."""

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from workflows.engine.nodes import ClosedNode, HumanNode, WaitingNode, by_state
from workflows.inspections.models import InspectionProcess, InspectionState


class InspectionFlow(Flow):
    """劳动监察

    From the filing to the performed penalty. Withdrawing, sparing and transferring break it off anywhere
    before the decision.
    """

    # Stored in every row of the engine: it never moves (workflows/flows.py).
    __module__ = "workflows.flows"

    process_class = InspectionProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title=_("申请立案")).Next(this.filing)

    filing = HumanNode(right=Right.APPROVE_DISTRICT).Annotation(title=_("批准立案")).Next(this.investigating)
    investigating = HumanNode(right=Right.INSPECT).Annotation(title=_("调查取证"))
    investigating.Next(this.after_investigation)
    # A file sent back after its order had run out is noticed again without another order.
    after_investigation = by_state("ordered", "noticed")
    ordered = WaitingNode().Annotation(title=_("责令改正期限")).Next(this.after_order)
    # One that was met in time leaves nothing to punish: the head withdraws the filing.
    after_order = by_state("order_expired", "investigating")
    order_expired = HumanNode(right=Right.INSPECT).Annotation(title=_("处罚事先告知")).Next(this.noticed)

    noticed = HumanNode(right=Right.INSPECT).Annotation(title=_("听取陈述申辩")).Next(this.after_statement)
    after_statement = by_state("hearing", "legal_review")
    hearing = HumanNode(right=Right.CHAIR).Annotation(title=_("听证")).Next(this.legal_review)

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
