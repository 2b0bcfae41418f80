"""The ledger: appends with 1 and 8 writers beside a plain insert, bulk appends, sealing lag, verification.

The plain insert is the same row without canonical bytes, counter and triggers, into a table of its own without
any index but its key. Both run in turns within one run, and the ratio is of the medians.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench import ground

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
SINGLE = int(os.environ.get("SINGLE", "800"))  # appends a writer and round
ROUNDS = int(os.environ.get("ROUNDS", "5"))
AREA = "150302001002001"
FACTS = {"outcome": "done", "visit": "V-2026-00012345", "route": "normal", "answers": 25, "form": "employer"}
PLAIN = (
    'INSERT INTO bench_plain ("at", verb, actor, actor_name, area, subject, "case", data)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def main() -> None:
    with ground.fresh_database() as vendor:
        ground.say(f"{vendor}, {ground.machine()}, load {os.getloadavg()[0]:.1f}; rows of about 400 bytes")
        make_plain(vendor)
        for writers in (1, 8):
            appends(writers)
        lag()
        bulk()
        verification()


def make_plain(vendor: str) -> None:
    from django.db import connection

    key = "bigserial PRIMARY KEY" if vendor == "postgresql" else "integer PRIMARY KEY AUTOINCREMENT"
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE bench_plain (id {key}, "at" timestamp, verb varchar(40), actor bigint,'
            ' actor_name varchar(80), area varchar(15), subject bigint, "case" varchar(20), data text)'
        )


def append(number: int) -> None:
    from django.db import transaction

    from grid.ledger.actions import Line, record
    from grid.scope import Actor
    from tasks.arrivals.verbs import ArrivalVerb

    with transaction.atomic():
        record(
            ArrivalVerb.VISIT_RECORDED,
            Line(AREA, subject=number, case=f"C{number}", data=FACTS),
            by=Actor(5, "王建国"),
        )


def plain(number: int) -> None:
    from django.db import connection, transaction

    from grid.calendar.now import now

    with transaction.atomic(), connection.cursor() as cursor:
        facts = json.dumps(FACTS)
        cursor.execute(PLAIN, [now(), "visit.recorded", 5, "王建国", AREA, number, f"C{number}", facts])


def by_writers(act: Callable[[int], None], writers: int, start: int) -> float:
    """Appends a second with that many writers, each on its own connection."""
    from django.db import connection

    def work(writer: int) -> None:
        try:
            for number in range(SINGLE):
                act(start + writer * SINGLE + number)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        took = ground.seconds(lambda: list(pool.map(work, range(writers))))
    return writers * SINGLE / took


def appends(writers: int) -> None:
    ours, bare = [], []
    for turn in range(ROUNDS + 1):
        start = turn * 100_000 + writers * 10_000_000
        bare.append(by_writers(plain, writers, start))
        ours.append(by_writers(append, writers, start))
    # The first round warms connections and caches.
    mine, other = statistics.median(ours[1:]), statistics.median(bare[1:])
    ground.say(
        f"append one by one, {writers} writer{'s' * (writers > 1)}: {mine:,.0f}/s, plain insert {other:,.0f}/s, "
        f"ratio {mine / other:.2f} (aim 0.8 with 8); n={ROUNDS} rounds of {writers * SINGLE}, each in a new case"
    )


def lag() -> None:
    """From commit to the signed checkpoint that covers the entry, while eight writers go on."""
    from django.db import connection

    from grid.ledger.actions import sealer
    from grid.ledger.models import Leaf

    sealer.seal_pending()
    stop = threading.Event()

    def clock() -> None:
        while not stop.wait(1):
            sealer.seal_pending()
        connection.close()

    def watch(writing: list[Any]) -> list[float]:
        from grid.ledger.models import Entry

        waits = []
        while len(waits) < 3 or not all(future.done() for future in writing):
            pk = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
            start = time.perf_counter()
            while not Leaf.objects.filter(entry=pk).exists():
                time.sleep(0.02)
            waits.append(time.perf_counter() - start)
            time.sleep(0.13)
        connection.close()
        return waits

    sealing = threading.Thread(target=clock)
    sealing.start()
    with ThreadPoolExecutor(9) as pool:
        writing = [pool.submit(by_writers, append, 1, 900_000_000 + n * 1_000_000) for n in range(8)]
        waits = pool.submit(watch, writing).result()
        for future in writing:
            future.result()
    stop.set()
    sealing.join()
    ground.say(
        f"sealing lag under 8 writers, clock every second: {ground.milliseconds(waits)} (aim 2,000 ms)"
    )


def bulk() -> None:
    from django.db import transaction

    from grid.ledger.actions import Line, record_many, sealer
    from grid.ledger.models import Entry
    from grid.scope import Actor
    from tasks.arrivals.verbs import ArrivalVerb

    sealer.seal_pending()
    rates = []
    missing = ENTRIES - Entry.objects.count()
    for start in range(0, missing, 100_000):
        count = min(100_000, missing - start)
        lines = [Line(AREA, start + n, "", FACTS) for n in range(count)]
        with transaction.atomic():
            rates.append(
                count
                / ground.seconds(
                    lambda lines=lines: record_many(ArrivalVerb.VISIT_RECORDED, lines, by=Actor(5, "王建国"))
                )
            )
    ground.say(
        f"append in bulk: {statistics.median(rates):,.0f}/s (n={len(rates)} batches of 100,000, with all indexes)"
    )
    took = ground.seconds(sealer.seal_pending)
    ground.say(f"sealing {missing:,} at one go: {took:.1f} s, {missing / took:,.0f}/s")


def verification() -> None:
    from grid.ledger import keys
    from grid.ledger.actions import exports
    from grid.ledger.queries.checkpoints import newest

    with tempfile.TemporaryDirectory() as folder:
        file, key = Path(folder, "ledger"), Path(folder, "key")
        took = ground.seconds(lambda: write(file, exports.full_export(newest())))
        key.write_text(keys.public_key_pem())
        ground.say(f"export of the whole ledger: {took:.1f} s, {file.stat().st_size / 1e6:.0f} MB")
        content = file.read_bytes()
        from grid.ledger.verify import check

        alone = ground.timed(lambda: hash_alone(content), 3)
        runs = ground.timed(lambda: check(content, key.read_text()), 3)
        ratio = statistics.median(runs) / statistics.median(alone)
        ground.say(
            f"verify {ENTRIES:,} entries: {ground.milliseconds(runs)} (aim 1,500 ms); "
            f"SHA-256 of the same entries alone {ground.milliseconds(alone)}, ratio {ratio:.1f}"
        )
        command = [sys.executable, "-m", "grid.ledger.verify", str(file), "--all", "--key", str(key)]
        whole = ground.timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 3)
        ground.say(f"the same as a program, from the file: {ground.milliseconds(whole)}")
    stored()


def write(file: Path, pieces: Any) -> None:
    with file.open("wb") as out:
        out.writelines(pieces)


def hash_alone(content: bytes) -> None:
    from hashlib import sha256

    average = len(content) // ENTRIES
    for start in range(0, average * ENTRIES, average):
        sha256(content[start : start + average]).digest()


def stored() -> None:
    from grid.ledger.queries import checks
    from grid.ledger.queries.walk import Place, walk

    def everything() -> None:
        assert not [found for page in walk(Place(), ENTRIES, 1e9) for found in page]

    ground.say(f"every stored entry against its seal, leaf by leaf: {ground.seconds(everything):.1f} s")
    for question in checks.CHECKS:
        took = ground.seconds(lambda question=question: list(question()))  # type: ignore[misc]
        ground.say(f"{question.__name__}: {took:.2f} s")


if __name__ == "__main__":
    main()
