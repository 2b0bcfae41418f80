"""The nodes our flows are built of: the one human node, the one waiting node, and the switch by our state.

The engine enforces no permission, so the node asks itself, at every act, from the person's postings and the
area of the case or round. Nothing about people is stored on a node.
"""

from collections.abc import Callable
from typing import Any

from viewflow import this
from viewflow.workflow import STATUS, Activation, Flow, nodes
from viewflow.workflow.signals import task_finished

from grid import problems
from grid.calendar.now import now
from grid.scope import RIGHTS, Actor, Held, Right, Role, require


class StepActivation(nodes.HandleActivation):
    """A step that stays open until `finish`, and then says who finished it, on our own clock."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> "StepActivation":
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, created=now(), data=data or {}
        )
        task.save()
        task.previous.add(prev_activation.task)
        return cls(task)

    def finish(self, by: Actor, held: Held | None) -> None:
        """Finishes the step in the name of `by` and lets the flow go where our state says."""
        self.run(_signed_by(by, held))
        self.execute()

    def drop(self, by: Actor) -> None:
        """Cancels the open step because its whole matter ended."""
        self.task.data["by"] = by.name
        self.cancel()

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        self.task.finished = now()
        self.task.save(update_fields=["status", "owner", "data", "started", "finished"])
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.CANCELED)
    def cancel(self) -> None:
        self.task.finished = now()
        self.task.save(update_fields=["status", "data", "finished"])


def _signed_by(by: Actor, held: Held | None) -> Callable[[StepActivation], None]:
    def sign(activation: StepActivation) -> None:
        task = activation.task
        task.owner_id = by.person_id
        task.data |= {"by": by.name, "posting": held.posting_id if held else None}

    return sign


class StepNode(nodes.Handle):
    """Common to both kinds: open while our state is one of `at` (its own name, unless given)."""

    activation_class = StepActivation

    def __init__(self, *rights: Right, at: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.rights = rights
        self._at = at

    @property
    def at(self) -> tuple[str, ...]:
        return self._at or (self.name,)

    def require(self, by: Actor, area: str) -> Held | None:
        """The posting under which `by` may take this step in `area`. Raises NotHere or NotYourPost."""
        for right in self.rights:
            if held := by.allowing(right, area):
                return held
        if self.rights:
            return require(by, self.rights[0], area)
        if by.machine:
            return None
        require(by, Right.SEE, area)
        raise problems.NotYourPost(right=self.task_title)


class HumanNode(StepNode):
    """Somebody with `right`, or with one of `others`, over the area has to act."""

    task_type = "HUMAN"
    bpmn_element = "userTask"

    def __init__(self, *others: Right, right: Right, at: tuple[str, ...] = ()) -> None:
        super().__init__(right, *others, at=at)


class WaitingNode(StepNode):
    """A term runs, or work goes on elsewhere. The machine moves on; a person only with one of `rights`."""

    task_type = "WAIT"
    bpmn_element = "receiveTask"


class StateSwitch(nodes.Switch):
    """Goes to the step that belongs to the state our own state machine has reached."""


def by_state(*names: str) -> StateSwitch:
    """A switch to the steps that may lawfully follow; a state none of them stands for is an error."""
    switch = StateSwitch()
    for name in names:
        switch.Case(getattr(this, name), _stands_for(name))
    return switch


def _stands_for(name: str) -> Callable[[Activation], bool]:
    return lambda activation: activation.process.state in activation.flow_class.instance.node(name).at


class ClosedNode(nodes.End):
    """The end of a flow that came to its end by itself; one that is broken off is cancelled instead."""

    def __init__(self, *, at: tuple[str, ...]) -> None:
        super().__init__()
        self.at = at


def posts_with(right: Right) -> str:
    """The posts that hold a right, as a lane is called."""
    return "、".join(str(Role(role).label) for role in Role.values if right in RIGHTS[role])


def steps_with(flow: type[Flow], right: Right) -> list[str]:
    """States at which somebody with `right` has to act: what an inbox looks for."""
    human = (node for node in flow.instance.nodes() if node.task_type == "HUMAN")
    return [state for node in human if right in node.rights for state in node.at]
