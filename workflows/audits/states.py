"""Which state of an audit may follow which. Nothing here asks who may do it, saves, or sends.

    noticed → examining → informed → opinion → corrected · proposed · tax

Beside this line: `clean` where nothing is found, `proposed` where the unit obstructs the audit (社会保险稽核办法), and
`corrected` from anywhere when the register shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.audits.models import Audit
from workflows.audits.models import AuditState as S

OPEN = [S.NOTICED, S.EXAMINING, S.INFORMED, S.OPINION]


def _is_approved(path: AuditPath) -> bool:
    return path.audit.approved_at is not None


def _is_over(path: AuditPath) -> bool:
    return path.audit.expired_on is not None


class AuditPath:
    """The path of one audit. Each method changes `audit.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, audit: Audit) -> None:
        self.audit = audit

    @state.setter()
    def _set(self, value: str) -> None:
        self.audit.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.audit.state)

    @state.transition(source=S.NOTICED, target=S.EXAMINING, label=_("送达稽核通知书"))
    def begin(self) -> None: ...

    @state.transition(source=S.EXAMINING, target=S.INFORMED, label=_("送达稽核情况告知书"))
    def inform(self) -> None: ...

    @state.transition(
        source=S.INFORMED, target=S.OPINION, label=_("送达稽核意见书"), conditions=[_is_approved]
    )
    def order(self) -> None: ...

    @state.transition(source=[S.EXAMINING, S.INFORMED], target=S.CLEAN, label=_("未发现问题"))
    def clear(self) -> None: ...

    @state.transition(source=S.OPINION, target=S.CORRECTED, label=_("核实改正"))
    def correct(self) -> None: ...

    @state.transition(source=OPEN, target=S.CORRECTED, label=_("名册显示已改正"))
    def heal(self) -> None: ...

    @state.transition(source=[S.NOTICED, S.EXAMINING], target=S.PROPOSED, label=_("拒绝稽核，提请处罚"))
    def obstruct(self) -> None: ...

    @state.transition(source=S.OPINION, target=S.PROPOSED, label=_("提请行政处罚"), conditions=[_is_over])
    def propose(self) -> None: ...

    @state.transition(source=S.OPINION, target=S.TAX, label=_("欠费移送税务"), conditions=[_is_over])
    def transfer(self) -> None: ...


ACTS = ("begin", "inform", "order", "clear", "correct", "heal", "obstruct", "propose", "transfer")


def may(audit: Audit, act: str) -> bool:
    return bool(getattr(AuditPath(audit), act).can_proceed())


def move(audit: Audit, act: str) -> None:
    """Changes `audit.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[[], None] = getattr(AuditPath(audit), act)
    try:
        take()
    except TransitionNotAllowed as refused:
        raise out_of_order(audit, label_of(act)) from refused


def sources(act: str) -> tuple[str, ...]:
    """The states from which an act may lead."""
    return tuple(str(transition.source) for transition in getattr(AuditPath, act).get_transitions())


def label_of(act: str) -> str:
    transitions = getattr(AuditPath, act).get_transitions()
    return str(next(iter(transitions)).label)


def out_of_order(audit: Audit, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=audit.code, state=S(audit.state).label, act=act)
