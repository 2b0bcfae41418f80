"""Reading heartbeats: for readiness and metrics, which know no viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from grid.health import rules
from grid.health.models import Heartbeat


@dataclass(frozen=True, slots=True)
class Process:
    kind: str
    age: float  # seconds since its last beat
    threads: dict[str, rules.Thread]


def processes() -> list[Process]:
    """Of all kinds, the dead among them. One query."""
    at = datetime.now(UTC)
    rows = Heartbeat.objects.order_by("-at").values_list("kind", "at", "threads")
    return [Process(kind, (at - seen).total_seconds(), threads) for kind, seen, threads in rows]


def faults_of(kind: str, known: list[Process] | None = None) -> list[str]:
    """What is wrong with the processes of a kind: none alive, threads that hang, threads that fail."""
    own = [process for process in (processes() if known is None else known) if process.kind == kind]
    alive = [(process.age, process.threads) for process in own if rules.is_alive(process.age)]
    if not alive:
        last = min((process.age for process in own), default=None)
        return ["none was ever seen" if last is None else f"the last heartbeat is {last:.0f} s old"]
    hanging = [f"“{name}” hangs" for name in rules.stopped_threads(alive)]
    return hanging + [f"“{name}” fails" for name in rules.failing_threads(alive)]
