"""Until when the law keeps what was learnt of a person. Pure: days in, days out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from grid.calendar.rules import add_months


def kept_until(last: date, months: int) -> date:
    """The last day on which what was last used on `last` must still be kept.

    >>> kept_until(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    return add_months(last, months)


def is_kept(last: date | None, months: int, today: date) -> bool:
    """个人信息保护法 第47条第2款: while a period laid down by law or administrative regulation runs, nothing is deleted."""
    return last is not None and today <= kept_until(last, months)


def reasons_in_words(why: Sequence[str]) -> str:
    return "；".join(why)
