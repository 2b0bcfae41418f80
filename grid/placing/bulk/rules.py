"""By what the addresses of a pool are grouped: compounds, blocks, house numbers, landmarks, roads."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from grid.placing.reading.rules.parts import Parts, What
from grid.texts import Text


class Kind(StrEnum):
    """What a group shares. All but a road mean one place, and may be taught."""

    ESTATE = "estate"
    BLOCK = "block"
    DOOR = "door"
    MARK = "mark"
    ROAD = "road"


KIND_NAMES: Mapping[Kind, Text] = {
    Kind.ESTATE: _("小区、市场、园区"),
    Kind.BLOCK: _("街坊"),
    Kind.DOOR: _("门牌号"),
    Kind.MARK: _("地名"),
    Kind.ROAD: _("道路"),
}
STEP: Final = 50  # house numbers in one part of a road
_KINDS: Mapping[What, Kind] = {
    What.BLOCK: Kind.BLOCK,
    What.COMPOUND: Kind.ESTATE,
    What.MARKET: Kind.ESTATE,
    What.PARK: Kind.ESTATE,
    What.NUMBER: Kind.DOOR,
}


class Road(NamedTuple):
    """The first road an address names, with the side of it and the number of the house, as far as they are written."""

    name: str
    side: str = ""
    number: int | None = None


class Trait(NamedTuple):
    kind: Kind
    name: str


def road_of(parts: Parts) -> Road | None:
    """
    >>> from grid.placing.reading.rules.parts import read_parts
    >>> road_of(read_parts("新华西街北侧33号"))
    Road(name='新华西街', side='北', number=33)
    >>> road_of(read_parts("如意小区1号楼")) is None
    True
    """
    if not parts.roads:
        return None
    road = parts.roads[0]
    return Road(road.name, road.side, road.number or None)


def traits_of(parts: Parts) -> list[Trait]:
    """What an address shares with others, the most telling first; its road, which tells least, last.

    >>> from grid.placing.reading.rules.parts import read_parts
    >>> [trait.kind.value for trait in traits_of(read_parts("新华西街33号"))]
    ['door', 'road']
    """
    traits = [Trait(_KINDS.get(piece.what, Kind.MARK), piece.name) for piece in parts.pieces()]
    if road := road_of(parts):
        traits.append(Trait(Kind.ROAD, road.name))
    return traits


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a road: one side, one range of numbers; without numbers those whose number is not written."""

    side: str
    first: int | None

    @property
    def key(self) -> str:
        return f"{self.side}{'' if self.first is None else self.first}"

    @property
    def last(self) -> int | None:
        return None if self.first is None else self.first + STEP - 1


def stretch_of(road: Road | None) -> Stretch:
    if road is None or road.number is None:
        return Stretch(road.side if road else "", None)
    return Stretch(road.side, (max(road.number, 1) - 1) // STEP * STEP + 1)


def stretches_of(roads: Iterable[Road | None]) -> list[tuple[Stretch, int]]:
    """The parts of a road that occur, in the order one walks them, each with how many lie there."""
    counts: dict[Stretch, int] = {}
    for road in roads:
        stretch = stretch_of(road)
        counts[stretch] = counts.get(stretch, 0) + 1
    return sorted(counts.items(), key=lambda item: (item[0].side, item[0].first or 0))


def acts_left(groups: Collection[int], waiting: int) -> int:
    """How many acts it takes until nobody waits: one for each group, and one for each that is in none.

    >>> acts_left([40, 7], 50)
    5
    """
    return len(groups) + waiting - sum(groups)
