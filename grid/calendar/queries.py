from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, DateField, Value
from django.db.models.functions import Cast

from grid import problems
from grid.calendar import problems as calendar_problems
from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.rules import KEPT_YEARS, Workdays
from grid.calendar.rules.statutory import basis_on, holiday_on
from grid.scope import Actor


def workdays() -> Workdays:
    """The calendar as it stands; two queries, a few hundred rows: read once per action, pass it down."""
    return Workdays(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        covered=_covered(),
    )


def _covered() -> frozenset[int]:
    return frozenset(CalendarYear.objects.values_list("year", flat=True))


def days_off(first: date, days: int) -> list[date]:
    """Weekends and holidays among `days` days from `first` on, in order; make-up workdays are none. One query,
    for every pull of a phone asks: the days that differ, and the years that are covered."""
    last = first + timedelta(days=days - 1)
    differing = CalendarDay.objects.filter(day__range=(first, last)).values_list(
        "day", "is_workday", Value(0)
    )
    no_day, no_kind = Cast(Value(None), DateField()), Cast(Value(None), BooleanField())
    years = CalendarYear.objects.filter(year__range=(first.year, last.year)).values_list(
        no_day, no_kind, "year"
    )
    rows = list(differing.union(years, all=True))
    table = Workdays(
        {day: works for day, works, year in rows if not year},
        frozenset(year for _day, _works, year in rows if year),
    )
    all_days = (first + timedelta(days=n) for n in range(days))
    return [day for day in all_days if not table.works(day)]


# --- the page of a year ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """A day as it is drawn: off or not, and whether that differs from the plain week."""

    day: date
    works: bool
    differs: bool
    note: str


@dataclass(frozen=True, slots=True)
class Year:
    """`weeks` of each month begin on Monday; a place outside the month is None. `basis` is that of its table, empty
    before it came, `regulation` that of the holidays no table is needed for."""

    year: int
    basis: str
    regulation: str
    months: list[list[list[Drawn | None]]]
    named: list[Drawn]

    @property
    def is_covered(self) -> bool:
        return bool(self.basis)

    @property
    def working_days(self) -> int:
        days = (day for month in self.months for week in month for day in week if day)
        return sum(day.works for day in days)


def year_at(viewer: Actor, year: int) -> Year:
    """A year of the calendar; two queries. It is the same everywhere, so any posting reads it.

    Raises NotHere without a posting, CalendarYearOutside.
    """
    if not viewer.held:
        raise problems.NotHere()
    first, last = KEPT_YEARS
    if not first <= year <= last:
        raise calendar_problems.CalendarYearOutside(first=first, last=last, year=year)
    known = {day.day: day for day in CalendarDay.objects.filter(day__year=year)}
    basis = CalendarYear.objects.filter(year=year).values_list("basis", flat=True).first() or ""
    table = Workdays({day.day: day.is_workday for day in known.values()}, frozenset({year} if basis else ()))
    months = [[_week(week, month, table, known) for week in _weeks(year, month)] for month in range(1, 13)]
    named = [day for month in months for week in month for day in week if day and day.differs]
    return Year(year, basis, basis_on(date(year, 12, 31)), months, named)


def covered_years() -> list[int]:
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def _weeks(year: int, month: int) -> list[list[date]]:
    return Calendar().monthdatescalendar(year, month)


def _week(
    week: list[date], month: int, table: Workdays, known: dict[date, CalendarDay]
) -> list[Drawn | None]:
    return [_drawn(day, table, known.get(day)) if day.month == month else None for day in week]


def _drawn(day: date, table: Workdays, said: CalendarDay | None) -> Drawn:
    works = table.works(day)
    note = said.note if said else "" if day.year in table.covered else holiday_on(day)
    return Drawn(day, works, said is not None or works != (day.weekday() < 5), note)
