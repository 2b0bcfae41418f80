"""What may become of a colleague brought into a step: waiting → answered → done; or recalled, lapsed, vacated."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.engine.signing.models import Move
from workflows.engine.signing.models import MoveState as S


class MovePath:
    """The path of one move. Each method changes `move.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, move: Move) -> None:
        self.move = move

    @state.setter()
    def _set(self, value: str) -> None:
        self.move.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.move.state)

    @state.transition(source=S.WAITING, target=S.ANSWERED, label=_("答复"))
    def answer(self) -> None: ...

    # What was answered stays: else whoever asked could ask until the answer suits.
    @state.transition(source=S.WAITING, target=S.RECALLED, label=_("收回"))
    def recall(self) -> None: ...

    @state.transition(source=S.WAITING, target=S.LAPSED, label=_("逾期"))
    def lapse(self) -> None: ...

    @state.transition(source=S.WAITING, target=S.VACATED, label=_("离岗"))
    def vacate(self) -> None: ...


def move_to(move: Move, act: str) -> None:
    """Changes `move.state` by one act. Raises OutOfOrder where the act has no place."""
    take = getattr(MovePath(move), act)
    try:
        take()
    except TransitionNotAllowed as refused:
        label = next(iter(getattr(MovePath, act).get_transitions())).label
        raise problems.OutOfOrder(thing=move.title, state=S(move.state).label, act=label) from refused
