"""Visits with a photo of 200 kB each, by tus, one by one and in batches of 10, from 1, 8 and 32 clients.

Finished means: the visit is answered, the photo's bytes are on the disk, their hash is right, and they are its
evidence. A server would be slow here because of the disk, so what the disk itself gives is printed beside it.
"""

import base64
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from typing import Any

from tests.bench.bench_push import body, callers_of
from tests.bench.field import CLIENTS, Caller, Worker, at_once, cpu_of, fill_field, memory_of, server
from tests.bench.ground import fresh_database, machine, say, spread

SIZE = 200_000
BATCH = 10
# Clients → visits they send together.
SINGLE, BATCHES = {1: 60, 8: 240, 32: 256}, {1: 60, 8: 240, 32: 320}


def photos(visits: list[dict[str, Any]], chance: random.Random) -> list[tuple[str, str, bytes]]:
    """A photo for each visit, promised in it."""
    made = []
    for visit in visits:
        photo = chance.randbytes(SIZE)
        sha256 = hashlib.sha256(photo).hexdigest()
        visit["photos"] = [{"sha256": sha256, "size": SIZE, "kind": "door"}]
        made.append((visit["client_id"], sha256, photo))
    return made


def send_photo(caller: Caller, visit: str, sha256: str, photo: bytes) -> None:
    told = {"visit": visit, "sha256": sha256, "kind": "door"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    tus = {"Tus-Resumable": "1.0.0"}
    length = {"Upload-Length": str(SIZE), "Upload-Metadata": metadata}
    where = caller.located("POST", "/api/v1/uploads/", **tus, **length)
    piece = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    caller.ask("PATCH", where, photo, **tus, **piece)


def sender(caller: Caller, bodies: list[bytes], took: list[float], seed: int) -> Callable[[], None]:
    chance = random.Random(seed)
    ready = []
    for visit_body in bodies:
        told = json.loads(visit_body)
        made = photos(told["visits"], chance)
        ready.append((json.dumps(told).encode(), made))

    def send() -> None:
        for visits, made in ready:
            start = time.perf_counter()
            answer = caller.ask("POST", "/api/v1/visits", visits)
            if answer.count(b'"status":"accepted"') != len(made):
                raise RuntimeError(answer[:300])
            for photo in made:
                send_photo(caller, *photo)
            took.append(time.perf_counter() - start)

    return send


def measure(port: int, pid: int, name: str, callers: list[tuple[Worker, int]], size: int) -> None:
    took: list[float] = []
    acts = []
    for seed, (worker, visits) in enumerate(callers):
        tasks, worker.tasks = worker.tasks[:visits], worker.tasks[visits:]
        bodies = [body(tasks[at : at + size]) for at in range(0, len(tasks), size)]
        acts.append(sender(Caller(port, worker.token), bodies, took, seed + port))
    before = cpu_of(pid)
    seconds = at_once(acts)
    count = sum(visits for _worker, visits in callers)
    spent = (cpu_of(pid) - before) * 1000 / count
    rate = f"{count / seconds:,.0f} visits/s, {count * SIZE / seconds / 1e6:.1f} MB/s of photos"
    say(f"{name}: {rate} ({count} visits, {seconds:.2f} s), {spent:.1f} CPU ms a visit")
    say(f"    {'a visit with its photo' if size == 1 else f'{size} visits with theirs'}: {spread(took)}")


def disk() -> str:
    """Photos of this size written and synced one after the other, by nobody but us."""
    runs = []
    photo = os.urandom(SIZE)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(30):
            start = time.perf_counter()
            with open(f"{folder}/{number}", "wb") as file:
                file.write(photo)
                file.flush()
                os.fsync(file.fileno())
            runs.append(time.perf_counter() - start)
    return spread(runs)


def main() -> None:
    total = sum(SINGLE.values()) + sum(BATCHES.values())
    with fresh_database() as vendor:
        workers = fill_field(total // CLIENTS + SINGLE[1] + BATCHES[1] + CLIENTS)
        from tasks.visits.models import Evidence

        say(f"the disk alone: {disk()}")
        # The photos go with the database they belong to.
        with tempfile.TemporaryDirectory() as folder, server(DATA_DIR=folder) as (port, what, pid):
            say(f"{vendor}, {what}, a photo of {SIZE // 1000} kB with each visit, {machine()}")
            for clients, visits in SINGLE.items():
                measure(port, pid, f"one by one, {clients} clients", callers_of(workers, clients, visits), 1)
            for clients, visits in BATCHES.items():
                name = f"batches of {BATCH}, {clients} clients"
                measure(port, pid, name, callers_of(workers, clients, visits), BATCH)
            say(f"server memory: {memory_of(pid):.0f} MB")
        here = Evidence.objects.exclude(received_at=None).count()
        assert here == total, f"{here} of {total} photos"
        say(f"every photo there exactly once: {here}")


if __name__ == "__main__":
    main()
