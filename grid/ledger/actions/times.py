"""When an entry may say that it was written: never before its forerunner, and by one clock for all machines.

Who checks the ledger holds an entry that claims to be older than the one before it for back-dated (verify.py), and a
tree is for ever. So a process whose clock stands behind the ledger, or apart from the database's, writes nothing
until it is right again, and says so; the act is undone with its entry, and whoever asked for it tries again.

Clocks of good machines differ a little: up to `TOLERATED` an entry takes the time of its forerunner.

The database is looked at once a second and process, and at once when this machine's clock has leapt: between two
looks an entry costs two readings of the clock.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import is_moved, now
from grid.ledger import problems as ledger_problems

TOLERATED = timedelta(seconds=2)
LOOK_SECONDS = 1.0
LEAP_SECONDS = 0.5
COMPLAIN_SECONDS = 60.0
# The clock that all machines share is the database's; SQLite has none but ours.
_CLOCK = {"postgresql": "clock_timestamp()", "sqlite": "NULL"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the database told: the newest time in the ledger, and how far our clock is ahead of its clock.

    `looked` is monotonic; `offset` is what our clock then said beyond it, and changes when our clock leaps.
    """

    newest: datetime | None
    ahead: timedelta
    looked: float
    offset: float


# One for the process: a look costs the same whichever thread takes it, and two at once do no harm.
_seen: Seen | None = None
_complained = float("-inf")


def time_of_writing() -> datetime:
    """The time for an entry or a seal that is written now. Raises ClockBehind, ClockApart."""
    at = now()
    if is_moved():
        return at
    seen = _fresh(at)
    if abs(seen.ahead) > TOLERATED:
        raise _logged(ledger_problems.ClockApart(ahead=_words(seen.ahead)))
    return at if seen.newest is None else not_before(at, seen.newest)


def not_before(at: datetime, forerunner: datetime) -> datetime:
    """`at`, or the forerunner's time where that is later: two writers of one case both asked for the time before one
    waited for the other. Raises ClockBehind where the forerunner is much later than it is now.
    """
    if at >= forerunner:
        return at
    # By the clock of now: whoever waited long for a lock asked for `at` long ago, and is not behind for that.
    behind = forerunner - now()
    if behind <= TOLERATED:
        return forerunner
    if is_moved():
        return at
    raise _logged(ledger_problems.ClockBehind(behind=_words(-behind)))


def faults() -> list[str]:
    """What keeps this process from writing the ledger, each in words; looks anew. For readiness and the doctor."""
    if is_moved():
        return []
    at = now()
    seen, told = _look(at), []
    if abs(seen.ahead) > TOLERATED:
        told.append(_("本机时间与数据库时间不一致：{ahead}").format(ahead=_words(seen.ahead)))
    if seen.newest is not None and seen.newest - at > TOLERATED:
        behind = _words(at - seen.newest)
        told.append(_("本机时间落后于台账最近一条：{behind}").format(behind=behind))
    return told


def _fresh(at: datetime) -> Seen:
    global _seen
    clock = time.monotonic()
    seen = _seen
    if (
        seen is None
        or clock - seen.looked >= LOOK_SECONDS
        or abs(at.timestamp() - clock - seen.offset) > LEAP_SECONDS
    ):
        seen = _seen = _look(at)
    return seen


def _look(at: datetime) -> Seen:
    asked = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT (SELECT "at" FROM "grid_checkpoint" ORDER BY "size" DESC LIMIT 1), '
            f'(SELECT "at" FROM "grid_entry" ORDER BY "id" DESC LIMIT 1), {_CLOCK[connection.vendor]}'
        )
        point, entry, clock = (time_of(value) for value in cursor.fetchone())
    took = time.monotonic() - asked
    known = [moment for moment in (point, entry) if moment is not None]
    ahead = timedelta(0) if clock is None else _apart(at, clock, timedelta(seconds=took))
    return Seen(max(known, default=None), ahead, asked, at.timestamp() - asked)


def _apart(at: datetime, clock: datetime, took: timedelta) -> timedelta:
    """How far `at`, read before, is ahead of `clock`, read at some moment within the `took` that followed.

    >>> from datetime import datetime, timedelta
    >>> noon = datetime(2026, 3, 4, 12)
    >>> second = timedelta(seconds=1)
    >>> _apart(noon, noon + 3 * second, 3 * second) # a slow answer proves nothing
    datetime.timedelta(0)
    >>> _apart(noon, noon + 5 * second, second) == -4 * second
    True
    >>> _apart(noon, noon - 5 * second, second) == 5 * second
    True
    """
    late = clock - at
    if late < timedelta(0):
        return -late
    return -max(timedelta(0), late - took)


def time_of(stored: Any) -> datetime | None:
    """A time as a raw statement answers it: SQLite's is text, or without its zone, in UTC."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _words(ahead: timedelta) -> str:
    seconds = ahead.total_seconds()
    way = _("快 {seconds} 秒") if seconds > 0 else _("慢 {seconds} 秒")
    return way.format(seconds=f"{abs(seconds):.0f}")


def _logged(problem: problems.Problem) -> problems.Problem:
    """The person is told by the answer, the operator by a line a minute."""
    global _complained
    if time.monotonic() - _complained >= COMPLAIN_SECONDS:
        _complained = time.monotonic()
        log.error("nothing can be written: %s", problem)
    return problem
