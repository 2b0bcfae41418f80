"""Whether the keys at hand are those the data was written with.

A restored or mistyped key is a good key, only another one: nothing but what lies in the database tells. Asked at the
start, before the first write, by readiness, and of a restored copy before it replaces anything: a ledger sealed on under
a foreign key, or a column half of which opens with one key and half with another, is not mended afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import OperationalError, ProgrammingError, connection

from grid import problems
from grid.codes import Purpose, read_code
from grid.ledger import keys
from grid.ledger.models import Checkpoint
from grid.privacy import CannotDecrypt
from grid.rotation.actions import blind, sealed
from grid.rotation.queries import codes_key_ids, last_rotation


@dataclass(frozen=True, slots=True)
class Misfit:
    """A setting whose key is not that of the data, and how one sees it; no part of any key."""

    setting: str
    why: str

    def __str__(self) -> str:
        return f"{self.setting} {self.why}"


# What prints codes → the newest it printed, empty before the first.
_printed: dict[Purpose, Callable[[], str]] = {}


def register_codes(purpose: Purpose, newest: Callable[[], str]) -> None:
    """Makes the codes of a room known (called when the apps are ready)."""
    _printed[purpose] = newest


def misfits() -> list[Misfit]:
    """Empty before the first migrate, and while nothing was written. A few queries for each encrypted column."""
    return [misfit for ask in (_ledger, _sealed_values, _fingerprints, _codes) for misfit in _answered(ask)]


def _answered(ask: Callable[[], Iterator[Misfit]]) -> list[Misfit]:
    try:
        return list(ask())
    except OperationalError:
        # SQLite's word for a missing table; elsewhere a lost connection, which is no answer.
        if connection.vendor != "sqlite":
            raise
        return []
    except ProgrammingError:
        # A table or column that is not there yet holds nothing; that it is missing is said by readiness.
        return []


def _ledger() -> Iterator[Misfit]:
    point = Checkpoint.objects.order_by("-size").first()
    if point is None:
        return
    if point.origin != keys.origin():
        yield Misfit(
            "CITY", f"makes this the log {keys.origin()}, and the last checkpoint is of {point.origin}"
        )
    elif not keys.fits_last_checkpoint():
        yield Misfit(
            "LEDGER_PUBLIC_KEY", f"is not the key that signed the last checkpoint ({point.size} entries)"
        )


def _sealed_values() -> Iterator[Misfit]:
    for place in sealed.strange():
        yield Misfit("PRIVACY_KEY", f"does not open the newest {place.table}.{place.column}")


def _fingerprints() -> Iterator[Misfit]:
    try:
        fits = blind.newest_fits()
    except CannotDecrypt:
        return  # what cannot be opened cannot be compared; it is said of its column
    if not fits:
        yield Misfit("BLIND_INDEX_KEY", "is not the key of the newest fingerprints")


def _codes() -> Iterator[Misfit]:
    """Tried on the newest printed codes, and against the key that the last rotation names."""
    last = last_rotation("codes")
    is_named = last is None or last.data["new"] in codes_key_ids()
    if not is_named or any(not _reads(purpose, newest()) for purpose, newest in _printed.items()):
        yield Misfit("CODES_KEY", "does not know the newest codes")


def _reads(purpose: Purpose, code: str) -> bool:
    try:
        return not code or bool(read_code(purpose, code))
    except problems.Problem:
        return False
