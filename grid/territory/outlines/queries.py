"""The outlines of an area and of what is directly below it."""

from collections.abc import Iterable, Mapping

from grid.scope import Actor
from grid.territory.grids.reading.datum import GCJ02, WGS84
from grid.territory.grids.rules import Shown, geometry_of
from grid.territory.models import Area
from grid.territory.outlines import rules
from grid.territory.queries import areas_below


def parts_of(viewer: Actor, area: Area) -> list[Area]:
    return list(areas_below(viewer, area.code).order_by("code"))


def flaws_of(area: Area, parts: Iterable[Area]) -> list[rules.Flaw]:
    """Nothing is said of parts without an outline: the page lists them by themselves."""
    drawn = [_shown(part) for part in parts if part.outline]
    return rules.flaws(_shown(area) if area.outline else None, drawn)


def _shown(area: Area) -> Shown:
    return Shown(area.code, area.name, geometry_of(area.outline or {}))


def geojson_of(parts: Iterable[Area], datum: str) -> Mapping[str, object]:
    """A FeatureCollection; which datum it is in is said for the whole, and by each geometry for whoever takes one out."""
    written = WGS84 if datum == WGS84 else GCJ02
    features = [
        {
            "type": "Feature",
            "properties": {"代码": part.code, "名称": part.name, "类型": part.kind},
            "geometry": rules.written(part.outline, written) if part.outline else None,
        }
        for part in parts
    ]
    return {"type": "FeatureCollection", "datum": written, "features": features}
