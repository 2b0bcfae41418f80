"""When the ledger is looked at, and which findings raise an alarm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

# The city sleeps; a check that missed its hour begins as soon as it can.
HOUR = 2
# Longer without a finished round, and the check itself is a fault.
LONGEST_SILENCE = timedelta(days=2)


def is_due(last: datetime | None, at: datetime) -> bool:
    """Whether a round that last began at `last` is to begin again at `at`; both in the city's time.

    >>> is_due(datetime(2026, 3, 4, 2, 1), datetime(2026, 3, 4, 23, 0))
    False
    >>> is_due(datetime(2026, 3, 4, 2, 1), datetime(2026, 3, 5, 2, 0))
    True
    """
    if last is None:
        return True
    night = at.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if at < night:
        night -= timedelta(days=1)
    return last < night


def is_silent(last: datetime | None, at: datetime) -> bool:
    return last is None or at - last > LONGEST_SILENCE


def is_news(key: str, open_keys: Collection[str], before: Collection[str]) -> bool:
    """A finding raises an alarm unless one is open for it, or it was there before and two offices have closed it.

    What had gone in between and is there again is news.
    """
    return key not in open_keys and key not in before
