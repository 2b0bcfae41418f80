"""What a subject is has changed where it stands: its kind, or whether it is in business at all.

Rooms above keep accounts by kind and leave out what has ended. As with moves (see actions/moves.py), they ask to be told;
a follower runs inside the transaction of the change, after it was saved, and what it raises undoes it.
"""

from collections.abc import Callable, Sequence

from grid.scope import Actor

# Columns of a subject whose change is told.
TOLD = frozenset({"kind", "standing"})

Follower = Callable[[Sequence[int], Actor], None]
_followers: list[Follower] = []


def on_subjects_changed(follower: Follower) -> Follower:
    """Registers a function called with the ids of changed subjects and the actor; asking twice changes nothing."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def subjects_changed(subject_ids: Sequence[int], *, by: Actor) -> None:
    """Part of the action that changed them, whose ledger entry says why."""
    if not subject_ids:
        return
    for follower in _followers:
        follower(subject_ids, by)
