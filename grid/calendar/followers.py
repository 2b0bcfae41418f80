"""The calendar changed: who computed with it computes again.

Rooms above keep deadlines. The grid may not know them, so they register: `on_calendar_changed(their_function)`
in their app's ready(). A follower runs inside the transaction of the change and answers how many deadlines moved.
"""

from collections.abc import Callable
from datetime import date

from grid.scope import Actor

Follower = Callable[[date, date, str, Actor], int]
_followers: list[Follower] = []


def on_calendar_changed(follower: Follower) -> Follower:
    """Registers a function called with the first and last day touched, the basis and the actor."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def calendar_changed(first: date, last: date, basis: str, *, by: Actor) -> int:
    """Calls every function registered for it; how many deadlines moved.

    Part of a change of the calendar.
    """
    return sum(follower(first, last, basis, by) for follower in _followers)
