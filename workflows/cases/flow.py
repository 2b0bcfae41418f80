"""The agenda of a case: which step is open. What is true of it is its own state, under its own state machine; after each
step the flow looks there and opens the step that belongs to the state."""

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from workflows.cases.models import CaseProcess, CaseState
from workflows.engine.nodes import ClosedNode, HumanNode, WaitingNode, by_state


class CaseFlow(Flow):
    """案件办理

    From the confirmed finding to the removal from the list. Withdrawing, healing and a listing that is
    dropped break it off anywhere.
    """

    # Stored in every row of the engine: it never moves (workflows/flows.py).
    __module__ = "workflows.flows"

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
    # The city decides, and so the city tells and hears; the district may hand the paper over for it.
    listing_proposed = HumanNode(Right.INSPECT, right=Right.DECIDE_CITY).Annotation(title=_("列入告知"))
    listing_proposed.Next(this.defence)
    defence = (
        HumanNode(right=Right.LEGAL_REVIEW).Annotation(title=_("听取陈述申辩")).Next(this.listing_review)
    )

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
