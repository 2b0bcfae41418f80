"""Counting requests against a limit per minute, without costing a request anything.

Each process counts by itself and compares with the others through the cache once every STEP requests. With several
processes a caller may get STEP requests more from each of them.
"""

import ipaddress
import logging
import threading
import time
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from grid.complaints import Complaints

_cache_away = Complaints("limits are not shared", logging.getLogger(__name__))

SECONDS: Final = 60
STEP: Final = 20
IPV6_PREFIX: Final = 64
NOWHERE: Final = "0.0.0.0"  # all whose address nobody tells count together


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
            self._everywhere[key] = self._counted(f"limit:{key}:{minute}")
        over = self._everywhere.get(key, 0) > limit
        return int(SECONDS - at % SECONDS) + 1 if over else 0

    def _counted(self, key: str) -> int:
        try:
            cache.add(key, 0, 2 * SECONDS)
            count = cache.incr(key, STEP)
        except Exception as error:
            # A cache that does not answer stops no work.
            _cache_away.failed(error)
            return 0
        _cache_away.went_well()
        return count


def address_of(request: HttpRequest) -> str:
    """Where a request came from, for every limit: an IPv4 address, or the first of an IPv6 /64, for a household or a
    machine has a whole one.

    The header is believed only where proxies of ours write it, and of it only what they wrote: each appends the
    address it saw, whatever the caller sent before. What is no address counts as that of the peer.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    behind = settings.PROXIES if settings.SECURE_PROXY_SSL_HEADER is not None else 0
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    told = seen[-behind] if 0 < behind <= len(seen) else ""
    return _network(told) or _network(peer) or NOWHERE


def _network(text: str) -> str:
    """Of "10.1.2.3:567", "[2001:db8::1]:567", "::ffff:10.1.2.3" what limits count by; empty for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, IPV6_PREFIX), strict=False).network_address)
