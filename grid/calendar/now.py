"""The one place that knows what time it is.

Everything asks here instead of the system clock, so that the demo and the journeys can move time
forward for a statutory period of months. Moving is refused outside demo mode.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

CITY_TIME = ZoneInfo("Asia/Shanghai")

_ahead = timedelta(0)
_moved = False


def now() -> datetime:
    """Aware, UTC."""
    return timezone.now() + _ahead


def today() -> date:
    """The date in the city."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME).date()


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to the city's day."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_TIME)


def move(ahead: timedelta) -> None:
    """Moves the process's time `ahead` of the system's, for the demo and tests only."""
    global _ahead, _moved
    if not settings.DEMO:
        raise RuntimeError("time moves only in demo mode")
    _ahead, _moved = ahead, True


def is_moved() -> bool:
    """Whether this process has ever moved its time: what it writes then stands in no order of a clock."""
    return _moved


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    before = _ahead
    move(moment - timezone.now())
    try:
        yield
    finally:
        move(before)
