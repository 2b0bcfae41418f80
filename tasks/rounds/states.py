"""Which state of a round may follow which. Nothing here asks who may do it, saves, or sends.

planned → street approval → district approval → approved → dispatching → worked → closed
        (or the city's, for a round wider than a district); each approval may return it
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from tasks.rounds.models import Round
from tasks.rounds.models import RoundState as S

APPROVALS = (S.STREET_APPROVAL, S.DISTRICT_APPROVAL, S.CITY_APPROVAL)
DRAFTS = (S.PLANNED, S.RETURNED)
BEFORE_DISPATCH = (*DRAFTS, *APPROVALS, S.APPROVED)


class RoundPath:
    """The path of one round. `round.path` holds the approvals still needed, the current one first."""

    state: Any = State(S)

    def __init__(self, round: Round) -> None:
        self.round = round

    @state.setter()
    def _set(self, value: str) -> None:
        self.round.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.round.state)

    def _first(self) -> S:
        return S(self.round.path[0])

    def _next(self) -> S:
        return S(self.round.path[1]) if len(self.round.path) > 1 else S.APPROVED

    @state.transition(source={*DRAFTS}, target=State.GET_STATE(_first, states=APPROVALS), label=_("提交审批"))
    def submit(self) -> None: ...

    @state.transition(
        source={*APPROVALS}, target=State.GET_STATE(_next, states=[*APPROVALS, S.APPROVED]), label=_("同意")
    )
    def approve(self) -> None: ...

    @state.transition(source={*APPROVALS}, target=S.RETURNED, label=_("退回修改"))
    def send_back(self) -> None: ...

    @state.transition(source=S.APPROVED, target=S.DISPATCHING, label=_("派发"))
    def dispatch(self) -> None: ...

    @state.transition(source=S.DISPATCHING, target=S.WORKED, label=_("派发完毕"))
    def finish_dispatch(self) -> None: ...

    @state.transition(source=S.WORKED, target=S.CLOSED, label=_("结束"))
    def close(self) -> None: ...

    @state.transition(source={*BEFORE_DISPATCH}, target=S.WITHDRAWN, label=_("撤回"))
    def withdraw(self) -> None: ...


ACTS = ("submit", "approve", "send_back", "dispatch", "finish_dispatch", "close", "withdraw")


def may(round: Round, act: str) -> bool:
    """Whether the act has a place in the state the round is in."""
    return bool(getattr(RoundPath(round), act).can_proceed())


def move(round: Round, act: str) -> None:
    """Changes `round.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[[], None] = getattr(RoundPath(round), act)
    try:
        take()
    except TransitionNotAllowed as refused:
        raise out_of_order(round, label_of(act)) from refused


def sources(act: str) -> tuple[str, ...]:
    """The states from which an act may lead."""
    return tuple(str(transition.source) for transition in getattr(RoundPath, act).get_transitions())


def label_of(act: str) -> str:
    return str(next(iter(getattr(RoundPath, act).get_transitions())).label)


def out_of_order(round: Round, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=round.code, state=S(round.state).label, act=act)
