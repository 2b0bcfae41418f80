"""Which state of a case may follow which. Nothing here asks who may do it, saves, or sends.

    street approval → district approval → urging → term → escalated → (audited →) inspected → penalised
    → listing proposed → defence → legal review → district → city → service → publication → published → removed

While `audited` or `inspected`, the case waits for its proceeding (workflows/audits, workflows/inspections) and
goes where that came to: `penalised`, `not penalised`, `transferred`, `withdrawn`, or back to `escalated`. There it
also comes back to when its penalty is quashed by review or suit.

Beside this line: `correction` (every approval may send back, and what was sent back returns to whoever
sent it), `healed` (the social-insurance register shows it; until the city has decided), `withdrawn`
(before a penalty), `not listed` (after it) and `performed` (the penalty performed, the violation corrected).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, TransitionNotAllowed

from grid import problems
from workflows.cases import rules
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S

RETURNING = [S.STREET_APPROVAL, S.DISTRICT_APPROVAL, S.LISTING_REVIEW, S.LISTING_DISTRICT, S.LISTING_CITY]
# The conduct of a case before anything was imposed; afterwards a case is no longer withdrawn but not listed.
WITHDRAWABLE = [
    S.STREET_APPROVAL,
    S.DISTRICT_APPROVAL,
    S.URGING,
    S.TERM,
    S.ESCALATED,
]
# What waits for its own proceeding, and moves only with what that came to.
PROCEEDING = [S.AUDITED, S.INSPECTED]
DROPPABLE = [
    S.PENALISED,
    S.LISTING_PROPOSED,
    S.DEFENCE,
    S.LISTING_REVIEW,
    S.LISTING_DISTRICT,
    S.LISTING_CITY,
    S.LISTING_SERVICE,
    S.PUBLICATION,
]
# Once the city has decided, being rectified no longer ends the case: the list has its own way out.
HEALABLE = [*WITHDRAWABLE, *PROCEEDING, S.CORRECTION, *DROPPABLE[:-2]]


def _is_about_the_visit(path: CasePath) -> bool:
    return rules.is_visit_question(path.case.returned_to)


def _is_about_the_listing(path: CasePath) -> bool:
    return not _is_about_the_visit(path)


class CasePath:
    """The path of one case. Each method changes `case.state` and nothing else."""

    state: Any = State(S)

    def __init__(self, case: Case) -> None:
        self.case = case

    @state.setter()
    def _set(self, value: str) -> None:
        self.case.state = S(value)

    @state.getter()
    def _get(self) -> str:
        return S(self.case.state)

    def _returned_to(self, to: str = "") -> str:
        return S(to or self.case.returned_to)

    @state.transition(source=S.STREET_APPROVAL, target=S.DISTRICT_APPROVAL, label=_("街道同意"))
    def approve_street(self) -> None: ...

    @state.transition(source=S.DISTRICT_APPROVAL, target=S.URGING, label=_("区级同意"))
    def approve_district(self) -> None: ...

    @state.transition(source=RETURNING, target=S.CORRECTION, label=_("退回补正"))
    def send_back(self) -> None: ...

    @state.transition(
        source=S.CORRECTION,
        target=State.GET_STATE(_returned_to, states=[*RETURNING, S.LISTING_PROPOSED]),
        label=_("补正后报回"),
    )
    def correct(self, to: str = "") -> None: ...

    @state.transition(
        source=S.CORRECTION, target=S.WITHDRAWN, label=_("撤案"), conditions=[_is_about_the_visit]
    )
    @state.transition(source=WITHDRAWABLE, target=S.WITHDRAWN, label=_("撤案"))
    def withdraw(self) -> None: ...

    @state.transition(source=S.DISTRICT_APPROVAL, target=S.STREET_APPROVAL, label=_("撤回"))
    @state.transition(source=S.URGING, target=S.DISTRICT_APPROVAL, label=_("撤回"))
    @state.transition(source=S.LISTING_DISTRICT, target=S.LISTING_REVIEW, label=_("撤回"))
    @state.transition(source=S.LISTING_CITY, target=S.LISTING_DISTRICT, label=_("撤回"))
    def take_back(self) -> None: ...

    @state.transition(source=S.URGING, target=S.TERM, label=_("送达告知书"))
    def urge(self) -> None: ...

    @state.transition(source=S.TERM, target=S.ESCALATED, label=_("逾期升级"))
    def escalate(self) -> None: ...

    @state.transition(source=S.ESCALATED, target=S.AUDITED, label=_("开展稽核"))
    def audit(self) -> None: ...

    @state.transition(source=S.ESCALATED, target=S.INSPECTED, label=_("申请立案"))
    def inspect(self) -> None: ...

    @state.transition(source=PROCEEDING, target=S.ESCALATED, label=_("退回处置"))
    def resume(self) -> None: ...

    @state.transition(source=S.INSPECTED, target=S.PENALISED, label=_("送达处罚决定书"))
    def penalise(self) -> None: ...

    @state.transition(source=S.INSPECTED, target=S.NOT_PENALISED, label=_("不予处罚"))
    def spare(self) -> None: ...

    @state.transition(source=PROCEEDING, target=S.WITHDRAWN, label=_("撤销立案"))
    def dismiss(self) -> None: ...

    @state.transition(source=PROCEEDING, target=S.TRANSFERRED, label=_("移送"))
    def transfer(self) -> None: ...

    @state.transition(source=S.PENALISED, target=S.ESCALATED, label=_("处罚决定被撤销，重新处置"))
    def reopen(self) -> None: ...

    @state.transition(source=S.PENALISED, target=S.PERFORMED, label=_("履行完毕"))
    def perform(self) -> None: ...

    @state.transition(source=S.PENALISED, target=S.LISTING_PROPOSED, label=_("提请列入"))
    def propose(self) -> None: ...

    @state.transition(source=S.LISTING_PROPOSED, target=S.DEFENCE, label=_("送达列入告知书"))
    def give_notice(self) -> None: ...

    @state.transition(source=S.DEFENCE, target=S.LISTING_REVIEW, label=_("申辩期满"))
    def close_defence(self) -> None: ...

    @state.transition(source=S.LISTING_REVIEW, target=S.LISTING_DISTRICT, label=_("法制审核通过"))
    def review(self) -> None: ...

    @state.transition(source=S.LISTING_DISTRICT, target=S.LISTING_CITY, label=_("区级同意列入"))
    def decide_district(self) -> None: ...

    @state.transition(source=S.LISTING_CITY, target=S.LISTING_SERVICE, label=_("市级决定列入"))
    def decide_city(self) -> None: ...

    @state.transition(source=S.LISTING_SERVICE, target=S.PUBLICATION, label=_("送达列入决定书"))
    def serve_decision(self) -> None: ...

    @state.transition(source=S.PUBLICATION, target=S.PUBLISHED, label=_("公示"))
    def publish(self) -> None: ...

    @state.transition(source=S.PUBLISHED, target=S.REMOVED, label=_("期满移出"))
    def remove(self) -> None: ...

    @state.transition(
        source=S.CORRECTION, target=S.NOT_LISTED, label=_("不予列入"), conditions=[_is_about_the_listing]
    )
    @state.transition(source=DROPPABLE, target=S.NOT_LISTED, label=_("不予列入"))
    def drop(self) -> None: ...

    @state.transition(source=HEALABLE, target=S.HEALED, label=_("核实整改"))
    def heal(self) -> None: ...


ACTS = (
    "approve_street",
    "approve_district",
    "send_back",
    "correct",
    "withdraw",
    "take_back",
    "urge",
    "escalate",
    "audit",
    "inspect",
    "resume",
    "penalise",
    "spare",
    "dismiss",
    "transfer",
    "perform",
    "reopen",
    "propose",
    "give_notice",
    "close_defence",
    "review",
    "decide_district",
    "decide_city",
    "serve_decision",
    "publish",
    "remove",
    "drop",
    "heal",
)


def may(case: Case, act: str) -> bool:
    return bool(getattr(CasePath(case), act).can_proceed())


def move(case: Case, act: str, **facts: str) -> None:
    """Changes `case.state` by one act. Raises OutOfOrder where the act has no place."""
    take: Callable[..., None] = getattr(CasePath(case), act)
    try:
        take(**facts)
    except TransitionNotAllowed as refused:
        raise out_of_order(case, label_of(act)) from refused


def sources(act: str) -> tuple[str, ...]:
    """The states from which an act may lead."""
    return tuple(str(transition.source) for transition in getattr(CasePath, act).get_transitions())


def label_of(act: str) -> str:
    transitions = getattr(CasePath, act).get_transitions()
    return str(next(iter(transitions)).label)


def out_of_order(case: Case, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=case.code, state=S(case.state).label, act=act)
