"""Which state of a check task may follow which."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from tasks.doors.models import CheckTask, TaskState

_LIVE = (TaskState.OPEN, TaskState.RETURNED)
_SEEN = (TaskState.VISITED, TaskState.DONE)


class TaskStates:
    """The states of one check task (乌政〔2020〕17号 四(二)2: 逐一摸排、精准核查)."""

    state: Any = State(TaskState, default=TaskState.OPEN)

    def __init__(self, task: CheckTask) -> None:
        self.task = task

    @state.setter()
    def _set(self, value: TaskState) -> None:
        self.task.state = value

    @state.getter()
    def _get(self) -> TaskState:
        return TaskState(self.task.state)

    @state.transition(source={*_LIVE, TaskState.VISITED}, target=TaskState.VISITED, label=_("走访"))
    def visit(self) -> None:
        """Somebody was there. Again, too: the later visit speaks."""

    @state.transition(source={*_SEEN, TaskState.RETURNED}, target=TaskState.RETURNED, label=_("退回补充"))
    def send_back(self) -> None:
        """A reviewer asks a question; a case under correction asks even after the review."""

    @state.transition(source={*_LIVE}, target=TaskState.RETURNED, label=_("退回补充"))
    def ask_ground(self) -> None:
        """Somebody was there and would have ended it without a ground: it is asked, and the door never left."""

    @state.transition(source=TaskState.VISITED, target=TaskState.OPEN, label=_("依据不足，仍待查"))
    def reopen(self) -> None:
        """The visit that was reviewed concludes nothing."""

    @state.transition(source={*_SEEN}, target=TaskState.DONE, label=_("完成"))
    def finish(self) -> None:
        """The review is over."""

    @state.transition(source=TaskState.RETURNED, target=TaskState.DONE, label=_("不再补充"))
    def drop_question(self) -> None:
        """What was asked of the door again is settled without another visit; the one made stands."""

    @state.transition(source={*_LIVE}, target=TaskState.CANCELLED, label=_("取消"))
    def cancel(self) -> None:
        """The round ended, or the subject left it, before anybody was there."""

    @state.transition(source=TaskState.CANCELLED, target=TaskState.OPEN, label=_("重新派发"))
    def send_again(self) -> None:
        """What took it back was a mistake of a register, and the round still runs."""


def takes_visits(task: CheckTask) -> bool:
    """Whether a visit moves the task; a visit to any other task is kept and reviewed without moving it."""
    return bool(TaskStates(task).visit.can_proceed())


def move(task: CheckTask, step: str) -> None:
    """Makes the step on the row in memory. Raises OutOfOrder when the state does not allow it."""
    transition = getattr(TaskStates(task), step)
    try:
        transition()
    except TransitionNotAllowed as refused:
        raise problems.OutOfOrder(
            thing=_("核查任务"), state=TaskState(task.state).label, act=transition.label
        ) from refused
