"""Which grid is meant, and who is asked when. Pure.

乌政〔2020〕17号 四(二)2: 以网格为单位逐户摸排、检查不漏一户. What no text tells is asked of those who know: first the
workers, after some days the community, after some more the street.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

CITY, DISTRICT, STREET, COMMUNITY, GRID = 4, 6, 9, 12, 15  # digits


def ancestors(area: str) -> list[str]:
    """The area and those around it, down from the city: where something may wait that in truth lies here.

    >>> ancestors("150302001002001")
    ['1503', '150302', '150302001', '150302001002']
    """
    return [area[:length] for length in (CITY, DISTRICT, STREET, COMMUNITY) if length <= len(area)]


def meant_grid(said: str, successors: Collection[str], own: Collection[str]) -> str:
    """The grid of today that somebody meant who said `said`; empty where that cannot be told. `successors`: who took
    over from it (itself while in force); `own`: where whoever said it is posted now. After a split only their own half
    can be meant.

    >>> meant_grid("a", ["a"], []), meant_grid("a", ["b"], []), meant_grid("a", ["b", "c"], ["c"])
    ('a', 'b', 'c')
    >>> meant_grid("a", ["b", "c"], ["b", "c"]), meant_grid("a", ["b", "c"], [])
    ('', '')
    """
    if len(successors) == 1:
        return next(iter(successors))
    mine = sorted(set(successors) & set(own))
    return mine[0] if len(mine) == 1 else ""


def may_settle(area: str, grid: str, own: Collection[str]) -> bool:
    """Whether somebody posted at `own` may say that what is known to lie in `area` lies in `grid`: in a grid of their
    own, or in another of their community, and nowhere the address speaks against.

    >>> may_settle("150302001", "150302001002002", ["150302001002001"])
    True
    >>> may_settle("150302001003", "150302001002001", ["150302001002001"])
    False
    """
    near = {code[:COMMUNITY] for code in own if len(code) >= COMMUNITY}
    return len(grid) == GRID and grid.startswith(area) and grid[:COMMUNITY] in near


def asked_about(area: str) -> list[str]:
    """Around which areas a community or street is asked what waits there: a community as far as its street; a street
    about what nobody could tell the street of, too.

    >>> asked_about("150302001002"), asked_about("150302001")
    (['150302001', '150302001002'], ['1503', '150302', '150302001'])
    """
    around = ancestors(area)
    return around[2:] if len(area) == COMMUNITY else around


class Waits(NamedTuple):
    """Days of the office: the workers' to claim, then the community's to answer."""

    workers: int
    community: int


def asked_since(day: date, level: int, waits: Waits) -> date:
    """The last day on which something came into the pool for which a community (12 digits) or a street (9) is asked
    on `day`."""
    days = waits.workers if level == COMMUNITY else waits.workers + waits.community
    return day - timedelta(days=days)


def parent_of(area: str) -> str:
    """Where something waits that a community or street said is not theirs: a step further up.

    >>> parent_of("150302001002"), parent_of("150302001")
    ('150302001', '150302')
    """
    return area[:-3]
