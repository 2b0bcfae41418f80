"""Counting requests against a limit per minute, without costing a request anything.

Each process counts by itself and compares with the others through the cache once every STEP requests. With several
processes a caller may get STEP requests more from each of them.
"""

import logging
import threading
import time
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

log = logging.getLogger(__name__)

SECONDS: Final = 60
STEP: Final = 20


class Count:
    """Requests of this minute. Real time, not the city's: a demo's moved clock lets nobody through."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._own: dict[str, int] = {}
        self._everywhere: dict[str, int] = {}

    def take(self, key: str, limit: int) -> int:
        """Seconds to wait, 0 for none. `limit` is a multiple of STEP."""
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
            # A cache that does not answer stops no work.
            log.warning("limits not shared: the cache does not answer", exc_info=True)
            return 0


def address_of(request: HttpRequest) -> str:
    """Where a request came from. The header is believed only where a proxy of ours writes it: that one appends the
    address it saw last, whatever the caller sent before."""
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if behind_proxy else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
