"""What other rooms do when a decision is challenged: registered when Django is ready, in the order in which they act.

Review and suit belong to the penalty and to the listing alike; what either holds up, and what falls with it, its own
room knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grid.scope import Actor, Held
from workflows.cases.models import Case
from workflows.remedies.models import Remedy


def _nothing(*_of: object, **_given: object) -> None:
    return None


@dataclass(frozen=True)
class Room:
    """All of these have the case locked. `decided_on`: since when there is something to challenge, by the target. Asked
    before an outcome is entered (`may_end`), called once a remedy is noted, stayed and ended."""

    target: str
    decided_on: Callable[[Case], date | None] = _nothing
    may_end: Callable[[Case, Remedy, str, Actor], None] = _nothing
    noted: Callable[[Remedy, Actor], None] = _nothing
    stayed: Callable[[Remedy, Actor], None] = _nothing
    ended: Callable[[Remedy, Decimal | None, Actor, Held | None], None] = _nothing


_rooms: list[Room] = []


def act_on_remedies(room: Room) -> None:
    """Registering twice changes nothing."""
    if room not in _rooms:
        _rooms.append(room)


def rooms() -> tuple[Room, ...]:
    return tuple(_rooms)


def decided_on(case: Case, target: str) -> date | None:
    """When what would be challenged was decided; None where it was not yet."""
    days = (room.decided_on(case) for room in _rooms if room.target == target)
    return next((day for day in days if day), None)
