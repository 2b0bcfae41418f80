"""Which state of a referral may follow which. Nothing here asks who may do it, saves, or sends.

    sent → received → answered → accepted → closed
             ↓           ↓ asked again (back to the department)
          returned (不属本部门职责) → sent, to another department

Beside this line: `withdrawn`, by the sender, before an answer was accepted.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.duties.models import WITH_DEPARTMENT, Referral
from workflows.duties.models import ReferralState as S


class ReferralPath:
    """The path of one referral. Each method changes `referral.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, referral: Referral) -> None:
        self.referral = referral

    @state.setter()
    def _set(self, value: str) -> None:
        self.referral.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.referral.state)

    @state.transition(source=S.SENT, target=S.RECEIVED, label=_("签收"))
    def receive(self) -> None: ...

    @state.transition(source={*WITH_DEPARTMENT}, target=S.ANSWERED, label=_("答复"))
    def answer(self) -> None: ...

    @state.transition(source={*WITH_DEPARTMENT}, target=S.RETURNED, label=_("退回"))
    def send_back(self) -> None: ...

    @state.transition(source=S.RETURNED, target=S.SENT, label=_("改转"))
    def redirect(self) -> None: ...

    @state.transition(source=S.ANSWERED, target=S.ACCEPTED, label=_("认可答复"))
    def accept(self) -> None: ...

    @state.transition(source=S.ANSWERED, target=S.ASKED_AGAIN, label=_("请补充答复"))
    def ask_again(self) -> None: ...

    @state.transition(source=S.ACCEPTED, target=S.CLOSED, label=_("办结"))
    def close(self) -> None: ...

    @state.transition(source={*WITH_DEPARTMENT, S.RETURNED, S.ANSWERED}, target=S.WITHDRAWN, label=_("撤回"))
    def withdraw(self) -> None: ...


ACTS = ("receive", "answer", "send_back", "redirect", "accept", "ask_again", "close", "withdraw")


def label_of(act: str) -> str:
    return str(next(iter(getattr(ReferralPath, act).get_transitions())).label)


def may(referral: Referral, act: str) -> bool:
    """Whether the act has a place in the state the referral is in."""
    return bool(getattr(ReferralPath(referral), act).can_proceed())


def move(referral: Referral, act: str) -> None:
    """Changes `referral.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[[], None] = getattr(ReferralPath(referral), act)
    try:
        take()
    except TransitionNotAllowed as refused:
        raise out_of_order(referral, label_of(act)) from refused


def out_of_order(referral: Referral, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=referral.code, state=S(referral.state).label, act=act)
