"""The gazetteer of a city as an index: which area a compound, a landmark or a stretch of a road belongs to. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from grid.placing.reading.rules.parts import Parts, Road, taught_form

LENGTHS: Final = (15, 12, 9, 6)  # of the codes of areas within a city
STREET: Final = 9
COMMUNITY: Final = 12
ROAD, OLD = "road", "old"
NAME, SEGMENT, WHOLE_ROAD, SLIP, CLASH = "name", "segment", "road", "slip", "clash"
ODD, EVEN = "odd", "even"


class Toponym(NamedTuple):
    """A row of the gazetteer. Of a road: the stretch from `first` to `last` (0: no bound) on `side`, of `parity`. Of an
    old name: what it is called today."""

    district: str
    kind: str
    name: str
    area: str = ""
    side: str = ""
    parity: str = ""
    first: int = 0
    last: int = 0
    current: str = ""

    def holds(self, road: Road) -> bool:
        """Whether the place an address names on a road may lie on this stretch."""
        if self.side and road.side and self.side != road.side:
            return False
        number = road.number or int(road.km)
        if not number:
            return True
        fits = {"": True, ODD: number % 2 == 1, EVEN: number % 2 == 0}[self.parity]
        return fits and self.first <= number and (not self.last or number <= self.last)


class Found(NamedTuple):
    """What the gazetteer says: the area, by which piece of the address, and how it was found."""

    area: str
    piece: str
    how: str
    name: str = ""


@dataclass(slots=True)
class _Names:
    """What one district calls its places."""

    areas: dict[str, set[str]] = field(default_factory=dict)
    roads: dict[str, list[Toponym]] = field(default_factory=dict)
    old: dict[str, str] = field(default_factory=dict)
    written_old: re.Pattern[str] | None = None

    def may_be_on(self, area: str, roads: Sequence[Road]) -> bool:
        """Whether a place in an area may be on the roads named with it, as far as they are known. The corner of two
        communities is in one of them: the street is what counts."""
        known = [row.area for road in roads for row in self.roads.get(road.name, ())]
        return not known or any(row[:STREET] == area[:STREET] for row in known)


class Toponyms:
    """Built once from the rows in force; then only read."""

    def __init__(self, rows: Iterable[Toponym] = ()) -> None:
        self._districts: dict[str, _Names] = {}
        for row in rows:
            names = self._districts.setdefault(row.district, _Names())
            name = taught_form(row.name)
            if row.kind == OLD:
                names.old[row.name] = row.current
            elif row.kind == ROAD:
                names.roads.setdefault(row.name, []).append(row)
            else:
                names.areas.setdefault(name, set()).add(row.area)

    def __bool__(self) -> bool:
        return bool(self._districts)

    def renewed(self, district: str, tail: str) -> tuple[str, str]:
        """The text with the first old name in it replaced by today's, and that old name; (text, "") where none is."""
        names = self._districts.get(district)
        if names is None or not names.old:
            return tail, ""
        if names.written_old is None:
            words = "|".join(map(re.escape, sorted(names.old, key=len, reverse=True)))
            names.written_old = re.compile(rf"({words})(?:街道办事处|街道|办事处|镇|乡)?")
        found = names.written_old.search(tail)
        if found is None:
            return tail, ""
        return tail[: found.start()] + current_of(names.old, found[1]) + tail[found.end() :], found[1]

    def names(self, district: str) -> Iterable[str]:
        """The names of places of a district, without its roads."""
        return self._districts[district].areas if district in self._districts else ()

    def areas(self, district: str, name: str) -> Iterable[str]:
        return self._districts[district].areas.get(name, ()) if district in self._districts else ()

    def find(self, district: str, parts: Parts, within: str) -> Found | None:
        """Where the gazetteer puts an address of a district, below `within`: by its most telling piece that is known,
        then by its roads. CLASH: the roads named beside it are known, and do not pass there."""
        names = self._districts.get(district)
        if names is None:
            return None
        for piece in parts.pieces():
            if area := narrowest(names.areas.get(piece.name, ()), within):
                return Found(area, piece.name, NAME if names.may_be_on(area, parts.roads) else CLASH)
        return self._on_road(names, parts.roads, within)

    def _on_road(self, names: _Names, roads: Sequence[Road], within: str) -> Found | None:
        best: Found | None = None
        for road in roads:
            stretches = {row.area for row in names.roads.get(road.name, ()) if row.holds(road)}
            area = narrowest(stretches, within)
            is_exact = bool(road.number or road.km)
            if not is_exact and len(area) > COMMUNITY:
                area = area[:COMMUNITY]  # nobody says that the road has no house beyond the grid
            if len(area) > len(best.area if best else within):
                best = Found(area, _as_written(road), SEGMENT if is_exact else WHOLE_ROAD)
        return best


def _as_written(road: Road) -> str:
    place = f"{road.number}号" if road.number else f"{road.km:g}公里" if road.km else ""
    return f"{road.name}{road.side}{place}"


def narrowest(areas: Iterable[str], within: str) -> str:
    """The narrowest area that holds all that are possible; empty where it says no more than is known."""
    possible = [area for area in areas if area.startswith(within)]
    if not possible:
        return ""
    for length in LENGTHS:
        held = {area[:length] for area in possible}
        if len(held) == 1 and length <= min(map(len, possible)):
            return held.pop() if length > len(within) else ""
    return ""


# --- old names --------------------------------------------------------------------------------------------


def current_of(old: Mapping[str, str], name: str) -> str:
    """What a place is called today, however often it was renamed. The table has no circles (`circle_of`)."""
    seen = set()
    while name in old and name not in seen:
        seen.add(name)
        name = old[name]
    return name


def circle_of(old: Mapping[str, str], name: str) -> list[str]:
    """The names that lead back to `name`; empty where its way ends.

    >>> circle_of({"甲": "乙", "乙": "丙", "丙": "甲"}, "甲"), circle_of({"甲": "乙"}, "甲")
    (['甲', '乙', '丙', '甲'], [])
    """
    way = [name]
    while way[-1] in old:
        way.append(old[way[-1]])
        if way[-1] in way[:-1]:
            return way
    return []
