"""Codes, levels and roles of areas: what may stand where."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shapely.geometry import box, mapping, shape

# Length of a code → Level. 统计用区划代码 has 12 digits (6 + 3 + 3); a grid adds 3 (CJ/T 349-2010 adds 2, too few
# for districts that keep 商圈 and 园区 grids apart).
LEVEL_BY_LENGTH: Mapping[int, int] = {4: 1, 6: 2, 9: 3, 12: 4, 15: 5}
LEVEL_NAMES: Mapping[int, str] = {1: "市", 2: "区", 3: "街道（镇）", 4: "社区（村）", 5: "网格"}

GRID_KINDS: Mapping[str, tuple[int, int]] = {
    "基础网格": (1, 799),
    "商圈网格": (801, 899),
    "园区网格": (901, 999),
}

# Where a role may be posted. A worker belongs to a grid; who only looks or inspects sits in a district or the city.
ROLE_LEVELS: Mapping[str, frozenset[int]] = {
    "worker": frozenset({5}),
    "community": frozenset({4}),
    "street": frozenset({3}),
    "district": frozenset({2}),
    "inspector": frozenset({1, 2}),
    "city": frozenset({1}),
    "liaison": frozenset({1, 2}),
    "auditor": frozenset({1, 2}),
    "legal": frozenset({1, 2}),
}


def level_of(code: str) -> int:
    """Level of a code by its length; 0 for what is no code."""
    return LEVEL_BY_LENGTH.get(len(code), 0) if code.isascii() and code.isdigit() else 0


def parent_of(code: str) -> str:
    """The code of the area above; empty for a city."""
    lengths = sorted(LEVEL_BY_LENGTH)
    at = lengths.index(len(code))
    return code[: lengths[at - 1]] if at else ""


def short_code(official: str) -> str:
    """A 12-digit 统计用区划代码 without the zeros that stand for "everything below".

    >>> [short_code(code) for code in ("150300000000", "150302000000", "150302001000", "150302001002")]
    ['1503', '150302', '150302001', '150302001002']
    """
    if not official[9:].strip("0"):
        official = official[:9]
        if not official[6:].strip("0"):
            official = official[:6]
            official = official[:4] if official[4:] == "00" else official
    return official[:2] if official[2:] == "00" else official


def may_be_posted(role: str, code: str) -> bool:
    return level_of(code) in ROLE_LEVELS.get(role, ())


def levels_in_words(role: str) -> str:
    return "或".join(LEVEL_NAMES[level] for level in sorted(ROLE_LEVELS[role], reverse=True))


def grid_kind(code: str) -> str:
    """基础网格 001-799, 商圈网格 801-899, 园区网格 901-999; empty for a number outside all three."""
    number = int(code[12:])
    return next((kind for kind, (low, high) in GRID_KINDS.items() if low <= number <= high), "")


def free_codes(community: str, kind: str, used: Iterable[str], count: int) -> list[str]:
    """The next `count` codes of a kind in a community. A number once used, even by a closed grid, is never given
    again. Raises ValueError when the numbers of that kind run out."""
    low, high = GRID_KINDS[kind]
    taken = {int(code[12:]) for code in used if code.startswith(community) and len(code) == 15}
    first = max((n for n in taken if low <= n <= high), default=low - 1) + 1
    if first + count - 1 > high:
        raise ValueError(f"{community}: no {count} codes left for {kind}")
    return [f"{community}{number:03d}" for number in range(first, first + count)]


def halves(outline: Mapping[str, Any], direction: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An outline cut through its middle into (west, east) or, `direction` "ns", (north, south). GeoJSON both ways.

    Each is at least a touching half of it; what is concave may come out in several pieces, as a MultiPolygon.
    """
    whole = shape(outline)
    west, south, east, north = whole.bounds
    middle = whole.centroid
    if direction == "ns":
        first, second = box(west, middle.y, east, north), box(west, south, east, middle.y)
    else:
        first, second = box(west, south, middle.x, north), box(middle.x, south, east, north)
    return mapping(whole.intersection(first)), mapping(whole.intersection(second))


def unassigned(subjects: Collection[int], parts: Iterable[Collection[int]]) -> set[int]:
    """Subjects of a grid that no part of its re-cut takes."""
    return set(subjects) - {pk for part in parts for pk in part}


def assigned_twice(parts: Iterable[Collection[int]]) -> set[int]:
    seen: set[int] = set()
    twice: set[int] = set()
    for part in parts:
        twice |= seen & set(part)
        seen |= set(part)
    return twice


def overlap(first_a: object, last_a: object, first_b: object, last_b: object) -> bool:
    """Whether two periods share a day; None as the end means open. Days compare with each other."""
    return (last_a is None or first_b <= last_a) and (last_b is None or first_a <= last_b)  # type: ignore[operator]
