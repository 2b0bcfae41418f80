"""The calendar changes: every running term it touches ends on its new day, each told once, no other touched."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from grid.calendar.models import CalendarDay
from grid.calendar.now import moved_to, today
from grid.calendar.reading import Row
from grid.law.calendar import actions as calendar
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.scope import machine
from tests.workflows.conftest import day_after, noon
from workflows.cases.models import Case, CaseState
from workflows.clocks import actions
from workflows.clocks.models import Clock

BY = machine("测试")
TABLE = [
    Row(date(2027, 1, 1), False, "元旦"),
    *(Row(date(2027, 2, day), False, "春节") for day in (5, 8, 9, 10, 11)),
    Row(date(2027, 2, 14), True, "春节调休"),
]


def start(
    case: Case,
    day: date,
    length: int,
    unit: str = "个工作日",
    kind: str = "urging.term",
    due: date | None = None,
) -> Clock:
    term: Any = {"by": BY, "from_day": day}
    term["provision"] = Provision(value=length, unit=unit, basis="测试", reviewed=True)
    if due:
        return actions.start_clock_until(due, kind, matter=case, **term)
    return actions.start_clock(kind, case=case, **term)


def moved() -> dict[int, tuple[str, str]]:
    rows = Entry.objects.filter(verb="term.moved").values_list("data", flat=True)
    return {row["clock"]: (row["old"], row["new"]) for row in rows}


def enter(cast: Any) -> int:
    return calendar.enter_year(2027, TABLE, "国办发明电〔2026〕9号", "国务院公布", by=cast.by.fang)


def test_the_table_of_a_year_moves_what_it_touches_and_tells_each_once(
    cast: Any, make_case: Callable[..., Case], django_assert_max_num_queries: Any
) -> None:
    case = make_case()
    across = start(
        case, date(2027, 2, 3), 5
    )  # 4, 9, 10, 11, 12 by regulation, which has 5 to 8 off; 4, 12, 14, 15, 16 by the table
    rolled = start(case, date(2027, 1, 21), 15, "日", "order.term")  # ends on Friday 5 February, 除夕
    untouched = start(case, date(2026, 11, 2), 5, kind="listing.defence")
    fixed = start(case, date(2026, 11, 2), 12, "个月", "listing.period", due=date(2027, 2, 9))
    stopped = start(make_case(), date(2027, 2, 3), 5)
    actions.stop_clock(stopped, "已整改", by=BY)
    assert across.provisional and rolled.provisional and not untouched.provisional
    with django_assert_max_num_queries(40):
        assert enter(cast) == 2
    assert moved() == {
        across.pk: ("2027-02-12", "2027-02-16"),
        rolled.pk: ("2027-02-09", "2027-02-12"),
    }
    due = dict(Clock.objects.values_list("pk", "due_on"))
    assert due[fixed.pk] == date(2027, 2, 9) and due[untouched.pk] == untouched.due_on
    assert due[stopped.pk] == date(2027, 2, 12)
    assert not Clock.objects.filter(pk__in=[across.pk, rolled.pk], provisional=True).exists()
    entry = Entry.objects.filter(verb="term.moved").first()
    assert entry is not None and (entry.role, entry.case, entry.data["why"]) == (
        "legal",
        case.code,
        "国办发明电〔2026〕9号",
    )
    assert Entry.objects.get(verb="calendar.entered").data["moved"] == 2


def test_a_term_that_only_stops_being_provisional_is_told_by_no_entry(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    term = start(make_case(), date(2027, 3, 1), 3)
    assert term.provisional
    enter(cast)
    term.refresh_from_db()
    assert not term.provisional and moved() == {}


def test_entering_the_same_table_again_moves_nothing(cast: Any, make_case: Callable[..., Case]) -> None:
    start(make_case(), date(2027, 2, 3), 5)
    assert (enter(cast), enter(cast)) == (1, 0)
    assert len(moved()) == 1


def test_one_day_moves_pauses_and_extensions_with_it(cast: Any, make_case: Callable[..., Case]) -> None:
    case = make_case()
    term = start(case, date(2026, 12, 1), 60, kind="inspection.investigation")
    actions.extend_clock(term, 30, "案情复杂", by=cast.by.qian)
    paused = start(case, date(2026, 12, 1), 15, "日")
    actions.pause_clock(paused, "诉讼", by=BY, first_day=date(2026, 12, 3))
    before = dict(Clock.objects.values_list("pk", "due_on"))
    calendar.change_day(date(2026, 12, 11), False, "", "通知", "临时放假", by=cast.by.fang)
    after = dict(Clock.objects.values_list("pk", "due_on"))
    assert after[term.pk] > before[term.pk]
    assert after[paused.pk] == before[paused.pk]  # standing still, its end is computed when it is resumed
    assert set(moved()) == {term.pk}


def test_a_term_met_by_regulation_waits_for_the_notice_and_is_then_recomputed(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    """A paper printed today names no 1 January, and says that its day may move."""
    over_new_year = start(make_case(), date(2026, 12, 30), 2)
    assert over_new_year.due_on == date(2027, 1, 4) and over_new_year.provisional
    table = [Row(date(2027, 1, 1), False, "元旦"), Row(date(2027, 1, 4), False, "元旦补假")]
    calendar.enter_year(2027, table, "通知", "国务院公布", by=cast.by.fang)
    over_new_year.refresh_from_db()
    assert over_new_year.due_on == date(2027, 1, 5) and not over_new_year.provisional
    assert moved() == {over_new_year.pk: ("2027-01-04", "2027-01-05")}
    assert actions.recheck_clocks() == 0


def test_a_term_that_was_met_on_the_plain_week_is_found_by_the_sweep(make_case: Callable[..., Case]) -> None:
    """As those stand in a database from before the regulation counted."""
    term = start(make_case(), date(2026, 12, 30), 2)
    Clock.objects.filter(pk=term.pk).update(due_on=date(2027, 1, 1))
    assert actions.recheck_clocks() == 1
    term.refresh_from_db()
    assert term.due_on == date(2027, 1, 4) and term.provisional


def test_a_day_taken_back_moves_the_end_back(cast: Any, make_case: Callable[..., Case]) -> None:
    term = start(make_case(), date(2026, 12, 7), 5)
    calendar.change_day(date(2026, 12, 11), False, "", "通知", "临时放假", by=cast.by.fang)
    calendar.change_day(date(2026, 12, 11), True, "", "通知", "取消放假", by=cast.by.fang)
    term.refresh_from_db()
    assert term.due_on == date(2026, 12, 14)
    assert Entry.objects.filter(verb="term.moved").count() == 2


def test_a_term_that_began_while_the_calendar_changed_is_found_by_the_sweep(
    make_case: Callable[..., Case],
) -> None:
    term = start(make_case(), date(2026, 12, 7), 5)
    CalendarDay.objects.create(day=date(2026, 12, 11), is_workday=False)
    assert actions.recheck_clocks() == 1
    term.refresh_from_db()
    assert term.due_on == date(2026, 12, 15) and actions.recheck_clocks() == 0


def test_a_round_keeps_the_day_its_planner_set(cast: Any, make_case: Callable[..., Case]) -> None:
    term = start(make_case(), today(), 5, kind="round.due", due=today() + timedelta(days=9))
    CalendarDay.objects.update_or_create(day=term.due_on, defaults={"is_workday": False})
    assert actions.recheck_clocks() == 0


@pytest.mark.django_db(transaction=True)
def test_a_term_fires_or_moves_never_both(cast: Any, case_at: Callable[..., Case]) -> None:
    """The legal office makes the last day a day off in the moment the term is over."""
    cases = [case_at(CaseState.TERM) for _n in range(4)]
    terms = [case.clocks.get() for case in cases]
    last = terms[0].due_on
    gate = threading.Barrier(2)

    def at_once(act: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            gate.wait()
            try:
                act()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with day_after(cases[0]):
        works = last.weekday() < 5
        threads = [
            at_once(actions.fire_due_clocks),
            at_once(lambda: calendar.change_day(last, not works, "", "通知", "临时放假", by=cast.by.fang)),
        ]
        for thread in threads:
            thread.join()
    told = moved()
    for case, term in zip(cases, terms, strict=True):
        case.refresh_from_db()
        term.refresh_from_db()
        has_moved = term.pk in told
        assert has_moved != (term.fired_at is not None)
        assert (term.due_on > last) == has_moved
        assert case.state == (CaseState.TERM if has_moved else CaseState.ESCALATED)
        assert Entry.objects.filter(case=case.code, verb__in=["term.moved", "term.expired"]).count() == 1
    with moved_to(noon(max(term.due_on for term in terms) + timedelta(days=1))):
        actions.fire_due_clocks()
    for case in cases:
        assert Entry.objects.filter(case=case.code, verb="case.escalated").count() == 1
