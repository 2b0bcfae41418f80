"""Jobs run once, are tried again after a failure, and come back when their worker dies."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.problems import Busy, NotHere
from project import jobs
from project.orders import MOVED, ORDERS
from tasks.comparison.actions import compare_area
from tests.patience import until

ran: list[str] = []
# In a variable: a line of code stands in a traceback as it is written.
REFUSED_ROW = 'null value in column "weather"\nDETAIL:  Failing row contains (7, 低保, 张三).'


@task()
def notes(text: str) -> str:
    ran.append(text)
    return text


@task()
def kills() -> None:
    os.abort()


@task()
def looks_around(text: str) -> None:
    ran.append(text)
    notes.enqueue(f"beside {text}")
    other = jobs.Worker(threading.Event())
    ran.append(f"{text} saw {other.run_one()}, {other.run_one()}")


@task()
def breaks() -> None:
    raise RuntimeError("no luck")


@task()
def breaks_on_a_row() -> None:
    raise IntegrityError(REFUSED_ROW)


@task()
def is_busy() -> None:
    raise Busy()


@task()
def refuses() -> None:
    raise NotHere()


@pytest.fixture(autouse=True)
def _clean() -> None:
    ran.clear()


@pytest.fixture
def worker(db: None) -> jobs.Worker:
    return jobs.Worker(threading.Event())


def due_now(row: DBTaskResult) -> None:
    DBTaskResult.objects.filter(pk=row.pk).update(run_after=datetime.now(UTC) - timedelta(seconds=1))


def test_a_job_runs_once(worker):
    notes.enqueue("a")
    assert worker.run_one() is True
    assert worker.run_one() is False
    assert ran == ["a"]
    row = DBTaskResult.objects.get()
    assert (row.status, row.return_value) == (TaskResultStatus.SUCCESSFUL, "a")


def test_a_failed_job_waits_longer_each_time_and_is_given_up(worker):
    breaks.enqueue()
    for attempt in range(1, jobs.ATTEMPTS):
        assert worker.run_one()
        row = DBTaskResult.objects.get()
        assert row.status == TaskResultStatus.READY
        pause = row.run_after - datetime.now(UTC)
        assert jobs.back_off(attempt) - timedelta(seconds=3) < pause <= jobs.back_off(attempt)
        assert worker.run_one() is False
        due_now(row)
    assert worker.run_one()
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.FAILED
    assert "no luck" in row.traceback


def test_a_refusal_is_not_tried_again(worker):
    refuses.enqueue()
    worker.run_one()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def lost(row: DBTaskResult, *, attempts: int = 1, ago: timedelta) -> None:
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=TaskResultStatus.RUNNING,
        started_at=datetime.now(UTC) - ago,
        worker_ids=[f"work-{n}" for n in range(attempts)],
    )


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_machine_that_goes_by_another_clock_robs_no_live_job(worker, monkeypatch, ahead):
    true = timezone.now
    notes.enqueue("alive")
    with monkeypatch.context() as here:
        here.setattr(timezone, "now", lambda: true() + ahead)
        claimed = worker._claim()
        assert abs(true() - DBTaskResult.objects.get().started_at) < jobs.LEASE / 2
        assert jobs.give_back_lost() == 0
        lost(claimed, ago=jobs.LEASE + timedelta(seconds=5))
        assert jobs.give_back_lost() == 1
    assert true() < DBTaskResult.objects.get().run_after < true() + timedelta(minutes=1)


def test_a_job_of_a_silent_worker_comes_back(worker):
    notes.enqueue("again")
    row = DBTaskResult.objects.get()
    lost(row, ago=jobs.LEASE - timedelta(seconds=5))
    assert jobs.give_back_lost() == 0
    lost(row, ago=jobs.LEASE + timedelta(seconds=5))
    assert jobs.give_back_lost() == 1
    assert worker.run_one() is False
    due_now(row)
    assert worker.run_one()
    assert ran == ["again"]


def test_a_job_that_kills_its_workers_is_given_up(worker):
    notes.enqueue("poison")
    lost(DBTaskResult.objects.get(), attempts=jobs.ATTEMPTS, ago=timedelta(hours=1))
    jobs.give_back_lost()
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.FAILED
    assert row.exception_class_path == "project.jobs.WorkerLost"
    assert worker.run_one() is False


def test_a_lost_job_waits_behind_the_others_and_is_tried_once_more(worker):
    notes.enqueue("poison")
    row = DBTaskResult.objects.get()
    lost(row, ago=timedelta(0))
    jobs.give_back_after_restart("work-")
    notes.enqueue("innocent")
    due_now(row)
    assert worker.run_one()
    assert ran == ["innocent"]
    worker._claim()
    assert jobs.give_back_after_restart("work-") == 1
    row.refresh_from_db()
    assert (row.status, row.exception_class_path) == (TaskResultStatus.FAILED, "project.jobs.WorkerLost")


@pytest.mark.django_db(transaction=True)
def test_a_lost_job_has_its_process_to_itself(worker):
    looks_around.enqueue("poison")
    lost(DBTaskResult.objects.get(), ago=timedelta(0))
    jobs.give_back_after_restart("work-")
    due_now(DBTaskResult.objects.get())
    looks_around.enqueue("innocent")
    for _ in range(4):
        worker.run_one()
    # Beside the innocent one its own order may run, the lost one may not; beside the lost one nobody.
    assert ran == ["innocent", "beside innocent", "innocent saw True, False", "poison", "poison saw False, False",
                   "beside poison"]  # fmt: skip


def test_a_process_that_stops_in_good_order_loses_nothing(worker):
    notes.enqueue("long")
    for _ in range(jobs.ATTEMPTS + 1):
        job = worker._claim()
        jobs._alive.add(worker.name)
        assert jobs.hand_back() == 1
        jobs._alive.discard(worker.name)
        worker._done(job, "from the thread that is still busy")
        assert DBTaskResult.objects.get().status == TaskResultStatus.READY
    assert worker.run_one()
    assert ran == ["long"]


def test_a_restart_takes_back_its_own_kind_at_once(db):
    notes.enqueue("x")
    lost(DBTaskResult.objects.get(), ago=timedelta(0))
    assert jobs.give_back_after_restart("serve-") == 0
    assert jobs.give_back_after_restart("work-") == 1


def test_a_worker_that_lost_its_lease_cannot_end_the_job(worker):
    notes.enqueue("x")
    job = worker._claim()
    DBTaskResult.objects.update(worker_ids=[worker.name, "work-other"])
    worker._done(job, "x")
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_a_job_runs(monkeypatch):
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0.05)
    worker = jobs.Worker(threading.Event())
    notes.enqueue("slow")
    job = worker._claim()
    DBTaskResult.objects.update(started_at=datetime.now(UTC) - timedelta(hours=1))
    with jobs._renewed(job, worker.name):
        deadline = datetime.now(UTC) + timedelta(seconds=5)
        while datetime.now(UTC) - DBTaskResult.objects.get().started_at > timedelta(seconds=1):
            assert datetime.now(UTC) < deadline
        # Even a lapsed lease does not cost a worker of this process its job.
        DBTaskResult.objects.update(
            started_at=datetime.now(UTC) - timedelta(hours=1), worker_ids=[worker.name]
        )
        assert jobs.give_back_lost() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_queue_without_running_anything_twice():
    for number in range(20):
        notes.enqueue(str(number))
    stop = threading.Event()
    threads = [threading.Thread(target=jobs.Worker(stop).run) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: not DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).exists())
    stop.set()
    for thread in threads:
        thread.join()
    assert sorted(ran, key=int) == [str(number) for number in range(20)]


def test_a_job_that_failed_keeps_no_row_the_database_refused(worker, monkeypatch):
    """Not even for a moment: what is written once stays in the database's own log."""
    written = []
    save = DBTaskResult.save
    monkeypatch.setattr(
        DBTaskResult, "save", lambda row, **facts: (written.append(row.traceback), save(row, **facts))[1]
    )
    breaks_on_a_row.enqueue()
    for _attempt in range(jobs.ATTEMPTS):
        assert worker.run_one()
        due_now(DBTaskResult.objects.get())
    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.FAILED and row.exception_class_path.endswith("IntegrityError")
    assert "breaks_on_a_row" in row.traceback and "null value" in row.traceback
    assert not [text for text in (*written, row.traceback) if "低保" in text or "Failing row" in text]


def test_what_passes_is_tried_again_and_what_was_answered_is_not(worker):
    is_busy.enqueue()
    assert worker.run_one()
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


@pytest.mark.parametrize("old", MOVED)
def test_a_job_of_the_version_before_finds_its_function(worker, old):
    assert import_string(MOVED[old]).takes_context is False and MOVED[old] in ORDERS


def test_a_job_that_waited_through_a_change_of_version_is_done(worker, cast):
    row = compare_area.enqueue("150302", cast.qian.pk)
    DBTaskResult.objects.filter(pk=row.id).update(task_path="tasks.comparison.jobs.compare_area")
    assert worker.run_one()
    assert DBTaskResult.objects.get(pk=row.id).status == TaskResultStatus.SUCCESSFUL
