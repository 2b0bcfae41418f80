"""Background jobs: claim, run, try again, and take back what a dead worker held.

The queue is django-tasks' own table. What it lacks is here: a worker that is killed leaves its row RUNNING for
ever, and a job that fails is not tried again. A job may therefore run more than once and must bear that: it asks
the database what is left to do.

A job lost together with its worker may have killed it. It waits behind all others, is tried once more with no other
job beside it in its process, and is given up when that worker is lost, too: a poisonous job takes no other along and
is not taken first at every start. A process that stops in good order gives its jobs back by itself: that is no loss.

While a worker runs a job it renews `started_at` every few seconds, so that column says when the job was last known
to be alive. Leases and pauses go by the database's clock, which all workers share: a machine that is an hour ahead would
take the jobs of all others for lost. The movable time of the demo has no place here.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db import close_old_connections, connections, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import get_random_string
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from structlog.contextvars import bound_contextvars

from grid.complaints import Complaints
from grid.problems import Problem
from project.beating import Threads
from project.logs import masked, traceback_of
from project.orders import Job, give_up, path_of

if TYPE_CHECKING:
    from django_tasks.base import TaskResult

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 10.0
IDLE_SECONDS = 0.5
LONG_JOB = 1800.0  # seconds; one that takes twice as long counts as hanging
ATTEMPTS = 5
LOSSES = 2
FAULT = 500  # from here on a status speaks of the server, not of what was asked
LOST, STOPPED = "lost:", "stopped:"  # before the name of a worker that did not come to the end of its attempt
LAST = -100  # priority of a job that was lost: behind all others


class WorkerLost(Exception):
    """The worker died while it ran the job, and so did the one that tried it again alone."""


def back_off(attempts: int) -> timedelta:
    """Pause before the next attempt: 5 s, 20 s, 80 s, 320 s.

    >>> [back_off(n).seconds for n in (1, 2, 3, 4)]
    [5, 20, 80, 320]
    """
    return timedelta(seconds=5 * 4 ** (attempts - 1))


class Worker:
    """Runs jobs one after another until `stop` is set; a running job is finished first."""

    def __init__(self, stop: threading.Event, kind: str = "work", threads: Threads | None = None) -> None:
        self.stop = stop
        self.threads = threads or Threads("work")
        self.name = f"{kind}-{get_random_string(12)}"
        self.complaints = Complaints(f"worker {self.name}", log)

    def run(self) -> None:
        while not self.stop.is_set():
            close_old_connections()
            try:
                with self.threads.busy(self.name, IDLE_SECONDS):
                    busy = self.run_one()
            except Exception as error:
                # A lost database connection must not end the worker.
                self.complaints.failed(error)
                busy = False
            else:
                self.complaints.went_well()
            if not busy:
                self.stop.wait(IDLE_SECONDS)
        connections.close_all()

    def run_one(self) -> bool:
        """One job, if there is one. True when something ran, however it ended."""
        with _entrance:
            job = self._claim()
            if job is None:
                return False
            _alive.add(self.name)
            if job.priority == LAST:
                _alone.add(self.name)
        try:
            with bound_contextvars(job=job.task_path, job_id=str(job.pk)):
                self._run(job)
        finally:
            _alone.discard(self.name)
            _alive.discard(self.name)
        return True

    def _run(self, job: Job) -> None:
        began = time.monotonic()
        try:
            with self.threads.busy(self.name, LONG_JOB), _renewed(job, self.name):
                value = _call(job)
        except Exception as error:
            self._failed(job, error, time.monotonic() - began)
        else:
            self._done(job, value)
            log.info("job done", extra={"seconds": round(time.monotonic() - began, 2)})

    def _claim(self) -> Job | None:
        # Looking first keeps an idle worker from taking SQLite's only write lock twice a second.
        if _alone or not _ready().exists():
            return None
        with transaction.atomic():
            job = _ready().select_for_update(skip_locked=True).first()
            if job is None or (job.priority == LAST and _alive):
                return None
            job.claim(self.name)
            job.task_path = path_of(job)
            DBTaskResult.objects.filter(pk=job.pk).update(started_at=Now(), task_path=job.task_path)
            return job

    def _done(self, job: Job, value: object) -> None:
        with transaction.atomic():
            if _still_held(job, self.name):
                job.set_successful(value)

    def _failed(self, job: Job, error: Exception, seconds: float) -> None:
        attempts = _attempts(job)
        # A refusal is the answer, not an accident: asking again changes nothing. Busy, away and full pass.
        is_answer = isinstance(error, Problem) and error.status < FAULT
        final = is_answer or attempts >= ATTEMPTS
        log.warning(
            "job %s (%s) failed at attempt %d%s",
            job.task_path,
            job.pk,
            attempts,
            ", given up" if final else ", will be tried again",
            exc_info=error,
            extra={"seconds": round(seconds, 2)},
        )
        with transaction.atomic():
            if not _still_held(job, self.name):
                return
            if final:
                _end(job, error)
            else:
                _back_to_queue(job, back_off(attempts))


def _ready() -> QuerySet[Job]:
    """What the library calls ready, by the database's clock instead of this machine's."""
    due = Q(run_after=get_date_max()) | Q(run_after__lte=Now())
    return DBTaskResult.objects.filter(due, status=TaskResultStatus.READY)


def _call(job: Job) -> object:
    task, result = job.task, job.task_result
    if not task.takes_context:
        return task.call(*result.args, **result.kwargs)
    # The backend's result is a subclass in all but its declared type.
    context: TaskContext = TaskContext(task_result=cast("TaskResult[Any]", result))
    return task.call(context, *result.args, **result.kwargs)


def _still_held(job: Job, worker: str) -> bool:
    """False when the lease ran out and somebody else has the job: then our outcome no longer counts."""
    row = DBTaskResult.objects.select_for_update().get(pk=job.pk)
    return bool(row.status == TaskResultStatus.RUNNING and row.worker_ids[-1:] == [worker])


def _attempts(job: Job) -> int:
    """A worker that stopped in good order did not try the job and fail."""
    return sum(not worker.startswith(STOPPED) for worker in job.worker_ids)


def _back_to_queue(job: Job, pause: timedelta) -> None:
    job.status = TaskResultStatus.READY
    # At once is no moment: SQLite writes a sum of times to the microsecond and compares it with one to the millisecond.
    job.run_after = Now() + pause if pause else get_date_max()
    job.save(update_fields=["status", "run_after", "worker_ids", "priority"])


def _end(job: Job, error: Exception) -> None:
    # What the library does, but for its traceback: that repeats the row the database refused, and whose answers those
    # are is nobody's business here, nor in the log of the database or a backup, where even a row soon written over stays.
    job.status, job.return_value = TaskResultStatus.FAILED, None
    job.finished_at = datetime.now(UTC)
    job.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    job.traceback = masked(traceback_of(error))
    job.save(update_fields=["status", "return_value", "finished_at", "exception_class_path", "traceback"])
    try:
        give_up(job, error)
    except Exception:
        # The job is over all the same; one that cannot be told must not be run for ever.
        log.exception("nobody could be told that job %s (%s) failed", job.task_path, job.pk)


@contextmanager
def _renewed(job: Job, worker: str) -> Iterator[None]:
    """Keeps the lease alive from a second thread while the job runs in this one."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEW_SECONDS):
            try:
                DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING).update(
                    started_at=Now()
                )
            except Exception as error:
                # SQLite may be held by the job's own long transaction; the next beat tries again.
                log.info("lease of job %s not renewed: %s", job.pk, error)
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
_alone: set[str] = set()
# One after another through the door: who is inside decides whether a job that was lost may enter.
_entrance = threading.Lock()


def give_back_lost() -> int:
    """Periodic: jobs whose worker has not been heard of for a lease go back to the queue. How many."""
    return _give_back(Q(started_at__lt=Now() - LEASE))


def give_back_after_restart(kind: str) -> int:
    """At the start of the only process with workers of this kind: whatever they still hold is lost. How many."""
    return _give_back(Q(), kind)


def _give_back(lost: Q, kind: str = "") -> int:
    with transaction.atomic():
        rows: QuerySet[Job] = DBTaskResult.objects.select_for_update(skip_locked=True)
        returned = [
            job
            for job in rows.filter(lost, status=TaskResultStatus.RUNNING)
            if job.worker_ids[-1] not in _alive and job.worker_ids[-1].startswith(kind)
        ]
        for job in returned:
            _give_back_one(job)
    return len(returned)


def _give_back_one(job: Job) -> None:
    worker = job.worker_ids[-1]
    log.warning("job %s (%s) was lost by worker %s", job.task_path, job.pk, worker)
    job.worker_ids[-1] = f"{LOST}{worker}"
    losses = sum(worker_id.startswith(LOST) for worker_id in job.worker_ids)
    if losses >= LOSSES or _attempts(job) >= ATTEMPTS:
        job.save(update_fields=["worker_ids"])
        _end(job, WorkerLost(f"{', '.join(job.worker_ids)}"))
        return
    job.priority = LAST
    _back_to_queue(job, back_off(losses))


def hand_back() -> int:
    """At the end of a process that stops in good order: jobs its workers are still busy with are not lost, another
    goes on where they are. How many."""
    with transaction.atomic():
        rows: QuerySet[Job] = DBTaskResult.objects.select_for_update(skip_locked=True)
        running = rows.filter(status=TaskResultStatus.RUNNING)
        mine = [job for job in running if job.worker_ids[-1] in _alive]
        for job in mine:
            job.worker_ids[-1] = f"{STOPPED}{job.worker_ids[-1]}"
            _back_to_queue(job, timedelta(0))
    return len(mine)
