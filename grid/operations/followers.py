"""What a web request may do at once, and the kinds of work that run behind it.

The law: an act on as many things as somebody chose, or as an area holds, either refuses more than `AT_ONCE` with
TooManyAtOnce, or is ordered as an Operation. Measured by tests/bench/bench_desk.py; held by tests/test_bulk_acts.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from grid.scope import Right

# Subjects placed or moved, which take 0.7 ms of a processor each: with the page around it a request stays below two
# seconds, and nobody waits longer for SQLite's only write lock.
AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of operation: the right it needs, what carries it out (given the operation, with `by`), and the name of
    the page it belongs to."""

    name: str
    right: Right
    carry_out: Callable[..., object]
    page: str


KINDS: dict[str, Kind] = {}


def offer(kind: Kind) -> None:
    """For an app's ready(): asking twice changes nothing."""
    KINDS[kind.name] = kind
