"""Sample grids with drawn outlines, for a demo city: 示例数据, not a survey.

The official divisions have no published boundaries here. So each district is drawn as a rounded box about its
published centre (GCJ-02, the datum of Chinese web maps), and cut by Voronoi cells into streets, these into
communities, these into grids. Same codes, same drawing: every seed is a hash of the code.
"""

import csv
import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from shapely import MultiPoint, Point, Polygon, voronoi_polygons
from shapely.geometry import mapping, shape

from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, ask, in_area
from grid.territory.actions import EDITION, SHIPPED
from grid.territory.models import Area, Level
from grid.territory.rules import free_codes, short_code

DATUM = "GCJ02"
HALF_HEIGHT, HALF_WIDTH = 0.062, 0.055  # degrees: districts of a city some 20 km apart do not touch
RELAXED = 3  # rounds of Lloyd's relaxation: cells of similar size
ROUND = 6  # decimals of a degree: 0.1 m
HOUSEHOLDS = (300, 500)  # of a grid: the city's own rule, and GB/T 34300's order of size
COMMUNITY_GRIDS = (3, 7)
CHINESE = "零一二三四五六七八九"


@transaction.atomic
def draw_city(city: str, *, by: Actor) -> list[Area]:
    """Draws outlines below a city and adds sample grids to every community that has none. Answers the new grids.

    Needs the divisions. Doing it again adds nothing and draws the same.
    """
    ask(by, Right.RECUT, city)
    areas = list(
        Area.objects.select_for_update().filter(in_area(city, "code"), valid_to=None).order_by("code")
    )
    below: dict[str, list[Area]] = {}
    for area in areas:
        below.setdefault(area.parent_id or "", []).append(area)
    centres = _centres()
    cells: dict[str, Polygon] = {}
    for district in below.get(city, []):
        cells[district.code] = _district(district, centres)
        _cut_down(district, below, cells)
    grids = [grid for area in areas if area.level == Level.COMMUNITY and area.code in cells and area.code not in below
             for grid in _grids(area, cells[area.code])]  # fmt: skip
    drawn = [area for area in areas if area.code in cells]
    for area in drawn:
        area.outline = outline_of(cells[area.code])
    Area.objects.bulk_update(drawn, ["outline", "households"], batch_size=500)
    Area.objects.bulk_create(grids)
    if grids:
        data = {"areas": len(grids), "sample": True, "datum": DATUM}
        record(Verb.TERRITORY_IMPORTED, by=by, area=city, data=data)
    return grids


def points_in(area: Area, count: int) -> Iterator[tuple[float, float]]:
    """`count` repeatable points (lng, lat, GCJ-02) inside an area's outline: where sample doors stand."""
    cell = shape(area.outline)
    chance, (west, south, east, north) = _chance(area.code + "doors"), cell.bounds
    while count:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if cell.contains(point):
            count -= 1
            yield round(point.x, ROUND), round(point.y, ROUND)


def outline_of(cell: Polygon) -> dict[str, Any]:
    """GeoJSON, with the foreign members (RFC 7946, 6.1) that say it is drawn and in which datum."""
    geometry = mapping(cell)
    ring = [[round(x, ROUND), round(y, ROUND)] for x, y in geometry["coordinates"][0]]
    return {"type": "Polygon", "coordinates": [ring], "datum": DATUM, "drawn": True}


# --- drawing ------------------------------------------------------------------------------------------


def _centres() -> dict[str, tuple[float, float]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["center_lng_gcj02"]]
    return {
        short_code(row["code"]): (float(row["center_lng_gcj02"]), float(row["center_lat_gcj02"]))
        for row in rows
    }


def _district(district: Area, centres: dict[str, tuple[float, float]]) -> Polygon:
    """A superellipse about the centre: plausible on a map, and plainly not a surveyed border."""
    lng, lat = centres.get(district.code) or _beside(district.code)
    ring = []
    for step in range(48):
        angle = step * math.tau / 48
        c, s = math.cos(angle), math.sin(angle)
        x, y = math.copysign(abs(c) ** 0.7, c), math.copysign(abs(s) ** 0.7, s)
        ring.append((lng + HALF_WIDTH * x, lat + HALF_HEIGHT * y))
    return Polygon(ring)


def _beside(code: str) -> tuple[float, float]:
    """For a district without a published centre: a place of its own, far from the others."""
    return 106.0 + int(code[4:6]) * 0.2, 39.0


def _cut_down(parent: Area, below: dict[str, list[Area]], cells: dict[str, Polygon]) -> None:
    children = below.get(parent.code, [])
    if not children:
        return
    for child, cell in zip(children, cut(cells[parent.code], len(children), parent.code), strict=True):
        cells[child.code] = cell
        _cut_down(child, below, cells)


def cut(cell: Polygon, count: int, seed: str) -> list[Polygon]:
    """`count` parts that share only borders and together make the whole, ordered west to east, then north to
    south (DB6101/T 3185-2024). Repeatable by the seed."""
    if count == 1:
        return [cell]
    points = _scattered(cell, count, seed)
    for _ in range(RELAXED):
        points = [part.centroid for part in _cells(cell, points)]
    parts = _cells(cell, points)
    return sorted(parts, key=lambda part: (round(part.centroid.x, 3), -part.centroid.y))


def _scattered(cell: Polygon, count: int, seed: str) -> list[Point]:
    chance, (west, south, east, north) = _chance(seed), cell.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if cell.contains(point):
            points.append(point)
    return points


def _cells(cell: Polygon, points: Sequence[Point]) -> list[Polygon]:
    """The Voronoi cells of points in a convex cell are convex, so each clipped one is a single polygon."""
    pieces = voronoi_polygons(MultiPoint(list(points)), extend_to=cell).geoms
    return [piece.intersection(cell) for piece in pieces]


def _chance(seed: str) -> random.Random:
    return random.Random(hashlib.sha256(seed.encode()).digest())


# --- grids --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    kind: str
    code: str
    name: str


def _grids(community: Area, cell: Polygon) -> list[Area]:
    chance = _chance(community.code)
    plans = _plans(community, chance)
    grids = []
    for plan, part in zip(plans, cut(cell, len(plans), community.code), strict=True):
        households = 0 if plan.kind == "园区网格" else chance.randint(*HOUSEHOLDS)
        community.households += households
        grids.append(
            Area(
                code=plan.code,
                level=Level.GRID,
                kind=plan.kind,
                name=plan.name,
                short_name=plan.name,
                parent=community,
                valid_from=EDITION,
                households=households,
                outline=outline_of(part),
                is_sample=True,
            )
        )
    return grids


def _plans(community: Area, chance: random.Random) -> list[_Plan]:
    """Base grids everywhere; a park has one grid of its own (901…), one community in eight a 商圈 besides (801…)."""
    if community.kind == "虚拟" or "工业园" in community.name:
        return _named(community, "园区网格", 1, "园区第{}网格")
    base = _named(community, "基础网格", chance.randint(*COMMUNITY_GRIDS), "第{}网格")
    return base + (_named(community, "商圈网格", 1, "商圈第{}网格") if chance.random() < 0.125 else [])


def _named(community: Area, kind: str, count: int, name: str) -> list[_Plan]:
    codes = free_codes(community.code, kind, (), count)
    return [_Plan(kind, code, name.format(CHINESE[number])) for number, code in enumerate(codes, 1)]
