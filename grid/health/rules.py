"""When a process counts as alive, and when one of its threads as hung. Pure; seconds throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypedDict

BEAT: Final = 15.0
ALIVE: Final = 60.0  # four beats
# What does its round every second may be late by a long transaction; what does it every hour may work for an hour.
PATIENCE: Final = 120.0
ROUNDS: Final = 2.0


class Thread(TypedDict):
    """What a thread says of itself: how often it is to come round, how long it has been busy (0 when it rests), how
    long it has been failing (0 when all is well)."""

    every: float
    busy: float
    failing: float


def is_alive(age: float) -> bool:
    """A heartbeat from the future is that of a machine whose clock is ahead, and no death."""
    return age <= ALIVE


def hung(thread: Thread, age: float = 0.0) -> bool:
    """
    >>> hung(Thread(every=1, busy=90, failing=0)), hung(Thread(every=1, busy=90, failing=0), age=40)
    (False, True)
    >>> hung(Thread(every=3600, busy=3600, failing=0))
    False
    """
    busy = float(thread["busy"])
    return bool(busy) and busy + age > max(PATIENCE, ROUNDS * float(thread["every"]))


def stopped_threads(processes: Iterable[tuple[float, Mapping[str, Thread]]]) -> list[str]:
    """Names of threads that hang in every living process of their kind; (age, threads) of each. One clock that hangs
    beside one that does its rounds is no harm."""
    return _everywhere(
        (name, hung(thread, age)) for age, threads in processes for name, thread in threads.items()
    )


def failing_threads(processes: Iterable[tuple[float, Mapping[str, Thread]]]) -> list[str]:
    """Names of threads whose rounds have long been failing in every process that has them."""
    return _everywhere(
        (name, float(thread["failing"]) > PATIENCE)
        for _age, threads in processes
        for name, thread in threads.items()
    )


def _everywhere(told: Iterable[tuple[str, bool]]) -> list[str]:
    ill: dict[str, bool] = {}
    for name, is_ill in told:
        ill[name] = is_ill and ill.get(name, True)
    return [name for name, is_ill in ill.items() if is_ill]
