"""kill -9 at every commit of a case's way from the approval to the removal from the list.

A process of its own takes the case along its main lawful path. It is killed once just before every commit, which
must leave nothing at all, and once just after, which must leave nothing half-done: state, engine, terms, documents
and ledger agree. The next process takes it up from what it finds, and the walk comes to its end.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from viewflow.workflow import PROCESS, STATUS
from viewflow.workflow.models import Process, Task

from grid.calendar import now as clock
from grid.ledger.models import Entry
from grid.ledger.verbs import Verb
from grid.scope import actor_of
from grid.territory.models import Person
from tests.cast import PEOPLE
from tests.workflows.conftest import INSPECTORS, Walk, certify, found, grounds, make_case, make_finding, noon
from workflows.cases import actions as cases
from workflows.cases.models import ENDED, Case, CaseState
from workflows.clocks.models import Clock
from workflows.inspections import actions as inspecting
from workflows.inspections.models import ENDED as INSPECTED
from workflows.inspections.models import UNDECIDED, Inspection, InspectionState
from workflows.notices.models import Notice, NoticeKind, Number, Service

__all__ = ["grounds", "make_case", "make_finding"]
pytestmark = pytest.mark.django_db(transaction=True)

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


# --- the walk, taken up anywhere -----------------------------------------------------------------


class Resumed(Walk):
    """The walk of somebody who finds the file as it lies: what was issued is served, what was said stays said."""

    def issued(self, case: Case, kind: str, issue: Callable[[], Notice]) -> None:
        lying = case.notices.filter(kind=kind, withdrawn_at=None, service=None).first()
        self.serve(lying or issue(), self.by.zhao if kind == NoticeKind.URGING else self.by.zhou)

    def at_urging(self, case: Case) -> None:
        kind = NoticeKind.URGING
        self.issued(case, kind, lambda: cases.issue_notice(case, kind, by=self.by.zhao))

    def at_escalated(self, case: Case) -> None:
        officers = (self.cast.zhou.pk, self.cast.he.pk)
        inspecting.file_inspection(case, officers, "督促期满仍未改正", by=self.by.zhou)

    def at_penalised(self, case: Case) -> None:
        if case.inspections.latest("pk").is_open:
            inspection = case.inspections.latest("pk")
            inspecting.record_payment(inspection, inspection.fine, clock.today(), "缴-0001", by=self.by.zhou)
        facts = "未办理社会保险登记，经处罚后仍未改正"
        cases.propose_listing(case, self.grounds["5-1"], facts, by=self.by.zhou)

    def at_listing_proposed(self, case: Case) -> None:
        kind = NoticeKind.LISTING_NOTICE
        self.issued(case, kind, lambda: cases.give_listing_notice(case, by=self.by.zhou))

    def inspection_investigating(self, case: Case, inspection: Inspection) -> None:
        self.issued(case, NoticeKind.ORDER, lambda: inspecting.issue_order(inspection, by=self.by.zhou))

    def inspection_order_expired(self, case: Case, inspection: Inspection) -> None:
        def issue() -> Notice:
            return inspecting.issue_penalty_notice(inspection, found(self.arrears), by=self.by.zhou)

        self.issued(case, NoticeKind.PENALTY_NOTICE, issue)

    def inspection_collective(self, case: Case, inspection: Inspection) -> None:
        members = {getattr(self.cast, name).pk: name for name in ("qian", "sun", "ma")}
        if not inspection.opinions.exists():
            inspecting.call_members(inspection, list(members), by=self.by.qian)
        for silent in inspection.opinions.filter(said_at=None):
            by = getattr(self.by, members[silent.person_id])
            inspecting.give_opinion(inspection, "同意拟处罚意见", by=by)
        inspecting.conclude_discussion(inspection, "一致同意", by=self.by.qian)


def people() -> Any:
    """The cast as another process finds it."""
    found = {name: Person.objects.get(username=name) for name, *_rest in PEOPLE}
    by = {name: actor_of(person) for name, person in found.items()}
    return SimpleNamespace(**found, by=SimpleNamespace(**by))


def take_up(case_id: int) -> None:
    """From what is in the database to the end; time goes on from the last entry."""
    from workflows.listing.models import Ground

    last = Entry.objects.latest("pk").at
    clock.move(noon(clock.day_of(last)) + timedelta(seconds=1) - timezone.now())
    if last > clock.now():
        clock.move(last + timedelta(seconds=1) - timezone.now())
    grounds = {ground.code: ground for ground in Ground.objects.all()}
    Resumed(people(), grounds).to(Case.objects.get(pk=case_id), CaseState.REMOVED)


# --- the killing -----------------------------------------------------------------------------------


def die_at_commit(before: bool) -> None:
    """This process kills itself at the next commit, just before or just after it."""
    commit = BaseDatabaseWrapper.commit

    def last(self: BaseDatabaseWrapper) -> None:
        if not before:
            commit(self)
        os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper.commit = last  # type: ignore[method-assign]


def killed(case_id: int, before: bool, said: Path) -> bool:
    """Runs the walk in a process of its own. True: it was killed at its first commit; False: nothing was left to do."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            die_at_commit(before)
            take_up(case_id)
            os._exit(0)
        except BaseException:
            said.write_text(traceback.format_exc())
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, said.read_text()
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
    if case.state in ENDED and case.clocks.filter(fired_at=None, stopped_at=None).exists():
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
        (Verb.NOTICE_ISSUED, len(numbers)),
        (Verb.NOTICE_SERVED, Service.objects.filter(notice__case=case).count()),
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
        (Verb.TERM_STARTED, case.clocks.all()),
        (Verb.TERM_EXPIRED, case.clocks.exclude(fired_at=None)),
        (Verb.TERM_STOPPED, case.clocks.exclude(stopped_at=None)),
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
