"""When it is not the request that failed but what it stands on: the database away or behind the code, the disk full.

One law for pages, the phone's API and the bridge: such a failure is an answer in words that says when to come again,
and no fault that somebody must look for. What lasts is said once in the log, and counted.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError

from grid import problems
from grid.complaints import Complaints
from grid.keeping import is_disk_full

_away = Complaints("the database does not answer", logging.getLogger(__name__))
_behind = Complaints("the tables are not those of the code", logging.getLogger(__name__))

# SQLSTATE classes and codes of PostgreSQL: connections broken or refused, no memory or connection left, shutting down,
# starting, a standby that only reads, its files unreadable, its own faults.
_AWAY: Final = ("08", "25006", "53", "57P01", "57P02", "57P03", "58", "XX")
# Deadlock, serialization, lock not available: somebody else was faster.
_BUSY: Final = ("40001", "40P01", "55P03")
_SQLITE_AWAY: Final = ("unable to open database file", "disk i/o error")
# Table, column, function, type or schema that is not there.
_BEHIND: Final = ("42P01", "42703", "42883", "42704", "3F000")
_SQLITE_BEHIND: Final = ("no such table", "no such column", "has no column named")
_SQLITE_BUSY: Final = ("database is locked", "database table is locked")


def outage_of(error: BaseException | None) -> problems.Problem | None:
    """What to answer in the place of a fault; None where it is one. Looks through what it was raised from."""
    seen = 0
    while error is not None and seen < 10:
        if problem := _of_one(error):
            return problem
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def _of_one(error: BaseException) -> problems.Problem | None:
    if isinstance(error, Exception) and is_disk_full(error):
        return problems.NoRoom()
    if not is_of_the_database(error):
        return None
    if _matches(error, _BEHIND, _SQLITE_BEHIND):
        _behind.failed(error)
        return problems.SchemaBehind()
    if _matches(error, _BUSY, _SQLITE_BUSY):
        return problems.Busy()
    if not _is_away(error):
        return None
    _away.failed(error)
    return problems.DatabaseAway()


def is_of_the_database(error: BaseException) -> bool:
    """Whether the database could not do its part. What it refuses of a row is no such thing: another row may pass."""
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(
        error, DataError | IntegrityError
    )


def _is_away(error: BaseException) -> bool:
    """A driver that has no code to tell never reached the server, or lost it."""
    code = _code(error)
    if not code and not isinstance(error, OperationalError | InterfaceError):
        return False
    if "sqlite" in type(error.__cause__).__module__:
        return _matches(error, (), _SQLITE_AWAY)
    return code.startswith(_AWAY) if code else True


def _matches(error: BaseException, codes: tuple[str, ...], words: tuple[str, ...]) -> bool:
    code = _code(error)
    return (code in codes) if code else any(word in str(error).lower() for word in words)


def _code(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", "") or ""


def connected(**told: object) -> None:
    """A connection came about: whatever was said of the database is over."""
    _away.went_well()
