from datetime import date, timedelta

from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.rules import Workdays


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
