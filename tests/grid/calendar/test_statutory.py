"""Days off by regulation are days off in every year; only what the yearly notice moves around them waits for it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grid.calendar.models import CalendarDay
from grid.calendar.queries import days_off, workdays, year_at
from grid.calendar.rules import DAY, Workdays, due_on, next_workday
from grid.calendar.rules.statutory import basis_on, holiday_on
from grid.law import problems as law_problems
from grid.law.calendar import actions
from grid.law.calendar.actions import fill_calendar
from tests.grid.calendar.test_rules import DAYS

pytestmark = pytest.mark.once

INPUT = json.loads((Path(__file__).parent / "inputs" / "d01_new_year_2027.json").read_text())
BASIS = "国办发明电〔2026〕9号"


def named(year: int) -> dict[str, list[str]]:
    """name → days of a year, as MM-DD."""
    found: dict[str, list[str]] = {}
    day = date(year, 1, 1)
    while day.year == year:
        if name := holiday_on(day):
            found.setdefault(name, []).append(f"{day:%m-%d}")
        day += DAY
    return found


@pytest.mark.parametrize("call", INPUT["calls"], ids=str)
def test_no_term_ends_on_new_year_s_day(call: list[Any]) -> None:
    start, length, unit = call
    first = date.fromisoformat(start)
    due = due_on(first, length, unit, DAYS)
    assert due == date(2027, 1, 4) and DAYS.is_provisional(first, due)


def test_a_month_ends_behind_new_year_s_day_too() -> None:
    assert due_on(date(2026, 12, 1), 1, "m", DAYS) == date(2027, 1, 4)


def test_the_days_of_2027() -> None:
    assert named(2027) == {
        "元旦": ["01-01"], "春节": ["02-05", "02-06", "02-07", "02-08"], "清明节": ["04-05"], "劳动节": ["05-01", "05-02"],
        "端午节": ["06-09"], "中秋节": ["09-15"], "国庆节": ["10-01", "10-02", "10-03"],
    }  # fmt: skip
    assert "795" in basis_on(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("year", "days", "spring"),
    [
        (2007, 10, ["02-18", "02-19", "02-20"]),
        (2009, 10, ["01-25", "01-26", "01-27"]),
        (2024, 11, ["02-10", "02-11", "02-12"]),
        (2025, 13, ["01-28", "01-29", "01-30", "01-31"]),
        (2026, 13, ["02-16", "02-17", "02-18", "02-19"]),
        (2028, 12, ["01-25", "01-26", "01-27", "01-28"]),  # 中秋 falls on National Day, as in 2009
        (2033, 13, ["01-30", "01-31", "02-01", "02-02"]),
        (2100, 13, ["02-08", "02-09", "02-10", "02-11"]),
    ],
)
def test_each_version_of_the_regulation_counts_in_its_time(year: int, days: int, spring: list[str]) -> None:
    assert sum(map(len, named(year).values())) == days and named(year)["春节"] == spring


@pytest.mark.parametrize("year", range(2004, 2027))
def test_what_is_off_by_regulation_was_off_by_every_notice(year: int) -> None:
    days = (date(year, 1, 1) + n * DAY for n in range(366))
    assert [
        day for day in days if day.year == year and holiday_on(day) and chinese_calendar.is_workday(day)
    ] == []


@pytest.mark.django_db
def test_2026_is_the_official_table_day_by_day() -> None:
    CalendarDay.objects.all().delete()
    actions.CalendarYear.objects.all().delete()
    fill_calendar()
    days = workdays()
    year = [date(2026, 1, 1) + n * DAY for n in range(365)]
    assert [day for day in year if days.works(day) != chinese_calendar.is_workday(day)] == []
    assert not any(days.is_provisional(day, day) for day in year)


@given(st.dates(date(2027, 1, 1), date(2100, 12, 1)), st.integers(1, 90), st.sampled_from(["wd", "d"]))
def test_no_term_ends_on_a_statutory_holiday(start: date, length: int, unit: Any) -> None:
    end = due_on(start, length, unit, Workdays())
    assert end is not None and not holiday_on(end) and end.weekday() < 5
    assert Workdays().is_provisional(start, end)


def test_the_notice_has_the_last_word() -> None:
    with_notice = Workdays({date(2027, 1, 1): False}, frozenset({2027}))
    assert with_notice.works(date(2027, 2, 5)) and not Workdays().works(date(2027, 2, 5))
    assert next_workday(date(2027, 2, 5), Workdays()) == date(2027, 2, 9)


# --- where it is seen ------------------------------------------------------------------------------------


def test_the_year_is_drawn_with_its_holidays_before_the_notice(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    page = client.get("/calendar/2027/").content.decode()
    assert 'title="春节"' in page and "国务院令第795号" in page and "还没有录入" in page
    shown = year_at(cast.by.fang, 2027)
    assert [f"{holiday.day:%m-%d}" for holiday in shown.named] == [
        "01-01", "02-05", "02-08", "04-05", "06-09", "09-15", "10-01",
    ]  # fmt: skip


def test_phones_know_them_too(db: None) -> None:
    assert date(2027, 1, 1) in days_off(date(2026, 12, 30), 10)


def test_a_day_the_desk_says_otherwise(cast: Any) -> None:
    day = date(2027, 2, 8)
    with pytest.raises(law_problems.CalendarDaySame):
        actions.change_day(day, False, "", BASIS, "春节", by=cast.by.fang)
    actions.change_day(day, True, "", BASIS, "抗旱值守", by=cast.by.fang)
    assert workdays().works(day)
    actions.change_day(day, False, "", BASIS, "取消", by=cast.by.fang)
    assert not workdays().works(day) and not CalendarDay.objects.filter(day=day).exists()


def test_a_table_that_names_fewer_days_covers_the_year_all_the_same(cast: Any) -> None:
    actions.enter_year(
        2027, [actions.Row(date(2027, 1, 1), False, "元旦")], BASIS, "国务院公布", by=cast.by.fang
    )
    assert workdays().works(date(2027, 2, 8)) and date(2027, 2, 8) not in days_off(date(2027, 2, 1), 14)
