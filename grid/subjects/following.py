"""Accounts kept above this package about subjects, told whenever subjects come or move.

grid may not know who keeps them, so they register themselves when the system starts. They run inside the
action's transaction: an account is never behind the register it accounts for.
"""

from collections.abc import Callable, Collection

from grid.scope import Actor

Follower = Callable[[Collection[int], Actor], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


def tell_followers(subject_ids: Collection[int], by: Actor) -> None:
    """To be called by every action that added subjects or changed the area of some."""
    if subject_ids:
        for follower in _followers:
            follower(subject_ids, by)
