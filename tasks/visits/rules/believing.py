"""Whose word a visit is, and of when. Pure.

A phone's clock may have been wrong when the visit was made and right again when it was sent: then no skew tells of
it. What cannot be true (later than its arrival, or before the task or the phone existed) is kept as it was told,
marked, and counts from the moment it arrived. What is told under an authority that has ended is kept, marked and,
unless it is plainly what the phone still held, decided by a named person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

# Clocks of phones drift by minutes, and a client need not tell its own.
SLACK: Final = timedelta(minutes=10)
# A worker comes again within weeks; a day further off is a wrong calendar, not an appointment.
FURTHEST_TRY: Final = timedelta(days=180)
# The number of a visit that is not written yet: it has arrived after all that are.
NEWEST: Final = 2**63
_SKEW_LIMIT: Final = 2**31 - 1


# --- of when -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """The moment a visit counts as, and why the phone's own is not believed; empty where it is."""

    at: datetime
    doubt: str = ""


def counted(
    told: datetime,
    received_at: datetime,
    task_since: datetime | None = None,
    phone_since: datetime | None = None,
) -> Counted:
    """The one rule for the time of a visit. `told` is the phone's time on our clock.

    Believed is what lies between the beginning of what the visit names and its arrival. A phone that was off line
    for weeks is believed; a visit never counts later than it came.
    """
    if told > received_at + SLACK:
        return Counted(received_at, "ahead")
    if phone_since is not None and told < phone_since - SLACK:
        return Counted(received_at, "before_phone")
    if task_since is not None and told < task_since - SLACK:
        return Counted(received_at, "before_task")
    return Counted(min(told, received_at))


def skew_of(phone_time: datetime | None, received_at: datetime) -> int:
    """Seconds the phone's clock runs ahead of ours, at the moment of sending; 0 when it did not say."""
    if phone_time is None:
        return 0
    seconds = int((phone_time - received_at).total_seconds())
    return max(-_SKEW_LIMIT, min(_SKEW_LIMIT, seconds))


def corrected(recorded_at: datetime, skew: int) -> datetime:
    """The phone's time on our clock; a skew past the calendar's end leaves the time as it was told."""
    try:
        return recorded_at - timedelta(seconds=skew)
    except OverflowError:
        return recorded_at


class Place(NamedTuple):
    """Where a visit stands among those to one door: the greater the later. `nth` is the order of arrival."""

    at: datetime
    nth: int
    key: UUID


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of one visit: the moment it counts as, the order of its arrival, and whether its own time is doubted."""

    key: UUID
    at: datetime
    nth: int
    doubted: bool


def places(stamps: Iterable[Stamp]) -> dict[UUID, Place]:
    """Visits whose times are believed stand in the order of those times; one that is doubted stands behind what was
    here when it came, and before whatever comes after it.

    So a clock years ahead never outlives a later visit, and what a doubted time says changes nothing.
    """
    found: dict[UUID, Place] = {}
    floor: datetime | None = None
    for stamp in sorted(stamps, key=lambda stamp: (stamp.nth, stamp.at, stamp.key)):
        at = stamp.at if floor is None else max(stamp.at, floor)
        found[stamp.key] = Place(at, stamp.nth, stamp.key)
        if stamp.doubted:
            floor = at
    return found


def believed_try(told: date | None, made_on: date) -> date | None:
    """The day somebody comes again as the phone has it; None for one its calendar cannot have meant."""
    if told is None or not made_on <= told <= made_on + FURTHEST_TRY:
        return None
    return told


# --- whose word --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Warrant:
    """Under whose authority a visit comes: since when its phone is ours, and until when its word counted.

    `ending` says what ended it (see models.Ending), `words` is the desk's reason, `phone` how the desk knows it.
    """

    since: datetime | None = None
    ended_at: datetime | None = None
    ending: str = ""
    words: str = ""
    phone: str = ""


STANDING: Final = Warrant()


def ground_of(word: Counted, received_at: datetime, warrant: Warrant, patience: timedelta) -> str:
    """Why a word that came after the end of its authority waits for a named person; `in_time` where it is taken, and
    empty while the authority stands.

    Taken is what an ordinary end left on the phone: made before it, and here within `patience`. Whoever stole a
    phone writes any date, so of a lost one nothing is taken.
    """
    if warrant.ended_at is None or received_at < warrant.ended_at:
        return ""
    if warrant.ending == "lost":
        return "lost"
    if word.doubt:
        return "undated"
    if word.at > warrant.ended_at:
        return "after"
    return "overdue" if received_at > warrant.ended_at + patience else "in_time"


def waits(ground: str) -> bool:
    return ground not in ("", "in_time")


# --- one batch ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a batch came, how far its phone's clock was off at that moment, and under whose authority it came."""

    at: datetime
    skew: int = 0
    warrant: Warrant = STANDING
    patience: timedelta = timedelta()

    def counted(self, recorded_at: datetime, task_since: datetime | None) -> Counted:
        return counted(corrected(recorded_at, self.skew), self.at, task_since, self.warrant.since)

    def ground_of(self, word: Counted) -> str:
        return ground_of(word, self.at, self.warrant, self.patience)
