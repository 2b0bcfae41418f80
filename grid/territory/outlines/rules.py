"""How outlines fit together, and how they are written for others. Pure.

Neighbours that overlap put a door into two areas, a gap puts it into none: both are named, with their size and place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import cos, radians
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from shapely import union_all
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from grid.territory.grids.reading.datum import GCJ02, WGS84, to_wgs84
from grid.territory.grids.rules import KM_OF_DEGREE, Shown, geometry_of
from grid.territory.rules import Outline
from grid.texts import Text

OVERLAP, GAP, OUTSIDE = "overlap", "gap", "outside"
WORDS: Mapping[str, Text] = {OVERLAP: _("重叠"), GAP: _("空隙"), OUTSIDE: _("超出上级")}
# Lines drawn by hand never meet exactly: what is smaller than a small house plot is no flaw.
LEAST: Final = 200.0  # square metres
ROUND: Final = 6


class Flaw(NamedTuple):
    """Where outlines do not fit: which ones, how much, and around which point (GCJ-02)."""

    kind: str
    names: tuple[str, ...]
    square_metres: int
    lng: float
    lat: float

    @property
    def words(self) -> Text:
        return WORDS[self.kind]


def flaws(around: Shown | None, parts: Sequence[Shown]) -> list[Flaw]:
    """Overlaps of the parts, what of the area none of them covers, and what of them lies beyond it; the worst first."""
    found = list(_overlaps(parts))
    if around is not None and parts:
        whole = union_all([part.outline for part in parts])
        found += [
            _flaw(GAP, _near(piece, parts), piece) for piece in _pieces(around.outline.difference(whole))
        ]
        for part in parts:
            beyond = part.outline.difference(around.outline)
            found += [_flaw(OUTSIDE, (part.name,), piece) for piece in _pieces(beyond)]
    return sorted(found, key=lambda flaw: -flaw.square_metres)


def _overlaps(parts: Sequence[Shown]) -> Iterator[Flaw]:
    for place, part in enumerate(parts):
        for other in parts[place + 1 :]:
            for piece in _pieces(part.outline.intersection(other.outline)):
                yield _flaw(OVERLAP, (part.name, other.name), piece)


def _near(piece: BaseGeometry, parts: Sequence[Shown]) -> tuple[str, ...]:
    """The parts a gap lies between."""
    return tuple(part.name for part in parts if part.outline.distance(piece) < 1e-6)


def _pieces(found: BaseGeometry) -> list[BaseGeometry]:
    polygons = [found] if isinstance(found, Polygon) else getattr(found, "geoms", ())
    whole = (piece for piece in polygons if isinstance(piece, Polygon) and not piece.is_empty)
    return [piece for piece in whole if square_metres(piece) >= LEAST]


def _flaw(kind: str, names: tuple[str, ...], piece: BaseGeometry) -> Flaw:
    inside = piece.representative_point()
    return Flaw(kind, names, round(square_metres(piece)), round(inside.x, ROUND), round(inside.y, ROUND))


def square_metres(piece: BaseGeometry) -> float:
    """Roughly, good to a few per cent at the size of a city."""
    degree = KM_OF_DEGREE * 1000
    return float(piece.area) * degree * degree * cos(radians(piece.centroid.y))


def written(outline: Outline, datum: str) -> dict[str, object]:
    """An outline as RFC 7946 has it: outer rings against the clock, holes with it; in the datum it says."""
    shift: Callable[[float, float], tuple[float, float]] = to_wgs84 if datum == WGS84 else _as_it_is
    geometry = geometry_of(outline)
    polygons = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    turned = [_shifted(orient(polygon), shift) for polygon in polygons if isinstance(polygon, Polygon)]
    whole = turned[0] if len(turned) == 1 else MultiPolygon(turned)
    return {**mapping(whole), "datum": WGS84 if datum == WGS84 else GCJ02}


def _as_it_is(lng: float, lat: float) -> tuple[float, float]:
    return lng, lat


def _shifted(polygon: Polygon, shift: Callable[[float, float], tuple[float, float]]) -> Polygon:
    def ring(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        moved = (shift(lng, lat) for lng, lat in points)
        return [(round(lng, ROUND), round(lat, ROUND)) for lng, lat in moved]

    return Polygon(ring(polygon.exterior.coords), [ring(hole.coords) for hole in polygon.interiors])
