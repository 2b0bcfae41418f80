"""kill -9 at every commit of a case's way from the approval to the removal from the list.

A process of its own takes the case along its main lawful path. It is killed once just before every commit, which
must leave nothing at all, and once just after, which must leave nothing half-done: state, engine, terms, documents
and ledger agree. The next process takes it up from what it finds, and the walk comes to its end.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from viewflow.workflow import PROCESS, STATUS
from viewflow.workflow.models import Process, Task

from grid.calendar import now as clock
from grid.ledger.models import Entry
from tests.concurrency.walking import Place, walk_to_death
from tests.workflows.conftest import INSPECTORS, certify, grounds, make_case, make_finding
from workflows.cases.models import ENDED, Case, CaseState
from workflows.clocks.models import Clock
from workflows.clocks.terms import owed_beyond
from workflows.clocks.verbs import ClockVerb
from workflows.inspections.models import ENDED as INSPECTED
from workflows.inspections.models import UNDECIDED, Inspection, InspectionState
from workflows.notices.models import Number, Service
from workflows.notices.verbs import NoticeVerb

__all__ = ["grounds", "make_case", "make_finding"]
pytestmark = pytest.mark.django_db(transaction=True)
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.concurrency.loaded", "tests.concurrency.walking"])

# A term that runs whenever a matter stands there.
TERMS = {
    CaseState.TERM: "urging.term",
    CaseState.DEFENCE: "listing.defence",
    CaseState.PUBLISHED: "listing.period",
}
INSPECTION_TERMS = {
    InspectionState.ORDERED: "order.term",
    InspectionState.NOTICED: "inspection.statement",
}


# An inspection its case waits for.
UNSERVED = {*(state.value for state in UNDECIDED), InspectionState.DECIDED.value}


# --- the killing -----------------------------------------------------------------------------------


def killed(case_id: int, before: bool, said: Path) -> bool:
    """Runs the walk in a process of its own. True: it was killed at its first commit; False: nothing was left to do."""
    connections.close_all()
    names = ("DATA", "FILES", "STATIC_ROOT")
    place = Place(dict(connection.settings_dict), {name: getattr(settings, name) for name in names})
    walker = FRESH.Process(target=walk_to_death, args=(case_id, before, said, place))
    walker.start()
    walker.join()
    if walker.exitcode == -signal.SIGKILL:
        return True
    assert walker.exitcode == 0, said.read_text()
    return False


def tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed})


def contents() -> dict[str, tuple[int, Any]]:
    """How many rows each table has, and the newest: enough to see that something was written."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    state = list(Case.objects.values()) + list(Inspection.objects.values()) + list(Clock.objects.values())
    state += list(Task.objects.values("pk", "status", "owner_id")) + list(Number.objects.values())
    return found | {"rows": state}


# --- what must agree -------------------------------------------------------------------------------


def faults(case: Case) -> Iterator[str]:
    """Everything about a case that is half-done; nothing when all of it agrees."""
    case.refresh_from_db()
    yield from _engine(case, case.process_id, case.state in ENDED)
    for inspection in case.inspections.all():
        yield from _engine(inspection, inspection.process_id, inspection.state in INSPECTED)
        if kind := INSPECTION_TERMS.get(InspectionState(inspection.state)):
            yield from _runs(case, kind)
    if kind := TERMS.get(CaseState(case.state)):
        yield from _runs(case, kind)
    if (case.state == CaseState.INSPECTED) != case.inspections.filter(served_on=None).exclude(
        state__in=INSPECTED
    ).exists():
        yield f"{case.state}, but the inspection says otherwise"
    running = case.clocks.filter(fired_at=None, stopped_at=None).exclude(kind__in=owed_beyond())
    if case.state in ENDED and running.exists():
        yield "the case has ended and a term runs on"
    yield from _papers(case)
    yield from _told(case)


def _engine(matter: Any, process_id: int, ended: bool) -> Iterator[str]:
    process = Process.objects.get(pk=process_id)
    open_tasks = [task for task in Task.objects.filter(process=process) if task.finished is None]
    if ended:
        if open_tasks or process.status not in (STATUS.DONE, PROCESS.DONE, PROCESS.CANCELED):
            yield f"{matter} has ended, its procedure has not"
    elif [matter.state in task.flow_task.at for task in open_tasks] != [True]:
        yield f"{matter} stands at {matter.state}, its procedure at {[t.flow_task.name for t in open_tasks]}"


def _runs(case: Case, kind: str) -> Iterator[str]:
    if case.clocks.filter(kind=kind, fired_at=None, stopped_at=None).count() != 1:
        yield f"{kind} does not run"


def _papers(case: Case) -> Iterator[str]:
    numbers = list(case.notices.values_list("number", flat=True))
    if len(set(numbers)) != len(numbers):
        yield "two documents under one number"
    for kind, rows in (
        (NoticeVerb.NOTICE_ISSUED, len(numbers)),
        (NoticeVerb.NOTICE_SERVED, Service.objects.filter(notice__case=case).count()),
    ):
        entries = Entry.objects.filter(case=case.code, verb=kind).count()
        if entries != rows:
            yield f"{rows} of {kind}, {entries} entries"
    for notice in case.notices.all():
        if not notice.sha256:
            yield f"{notice.number} has no content"


def _state_told(entries: list[Entry]) -> str:
    """Where the entries leave the case: they name its state, or the stage of the inspection it follows."""
    state = ""
    for entry in entries:
        if entry.data.get("stage") in UNSERVED:
            state = CaseState.INSPECTED
        elif entry.data.get("stage") == InspectionState.PERFORMING and state == CaseState.INSPECTED:
            state = CaseState.PENALISED
        state = entry.data.get("state", state)
    return state


def _told(case: Case) -> Iterator[str]:
    """The ledger says of state and terms what the rows say."""
    entries = list(Entry.objects.filter(case=case.code).order_by("pk"))
    if (state := _state_told(entries)) != case.state:
        yield f"the ledger ends with {state}, the case stands at {case.state}"
    for verb, rows in (
        (ClockVerb.TERM_STARTED, case.clocks.all()),
        (ClockVerb.TERM_EXPIRED, case.clocks.exclude(fired_at=None)),
        (ClockVerb.TERM_STOPPED, case.clocks.exclude(stopped_at=None)),
    ):
        told = sorted(entry.data["clock"] for entry in entries if entry.verb == verb)
        if told != sorted(rows.values_list("pk", flat=True)):
            yield f"{verb}: the ledger says {told}, the clocks {sorted(rows.values_list('pk', flat=True))}"


def stands(case: Case) -> list[str]:
    """Where the case and its inspections stand."""
    case.refresh_from_db()
    return [case.state, *case.inspections.order_by("pk").values_list("state", flat=True)]


# --- the test --------------------------------------------------------------------------------------


@pytest.fixture
def case(make_case: Callable[[], Case], grounds: Any, cast: Any) -> Case:
    assert {"zhou", "he"} == set(INSPECTORS)
    certify(cast)
    return make_case()


def test_killed_at_every_commit_nothing_is_half_done(case: Case, tmp_path: Path) -> None:
    said, killings, seen = tmp_path / "said", 0, {case.state}
    while True:
        was, stood, told = contents(), stands(case), Entry.objects.filter(case=case.code).count()
        if not killed(case.pk, before=True, said=said):
            break
        assert contents() == was, "something was kept that was never committed"
        assert killed(case.pk, before=False, said=said)
        assert contents() != was
        assert list(faults(case)) == []
        assert stands(case) == stood or Entry.objects.filter(case=case.code).count() > told
        seen.add(case.state)
        killings += 1
        assert killings < 150, f"the walk goes in circles at {case.state}"
    case.refresh_from_db()
    assert case.state == CaseState.REMOVED
    assert killings > 25
    assert {*TERMS, CaseState.INSPECTED, CaseState.LISTING_CITY} <= seen


def test_what_is_half_done_is_seen(case: Case, tmp_path: Path) -> None:
    """The look at what agrees would notice each half of an act without the other."""
    assert list(faults(case)) == []
    Case.objects.filter(pk=case.pk).update(state=CaseState.DISTRICT_APPROVAL)
    assert len(list(faults(case))) == 2  # the engine, the ledger
    Case.objects.filter(pk=case.pk).update(state=CaseState.STREET_APPROVAL)
    while Case.objects.get(pk=case.pk).state != CaseState.TERM:
        assert killed(case.pk, before=False, said=tmp_path / "said")
    assert list(faults(case)) == []
    Clock.objects.filter(case=case).update(stopped_at=clock.now())
    assert [fault.split()[0] for fault in faults(case)] == ["urging.term", "term.stopped:"]
