"""Writing heartbeats. No act of anybody, and nothing for the ledger: rows that are overwritten every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from grid.health.models import Heartbeat
from grid.health.rules import Thread

# A process that was killed leaves its row; so long it can be seen that there was one.
KEPT = timedelta(days=1)


def beat(kind: str, process: str, threads: Mapping[str, Thread]) -> None:
    """Notes that a process is alive, and how its threads do. One statement."""
    row = Heartbeat(process=process, kind=kind, at=datetime.now(UTC), threads=dict(threads))
    Heartbeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["process"], update_fields=["at", "threads"]
    )


def leave(process: str) -> None:
    """At the end in good order; and what was killed long ago is forgotten with it."""
    Heartbeat.objects.filter(process=process).delete()
    Heartbeat.objects.filter(at__lt=datetime.now(UTC) - KEPT).delete()
