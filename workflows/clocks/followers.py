"""The case a term hangs on, as far as terms have to know it. Its room registers how it is read and locked."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class OfCase(Protocol):
    """What terms read of a case; in the ledger, under its code."""

    @property
    def pk(self) -> Any: ...
    @property
    def code(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def subject_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cases:
    """Numbers of cases and of clocks in, rows out; every lock is held until the transaction ends.

    `read`: the case, unlocked. `locked`: the case, locked after its process. `hold`: locks the processes of these
    cases, in order. `free`: locks the processes of the cases of these clocks that nobody else holds; their numbers.
    """

    read: Callable[[int], OfCase]
    locked: Callable[[int], Any]
    hold: Callable[[Sequence[int]], None]
    free: Callable[[Collection[int]], list[int]]


_registered: list[Cases] = []


def hold_by(cases: Cases) -> None:
    """Called once when the apps are ready."""
    _registered[:] = [cases]


def cases() -> Cases:
    return _registered[0]
