"""Writers and sealers at once: no entry is missed, none is sealed twice, no number is given twice."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction

from grid.ledger import queries, tree
from grid.ledger.actions import Line, exports, record, record_many, sealer
from grid.ledger.models import Checkpoint, Entry, Leaf, SealState
from grid.ledger.queries.checkpoints import newest
from grid.ledger.verify import check
from grid.scope import machine
from tasks.comparison.verbs import ComparisonVerb
from tests.patience import PATIENCE, until
from workflows.cases.verbs import CaseVerb

pytestmark = pytest.mark.django_db(transaction=True)
CLERK, AREA, CASE = machine("tests"), "150302001002001", "HBW-2026-000001"
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")


def write(case: str = "") -> Entry:
    with transaction.atomic():
        return record(CaseVerb.CASE_URGED, Line(AREA, case=case), by=CLERK)


def everything() -> bytes:
    return b"".join(exports.full_export(newest()))


def closing(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def at_once(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(closing(work)) for work in works]]


def test_eight_writers_of_one_case_number_without_gap() -> None:
    def writer() -> None:
        for _ in range(12):
            write(CASE)

    at_once(*[writer] * 8)
    rows = list(Entry.objects.filter(case=CASE).order_by("nth").values_list("nth", "pk", "at"))
    assert [row[0] for row in rows] == list(range(1, 97))
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)


def test_writers_of_many_cases_in_opposite_order_do_not_block_each_other_for_ever() -> None:
    cases = [f"C{number}" for number in range(40)]

    def writer(order: list[str]) -> Callable[[], None]:
        def work() -> None:
            for _ in range(5):
                with transaction.atomic():
                    record_many(CaseVerb.CASE_URGED, [Line(AREA, None, case) for case in order], by=CLERK)

        return work

    at_once(writer(cases), writer(cases[::-1]), writer(cases))
    assert {entry.nth for entry in Entry.objects.filter(case="C7")} == set(range(1, 16))


def test_several_sealers_beside_writers_seal_each_entry_once() -> None:
    stop = threading.Event()

    def writer() -> None:
        for number in range(25):
            if number % 5:
                write(CASE)
            else:
                with transaction.atomic():
                    record_many(ComparisonVerb.LEAD_FOUND, [Line(AREA)] * 7, by=CLERK)

    def sealing() -> None:
        while not stop.is_set():
            sealer.seal_pending()
            time.sleep(0.01)

    with ThreadPoolExecutor(3) as pool:
        sealers = [pool.submit(closing(sealing)) for _ in range(3)]
        try:
            at_once(*[writer] * 6)
        finally:
            stop.set()
        for future in sealers:
            future.result(60)
    sealer.seal_pending()
    assert Leaf.objects.count() == Entry.objects.count() == tree.size() == 6 * (20 + 5 * 7)
    report = check(everything(), deep=True)
    assert not report.findings
    assert not check(queries.export(CLERK, CASE)).findings


@contextmanager
def open_writer(case: str = "") -> Iterator[Callable[[bool], None]]:
    """An entry is written in another connection and waits there uncommitted until told to end."""
    wrote, end = threading.Event(), threading.Event()
    outcome = [True]

    def work() -> None:
        with transaction.atomic():
            write(case)
            wrote.set()
            end.wait(PATIENCE)
            if not outcome[0]:
                transaction.set_rollback(True)

    thread = threading.Thread(target=closing(work))
    thread.start()
    assert wrote.wait(PATIENCE)

    def finish(commit: bool) -> None:
        outcome[0] = commit
        end.set()
        thread.join(PATIENCE)

    try:
        yield finish
    finally:
        finish(True)


@only_postgresql
def test_an_entry_committed_after_later_ones_were_sealed_is_not_missed() -> None:
    with open_writer() as finish:
        for _ in range(3):
            write()
        # The open transaction holds a lower id; the others are sealed without waiting for it.
        assert sealer.seal_pending() == 3
        for _ in range(3):
            write()
            assert sealer.seal_pending() == 1
        assert SealState.objects.get().low < Entry.objects.order_by("pk")[0].pk
        finish(True)
    assert sealer.seal_pending() == 1
    assert Leaf.objects.order_by("-index")[0].entry_id == Entry.objects.order_by("pk")[0].pk
    sealer.seal_pending()
    assert SealState.objects.get().low == Entry.objects.order_by("-pk")[0].pk


@only_postgresql
def test_what_becomes_visible_while_a_pass_reads_is_not_sealed_before_its_forerunner() -> None:
    done = list[bool]()
    with open_writer(CASE) as finish:
        write()

        def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
            answer = execute(sql, *rest)
            if "grid_leaf" in sql and not done:
                done.append(True)
                finish(True)
                at_once(lambda: write(CASE))
            return answer

        with connection.execute_wrapper(meanwhile):
            sealer.seal_pending()
    sealer.seal_pending()
    assert done and Leaf.objects.count() == 3
    assert not check(everything(), deep=True).findings


@only_postgresql
def test_an_entry_that_is_rolled_back_does_not_hold_the_mark() -> None:
    with open_writer() as finish:
        write()
        sealer.seal_pending()
        finish(False)
    write()
    assert sealer.seal_pending() == 1
    assert SealState.objects.get().low == Entry.objects.order_by("-pk")[0].pk


@only_postgresql
def test_the_mark_moves_although_there_is_always_some_writer() -> None:
    """Each of them ends soon, but at no moment is there none: the mark follows the ones it watches."""
    with open_writer() as first:
        write()
        sealer.seal_pending()
        for _ in range(4):
            with open_writer() as following:
                first(True)
                sealer.seal_pending()
                write()
                sealer.seal_pending()
                first = following
                low = SealState.objects.get().low
        assert low > 0


def test_a_sealer_killed_before_its_end_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(300):
        write()
    sealer.seal(280)

    def killed(*told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sealer, "_sign", killed)
        with pytest.raises(KeyboardInterrupt):
            sealer.seal_pending()
    assert (tree.size(), Checkpoint.objects.count()) == (280, 1)
    assert sealer.seal_pending() == 20
    assert not check(everything()).findings


def test_what_is_committed_is_sealed_by_a_clock_that_runs_beside() -> None:
    stop = threading.Event()

    def clock() -> None:
        while not stop.wait(0.5):
            sealer.seal_pending()

    thread = threading.Thread(target=closing(clock))
    thread.start()
    try:
        with transaction.atomic():
            record_many(ComparisonVerb.LEAD_FOUND, (Line(AREA) for _ in range(10_000)), by=CLERK)
        until(lambda: Leaf.objects.count() == 10_000)
    finally:
        stop.set()
        thread.join(PATIENCE)
