"""Visits with 25 answers over HTTP from 8 phones at once, one by one and in batches of 50; finished when answered.

Finished means: visit, task, finding, coverage, ledger and the feed of the phone are written and committed.
"""

import json
import time
from collections.abc import Callable
from uuid import uuid4

from tests.bench.field import CLIENTS, Caller, Worker, at_once, cpu_of, fill_field, memory_of, server
from tests.bench.ground import fresh_database, machine, milliseconds, say

SINGLE, BATCHES, BATCH, WARM = 150, 16, 50, 10
ANSWERS = {
    "operating": "yes", "employees": 12, "contracts": 12, "insured_seen": 3, "types_seen": ["pension"],
    "wage_base": "full", "exempt_retired": 1, "exempt_students": 0, "exempt_elsewhere": 1, "lapsed": "yes",
    "lapsed_count": 2, "remark": "店主不在,由会计配合",
    **{f"more_{n}": f"答案{n}" for n in range(1, 13)},
}  # fmt: skip


def body(tasks: list[int]) -> bytes:
    from tasks.forms import tables

    version = tables.current("employer").version
    visits = [
        {
            "client_id": str(uuid4()), "task_id": task, "subject_id": None, "premise_code": None,
            "form": "employer", "form_version": version, "outcome": "done", "answers": ANSWERS,
            "recorded_at": "2026-03-02T01:00:00Z", "position": {"lng": 106.8, "lat": 39.6, "accuracy": 9},
            "photos": [], "replaces": None,
        }
        for task in tasks
    ]  # fmt: skip
    return json.dumps({"visits": visits, "phone_time": "2026-03-02T01:00:00Z"}).encode()


def sender(caller: Caller, bodies: list[bytes], took: list[float]) -> Callable[[], None]:
    def send() -> None:
        for one in bodies:
            start = time.perf_counter()
            answer = caller.ask("POST", "/api/v1/visits", one)
            took.append(time.perf_counter() - start)
            if b'"status":"accepted"' not in answer:
                raise RuntimeError(answer[:300])

    return send


def measure(port: int, pid: int, name: str, workers: list[Worker], size: int, requests: int) -> None:
    took: list[float] = []
    acts = []
    for worker in workers:
        tasks, worker.tasks = worker.tasks[: size * requests], worker.tasks[size * requests :]
        bodies = [body(tasks[at : at + size]) for at in range(0, len(tasks), size)]
        acts.append(sender(Caller(port, worker.token), bodies, took))
    before = cpu_of(pid)
    seconds = at_once(acts)
    count = size * requests * len(workers)
    spent = (cpu_of(pid) - before) * 1000 / count
    say(
        f"{name}: {count / seconds:,.0f} visits/s ({count} visits, {seconds:.2f} s), {spent:.1f} CPU ms a visit"
    )
    say(f"    a request: {milliseconds(took)}")


def main() -> None:
    with fresh_database() as vendor:
        workers = fill_field(WARM * 2 + SINGLE + BATCHES * BATCH)
        from tasks.visits.models import Visit

        with server() as (port, what, pid):
            say(f"{vendor}, {what}, {CLIENTS} clients, 25 answers, {machine()}")
            measure(port, pid, "warming up", workers, 1, WARM * 2)
            measure(port, pid, "one by one (aim 400)", workers, 1, SINGLE)
            measure(port, pid, "batches of 50 (aim 1,200)", workers, BATCH, BATCHES)
            say(f"server memory: {memory_of(pid):.0f} MB (aim below 300)")
        expected = CLIENTS * (WARM * 2 + SINGLE + BATCHES * BATCH)
        assert Visit.objects.count() == expected, f"{Visit.objects.count()} of {expected} visits"
        say(f"every visit there exactly once: {expected}")


if __name__ == "__main__":
    main()
