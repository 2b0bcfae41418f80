"""Codes, levels and roles of areas: what may stand where."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from shapely.geometry import box, mapping, shape

from grid.outside import is_digits, is_readable


class Outline(TypedDict):
    """GeoJSON of a Polygon or a MultiPolygon."""

    type: str
    coordinates: list[Any]


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is given: a role over an area from a day on, without a last day until further notice. A liaison
    speaks for a `department`. `is_head`: one of those who lead the office (行政机关负责人)."""

    role: str
    area: str
    first_day: date
    last_day: date | None = None
    department: str = ""
    is_head: bool = False


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
    "examiner": frozenset({1, 2}),
    "inspector": frozenset({1, 2}),
    "city": frozenset({1}),
    "liaison": frozenset({1, 2}),
    "auditor": frozenset({1, 2}),
    "legal": frozenset({1, 2}),
    "personnel": frozenset({1}),
}

# Roles that do not meet in one person at one time, wherever: who does a thing, who reviews it, who decides on it and
# who audits it are different people. Within one case nobody acts twice anyhow; this keeps the offices apart.
_WATCHED = (
    "监督与被监督的工作不能由同一人承担（《中华人民共和国审计法》审计人员回避；行政处罚调查、审核、决定分离）"
)
INCOMPATIBLE: Mapping[frozenset[str], str] = {
    **{
        frozenset({watcher, other}): _WATCHED
        for watcher in ("auditor", "personnel")
        for other in ROLE_LEVELS
        if other != watcher
    },
    **{
        frozenset(
            {"legal", other}
        ): "法制审核由不承办、不决定该事项的人员进行（《行政处罚法》第58条；国办发〔2018〕118号）"
        for other in ("street", "district", "city", "inspector", "examiner")
    },
    frozenset({"examiner", "inspector"}): (
        "稽核属于社会保险经办机构，监察属于社会保险行政部门，须由不同的人承担（《社会保险经办条例》第44条移交）"
    ),
    **{
        frozenset({"examiner", other}): "稽核与对稽核意见的批准、决定须由不同的人承担（逐级审批）"
        for other in ("district", "city")
    },
    **{
        frozenset({"inspector", other}): "调查取证与作出决定须由不同的人承担（《行政处罚法》第57条）"
        for other in ("district", "city")
    },
    frozenset({"street", "district"}): "街道审批与区级审批须由不同的人办理（逐级审批）",
    frozenset({"district", "city"}): "区级决定与市级决定须由不同的人办理",
}

# Who may lead an office: whoever decides in it.
HEADS: frozenset[str] = frozenset({"district", "city"})

# Whose post watches, reviews or decides is given by a right of its own, never by whoever it watches.
CONTROLLING: frozenset[str] = frozenset({"auditor", "legal", "city", "personnel"})


def level_of(code: str) -> int:
    """Level of a code by its length; 0 for what is no code."""
    return LEVEL_BY_LENGTH.get(len(code), 0) if is_digits(code) else 0


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


def conflict(role: str, other: str) -> str:
    """Why two roles may not be held by one person at one time; empty when they may.

    >>> bool(conflict("auditor", "city")), conflict("worker", "community")
    (True, '')
    """
    return INCOMPATIBLE.get(frozenset({role, other}), "")


def may_be_posted(role: str, code: str) -> bool:
    return level_of(code) in ROLE_LEVELS.get(role, ())


# What names and numbers of people look like, wherever they come from: a form, a table, a command.
_LOGIN = re.compile(r"[\w.@+-]{2,40}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_BETWEEN = re.compile(r"[\s()（）－-]+")
LONGEST_NAME = 40


def is_login(text: str) -> bool:
    """Two to forty letters, digits and . @ + - _, as one types them into the sign-in page.

    >>> is_login("wang.jianguo"), is_login("w"), is_login("王 建国"), is_login("王建国")
    (True, False, False, True)
    """
    return _LOGIN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and is_readable(text)


def phone_of(text: str) -> str | None:
    """A telephone number without what stands between its digits; None for what is none.

    >>> phone_of("138 0013-8000"), phone_of(" "), phone_of("无")
    ('13800138000', '', None)
    """
    number = _BETWEEN.sub("", text)
    return number if not number or _PHONE.fullmatch(number) else None


def givers_in_words(role: str) -> str:
    """Who gives a post, for the refusal of who does not."""
    return "组织人事" if role in CONTROLLING else "市扩面办" if role == "district" else "区主管或市扩面办"


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


def halves(outline: Outline, direction: str) -> tuple[Outline, Outline]:
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
