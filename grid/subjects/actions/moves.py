"""Subjects coming to an area or changing it, and who follows them there.

Rooms above (registers, coverage, leads, tasks) keep rows with an area of their own. The grid may not know them, so they
ask to be told: `follow(their_function)` in their app's ready(). A follower runs inside the transaction of the
move: what it raises undoes the move.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grid.scope import Actor
from grid.subjects.models import Placement, Subject

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """`old` is empty for a subject that was just added; `is_recut` says that the ground got another name, and nobody
    went anywhere."""

    subject_id: int
    old: str
    new: str
    is_recut: bool = field(default=False, compare=False)


Follower = Callable[[Sequence[Move], Actor], None]
_followers: list[Follower] = []


def on_subjects_moved(follower: Follower) -> Follower:
    """Registers a function called with every batch of moves and the actor; asking twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def subjects_moved(moves: Sequence[Move], *, by: Actor) -> None:
    """Part of the action that moved or added them: calls every function registered for it."""
    if not moves:
        return
    for follower in _followers:
        follower(moves, by)


def save_moves(subjects: Sequence[Subject], before: Sequence[str], *, by: Actor) -> list[Move]:
    """Saves subjects whose area and placement were changed in memory, from the areas `before`, and passes the moves on.

    Part of the action that changed them.
    """
    moves = [
        Move(s.pk, old, s.area, s.placement == Placement.RECUT)
        for s, old in zip(subjects, before, strict=True)
        if old != s.area
    ]
    Subject.objects.bulk_update(subjects, ["area", "placement", "placement_why", "premise"], batch_size=BATCH)
    subjects_moved(moves, by=by)
    return moves
