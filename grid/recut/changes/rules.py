"""Which areas a change of divisions ends, makes and renames. Pure.

Streets are set up, merged and closed by the people's government of the district with the approval of the city
(地方各级人民代表大会和地方各级人民政府组织法 第85条), residents' committees by that of the district
(城市居民委员会组织法 第6条). An area's code begins with that of the area above it, so that what comes under
another area gets another code; its ground, its people and its work stay what they are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grid.outside import is_digits
from grid.recut import problems as recut_problems
from grid.territory.rules import GRID_KINDS, LEVEL_NAMES, grid_kind, level_of, parent_of

RENAME, MERGE, FOUND, TRANSFER, CLOSE = "rename", "merge", "found", "transfer", "close"
DISTRICT = 6  # digits of a district's code: nothing is moved out of it
GRID, COMMUNITY, STREET = 5, 4, 3

# 统计用区划代码编制规则: what the last three digits of a street and of a community say of its kind.
BLOCKS: Mapping[int, tuple[tuple[int, int], ...]] = {
    STREET: ((1, 99), (100, 199), (200, 399), (400, 999)),
    COMMUNITY: ((1, 199), (200, 399), (400, 999)),
}
KINDS: Mapping[int, Mapping[str, int]] = {
    STREET: {"街道": 1, "镇": 100, "乡": 200, "园区": 400},
    COMMUNITY: {"居委会": 1, "村委会": 200, "虚拟": 400},
}


class Place(NamedTuple):
    """An area there is or was."""

    code: str
    name: str
    short_name: str
    kind: str
    is_current: bool


class Made(NamedTuple):
    """A new area, and those whose ground it takes: one where it is the same under another code."""

    code: str
    name: str
    short_name: str
    kind: str
    like: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What somebody wants: of `area` (which ends, is renamed, or receives) and of `areas` (which come under it, or under
    the new area of that `name` and `division` beneath it). `codes`: official new codes, where they are known."""

    kind: str
    area: str
    into: str = ""
    name: str = ""
    short_name: str = ""
    division: str = ""
    code: str = ""
    areas: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """`successor`: area that ends → who has its ground; `joined`: those whose ground became part of one that was there;
    `renamed`: code → (name, short name); `closed`: what ends without a successor."""

    made: list[Made] = field(default_factory=list)
    successor: dict[str, str] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)

    @property
    def ending(self) -> list[str]:
        return [*self.successor, *self.closed]


class Draft:
    """A plan being made on the areas of a district."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self.places = places
        self.used = set(places)
        self.below: dict[str, list[Place]] = {}
        self.names: dict[str, set[str]] = {}
        for place in places.values():
            if place.is_current:
                self.below.setdefault(parent_of(place.code), []).append(place)
                self.names.setdefault(parent_of(place.code), set()).add(place.name)
        self.plan = Plan()

    def place(self, code: str, *levels: int) -> Place:
        found = self.places.get(code)
        if found is None or not found.is_current or level_of(code) not in levels:
            words = "、".join(LEVEL_NAMES[level] for level in levels)
            raise recut_problems.RecutWrong(why=f"没有代码为“{code}”的现行{words}。")
        return found

    def under(self, area: Place, parent: str, code: str = "") -> None:
        """The area and everything below it comes under another one, and so gets another code."""
        if area.code in self.plan.successor:
            raise recut_problems.RecutWrong(why=f"{area.name}指定了两次。")
        code = self._code(area.code, parent, code)
        name = self._name(area, parent)
        short = name[:40] if level_of(code) == GRID else area.short_name
        self.plan.made.append(Made(code, name, short, area.kind, (area.code,)))
        self.plan.successor[area.code] = code
        for child in self.below.get(area.code, ()):
            self.under(child, code)

    def into(self, area: Place, other: Place) -> None:
        """The area ends in another of its level; what is below it comes under that one."""
        self.plan.successor[area.code] = other.code
        self.plan.joined.add(area.code)
        for child in self.below.get(area.code, ()):
            self.under(child, other.code)

    def take(self, code: str) -> str:
        self.used.add(code)
        return code

    def _code(self, old: str, parent: str, given: str) -> str:
        """The official code where it is known, the old number where it was never used here, else the next free one."""
        same = parent + old[-3:]
        if given:
            return self.take(self.fit(given, parent))
        return self.take(same if same not in self.used else self.next(parent, _block_of(old)))

    def next(self, parent: str, block: tuple[int, int]) -> str:
        """The next number of a kind. One once used, even by an area that ended, is never given again."""
        low, high = block
        numbers = [int(code[-3:]) for code in self.used if parent_of(code) == parent]
        number = max((n for n in numbers if low <= n <= high), default=low - 1) + 1
        if number > high:
            raise recut_problems.RecutWrong(why=f"{parent} 之下没有可用的代码。")
        return f"{parent}{number:03d}"

    def fit(self, given: str, parent: str) -> str:
        if not is_digits(given) or len(given) != len(parent) + 3 or not given.startswith(parent):
            raise recut_problems.RecutWrong(why=f"代码“{given[:20]}”不在 {parent} 之下。")
        if given in self.used:
            raise recut_problems.RecutWrong(why=f"代码 {given} 已经用过，不再使用。")
        return given

    def _name(self, area: Place, parent: str) -> str:
        """Two communities may each have a 第一网格: the one that comes says where from."""
        names = self.names.setdefault(parent, set())
        former = self.places[parent_of(area.code)].short_name
        name = area.name if area.name not in names else f"{former}{area.name}"[:60]
        names.add(name)
        return name


def plan_change(asked: Asked, places: Mapping[str, Place]) -> Plan:
    """Raises RecutWrong, saying what does not fit."""
    draft = Draft(places)
    _KINDS[asked.kind](draft, asked)
    return draft.plan


def _rename(draft: Draft, asked: Asked) -> None:
    area = draft.place(asked.area, STREET, COMMUNITY)
    name, short = asked.name.strip(), asked.short_name.strip() or asked.name.strip()[:40]
    if not name or (name, short) == (area.name, area.short_name):
        raise recut_problems.RecutWrong(why="没有新的名称。")
    if name != area.name and name in draft.names[parent_of(area.code)]:
        raise recut_problems.RecutWrong(why=f"同级已有“{name}”。")
    draft.plan.renamed[area.code] = (name, short)


def _merge(draft: Draft, asked: Asked) -> None:
    area = draft.place(asked.area, STREET, COMMUNITY)
    other = draft.place(asked.into, level_of(asked.area))
    if other.code == area.code:
        raise recut_problems.RecutWrong(why="不能并入自己。")
    draft.into(area, other)


def _found(draft: Draft, asked: Asked) -> None:
    """A new street of a district, or a new community of a street, made of what is said. Its areas may come from several."""
    level = level_of(asked.area) + 1
    if level not in KINDS or asked.division not in KINDS[level]:
        raise recut_problems.RecutWrong(why="请说明新设的是哪一种区划。")
    parent, name = draft.place(asked.area, level - 1) if level > STREET else None, asked.name.strip()
    above = parent.code if parent else asked.area
    if not name or name in draft.names.get(above, ()):
        raise recut_problems.RecutWrong(why="新设的区划须有名称，且不与同级重名。")
    block = _block_at(level, KINDS[level][asked.division])
    code = draft.take(draft.fit(asked.code, above) if asked.code else draft.next(above, block))
    parts = _parts(draft, asked.areas, level + 1)
    short = asked.short_name.strip() or name[:40]
    draft.plan.made.append(Made(code, name, short, asked.division, tuple(part.code for part in parts)))
    for part in parts:
        draft.under(part, code, asked.codes.get(part.code, ""))


def _transfer(draft: Draft, asked: Asked) -> None:
    receiver = draft.place(asked.area, STREET, COMMUNITY)
    for part in _parts(draft, asked.areas, level_of(asked.area) + 1):
        if parent_of(part.code) == receiver.code:
            raise recut_problems.RecutWrong(why=f"{part.name}本来就在{receiver.name}。")
        draft.under(part, receiver.code, asked.codes.get(part.code, ""))


def _parts(draft: Draft, codes: Collection[str], level: int) -> list[Place]:
    if not codes:
        raise recut_problems.RecutWrong(why="没有说明划入哪些区划。")
    return [draft.place(code, level) for code in codes]


def _close(draft: Draft, asked: Asked) -> None:
    """Only what nothing lies in any more ends without a successor; the action asks that."""
    area = draft.place(asked.area, STREET, COMMUNITY)
    waiting = [area]
    while waiting:
        place = waiting.pop()
        draft.plan.closed.append(place.code)
        waiting += draft.below.get(place.code, ())


_KINDS: Mapping[str, Callable[[Draft, Asked], None]] = {
    RENAME: _rename,
    MERGE: _merge,
    FOUND: _found,
    TRANSFER: _transfer,
    CLOSE: _close,
}


def _block_of(code: str) -> tuple[int, int]:
    if level_of(code) == GRID:
        return GRID_KINDS[grid_kind(code) or "基础网格"]
    return _block_at(level_of(code), int(code[-3:]))


def _block_at(level: int, number: int) -> tuple[int, int]:
    return next(((low, high) for low, high in BLOCKS[level] if low <= number <= high), BLOCKS[level][0])


def scope_of(asked: Asked) -> str:
    """Whose act it is: the district's where a street or a community changes, of grids the narrowest area around all."""
    if asked.kind == TRANSFER and asked.areas and all(level_of(code) == GRID for code in asked.areas):
        return narrowest([asked.area, *asked.areas])
    return asked.area[:DISTRICT]


def narrowest(codes: Sequence[str]) -> str:
    """The narrowest area above all of these: of one, the area above it."""
    around = parent_of(codes[0])
    while not all(code.startswith(around) for code in codes):
        around = parent_of(around)
    return around
