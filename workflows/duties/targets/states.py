"""Which state of a plan may follow which: draft → checked → issued → replaced by its next version."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.duties.targets.models import DRAFTS, Plan
from workflows.duties.targets.models import PlanState as S


class PlanPath:
    """The path of one version. Each method changes `plan.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @state.setter()
    def _set(self, value: str) -> None:
        self.plan.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.plan.state)

    @state.transition(source={*DRAFTS}, target=S.DRAFT, label=_("修改"))
    def change(self) -> None: ...

    @state.transition(source=S.DRAFT, target=S.CHECKED, label=_("核对"))
    def check(self) -> None: ...

    @state.transition(source=S.CHECKED, target=S.ISSUED, label=_("下达"))
    def issue(self) -> None: ...

    @state.transition(source=S.ISSUED, target=S.REPLACED, label=_("由新版替代"))
    def replace(self) -> None: ...

    @state.transition(source={*DRAFTS}, target=S.WITHDRAWN, label=_("撤回"))
    def withdraw(self) -> None: ...


ACTS = ("change", "check", "issue", "replace", "withdraw")


def label_of(act: str) -> str:
    return str(next(iter(getattr(PlanPath, act).get_transitions())).label)


def move(plan: Plan, act: str) -> None:
    """Changes `plan.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[[], None] = getattr(PlanPath(plan), act)
    try:
        take()
    except TransitionNotAllowed as refused:
        thing = _("%(year)s 年度计划第 %(version)s 版") % {"year": plan.year, "version": plan.version}
        raise problems.OutOfOrder(thing=thing, state=S(plan.state).label, act=label_of(act)) from refused
