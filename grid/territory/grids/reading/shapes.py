"""The reader of GeoJSON files, as it runs in a child (see grid/confined.py): features with their outline checked.

A file says anything: its size, depth and numbers are bounded, an outline that is none becomes a fault of its line and
the next one is read. Faults are codes; `reading.py` has the words.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from grid.confined import Unreadable
from grid.territory.grids.reading.datum import GCJ02, WGS84, is_in_country, to_gcj02

MOST_PROPERTIES: Final = 60
ROUND: Final = 6  # decimals of a degree: 0.1 m
# Names of coordinate systems that are plain longitude and latitude; CGCS2000 (4490) is WGS-84 within centimetres.
DEGREES: Final = ("CRS84", "4326", "4490")


class Fault(Exception):
    """Why an outline is none: a code, and where."""


def features(path: str, datum: str, most: str, points: str) -> Iterator[Any]:
    """{"number", "properties"} with "outline" or "fault" for every feature; a geometry by itself is one feature."""
    told = _loaded(path)
    for number, feature in enumerate(_features(told, int(most)), 1):
        properties = feature.get("properties")
        line: dict[str, Any] = {"number": number, "properties": _texts(properties)}
        try:
            line["outline"] = outline_of(feature.get("geometry"), datum, int(points))
        except Fault as fault:
            line["fault"] = list(fault.args)
        yield line


def _loaded(path: str) -> dict[str, Any]:
    try:
        told = json.loads(Path(path).read_bytes().decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("damaged") from error
    if not isinstance(told, dict):
        raise Unreadable("damaged")
    crs = json.dumps(told.get("crs") or "CRS84")
    if not any(name in crs for name in DEGREES):
        raise Unreadable("projected")
    return told


def _refuse_constant(_name: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def _features(told: dict[str, Any], most: int) -> list[dict[str, Any]]:
    kind = told.get("type")
    if kind == "Feature":
        return [told]
    if kind in ("Polygon", "MultiPolygon"):
        return [{"geometry": told}]
    found = told.get("features") if kind == "FeatureCollection" else None
    if not isinstance(found, list):
        raise Unreadable("damaged")
    if not found:
        raise Unreadable("empty")
    if len(found) > most:
        raise Unreadable("many")
    return [feature if isinstance(feature, dict) else {} for feature in found]


def _texts(properties: object) -> dict[str, str]:
    if not isinstance(properties, dict):
        return {}
    plain = list(properties.items())[:MOST_PROPERTIES]
    return {str(key)[:60]: _text(value) for key, value in plain if not isinstance(value, dict | list)}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)[:200]


def outline_of(geometry: Any, datum: str, points: int) -> dict[str, Any]:
    """A valid outline in GCJ-02, rounded, its rings closed. Raises Fault."""
    if geometry is None:
        raise Fault("none")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Fault("kind", str(kind)[:20])
    rings = geometry.get("coordinates")
    polygons = [rings] if kind == "Polygon" else rings
    if not isinstance(polygons, list) or not polygons:
        raise Fault("empty")
    # What we gave out ourselves says in which datum it is.
    written = geometry.get("datum", datum)
    if written not in (WGS84, GCJ02):
        raise Fault("datum", str(written)[:20])
    left = [points]
    read = [_polygon(polygon, written, left) for polygon in polygons]
    _refuse_invalid(read)
    if len(read) == 1:
        return {"type": "Polygon", "coordinates": read[0], "datum": GCJ02}
    return {"type": "MultiPolygon", "coordinates": read, "datum": GCJ02}


def _polygon(rings: Any, datum: str, left: list[int]) -> list[list[list[float]]]:
    if not isinstance(rings, list) or not rings:
        raise Fault("empty")
    return [_ring(ring, datum, left) for ring in rings]


def _ring(ring: Any, datum: str, left: list[int]) -> list[list[float]]:
    if not isinstance(ring, list):
        raise Fault("empty")
    left[0] -= len(ring)
    if left[0] < 0:
        raise Fault("points")
    read = [_point(point, datum) for point in ring]
    if read and read[0] != read[-1]:
        read.append(read[0])
    if len(read) < 4:
        raise Fault("corners")
    return read


def _point(point: Any, datum: str) -> list[float]:
    numbers = point[:2] if isinstance(point, list) else ()
    if len(numbers) < 2 or not all(type(number) in (int, float) for number in numbers):
        raise Fault("empty")
    lng, lat = numbers
    if not is_in_country(lng, lat):
        if is_in_country(lat, lng):
            raise Fault("swapped")
        raise Fault("projected" if abs(lng) > 180 or abs(lat) > 90 else "abroad")
    if datum == WGS84:
        lng, lat = to_gcj02(lng, lat)
    return [round(lng, ROUND), round(lat, ROUND)]


def _refuse_invalid(polygons: list[Any]) -> None:
    from shapely import is_valid_reason
    from shapely.geometry import MultiPolygon, Polygon

    whole = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])
    if not whole.is_valid:
        raise Fault("crossing", str(is_valid_reason(whole))[:120])
    if whole.area == 0:
        raise Fault("corners")
