"""Where a submission goes once somebody takes it over: the act of the room whose business it is.

What belongs nowhere any more, because a decision was made meanwhile, is kept on file and answered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Held, Right, ask
from workflows.cases.models import CaseState
from workflows.counter.models import Kind, Submission
from workflows.listing import actions as listing

# Who may handle a kind: whoever keeps that part of the file.
HANDLERS: dict[str, tuple[Right, ...]] = {
    Kind.CORRECTION: (Right.REVIEW, Right.SERVE, Right.INSPECT),
    Kind.COMMITMENT: (Right.REVIEW, Right.SERVE, Right.INSPECT),
    Kind.STATEMENT: (Right.INSPECT,),
    Kind.HEARING: (Right.INSPECT,),
    Kind.OBJECTION: (Right.INSPECT,),
    Kind.REPAIR: (Right.INSPECT,),
}


@dataclass(frozen=True)
class Route:
    """`label`: where the submission is entered, as the desk reads it."""

    label: Any
    take: Callable[[Submission, Actor], object]


def ask_to_handle(by: Actor, kind: str, area: str) -> Held | None:
    """The posting under which `by` handles submissions of `kind`. Raises NotHere, NotYourPost."""
    for right in HANDLERS[kind]:
        if held := by.allowing(right, area):
            return held
    return ask(by, HANDLERS[kind][0], area)


def may_handle(by: Actor, kind: str, area: str) -> bool:
    return any(by.can(right, area) for right in HANDLERS[kind])


def words_of(submission: Submission) -> str:
    """What is entered in the file: the words, and where the papers are."""
    count = submission.materials.count()
    beside = _("（经单位窗口提交，回执 {receipt}，材料 {n} 份）").format(receipt=submission.receipt, n=count)
    return f"{submission.text}{beside}"


def route_of(submission: Submission) -> Route | None:
    """The act that enters a submission now, or None where it is only kept."""
    find = _FINDERS.get(submission.kind)
    return find(submission) if find else None


def _statement(submission: Submission) -> Route | None:
    if submission.case.state == CaseState.DEFENCE:
        return Route(_("记入列入案卷的陈述申辩"), _record_defence)
    return None


def _record_defence(submission: Submission, by: Actor) -> object:
    return listing.record_defence(submission.case, words_of(submission), by=by)


_FINDERS: dict[str, Callable[[Submission], Route | None]] = {
    Kind.STATEMENT: _statement,
}
