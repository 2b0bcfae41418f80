"""Where a batch lies."""

from collections.abc import Collection
from typing import Final

GRID, COMMUNITY, STREET, DISTRICT, CITY = 15, 12, 9, 6, 4  # lengths of codes
_LENGTHS: Final = (GRID, COMMUNITY, STREET, DISTRICT, CITY)


def shared_area(areas: Collection[str]) -> str:
    """The narrowest area in which all of them lie.

    >>> shared_area(["150302001002001", "150302001003001"]), shared_area(["150302"]), shared_area([])
    ('150302001', '150302', '')
    """
    if not areas:
        return ""
    # Between the first and the last in their order lies nothing that shares less.
    first, last = min(areas), max(areas)
    fitting = (n for n in _LENGTHS if len(first) >= n and first[:n] == last[:n])
    return first[: next(fitting, 0)]
