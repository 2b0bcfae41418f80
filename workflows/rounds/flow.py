"""The agenda of a round: which step is open. What is true of it is its own state, under its own state machine; after each
step the flow looks there and opens the step that belongs to the state."""

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from tasks.rounds.models import RoundState
from workflows.engine.nodes import ClosedNode, HumanNode, WaitingNode, by_state
from workflows.rounds.models import RoundProcess


class RoundFlow(Flow):
    """摸排轮次

    Planned, approved by each level it concerns, dispatched, worked, closed by its deadline or by its last task.
    """

    # Stored in every row of the engine: it never moves (workflows/flows.py).
    __module__ = "workflows.flows"

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
