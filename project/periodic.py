"""What is done again and again without anybody asking: the clock's list.

Each job is a function without arguments that finds its own work, does it exactly once however many clocks run
(locks, not luck), and may be killed at any point. The call is for speed; the next round is the guarantee.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connections
from django.utils.module_loading import import_string
from structlog.contextvars import bound_contextvars

from grid.complaints import Complaints
from project.beating import Threads, start_beating

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Periodic:
    name: str
    every: float  # seconds between the end of one round and the start of the next
    path: str


PERIODIC = (
    Periodic("seal the ledger", 1, "grid.ledger.actions.sealer.seal_pending"),
    Periodic("look for entries the sealer missed", 86_400, "grid.ledger.actions.sealer.sweep"),
    Periodic("sign statements of cases", 1, "grid.ledger.actions.statements.answer_waiting"),
    Periodic("look whether the ledger is whole", 600, "grid.watch.actions.watch_ledger"),
    Periodic("fire due clocks", 5, "workflows.clocks.actions.fire_due_clocks"),
    Periodic("tell the superior what is overdue", 60, "workflows.engine.actions.overdue.escalate_overdue"),
    Periodic("find what is stuck", 600, "workflows.engine.actions.stuck.find_stuck"),
    Periodic(
        "compute terms again that met a change of the calendar",
        3_600,
        "workflows.clocks.actions.recheck_clocks",
    ),
    Periodic("close finished rounds", 60, "workflows.rounds.actions.close_finished_rounds"),
    Periodic(
        "carry out changes of divisions on their day", 60, "grid.recut.changes.actions.carry_due_changes"
    ),
    Periodic(
        "gather what was placed in an area that ended",
        600,
        "grid.recut.changes.actions.straying.gather_strays",
    ),
    Periodic("give on doors of postings that ended", 600, "tasks.rounds.actions.settle_nobodys"),
    Periodic("take back doors of closed rounds", 3_600, "tasks.rounds.actions.clear_closed_rounds"),
    Periodic("let who came later join running rounds", 60, "tasks.rounds.joining.actions.join_newcomers"),
    Periodic(
        "take back doors of who is out of business", 3_600, "tasks.rounds.joining.actions.take_back_ended"
    ),
    Periodic("remind workers that rounds end", 3_600, "tasks.rounds.reminding.actions.remind_workers"),
    Periodic("compare all registers at night", 600, "tasks.comparison.actions.compare_nightly"),
    Periodic("ask for late registers", 3_600, "grid.registers.actions.rhythm.ask_for_late"),
    Periodic("close cases the register settled", 60, "workflows.cases.actions.close_rectified"),
    Periodic("send waiting messages", 5, "workflows.reminders.actions.send_waiting"),
    Periodic("find who stopped paying", 3_600, "workflows.reminders.actions.find_lapses"),
    Periodic("take submissions whose last part never came", 600, "mobile_api.openrosa.actions.take_waiting"),
    Periodic("open new photos", 5, "tasks.visits.actions.look_at_new"),
    Periodic("free steps of people who left", 60, "workflows.engine.signing.actions.binding.release_vacated"),
    Periodic("remind departments and report the late", 60, "workflows.duties.terms.watch_terms"),
    Periodic("remind departments of sanctions", 60, "workflows.sanctions.actions.chase_orders"),
    Periodic("sweep what is past its term", 3_600, "project.sweeping.sweep_all"),
    Periodic("take back lost jobs", 30, "project.jobs.give_back_lost"),
)


def once(job: Periodic, complaints: Complaints, threads: Threads) -> None:
    close_old_connections()
    try:
        with threads.busy(job.name, job.every):
            work: Callable[[], object] = import_string(job.path)
            work()
    except Exception as error:
        complaints.failed(error)
    else:
        complaints.went_well()


def keep_doing(job: Periodic, threads: Threads, stop: threading.Event) -> None:
    complaints = Complaints(job.name, log)
    # Whatever it logs says which job it was.
    with bound_contextvars(clock=job.name):
        while not stop.is_set():
            once(job, complaints, threads)
            stop.wait(job.every)
    connections.close_all()


def start_clock(stop: threading.Event) -> list[threading.Thread]:
    """A thread for each job, so that a slow sweep never delays the sealing. Running until `stop` is set."""
    threads = Threads("clock")
    running = [
        threading.Thread(target=keep_doing, args=(job, threads, stop), name=f"clock: {job.name}", daemon=True)
        for job in PERIODIC
    ]
    for thread in running:
        thread.start()
    return [*running, start_beating(threads, stop)]
