"""The working-day calendar: filled from the published tables, kept by the legal office.

A change moves every running deadline it touches in the same transaction (grid/calendar/followers.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import chinese_calendar
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar import problems as calendar_problems
from grid.calendar.followers import calendar_changed
from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.queries import workdays
from grid.calendar.reading import Row
from grid.calendar.rules import KEPT_YEARS
from grid.law import problems as law_problems
from grid.law.verbs import LawVerb
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require

FIRST_YEAR, LAST_YEAR = 2019, 2026
HOLIDAYS = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
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
            _known, holiday = chinese_calendar.get_holiday_detail(day)
            note = f"{HOLIDAYS[holiday]}调休" if works and holiday else HOLIDAYS.get(holiday, "")
            rows.append(CalendarDay(day=day, is_workday=works, note=note))
        day += timedelta(days=1)
    return rows


@transaction.atomic
def change_day(day: date, works: bool, note: str, basis: str, reason: str, *, by: Actor) -> int:
    """Makes one day a working day or a day off. Returns how many running deadlines moved.

    Raises CalendarDaySame, CalendarYearOutside, BasisMissing, ReasonMissing, NotYourPost.
    """
    held = _require_complete(basis, reason, day.year, by)
    days = workdays()
    if works == days.works(day):
        raise law_problems.CalendarDaySame(day=day, kind=_kind(works))
    if works == days.usual(day):
        CalendarDay.objects.filter(day=day).delete()
    else:
        CalendarDay.objects.update_or_create(
            day=day, defaults={"is_workday": works, "note": note.strip()[:40]}
        )
    moved = calendar_changed(day, day, basis, by=by)
    facts = {"day": day.isoformat(), "as": _kind(works), "note": note.strip()[:40]}
    _record(LawVerb.CALENDAR_CHANGED, by, held, basis, reason, facts | {"moved": moved or ""})
    return moved


@transaction.atomic
def enter_year(year: int, rows: Sequence[Row], basis: str, reason: str, *, by: Actor) -> int:
    """Puts a year's table in the place of whatever was there; the year is covered from now on.

    `rows` as `tables.rows_of` reads them; days of December before are added to what that year has.
    Returns how many running deadlines moved. Raises as `change_day`.
    """
    held = _require_complete(basis, reason, year, by)
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.filter(day__in=[row.day for row in rows]).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=row.day, is_workday=row.works, note=row.note) for row in rows
    )
    CalendarYear.objects.update_or_create(year=year, defaults={"basis": basis.strip()[:200]})
    first = min([date(year, 1, 1), *(row.day for row in rows)])
    moved = calendar_changed(first, date(year, 12, 31), basis, by=by)
    off = sum(not row.works for row in rows)
    facts = {"year": year, "off": off, "made_up": len(rows) - off, "moved": moved or ""}
    _record(LawVerb.CALENDAR_ENTERED, by, held, basis, reason, facts)
    return moved


def _require_complete(basis: str, reason: str, year: int, by: Actor) -> Held | None:
    """Who may, and whether it is complete; locks the calendar, so that two changes follow one another."""
    held = require(by, Right.EDIT_LAW, settings.CITY)
    first, last = KEPT_YEARS
    if not first <= year <= last:
        raise calendar_problems.CalendarYearOutside(first=first, last=last, year=year)
    if not basis.strip():
        raise law_problems.BasisMissing(act=_("调整工作日历"))
    if not reason.strip():
        raise problems.ReasonMissing(act=_("调整工作日历"))
    list(CalendarYear.objects.select_for_update().order_by("year"))
    return held


def _kind(works: bool) -> str:
    return _("工作日") if works else _("休息日")


def _record(
    verb: Verb, by: Actor, held: Held | None, basis: str, reason: str, facts: Mapping[str, object]
) -> None:
    data = dict(facts) | {"basis": basis.strip(), "reason": reason.strip()}
    record(verb, Line(settings.CITY, data=data), by=by, held=held)
