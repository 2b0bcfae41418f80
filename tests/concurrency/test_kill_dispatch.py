"""kill -9 in the middle of a dispatch: whole chunks stay, and the next run completes the rest, once."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from grid.calendar.now import today
from grid.ledger.models import Entry
from tasks.coverage.models import CoverState, Span
from tasks.doors.models import CheckTask
from tasks.rounds import dispatch
from tasks.rounds.models import Round, RoundState
from tasks.rounds.verbs import RoundVerb
from tests.cast import GRID_1, GRID_2, credit_code
from tests.patience import until
from tests.workflows.makers import make_round

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
DOORS, CHUNK = 60, 5

# A process of its own that dispatches slowly enough to be met in the middle of its work.
SLOW = """
import sys, time, django
django.setup()
from grid.territory.queries import actor_of
from grid.territory.models import Person
from tasks.rounds import dispatch
dispatch.CHUNK = int(sys.argv[3])
plain = dispatch._follow_ground
def slow(*chunk_and_by):
    time.sleep(0.15)  # inside the chunk's transaction, after its tasks were written
    return plain(*chunk_and_by)
dispatch._follow_ground = slow
dispatch.send_out(int(sys.argv[1]), by=actor_of(Person.objects.get(pk=int(sys.argv[2]))))
"""


def environment() -> dict[str, str]:
    """The test's own database, by the same switch as in operation."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite://{at['NAME']}"
    else:
        url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def round(cast, make_employer) -> Round:
    with transaction.atomic():
        for n in range(DOORS):
            make_employer(area=GRID_1 if n % 2 else GRID_2, credit_code=credit_code(5000 + n))
    return make_round(cast, state=RoundState.DISPATCHING, due_on=today() + timedelta(5))


def started(round: Round, cast) -> subprocess.Popen:
    command = [sys.executable, "-c", SLOW, str(round.pk), str(cast.qian.pk), str(CHUNK)]
    return subprocess.Popen(command, cwd=ROOT, env=environment())


def wait_for(count: int, process: subprocess.Popen) -> None:
    def are_there() -> bool:
        assert process.poll() is None, "the dispatch ended before it could be killed"
        return CheckTask.objects.count() >= count

    until(are_there)


def test_a_killed_dispatch_is_completed_by_the_next_run(round, cast):
    process = started(round, cast)
    wait_for(2 * CHUNK, process)
    process.send_signal(signal.SIGKILL)
    process.wait()

    left_behind = CheckTask.objects.count()
    assert 0 < left_behind < DOORS
    assert left_behind % CHUNK == 0
    assert Entry.objects.filter(verb=RoundVerb.TASK_DISPATCHED).count() == left_behind

    round.refresh_from_db()
    assert (round.state, round.dispatch_done, round.dispatch_total) == (
        RoundState.DISPATCHING,
        left_behind,
        DOORS,
    )

    assert dispatch.send_out(round.pk, by=cast.by.qian) == DOORS - left_behind
    round.refresh_from_db()
    assert (round.state, round.dispatch_done) == (RoundState.WORKED, DOORS)
    assert CheckTask.objects.values("subject").distinct().count() == DOORS
    assert Entry.objects.filter(verb=RoundVerb.TASK_DISPATCHED).count() == DOORS
    assert Entry.objects.filter(verb=RoundVerb.ROUND_DISPATCHED).count() == 1
    assert Span.objects.filter(state=CoverState.TO_CHECK, until=None).count() == DOORS
    assert dispatch.send_out(round.pk, by=cast.by.qian) == 0


def test_a_run_thought_dead_stops_when_another_takes_over(round, cast):
    """A lease that ran out too early: two runs at once still write every door once."""
    process = started(round, cast)
    wait_for(CHUNK, process)
    dispatch.send_out(round.pk, by=cast.by.qian)
    assert process.wait(60) == 0
    round.refresh_from_db()
    assert (round.state, round.dispatch_done) == (RoundState.WORKED, DOORS)
    assert CheckTask.objects.count() == DOORS
    assert Entry.objects.filter(verb=RoundVerb.ROUND_DISPATCHED).count() == 1
