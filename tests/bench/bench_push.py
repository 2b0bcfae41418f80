"""Visits with 25 answers over HTTP, one by one and in batches of 50, from 1, 8 and 32 clients; finished when
answered.

Finished means: visit, task, finding, coverage, ledger and the feed of the phone are written and committed.
"""

import json
import time
from collections.abc import Callable
from uuid import uuid4

from tests.bench.field import CLIENTS, Caller, Worker, at_once, cpu_of, fill_field, memory_of, server
from tests.bench.ground import fresh_database, machine, say, spread

# Clients → requests they send together.
SINGLE, BATCHES = {1: 200, 8: 1200, 32: 1200}, {1: 10, 8: 64, 32: 64}
BATCH, WARM = 50, 160
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
        for visit_body in bodies:
            start = time.perf_counter()
            answer = caller.ask("POST", "/api/v1/visits", visit_body)
            took.append(time.perf_counter() - start)
            if b'"status":"accepted"' not in answer:
                raise RuntimeError(answer[:300])

    return send


def measure(port: int, pid: int, name: str, callers: list[tuple[Worker, int]], size: int) -> None:
    """`callers` are phones with the number of requests each sends, `size` the visits of a request."""
    took: list[float] = []
    acts = []
    for worker, requests in callers:
        tasks, worker.tasks = worker.tasks[: size * requests], worker.tasks[size * requests :]
        bodies = [body(tasks[at : at + size]) for at in range(0, len(tasks), size)]
        acts.append(sender(Caller(port, worker.token), bodies, took))
    before = cpu_of(pid)
    seconds = at_once(acts)
    count = size * sum(requests for _worker, requests in callers)
    spent = (cpu_of(pid) - before) * 1000 / count
    say(
        f"{name}: {count / seconds:,.0f} visits/s ({count} visits, {seconds:.2f} s), {spent:.1f} CPU ms a visit"
    )
    say(f"    a request: {spread(took)}")


def callers_of(workers: list[Worker], clients: int, requests: int) -> list[tuple[Worker, int]]:
    """So many connections, spread over the phones; together they send `requests`."""
    return [(workers[n % len(workers)], requests // clients) for n in range(clients)]


def _sent(plan: dict[int, int]) -> int:
    """Requests of all rounds, each client sending as many as the others."""
    return sum(requests // clients * clients for clients, requests in plan.items())


def main() -> None:
    one_by_one, batches = _sent(SINGLE), _sent(BATCHES) * BATCH
    with fresh_database() as vendor:
        workers = fill_field((WARM + one_by_one + batches) // CLIENTS + max(SINGLE.values()) + 8 * BATCH)
        from tasks.visits.models import Visit

        with server() as (port, what, pid):
            say(f"{vendor}, {what}, 25 answers, {machine()}")
            measure(port, pid, "warming up", callers_of(workers, CLIENTS, WARM), 1)
            for clients, requests in SINGLE.items():
                aim = " (aim 400)" if clients == CLIENTS else ""
                name = f"one by one, {clients} clients{aim}"
                measure(port, pid, name, callers_of(workers, clients, requests), 1)
            for clients, requests in BATCHES.items():
                aim = " (aim 1,200)" if clients == CLIENTS else ""
                name = f"batches of {BATCH}, {clients} clients{aim}"
                measure(port, pid, name, callers_of(workers, clients, requests), BATCH)
            say(f"server memory: {memory_of(pid):.0f} MB (aim below 300)")
        expected = WARM + one_by_one + batches
        assert Visit.objects.count() == expected, f"{Visit.objects.count()} of {expected} visits"
        say(f"every visit there exactly once: {expected}")


if __name__ == "__main__":
    main()
