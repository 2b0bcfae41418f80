"""How much one phone may ask of the server in a minute. Generous: a phone that comes back from a week off line with
120 visits and 240 photos, one request each, stays far below; one that runs in a circle does not.

Each process counts by itself and compares with the others through the cache once every STEP requests, so the limit
costs a push nothing. With several processes a phone may get STEP requests more from each of them.
"""

import logging
import threading
import time
from typing import Final

from django.core.cache import cache

from grid import problems

log = logging.getLogger(__name__)

SECONDS: Final = 60
STEP: Final = 20
# Requests of one phone in SECONDS, by what is asked: multiples of STEP.
LIMITS: Final = {
    "visits": 1_200,
    "uploads": 6_000,
    "changes": 600,
    "doors": 600,
    "me": 600,
    "forms": 600,
    "suggestions": 120,
    "lookup": 240,
}


class Count:
    """Requests of this minute. Real time, not the city's: a demo's moved clock lets nobody through."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._own: dict[str, int] = {}
        self._everywhere: dict[str, int] = {}

    def take(self, key: str, limit: int) -> int:
        """Seconds to wait, 0 for none."""
        at = time.time()
        minute = int(at // SECONDS)
        with self._lock:
            if minute != self._minute:
                self._minute, self._own, self._everywhere = minute, {}, {}
            count = self._own[key] = self._own.get(key, 0) + 1
        if count % STEP == 1:
            self._everywhere[key] = self._told(f"limit:{key}:{minute}")
        over = self._everywhere.get(key, 0) > limit
        return int(SECONDS - at % SECONDS) + 1 if over else 0

    def _told(self, key: str) -> int:
        try:
            cache.add(key, 0, 2 * SECONDS)
            return cache.incr(key, STEP)
        except Exception:
            # A cache that does not answer stops no field work.
            log.warning("limits not shared: the cache does not answer", exc_info=True)
            return 0


_count = Count()


def ask_limit(device_id: int, what: str) -> None:
    """Raises TooManyRequests. `what` is the first word of the address below /api/v1/."""
    seconds = _count.take(f"{device_id}:{what}", LIMITS.get(what, LIMITS["changes"]))
    if seconds:
        raise problems.TooManyRequests(seconds=seconds)
