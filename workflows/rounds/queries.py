"""A round as its page reads it for its acts. The round comes from a scoped query."""

from collections.abc import Sequence
from dataclasses import dataclass

from grid.scope import Actor, Right
from tasks.rounds.approving.queries import Approver, approvers_of
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries import APPROVERS, is_dispatch_given_up
from tasks.rounds.rules import after_yes, approval_path


@dataclass(frozen=True)
class File:
    """A round, the approvals it would need if this viewer submitted it, and those it would still need after this viewer's
    yes. `given_up`: its dispatch has ended without coming to its end."""

    round: Round
    needed: Sequence[str]
    after_yes: Sequence[str]
    given_up: bool


def file_of(viewer: Actor, round: Round) -> File:
    held = viewer.allowing(Right.PLAN, round.area)
    right = APPROVERS.get(round.state)
    saying = viewer.allowing(right, round.area) if right else None
    return File(
        round,
        approval_path(round.area, str(held.role) if held else ""),
        after_yes(round.path, str(saying.role)) if saying else round.path[1:],
        is_dispatch_given_up(round),
    )


def is_own_plan(viewer: Actor, round: Round) -> bool:
    """The viewer could approve by post, but planned the round: the page says that a colleague has to."""
    right = APPROVERS.get(round.state)
    return right is not None and viewer.can(right, round.area) and viewer.person_id == round.planned_by_id


@dataclass(frozen=True)
class Approving:
    """Who may say yes, at the step the round waits at or, before it was submitted, would wait at first."""

    step: str
    people: list[Approver]

    @property
    def has_own(self) -> bool:
        return any(person.is_own for person in self.people)


def approving_of(file: File) -> Approving | None:
    """None for a round that needs no approval any more. Two queries."""
    round = file.round
    if round.state in APPROVERS:
        state: str = round.state
    elif round.state in (RoundState.PLANNED, RoundState.RETURNED) and file.needed:
        state = file.needed[0]
    else:
        return None
    return Approving(str(RoundState(state).label), approvers_of(round, state, round.planned_by_id))


def may_resume(file: File) -> bool:
    """Something is left to send: doors that are not written, or the end of a dispatch that was broken off."""
    round = file.round
    return file.given_up or not round.dispatch_total or round.dispatch_done < round.dispatch_total
