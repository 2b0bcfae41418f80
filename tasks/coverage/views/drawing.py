"""The map of the grids as SVG shapes: outlines scaled into one box, shaded by coverage."""

from dataclasses import dataclass
from math import cos, radians

from grid.territory.models import Area
from tasks.coverage.queries import Line

WIDTH = 1000
PAD = 8


@dataclass(frozen=True)
class Shape:
    path: str
    shade: str
    href_code: str
    title: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: list[Shape]


def draw_map(shades: list[tuple[Area, Line]], depth: int) -> Drawing | None:
    """Shapes of grids; each leads to the part (code of `depth` digits) that it belongs to. None without outlines."""
    rings = [(grid, line, ring) for grid, line in shades for ring in _rings(grid.outline)]
    if not rings:
        return None
    lngs = [lng for _, _, ring in rings for lng, _ in ring]
    lats = [lat for _, _, ring in rings for _, lat in ring]
    # One degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    squeeze = cos(radians((min(lats) + max(lats)) / 2))
    span = max((max(lngs) - min(lngs)) * squeeze, 1e-9)
    scale = (WIDTH - 2 * PAD) / span
    height = round((max(lats) - min(lats)) * scale) + 2 * PAD

    def place(lng: float, lat: float) -> str:
        x = PAD + (lng - min_lng) * squeeze * scale
        y = PAD + (max_lat - lat) * scale
        return f"{x:.1f},{y:.1f}"

    min_lng, max_lat = min(lngs), max(lats)
    shapes = [
        Shape(
            path="M" + "L".join(place(*point) for point in ring) + "Z",
            shade=str(line.shade) if line.due else "none",
            href_code=grid.code[:depth],
            title=f"{grid.name} {line.percent}%({line.due})",
        )
        for grid, line, ring in rings
    ]
    return Drawing(WIDTH, height, shapes)


def _rings(outline: dict | None) -> list[list[list[float]]]:  # type: ignore[type-arg]
    """Outer rings of a GeoJSON Polygon or MultiPolygon."""
    if not outline:
        return []
    if outline["type"] == "Polygon":
        return [outline["coordinates"][0]]
    return [polygon[0] for polygon in outline["coordinates"]]
