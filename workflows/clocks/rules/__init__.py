"""Terms in days."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from grid.calendar.rules import Paused, Workdays
from grid.calendar.rules import due_on as last_day_of

Unit = Literal["wd", "d", "m"]


class Period(NamedTuple):
    length: int
    unit: Unit


UNITS: dict[str, Unit] = {"个工作日": "wd", "工作日": "wd", "日": "d", "个月": "m", "月": "m"}


def unit_of(text: str) -> Unit:
    """The unit of a provision as written at the desk. Raises KeyError for one that counts no time."""
    return text if text in ("wd", "d", "m") else UNITS[text]  # type: ignore[return-value]


def last_day(
    start: date, term: Period, days: Workdays, pauses: Iterable[Paused] = (), more: Period | None = None
) -> date | None:
    """The last day of a term with its pauses and its extension; None while it stands still.

    An extension in the same unit makes one longer term of both; in another unit it counts on from the end.
    """
    stills = list(pauses)
    if more and more.unit == term.unit:
        return last_day_of(start, term.length + more.length, term.unit, days, stills)
    first = last_day_of(start, term.length, term.unit, days, stills)
    if first is None or more is None:
        return first
    return last_day_of(first, more.length, more.unit, days, stills)
