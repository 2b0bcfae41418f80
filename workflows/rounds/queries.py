"""A round as its page reads it for its acts. The round comes from a scoped query."""

from collections.abc import Sequence
from dataclasses import dataclass

from grid.scope import Actor, Right
from tasks.rounds.models import Round
from tasks.rounds.queries import APPROVERS
from tasks.rounds.rules import approval_path


@dataclass(frozen=True)
class File:
    """A round, and the approvals it would need if this viewer submitted it."""

    round: Round
    needed: Sequence[str]


def file_of(viewer: Actor, round: Round) -> File:
    held = viewer.allowing(Right.PLAN, round.area)
    return File(round, approval_path(round.area, str(held.role) if held else ""))


def is_own_plan(viewer: Actor, round: Round) -> bool:
    """The viewer could approve by post, but planned the round: the page says that a colleague has to."""
    right = APPROVERS.get(round.state)
    return right is not None and viewer.can(right, round.area) and viewer.person_id == round.planned_by_id
