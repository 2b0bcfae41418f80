"""What becomes of a line about a grid, and when an outline is plausible. The bounds: docs/decisions/0043."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians
from statistics import median
from typing import Final

from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from grid.territory.rules import Outline

# Shares of an area. Neighbours drawn by hand never meet exactly: a sliver is kept and told.
SLIVER: Final = 0.001  # below it nothing is said
MOST_OUTSIDE: Final = 0.05  # of the grid, beyond its community
MOST_SHARED: Final = 0.05  # of the smaller of two neighbours
SAME_PLACE: Final = 2e-6  # degrees: the last decimal that is kept, and its rounding
FAR_KM: Final = 60.0  # from anything known of the city: no city is that far from itself
KM_OF_DEGREE: Final = 111.3
BASE: Final = "基础网格"
# How a kind may be written.
KINDS: Final[Mapping[str, str]] = {
    "": BASE, "基础": BASE, "基础网格": BASE, "普通网格": BASE, "住宅网格": BASE,
    "商圈": "商圈网格", "商圈网格": "商圈网格", "专属网格": "商圈网格",
    "园区": "园区网格", "园区网格": "园区网格",
}  # fmt: skip
MOST_HOUSEHOLDS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A known outline: whose it is, and whether it was only drawn (a sample, a provisional grid), not surveyed."""

    code: str
    name: str
    outline: BaseGeometry
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    other: Shown
    share: float


class Neighbours:
    """Outlines of a territory, to be asked which of them an outline overlaps."""

    def __init__(self, known: Iterable[Shown]) -> None:
        self._known: Sequence[Shown] = list(known)
        self._tree = STRtree([shown.outline for shown in self._known])

    def overlaps(self, code: str, outline: BaseGeometry) -> list[Overlap]:
        """Neighbours it shares more than a sliver with, the worst first; never itself."""
        found = []
        for at in self._tree.query(outline):
            other = self._known[at]
            if other.code == code:
                continue
            smaller = min(outline.area, other.outline.area)
            share = outline.intersection(other.outline).area / smaller if smaller else 0.0
            if share > SLIVER:
                found.append(Overlap(other, share))
        return sorted(found, key=lambda overlap: -overlap.share)


def share_outside(outline: BaseGeometry, around: BaseGeometry) -> float:
    """Which part of an outline lies beyond another, 0 to 1."""
    return float(outline.difference(around).area / outline.area) if outline.area else 0.0


def km_between(outline: BaseGeometry, other: BaseGeometry) -> float:
    """Roughly, in kilometres; 0 where they touch. Good to a few per cent at the size of a city."""
    first, second = nearest_points(outline, other)
    squeeze = cos(radians((first.y + second.y) / 2))
    return hypot((first.x - second.x) * squeeze, first.y - second.y) * KM_OF_DEGREE


def geometry_of(outline: Mapping[str, object]) -> BaseGeometry:
    """A stored outline as a geometry; one that was stored before outlines were checked is mended."""
    found = shape(outline)
    return found if found.is_valid else found.buffer(0)


def middle_of(outlines: Sequence[BaseGeometry], name: str) -> Shown | None:
    """Where most of a file lies, for a city nothing is known of yet: one that strays is told from the others."""
    if not outlines:
        return None
    centres = [outline.centroid for outline in outlines]
    return Shown(
        "", name, Point(median(centre.x for centre in centres), median(centre.y for centre in centres))
    )


def percent(share: float) -> str:
    """
    >>> percent(0.0512), percent(0.0004), percent(1.0)
    ('5.1', '0.1', '100')
    """
    return f"{max(share * 100, 0.1):.1f}".removesuffix(".0")


# --- the ground a plan stands on -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Community:
    code: str
    names: frozenset[str]
    name: str
    outline: BaseGeometry | None = None
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid there is, or was: `until` is the day it was closed, empty while it is in force."""

    code: str
    name: str
    kind: str
    households: int
    outline: Outline | None = None
    until: str = ""
    is_provisional: bool = False


@dataclass(slots=True)
class Ground:
    """What is there before a file is taken: communities within reach, every grid ever below them, and the outlines
    around. `place`: what all of it belongs to, for the check that an outline is near."""

    communities: dict[str, Community]
    grids: dict[str, Grid]
    around: list[Shown] = field(default_factory=list)
    place: Shown | None = None
