"""Outlines as SVG: the grids of a community beside each other, and the numbers by which the page draws another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from grid.territory.models import Area

WIDTH = 1000
PAD = 20
TALLEST = 900


@dataclass(frozen=True, slots=True)
class Drawn:
    code: str
    name: str
    path: str
    is_around: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`west`, `north`, `x_scale`, `y_scale`: from degrees to the picture, x = (lng - west) · x_scale."""

    width: int
    height: int
    west: float
    north: float
    x_scale: float
    y_scale: float
    shapes: list[Drawn]


def rings_of(outline: Mapping[str, Any]) -> list[list[list[float]]]:
    polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def picture_of(areas: Iterable[Area], around: Area | None = None) -> Picture | None:
    """The outlines of areas, within that of another; None where there is none at all."""
    shown: Sequence[Area] = [area for area in ([around] if around else []) + list(areas) if area.outline]
    points = [point for area in shown for ring in rings_of(area.outline or {}) for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    # One degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    squeeze = cos(radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * PAD) / max((east - west) * squeeze, 1e-9), (TALLEST - 2 * PAD) / max(north - south, 1e-9)
    )
    x_scale, y_scale = squeeze * scale, scale
    west, north = west - PAD / x_scale, north + PAD / y_scale
    height = round((north - south) * y_scale) + PAD

    def path(outline: Mapping[str, Any]) -> str:
        rings = [
            "M" + "L".join(f"{(lng - west) * x_scale:.1f},{(north - lat) * y_scale:.1f}" for lng, lat in ring) + "Z"
            for ring in rings_of(outline)
        ]  # fmt: skip
        return "".join(rings)

    shapes = [Drawn(a.code, a.name, path(a.outline or {}), a is around) for a in shown]
    return Picture(WIDTH, height, west, north, x_scale, y_scale, shapes)
