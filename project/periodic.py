"""What is done again and again without anybody asking: the clock's list.

Each job is a function without arguments that finds its own work, does it exactly once however many clocks run
(locks, not luck), and may be killed at any point. The call is for speed; the next round is the guarantee.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

REPEAT_SECONDS = 60.0


@dataclass(frozen=True)
class Periodic:
    name: str
    every: float  # seconds between the end of one round and the start of the next
    path: str


PERIODIC = (
    Periodic("seal the ledger", 1, "grid.ledger.sealer.seal_pending"),
    Periodic("look for entries the sealer missed", 86_400, "grid.ledger.sealer.sweep"),
    Periodic("fire due clocks", 5, "workflows.clocks.actions.fire_due_clocks"),
    Periodic("tell the superior what is overdue", 60, "workflows.clocks.overdue.escalate_overdue"),
    Periodic("find what is stuck", 600, "workflows.clocks.stuck.find_stuck"),
    Periodic(
        "compute terms again that met a change of the calendar",
        3_600,
        "workflows.clocks.actions.recheck_clocks",
    ),
    Periodic("close finished rounds", 60, "workflows.rounds.actions.close_finished_rounds"),
    Periodic("take back doors of closed rounds", 3_600, "tasks.rounds.actions.clear_closed_rounds"),
    Periodic("close cases the register settled", 60, "workflows.cases.actions.heal_rectified"),
    Periodic("send waiting messages", 5, "workflows.reminders.actions.send_waiting"),
    Periodic("find who stopped paying", 3_600, "workflows.reminders.actions.find_lapses"),
    Periodic("take submissions whose last part never came", 600, "mobile_api.openrosa.actions.take_waiting"),
    Periodic("free steps of people who left", 60, "workflows.signing.actions.release_vacated"),
    Periodic("remind departments and report the late", 60, "workflows.duties.terms.watch_terms"),
    Periodic("remind departments of sanctions", 60, "workflows.sanctions.actions.chase_orders"),
    Periodic("take back lost jobs", 30, "project.jobs.give_back_lost"),
)


class Complaints:
    """Says a failure when it begins, then once a minute while it lasts, and when it is over.

    A job that fails every second would otherwise fill the disk with one and the same line.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.since: float | None = None
        self.said = 0.0

    def failed(self, error: Exception) -> None:
        now = time.monotonic()
        if self.since is None or now - self.said >= REPEAT_SECONDS:
            log.error("%s: failed: %s", self.name, error, exc_info=error if self.since is None else None)
            self.said = now
        self.since = self.since if self.since is not None else now

    def went_well(self) -> None:
        if self.since is not None:
            log.warning("%s: works again after %.0f s", self.name, time.monotonic() - self.since)
            self.since = None


def once(job: Periodic, complaints: Complaints) -> None:
    close_old_connections()
    try:
        work: Callable[[], object] = import_string(job.path)
        work()
    except Exception as error:
        complaints.failed(error)
    else:
        complaints.went_well()


def keep_doing(job: Periodic, stop: threading.Event) -> None:
    complaints = Complaints(job.name)
    while not stop.is_set():
        once(job, complaints)
        stop.wait(job.every)
    connections.close_all()


def start_clock(stop: threading.Event) -> list[threading.Thread]:
    """A thread for each job, so that a slow sweep never delays the sealing. Running until `stop` is set."""
    threads = [
        threading.Thread(target=keep_doing, args=(job, stop), name=f"clock: {job.name}", daemon=True)
        for job in PERIODIC
    ]
    for thread in threads:
        thread.start()
    return threads
