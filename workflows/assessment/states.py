"""Which stage of a year may follow which: computed → shown to the districts → proposed to be closed → closed."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.assessment import problems as assessment_problems
from workflows.assessment.models import Response, Scheme, Stand
from workflows.assessment.models import SchemeState as S


class SchemePath:
    """The path of one year. Each method changes `scheme.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    @state.setter()
    def _set(self, value: str) -> None:
        self.scheme.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.scheme.state)

    @state.transition(source=S.OPEN, target=S.OPEN, label=gettext_lazy("计算"))
    def compute(self) -> None: ...

    @state.transition(source=S.OPEN, target=S.SHOWN, label=gettext_lazy("公示"))
    def show(self) -> None: ...

    @state.transition(source={S.SHOWN, S.PROPOSED}, target=S.OPEN, label=gettext_lazy("收回公示"))
    def take_back(self) -> None: ...

    @state.transition(source=S.SHOWN, target=S.PROPOSED, label=gettext_lazy("提请封定"))
    def propose(self) -> None: ...

    @state.transition(source=S.PROPOSED, target=S.SHOWN, label=gettext_lazy("退回提请"))
    def refuse(self) -> None: ...

    @state.transition(source=S.PROPOSED, target=S.FROZEN, label=gettext_lazy("封定"))
    def freeze(self) -> None: ...


class ResponsePath:
    """What one district said, and what became of it."""

    state: Any = State(Stand)

    def __init__(self, response: Response) -> None:
        self.response = response

    @state.setter()
    def _set(self, value: str) -> None:
        self.response.state = Stand(value)

    @state.getter()
    def _get(self) -> str:
        return Stand(self.response.state)

    @state.transition(source=Stand.WAITING, target=Stand.AGREED, label=gettext_lazy("确认无异议"))
    def agree(self) -> None: ...

    # Whoever agreed too early may still object while the term runs.
    @state.transition(
        source={Stand.WAITING, Stand.AGREED}, target=Stand.OBJECTED, label=gettext_lazy("提出异议")
    )
    def object(self) -> None: ...

    @state.transition(source=Stand.OBJECTED, target=Stand.UPHELD, label=gettext_lazy("采纳异议"))
    def uphold(self) -> None: ...

    @state.transition(source=Stand.OBJECTED, target=Stand.REJECTED, label=gettext_lazy("不采纳异议"))
    def reject(self) -> None: ...


def move(scheme: Scheme, act: str) -> None:
    """Changes `scheme.state` by one act. Raises YearFrozen once it is closed, OutOfOrder where the act has no place."""
    if scheme.state == S.FROZEN:
        when = f"{scheme.frozen_at:%Y-%m-%d}" if scheme.frozen_at else ""
        raise assessment_problems.YearFrozen(year=scheme.year, when=when)
    _take(SchemePath(scheme), act, _("%(year)s 年度考核") % {"year": scheme.year}, S(scheme.state).label)


def respond(response: Response, act: str) -> None:
    """Changes `response.state` by one act. Raises OutOfOrder."""
    thing = _("%(year)s 年度考核的回应") % {"year": response.scheme.year}
    _take(ResponsePath(response), act, thing, Stand(response.state).label)


def _take(path: SchemePath | ResponsePath, act: str, thing: str, state: object) -> None:
    take: Callable[[], None] = getattr(path, act)
    try:
        take()
    except TransitionNotAllowed as refused:
        label = next(iter(getattr(type(path), act).get_transitions())).label
        raise problems.OutOfOrder(thing=thing, state=state, act=label) from refused
