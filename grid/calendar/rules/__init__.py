"""Terms in working days and calendar days, computed from a table of holidays and make-up workdays.

Counting begins the day after the event (民事诉讼法 第85条); a term in calendar days or months that would end on
a day off ends on the next working day. "2/3/5/7日" of the 行政处罚法 are working days (第85条), and so is every
term up to ten days of the 行政强制法 (第69条).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from grid.calendar.rules.statutory import DAY, holiday_on

Unit = Literal["wd", "d", "m"]
KEPT_YEARS = (2004, 2100)  # the first and the last year the calendar keeps


@dataclass(frozen=True)
class Workdays:
    """Days that differ from what is known without them, and the years for which the official table has arrived: in
    those the plain week is known, in others the statutory holidays, too."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    covered: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, self.usual(day))

    def usual(self, day: date) -> bool:
        """Whether a day is worked as long as nobody said otherwise: 全国年节及纪念日放假办法 第二条 needs no notice."""
        return day.weekday() < 5 and (day.year in self.covered or not holiday_on(day))

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a term over these days rests on a year whose table has not arrived."""
        return any(year not in self.covered for year in range(first.year, last.year + 1))


@dataclass(frozen=True)
class Paused:
    """Days (both inclusive) on which a term stands still; `last` None while it still does."""

    first: date
    last: date | None


def next_workday(day: date, days: Workdays) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not days.works(day):
        day += DAY
    return day


def due_on(
    start: date, length: int, unit: Unit, days: Workdays, pauses: Iterable[Paused] = ()
) -> date | None:
    """The last day of a term that an event on `start` set running.

    `length` counts days or, for "m", calendar months. None while a pause without an end stands in the way.
    Raises ValueError for a length below one.
    """
    if length < 1:
        raise ValueError("a term has at least one day")
    stills = _joined(pauses)
    if unit == "wd":
        return _after_workdays(start, length, days, stills)
    end = add_months(start, length) if unit == "m" else start + length * DAY
    return _after_span(start, end, days, stills)


def _after_workdays(start: date, length: int, days: Workdays, pauses: list[Paused]) -> date | None:
    day, counted = start, 0
    while counted < length:
        day += DAY
        still = _pause_at(day, pauses)
        if still:
            if still.last is None:
                return None
            day = still.last
        elif days.works(day):
            counted += 1
    return day


def _after_span(start: date, end: date, days: Workdays, pauses: list[Paused]) -> date | None:
    """Each day of a pause after `start` and before the end so far puts the end off by one."""
    for pause in pauses:
        if pause.first > end:
            break
        if pause.last is None:
            return None
        end += max(pause.last - max(pause.first, start + DAY) + DAY, 0 * DAY)
    return _roll(end, days, pauses)


def _joined(pauses: Iterable[Paused]) -> list[Paused]:
    """In order, overlapping pauses joined, so that no day counts as paused twice."""
    joined: list[Paused] = []
    for pause in sorted(pauses, key=lambda paused: paused.first):
        before = joined[-1] if joined else None
        if before and before.last is None:
            break
        if before and before.last and pause.first <= before.last:
            ends = None if pause.last is None else max(before.last, pause.last)
            joined[-1] = Paused(before.first, ends)
        else:
            joined.append(pause)
    return joined


def _roll(day: date, days: Workdays, pauses: list[Paused]) -> date | None:
    """The end of a term: never on a day off, never inside a pause."""
    while True:
        day = next_workday(day, days)
        still = _pause_at(day, pauses)
        if not still:
            return day
        if still.last is None:
            return None
        day = still.last + DAY


def _pause_at(day: date, pauses: list[Paused]) -> Paused | None:
    return next((p for p in pauses if p.first <= day and (p.last is None or day <= p.last)), None)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def workdays_between(first: date, last: date, days: Workdays) -> int:
    """Working days after `first` up to and including `last`; negative when `last` comes before `first`."""
    if last < first:
        return -workdays_between(last, first, days)
    return sum(days.works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def late_words(due_on: date, today: date, days: Workdays) -> str:
    """By how much a deadline has passed, everywhere in working days, however its term was counted."""
    late = workdays_between(due_on, today, days)
    return _("逾期 {days} 个工作日").format(days=late) if late else _("已到期，逾期不足 1 个工作日")
