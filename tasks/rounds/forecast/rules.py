"""How far a round will come, from the pace so far. Pure.

What is reckoned is a pace with its range, not a promise: a day's doors scatter, and few days say little. Doors seen on
a day off count to the pace of the working day before, for only working days lie ahead that are counted on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Final

from django.utils.translation import gettext as _

from grid.calendar.rules import Workdays, workdays_between

# Nine in ten: of the normal distribution. So the range says what is likely, not what is possible.
LIKELY: Final = 1.645
# Beyond this nobody plans, and no pace so slow is told as a day.
FARTHEST: Final = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Progress:
    """`left` doors on `day`, of a round that began on `began` and ends with `due_on`; `settled`: doors settled by day."""

    began: date
    day: date
    due_on: date
    left: int
    settled: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Doors a working day, and when the last is seen: at the pace so far, and at the quickest and slowest likely one (None:
    not within two years). `left` at the end of the last day, likewise from best to worst."""

    pace: float
    ends_on: date | None
    earliest: date | None
    latest: date | None
    left: int
    left_best: int
    left_worst: int

    @property
    def is_late(self) -> bool:
        return self.left > 0


def daily(progress: Progress, days: Workdays) -> list[int]:
    """Doors settled on each working day gone by, from the first on; today is not over, and not among them.

    What was seen on a day off is counted to the working day before it, or the first.
    """
    working = _working_days(progress.began, progress.day - timedelta(days=1), days)
    counts = dict.fromkeys(working, 0)
    for day, count in progress.settled.items():
        if working and day < progress.day:
            counts[max((other for other in working if other <= day), default=working[0])] += count
    return list(counts.values())


def forecast(progress: Progress, days: Workdays, least_days: int, least_doors: int) -> Forecast | None:
    """None while there is too little to say: fewer than so many working days, or so many doors."""
    done = daily(progress, days)
    if len(done) < max(least_days, 2) or sum(done) < least_doors or not progress.left:
        return None
    mean, spread = _mean_and_spread(done)
    quick, slow = mean + spread, max(mean - spread, 0.0)
    ahead = max(workdays_between(progress.day, progress.due_on, days), 0)
    return Forecast(
        round(mean, 1),
        _day_at(progress, mean, days),
        _day_at(progress, quick, days),
        _day_at(progress, slow, days),
        _left(progress.left, mean, ahead),
        _left(progress.left, quick, ahead),
        _left(progress.left, slow, ahead),
    )


def _working_days(first: date, last: date, days: Workdays) -> list[date]:
    length = max((last - first).days + 1, 0)
    return [day for n in range(length) if days.works(day := first + timedelta(days=n))]


def _mean_and_spread(done: Sequence[int]) -> tuple[float, float]:
    """The mean of a day, and how far the true one likely lies from it: the standard error, with at least the scatter of
    counts, so that a few equal days do not pretend to certainty."""
    mean = sum(done) / len(done)
    variance = sum((count - mean) ** 2 for count in done) / (len(done) - 1)
    return mean, LIKELY * sqrt(max(variance, mean) / len(done))


def _left(left: int, pace: float, ahead: int) -> int:
    return max(ceil(left - pace * ahead), 0)


def _day_at(progress: Progress, pace: float, days: Workdays) -> date | None:
    """The working day after `day` on which the last door is seen."""
    if pace <= 0:
        return None
    needed, day = ceil(progress.left / pace), progress.day
    if needed > FARTHEST.days:
        return None
    while needed > 0:
        day += timedelta(days=1)
        if day - progress.day > FARTHEST:
            return None
        needed -= days.works(day)
    return day


def ends_words(found: Forecast) -> str:
    """
    >>> ends_words(Forecast(2.0, date(2026, 3, 9), date(2026, 3, 6), None, 0, 0, 3))
    '约 2026-03-09 走访完（最快 2026-03-06，最慢说不准）。'
    """
    likely = _("约 {day} 走访完").format(day=found.ends_on) if found.ends_on else _("两年内走访不完")
    if found.earliest is None:
        return likely + _("。")
    slowest = _("最慢 {day}").format(day=found.latest) if found.latest else _("最慢说不准")
    return likely + _("（最快 {day}，{slowest}）。").format(day=found.earliest, slowest=slowest)


def left_words(found: Forecast) -> str:
    """
    >>> left_words(Forecast(2.0, None, None, None, 12, 4, 20))
    '到截止约剩 12 户（4 至 20 户）。'
    """
    words = _("到截止约剩 {n} 户").format(n=found.left) if found.left else _("到截止能走访完")
    if found.left_best == found.left_worst:
        return words + _("。")
    return words + _("（{best} 至 {worst} 户）。").format(best=found.left_best, worst=found.left_worst)
