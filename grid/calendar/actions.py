"""Filling the working-day calendar from the published tables."""

from datetime import date, timedelta

import chinese_calendar
from django.db import transaction

from grid.calendar.models import CalendarDay, CalendarYear

FIRST_YEAR, LAST_YEAR = 2019, 2026
BASIS = "国务院办公厅关于部分节假日安排的通知"


@transaction.atomic
def fill_calendar() -> int:
    """Adds the days of every covered year not there yet that differ from the plain week. Returns how many."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    new = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year not in known]
    rows = [row for year in new for row in _exceptions(year)]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    CalendarYear.objects.bulk_create(CalendarYear(year=year, basis=f"{BASIS}({year})") for year in new)
    return len(rows)


def _exceptions(year: int) -> list[CalendarDay]:
    rows, day = [], date(year, 1, 1)
    while day.year == year:
        works = chinese_calendar.is_workday(day)
        if works != (day.weekday() < 5):
            _, holiday = chinese_calendar.get_holiday_detail(day)
            rows.append(CalendarDay(day=day, is_workday=works, note=holiday or ("调休上班" if works else "")))
        day += timedelta(days=1)
    return rows
