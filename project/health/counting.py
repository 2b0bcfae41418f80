"""Requests, counted where they are answered. A process counts for itself; the workers of one server share a folder
(`project.process.share_counters`), so that whichever of them is asked tells for all."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

_BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_KINDS: Final = {
    "api": "phone",
    "openrosa": "collect",
    "accounts": "sign-in",
    "public": "public",
    "v": "public",
    "static": "files",
    "phone": "files",
}

_requests = Counter("grid_requests", "Answers by kind of address and status", ["kind", "status"])
_seconds = Histogram("grid_request_seconds", "Time until the answer began", ["kind"], buckets=_BUCKETS)


def kind_of(path: str) -> str:
    """
    >>> kind_of("/api/v1/visits"), kind_of("/v/ABC"), kind_of("/cases/HBW-2026-000001/")
    ('phone', 'public', 'pages')
    """
    return _KINDS.get(path[1:].partition("/")[0], "pages")


def count(path: str, status: int, seconds: float) -> None:
    kind = kind_of(path)
    _requests.labels(kind, str(status)).inc()
    _seconds.labels(kind).observe(seconds)
