"""The terms worked by hand in docs/clauses.md: this reads the table and runs every row of it."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import chinese_calendar
import pytest

from grid.calendar.queries import workdays
from grid.calendar.rules import Paused, add_months
from grid.law.calendar.actions import fill_calendar
from workflows.clocks.rules import Period, last_day, unit_of

pytestmark = pytest.mark.once

PAGE = Path(__file__).resolve().parents[3] / "docs/clauses.md"
DAY = timedelta(days=1)


class Row(NamedTuple):
    number: str
    clause: str
    start: date
    term: Period
    pause: Paused | None
    more: Period | None
    last: date


def term_of(text: str) -> Period | None:
    length, _, unit = text.partition(" ")
    return Period(int(length), unit_of(unit)) if text else None


def pause_of(text: str) -> Paused | None:
    days = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", text)]
    return Paused(*days) if days else None


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 8 and cells[0].isdigit():
            number, clause, start, length, pause, more, last, _how = cells
            term = term_of(length)
            assert term is not None, line
            day, end = date.fromisoformat(start), date.fromisoformat(last)
            found.append(Row(number, clause, day, term, pause_of(pause), term_of(more), end))
    return found


ROWS = rows()
each_row = pytest.mark.parametrize("row", ROWS, ids=[row.number for row in ROWS])


def test_the_table_is_long_enough_and_covers_what_the_law_asks():
    assert len(ROWS) >= 20 and {row.start.year for row in ROWS} == {2024, 2025, 2026}
    workday_terms = {row.term.length for row in ROWS if row.term.unit == "wd"}
    assert {2, 3, 5, 7, 10, 60} <= workday_terms
    assert {15, 30, 60, 90} <= {row.term.length for row in ROWS if row.term.unit == "d"}
    assert any(row.term.unit == "m" for row in ROWS)
    assert any(row.pause for row in ROWS) and any(row.more for row in ROWS)


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The calendar as the system fills it, read once."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        fill_calendar()
        days = workdays()
        transaction.set_rollback(True)
    return days


@pytest.mark.django_db
@each_row
def test_the_system_comes_to_the_same_day(row: Row, filled):
    pauses = [row.pause] if row.pause else []
    assert last_day(row.start, row.term, filled, pauses, row.more) == row.last


@each_row
def test_counting_day_by_day_comes_to_the_same_day(row: Row):
    """With the published tables and nothing of ours but the table's own numbers."""
    assert counted(row) == row.last


def counted(row: Row) -> date:
    stands = lambda day: row.pause is not None and row.pause.first <= day <= row.pause.last  # noqa: E731
    length = row.term.length + (row.more.length if row.more else 0)
    day, left = row.start, length
    if row.term.unit == "m":
        day, left = add_months(row.start, length), 0
        left = (row.pause.last - row.pause.first).days + 1 if row.pause else 0
    while left:
        day += DAY
        if row.term.unit == "m" or not stands(day):
            left -= row.term.unit != "wd" or chinese_calendar.is_workday(day)
    while not chinese_calendar.is_workday(day):
        day += DAY
    return day
