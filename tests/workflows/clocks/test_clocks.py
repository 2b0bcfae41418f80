"""Terms run in the calendar of the law, stop and stand still by an act, and fire once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from viewflow.workflow.models import Task

from grid.calendar.now import moved_to, now, today
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.scope import machine
from tests.workflows.conftest import day_after, noon
from workflows.cases.models import Case, CaseState
from workflows.clocks import actions
from workflows.clocks import problems as clocks_problems
from workflows.clocks.models import Clock

pytestmark = pytest.mark.once

BY = machine("测试")


@pytest.fixture
def term(case_at: Callable[..., Case]) -> Clock:
    case = case_at(CaseState.TERM)
    return case.clocks.get()


def test_a_term_quotes_the_law_it_rests_on(term: Clock) -> None:
    law = Provision.objects.get(key="urging.term")
    assert (term.length, term.unit, term.basis, term.reviewed) == (15, "d", law.basis, law.reviewed)
    assert term.started_on == today()
    assert term.due_on >= today() + timedelta(days=15)


@pytest.mark.parametrize(
    "unit,length,start,due",
    [
        ("日", 15, date(2026, 1, 5), date(2026, 1, 20)),
        ("个工作日", 10, date(2026, 1, 5), date(2026, 1, 19)),
        ("日", 15, date(2025, 9, 22), date(2025, 10, 9)),  # 1 to 8 October is a holiday
        ("个月", 12, date(2026, 1, 5), date(2027, 1, 5)),
    ],
)
def test_terms_count_from_the_day_after_and_end_on_a_working_day(
    make_case: Callable[..., Case], unit: str, length: int, start: date, due: date
) -> None:
    provision = Provision(value=length, unit=unit, basis="测试", reviewed=True)
    clock = actions.start_clock("urging.term", by=BY, case=make_case(), provision=provision, from_day=start)
    assert clock.due_on == due
    assert clock.provisional == (due.year > 2026)


def test_a_term_does_not_fire_on_its_last_day(term: Clock) -> None:
    with moved_to(noon(term.due_on)):
        assert actions.fire_due_clocks() == 0
    with moved_to(noon(term.due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 1
        assert actions.fire_due_clocks() == 0
    assert term.case
    assert Entry.objects.filter(case=term.case.code, verb="term.expired").count() == 1


def test_a_stopped_term_fires_no_more(term: Clock) -> None:
    assert actions.stop_clock(term, "已整改", by=BY)
    assert not actions.stop_clock(term, "已整改", by=BY)
    with moved_to(noon(term.due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 0


def test_a_pause_moves_the_end_and_holds_the_firing(term: Clock) -> None:
    before = term.due_on
    actions.pause_clock(term, "不可抗力（民法典第194条）", by=BY, first_day=today() + timedelta(days=1))
    with pytest.raises(clocks_problems.ClockPaused):
        actions.pause_clock(term, "再次", by=BY)
    with moved_to(noon(before + timedelta(days=1))):
        assert actions.fire_due_clocks() == 0
        resumed = actions.resume_clock(term, by=BY, last_day=today() - timedelta(days=1))
        assert resumed.due_on >= before + timedelta(days=14)
        with pytest.raises(clocks_problems.ClockNotPaused):
            actions.resume_clock(term, by=BY)
    with moved_to(noon(resumed.due_on + timedelta(days=1))):
        assert actions.fire_due_clocks() == 1


def test_a_clock_that_fails_does_not_hold_up_the_others(
    case_at: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = case_at(CaseState.TERM), case_at(CaseState.TERM)
    Clock.objects.filter(case=broken).update(kind="nobody.answers")
    with day_after(whole):
        assert actions.fire_due_clocks() == 1
        assert Clock.objects.get(case=broken).fired_at is None
        Clock.objects.filter(case=broken).update(kind="urging.term")
        assert actions.fire_due_clocks() == 1
    broken.refresh_from_db()
    assert broken.state == CaseState.ESCALATED


@pytest.mark.django_db(transaction=True)
def test_two_clock_processes_fire_each_term_exactly_once(cast: Any, case_at: Callable[..., Case]) -> None:
    cases = [case_at(CaseState.TERM) for _n in range(6)]
    fired: list[int] = []

    def sweep() -> None:
        try:
            start.wait()
            fired.append(actions.fire_due_clocks())
        finally:
            connections.close_all()

    start = threading.Barrier(2)
    with day_after(cases[0]):
        threads = [threading.Thread(target=sweep) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(fired) == len(cases)
    for case in cases:
        case.refresh_from_db()
        assert case.state == CaseState.ESCALATED
        assert Entry.objects.filter(case=case.code, verb="case.escalated").count() == 1


def rows_of(case: Case) -> list[dict[str, Any]]:
    """What the engine and the ledger keep of a case, without numbers and moments."""
    tasks = Task.objects.filter(process=case.process_id).order_by("pk")
    engine = [
        {
            "step": task.flow_task.name, "type": task.flow_task_type, "status": task.status, "data": task.data,
            "token": str(task.token), "open": task.finished is None, "started": task.started is None,
            "owner": task.owner_id, "before": [earlier.flow_task.name for earlier in task.previous.all()],
        }
        for task in tasks
    ]  # fmt: skip
    told = Entry.objects.filter(case=case.code, verb__in=["term.expired", "case.escalated"]).order_by("nth")
    ledger = [
        {"verb": entry.verb, "nth": entry.nth, "by": entry.actor_name, "area": entry.area}
        | {key: value for key, value in entry.data.items() if key != "clock"}
        for entry in told
    ]
    return engine + ledger


def test_a_batch_leaves_the_rows_that_one_by_one_leaves(case_at: Callable[..., Case]) -> None:
    alone, *batch = [case_at(CaseState.TERM) for _n in range(3)]
    with day_after(alone):
        assert actions.fire_clock(alone.clocks.get().pk)
        assert actions.fire_due_clocks() == 2
    for case in (alone, *batch):
        case.refresh_from_db()
        assert case.state == CaseState.ESCALATED
        assert rows_of(case)[-1]["verb"] == "case.escalated"
        assert rows_of(case) == rows_of(alone)


def test_one_bad_case_in_a_batch_holds_up_no_other(case_at: Callable[..., Case]) -> None:
    """Its step is lost, so that the batch fails: each is tried by itself, and only the bad one stays."""
    bad, *good = [case_at(CaseState.TERM) for _n in range(3)]
    Task.objects.filter(process=bad.process_id, finished=None).update(status="CANCELED", finished=now())
    with day_after(bad):
        assert actions.fire_due_clocks() == 2
        assert actions.fire_due_clocks() == 0
    bad.refresh_from_db()
    assert (bad.state, bad.clocks.get().fired_at) == (CaseState.TERM, None)
    for case in good:
        case.refresh_from_db()
        assert case.state == CaseState.ESCALATED


def test_a_case_that_ended_meanwhile_is_left_as_it_is(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    Case.objects.filter(pk=case.pk).update(state=CaseState.HEALED)
    with day_after(case):
        assert actions.fire_due_clocks() == 1
    case.refresh_from_db()
    assert case.state == CaseState.HEALED
