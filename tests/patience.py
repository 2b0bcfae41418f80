"""How long a test waits, and how long something may take: neither is decided by what else the machine does.

What must happen is waited for with PATIENCE, which costs nothing where it happens. What must be quick is measured in
seconds of a processor, at the pace of a quiet machine: neighbours on the same host have doubled them before now.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Final

PATIENCE: Final = 60.0  # seconds
_NOMINAL: Final = 0.11  # seconds of a processor that `_work` takes on a quiet machine
_TIMES: Final = 2  # what is linear varies by less, what is not by a hundred


def until(
    true: Callable[[], object],
    told: Callable[[], object] = str,
    patience: float = PATIENCE,
    pause: Callable[[], None] = lambda: time.sleep(0.02),
) -> None:
    """Asks again and again; fails with what `told` has to say of it.

    Whoever answers in a page's place pauses with the page (`Walker.waits_until`): its answers wait for nobody else.
    """
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, told()
        pause()


@contextmanager
def within(seconds: float, of: object = "") -> Iterator[None]:
    """Fails where the body, with the children it waited for, takes more than twice as many seconds of a processor."""
    began = _used()
    yield
    used = _used() - began
    assert used < _TIMES * seconds or used < _TIMES * seconds * _pace(), (
        f"{of} took {used:.1f} s, not {seconds}"
    )


def _used() -> float:
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in of)


def _pace() -> float:
    """How many times slower than a quiet one this machine is now; at least one."""
    began = time.process_time()
    _work()
    return max(1.0, (time.process_time() - began) / _NOMINAL)


def _work() -> None:
    digest = b""
    for number in range(240_000):
        digest = sha256(digest + str(number).encode()).digest()
