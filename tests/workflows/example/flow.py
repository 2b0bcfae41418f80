"""The agenda of an example."""

from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from tests.workflows.example.models import ExampleProcess, ExampleState
from workflows.engine.nodes import ClosedNode, HumanNode, WaitingNode


class ExampleFlow(Flow):
    """示范"""

    # Where the engine's rows look for it: the test lends the folder this name.
    __module__ = "workflows.example"

    process_class = ExampleProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title="开始").Next(this.drafted)
    drafted = HumanNode(right=Right.INSPECT).Annotation(title="提出示范").Next(this.waiting)
    waiting = WaitingNode().Annotation(title="等待期").Next(this.proposed)
    proposed = HumanNode(right=Right.DECIDE_DISTRICT).Annotation(title="决定示范").Next(this.decided)
    decided = ClosedNode(at=(ExampleState.DECIDED,)).Annotation(title="已决定")
