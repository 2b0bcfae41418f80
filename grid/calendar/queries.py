from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from grid import problems
from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.rules import KEPT_YEARS, Workdays
from grid.scope import Actor


def workdays() -> Workdays:
    """The calendar as it stands; two queries, a few hundred rows: read once per action, pass it down."""
    return Workdays(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        covered=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )


def days_off(first: date, days: int) -> list[date]:
    """Weekends and holidays among `days` days from `first` on, in order; make-up workdays are none. One query."""
    last = first + timedelta(days=days - 1)
    exceptions = CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "is_workday")
    table = Workdays(dict(exceptions))
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
    """`weeks` of each month begin on Monday; a place outside the month is None."""

    year: int
    basis: str
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
        raise problems.CalendarYearOutside(first=first, last=last, year=year)
    known = {day.day: day for day in CalendarDay.objects.filter(day__year=year)}
    basis = CalendarYear.objects.filter(year=year).values_list("basis", flat=True).first() or ""
    months = [[_week(week, month, known) for week in _weeks(year, month)] for month in range(1, 13)]
    named = [day for month in months for week in month for day in week if day and day.differs]
    return Year(year, basis, months, named)


def covered_years() -> list[int]:
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def _weeks(year: int, month: int) -> list[list[date]]:
    return Calendar().monthdatescalendar(year, month)


def _week(week: list[date], month: int, known: dict[date, CalendarDay]) -> list[Drawn | None]:
    return [_drawn(day, known.get(day)) if day.month == month else None for day in week]


def _drawn(day: date, said: CalendarDay | None) -> Drawn:
    works = said.is_workday if said else day.weekday() < 5
    return Drawn(day, works, said is not None, said.note if said else "")
