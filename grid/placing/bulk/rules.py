"""By what the addresses of a pool are grouped: compounds, blocks, house numbers, landmarks, roads."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from grid.placing.rules import landmarks
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
SIDES: Final = "东西南北"
_ROAD: Final = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,6}?(?:大街|大道|[东西南北中]街|[东西南北中]路|街(?!坊)|路))"
    r"(?P<side>[东西南北])?(?:侧|边|面|段)?(?:[零一二三四五六七八九十百0-9]{1,4}街坊)?(?P<number>[0-9]{1,5})?"
)
_BLOCK: Final = re.compile(r"街坊$")
_DOOR: Final = re.compile(r"[0-9](?:号|栋|#)$")
_ESTATE: Final = re.compile(
    r"(?:小区|花园|家园|花苑|佳苑|新村|新城|家属院|市场|商城|工业园区|工业园|工业区|产业园)$"
)


class Road(NamedTuple):
    """The first road an address names, with the side of it and the number of the house, as far as they are written."""

    name: str
    side: str = ""
    number: int | None = None


class Trait(NamedTuple):
    kind: Kind
    name: str


def road_of(tail: str) -> Road | None:
    """
    >>> road_of("新华西街北侧33号")
    Road(name='新华西街', side='北', number=33)
    >>> road_of("如意小区1号楼") is None
    True
    """
    found = _ROAD.match(tail)
    if found is None:
        return None
    number = found["number"]
    return Road(found["name"], found["side"] or "", int(number) if number else None)


def kind_of(piece: str) -> Kind:
    """
    >>> [kind_of(piece).value for piece in ("海北东街北7街坊", "如意小区", "新华西街33号", "拉僧仲")]
    ['block', 'estate', 'door', 'mark']
    """
    if _BLOCK.search(piece):
        return Kind.BLOCK
    if _DOOR.search(piece):
        return Kind.DOOR
    return Kind.ESTATE if _ESTATE.search(piece) else Kind.MARK


def traits_of(tail: str) -> list[Trait]:
    """What an address shares with others, the most telling first; its road, which tells least, last."""
    traits = [Trait(kind_of(piece), piece) for piece in landmarks(tail)]
    if road := road_of(tail):
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
