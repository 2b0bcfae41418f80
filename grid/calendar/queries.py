from grid.calendar.models import CalendarDay, CalendarYear
from grid.calendar.rules import Workdays


def workdays() -> Workdays:
    """The calendar as it stands; two queries, a few hundred rows: read once per action, pass it down."""
    return Workdays(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        covered=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
