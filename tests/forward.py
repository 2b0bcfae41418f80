"""The time of a test goes forward only: a step that is younger than the page which shows it is refused as out of order,
and whether it is depends on how many milliseconds a machine took since it was last moved to the same hour."""

from datetime import date, datetime, time, timedelta

from grid.calendar import now as clock


def forward_to(moment: datetime) -> None:
    clock.move(clock._ahead + max(moment - clock.now(), timedelta()))


def go_to(day: date) -> None:
    """To noon."""
    forward_to(datetime.combine(day, time(12), clock.CITY_TIME))
