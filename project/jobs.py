"""Background jobs: claim, run, try again, and take back what a dead worker held.

The queue is django-tasks' own table. What it lacks is here: a worker that is killed leaves its row RUNNING for
ever, and a job that fails is not tried again. A job may therefore run more than once and must bear that: it asks
the database what is left to do.

While a worker runs a job it renews `started_at` every few seconds, so that column says when the job was last known
to be alive. Leases compare machine time with machine time: the movable time of the demo has no place here.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db import close_old_connections, connections, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import get_random_string
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.problems import Problem

if TYPE_CHECKING:
    from django_tasks.base import TaskResult

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 10.0
IDLE_SECONDS = 0.5
ATTEMPTS = 5


class WorkerLost(Exception):
    """The worker died while it ran the job, and the job has had all its attempts."""


def _machine_time() -> datetime:
    return datetime.now(UTC)


def back_off(attempts: int) -> timedelta:
    """Pause before the next attempt: 5 s, 20 s, 80 s, 320 s.

    >>> [back_off(n).seconds for n in (1, 2, 3, 4)]
    [5, 20, 80, 320]
    """
    return timedelta(seconds=5 * 4 ** (attempts - 1))


class Worker:
    """Runs jobs one after another until `stop` is set; a running job is finished first."""

    def __init__(self, stop: threading.Event, kind: str = "work") -> None:
        self.stop = stop
        self.name = f"{kind}-{get_random_string(12)}"

    def run(self) -> None:
        while not self.stop.is_set():
            close_old_connections()
            try:
                busy = self.run_one()
            except Exception:
                # A lost database connection must not end the worker.
                log.exception("worker %s could not look for jobs", self.name)
                busy = False
            if not busy:
                self.stop.wait(IDLE_SECONDS)
        connections.close_all()

    def run_one(self) -> bool:
        """One job, if there is one. True when something ran, however it ended."""
        job = self._claim()
        if job is None:
            return False
        try:
            with _renewed(job, self.name):
                value = _call(job)
        except Exception as error:
            self._failed(job, error)
        else:
            self._done(job, value)
        return True

    def _claim(self) -> DBTaskResult | None:
        # Looking first keeps an idle worker from taking SQLite's only write lock twice a second.
        if not DBTaskResult.objects.ready().exists():
            return None
        with transaction.atomic():
            job = DBTaskResult.objects.ready().get_locked()
            if job is not None:
                job.claim(self.name)
            return job

    def _done(self, job: DBTaskResult, value: object) -> None:
        with transaction.atomic():
            if _still_held(job, self.name):
                job.set_successful(value)

    def _failed(self, job: DBTaskResult, error: Exception) -> None:
        attempts = len(job.worker_ids)
        # A refusal is the answer, not an accident: asking again changes nothing.
        final = isinstance(error, Problem) or attempts >= ATTEMPTS
        log.warning(
            "job %s (%s) failed at attempt %d%s",
            job.task_path,
            job.pk,
            attempts,
            ", given up" if final else ", will be tried again",
            exc_info=error,
        )
        with transaction.atomic():
            if not _still_held(job, self.name):
                return
            if final:
                job.set_failed(error)
            else:
                _back_to_queue(job)


def _call(job: DBTaskResult) -> object:
    task, result = job.task, job.task_result
    if not task.takes_context:
        return task.call(*result.args, **result.kwargs)
    # The backend's result is a subclass in all but its declared type.
    context: TaskContext = TaskContext(task_result=cast("TaskResult[Any]", result))
    return task.call(context, *result.args, **result.kwargs)


def _still_held(job: DBTaskResult, worker: str) -> bool:
    """False when the lease ran out and somebody else has the job: then our outcome no longer counts."""
    row = DBTaskResult.objects.select_for_update().get(pk=job.pk)
    return bool(row.status == TaskResultStatus.RUNNING and row.worker_ids[-1:] == [worker])


def _back_to_queue(job: DBTaskResult) -> None:
    job.status = TaskResultStatus.READY
    job.run_after = _machine_time() + back_off(len(job.worker_ids))
    job.save(update_fields=["status", "run_after"])


@contextmanager
def _renewed(job: DBTaskResult, worker: str) -> Iterator[None]:
    """Keeps the lease alive from a second thread while the job runs in this one."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEW_SECONDS):
            try:
                DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING).update(
                    started_at=_machine_time()
                )
            except Exception:
                # SQLite may be held by the job's own long transaction; the next beat tries again.
                log.info("lease of job %s not renewed", job.pk, exc_info=True)
        connections.close_all()

    _alive.add(worker)
    thread = threading.Thread(target=renew, name=f"lease-{worker}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _alive.discard(worker)


# Workers of this very process that are running a job. On SQLite a long dispatch holds the only write lock and its
# lease cannot be renewed meanwhile; the reaper in the same process knows better than the row.
_alive: set[str] = set()


def give_back_lost() -> int:
    """Periodic: jobs whose worker has not been heard of for a lease go back to the queue. How many."""
    return _give_back(Q(started_at__lt=_machine_time() - LEASE))


def give_back_after_restart(kind: str) -> int:
    """At the start of the only process with workers of this kind: whatever they still hold is lost. How many."""
    return _give_back(Q(), kind)


def _give_back(lost: Q, kind: str = "") -> int:
    with transaction.atomic():
        rows: QuerySet[DBTaskResult] = DBTaskResult.objects.select_for_update(skip_locked=True)
        returned = [
            job
            for job in rows.filter(lost, status=TaskResultStatus.RUNNING)
            if job.worker_ids[-1] not in _alive and job.worker_ids[-1].startswith(kind)
        ]
        for job in returned:
            _give_back_one(job)
    return len(returned)


def _give_back_one(job: DBTaskResult) -> None:
    log.warning("job %s (%s) was lost by worker %s", job.task_path, job.pk, job.worker_ids[-1])
    if len(job.worker_ids) >= ATTEMPTS:
        job.set_failed(WorkerLost(f"lost by {', '.join(job.worker_ids)}"))
        return
    # No back-off: the job did nothing wrong, and somebody is waiting for it.
    job.status = TaskResultStatus.READY
    job.run_after = _machine_time()
    job.save(update_fields=["status", "run_after"])
