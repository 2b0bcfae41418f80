"""Which state of an inspection may follow which. Nothing here asks who may do it, saves, or sends.

    filing → investigating → ordered → order expired → noticed (→ hearing) → legal review (→ collective)
    → deciding → decided → performing → performed
                                      → demanded → court → enforced

An order that is met in time leads back to `investigating`, to be withdrawn by the head.
Beside this line, before a decision: `withdrawn` (撤销立案), `spared` (不予处罚), `transferred` (移送). Review,
discussion and decision may send the file back to `investigating` or `noticed`. After it: `quashed`, by whoever
judges a review or a suit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S

RETURNING = [S.LEGAL_REVIEW, S.COLLECTIVE, S.DECIDING]
INVESTIGATION = (S.INVESTIGATING, S.ORDERED, S.ORDER_EXPIRED, S.NOTICED, S.HEARING)
# Filed and not decided: the head may end it without a penalty.
OPEN_MATTER = [*INVESTIGATION, *RETURNING]
# An officer may be recused as long as anything is still to be found out or decided.
BEFORE_DECISION = [S.FILING, *OPEN_MATTER]
OWING = [S.PERFORMING, S.DEMANDED, S.COURT]


def _was_ordered(path: InspectionPath) -> bool:
    return path.inspection.order_expired_on is not None


def _not_ordered(path: InspectionPath) -> bool:
    return path.inspection.ordered_on is None


class InspectionPath:
    """The path of one inspection. Each method changes `inspection.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection

    @state.setter()
    def _set(self, value: str) -> None:
        self.inspection.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.inspection.state)

    def _reviewed_to(self, to: str = S.DECIDING) -> str:
        return S(to)

    def _returned_to(self, to: str = S.INVESTIGATING) -> str:
        return S(to)

    @state.transition(source=S.FILING, target=S.INVESTIGATING, label=_("批准立案"))
    def file(self) -> None: ...

    @state.transition(source=S.FILING, target=S.WITHDRAWN, label=_("不予立案"))
    def refuse(self) -> None: ...

    @state.transition(
        source=S.INVESTIGATING, target=S.ORDERED, label=_("送达限期改正指令书"), conditions=[_not_ordered]
    )
    def order(self) -> None: ...

    @state.transition(source=S.ORDERED, target=S.ORDER_EXPIRED, label=_("责令逾期"))
    def expire_order(self) -> None: ...

    @state.transition(source=S.ORDERED, target=S.INVESTIGATING, label=_("责令期限内改正"))
    def meet_order(self) -> None: ...

    @state.transition(
        source=S.INVESTIGATING, target=S.NOTICED, label=_("送达处罚事先告知书"), conditions=[_was_ordered]
    )
    @state.transition(source=S.ORDER_EXPIRED, target=S.NOTICED, label=_("送达处罚事先告知书"))
    def give_notice(self) -> None: ...

    @state.transition(source=S.NOTICED, target=S.HEARING, label=_("要求听证"))
    def ask_hearing(self) -> None: ...

    @state.transition(source=S.NOTICED, target=S.LEGAL_REVIEW, label=_("调查终结，送法制审核"))
    def close_statement(self) -> None: ...

    @state.transition(source=S.HEARING, target=S.LEGAL_REVIEW, label=_("听证结束，送法制审核"))
    def hold_hearing(self) -> None: ...

    @state.transition(
        source=S.LEGAL_REVIEW,
        target=State.GET_STATE(_reviewed_to, states=[S.COLLECTIVE, S.DECIDING]),
        label=_("法制审核通过"),
    )
    def review(self, to: str = S.DECIDING) -> None: ...

    @state.transition(source=S.COLLECTIVE, target=S.DECIDING, label=_("形成集体讨论意见"))
    def discuss(self) -> None: ...

    @state.transition(
        source=RETURNING,
        target=State.GET_STATE(_returned_to, states=[S.INVESTIGATING, S.NOTICED]),
        label=_("退回"),
    )
    def send_back(self, to: str = S.INVESTIGATING) -> None: ...

    @state.transition(source=S.COLLECTIVE, target=S.LEGAL_REVIEW, label=_("撤回"))
    @state.transition(source=S.DECIDING, target=S.LEGAL_REVIEW, label=_("撤回"))
    def take_back(self) -> None: ...

    @state.transition(source=S.DECIDING, target=S.DECIDED, label=_("作出处罚决定"))
    def decide(self) -> None: ...

    @state.transition(source=S.DECIDED, target=S.PERFORMING, label=_("送达处罚决定书"))
    def serve(self) -> None: ...

    @state.transition(source=S.PERFORMING, target=S.DEMANDED, label=_("送达履行催告书"))
    def demand(self) -> None: ...

    @state.transition(source=S.DEMANDED, target=S.COURT, label=_("申请强制执行"))
    def apply_court(self) -> None: ...

    @state.transition(source=S.COURT, target=S.ENFORCED, label=_("强制执行完毕"))
    def enforce(self) -> None: ...

    @state.transition(source=OWING, target=S.PERFORMED, label=_("履行完毕"))
    def perform(self) -> None: ...

    @state.transition(source=OWING, target=S.QUASHED, label=_("处罚决定被撤销"))
    def quash(self) -> None: ...

    @state.transition(source=OPEN_MATTER, target=S.WITHDRAWN, label=_("撤销立案"))
    def withdraw(self) -> None: ...

    @state.transition(source=OPEN_MATTER, target=S.SPARED, label=_("不予处罚"))
    def spare(self) -> None: ...

    @state.transition(source=OPEN_MATTER, target=S.TRANSFERRED, label=_("移送"))
    def transfer(self) -> None: ...


ACTS = (
    "file",
    "refuse",
    "order",
    "expire_order",
    "meet_order",
    "give_notice",
    "ask_hearing",
    "close_statement",
    "hold_hearing",
    "review",
    "discuss",
    "send_back",
    "take_back",
    "decide",
    "serve",
    "demand",
    "apply_court",
    "enforce",
    "perform",
    "quash",
    "withdraw",
    "spare",
    "transfer",
)


def may(inspection: Inspection, act: str) -> bool:
    return bool(getattr(InspectionPath(inspection), act).can_proceed())


def move(inspection: Inspection, act: str, **facts: str) -> None:
    """Changes `inspection.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[..., None] = getattr(InspectionPath(inspection), act)
    try:
        take(**facts)
    except TransitionNotAllowed as refused:
        raise out_of_order(inspection, label_of(act)) from refused


def sources(act: str) -> tuple[str, ...]:
    """The states from which an act may lead."""
    return tuple(str(transition.source) for transition in getattr(InspectionPath, act).get_transitions())


def label_of(act: str) -> str:
    transitions = getattr(InspectionPath, act).get_transitions()
    return str(next(iter(transitions)).label)


def out_of_order(inspection: Inspection, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=inspection.code, state=S(inspection.state).label, act=act)
