"""A term is locked after the case it runs for, as every act does: the other order would deadlock with an act that is just
stopping it. How cases are locked their room says when Django is ready, because it starts terms itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class LockCases(Protocol):
    """Locks cases in order, or those only that are `free`; the ones that are locked now."""

    def __call__(self, cases: Any, *, free: bool = False) -> list[int]: ...


@dataclass(frozen=True)
class Locks:
    """`case` gives the locked row of one case; `cases` locks many and reads none."""

    case: Callable[[int], Any]
    cases: LockCases


_locks: list[Locks] = []


def lock_with(locks: Locks) -> None:
    """Saying it twice changes nothing."""
    _locks[:] = [locks]


def locked_case(pk: int) -> Any:
    """The case as it stands, locked until the transaction ends."""
    return _locks[0].case(pk)


def lock_cases(cases: Any, *, free: bool = False) -> list[int]:
    """As `LockCases`."""
    return _locks[0].cases(cases, free=free)
