"""Which backups stay, and whether one fits this code."""

import re
from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Final

DAILY, WEEKLY, MONTHLY = 7, 5, 12
NAME: Final = re.compile(r"\d{8}T\d{6}Z")
_FORM: Final = "%Y%m%dT%H%M%SZ"


def name_of(at: datetime) -> str:
    """
    >>> name_of(datetime(2026, 11, 30, 2, 15, tzinfo=UTC))
    '20261130T021500Z'
    """
    return at.astimezone(UTC).strftime(_FORM)


def time_of(name: str) -> datetime:
    return datetime.strptime(name, _FORM).replace(tzinfo=UTC)


def kept(names: Iterable[str], zone: tzinfo) -> set[str]:
    """The newest of each of the last seven days, five weeks and twelve months that have one, as the city counts days.

    Only what is there counts, not the calendar: a year without a backup loses none of the old ones.
    """
    newest_first = sorted(names, reverse=True)
    periods: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (DAILY, lambda at: at.date()),
        (WEEKLY, lambda at: at.isocalendar()[:2]),
        (MONTHLY, lambda at: (at.year, at.month)),
    )
    stays: set[str] = set()
    for most, period in periods:
        seen: dict[Hashable, str] = {}
        for name in newest_first:
            seen.setdefault(period(time_of(name).astimezone(zone)), name)
        stays.update(list(seen.values())[:most])
    return stays


def from_newer_code(migrations: Iterable[str], known: Collection[str]) -> list[str]:
    """Steps of the schema this code has never heard of: nobody can take them back.

    >>> from_newer_code(["grid.0001_initial", "grid.0099_later"], ["grid.0001_initial", "grid.0002_more"])
    ['grid.0099_later']
    """
    return sorted(set(migrations) - set(known))
