"""Grids for the communities of the demo city, with drawn outlines.

Real grids exist (786 of 300-500 households in 2020), their outlines are not published: these are drawn and marked
示例. A district is a blob around its centre; its grids are the Voronoi cells of a honeycomb of points, given out in
the order of a Hilbert curve, so that the grids of a community lie together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import cos, pi, radians, sin
from pathlib import Path
from random import Random

from django.db import transaction
from shapely import MultiPoint, Point, Polygon, voronoi_polygons

from grid.ledger.actions import Line, record
from grid.placing.names.actions import counted, import_names
from grid.scope import Actor
from grid.territory.actions import import_divisions
from grid.territory.models import Area, Level
from grid.territory.rules import Outline, free_codes
from grid.territory.verbs import TerritoryVerb

CITY = "1503"
OFFICES = Path(__file__).with_name("offices.csv")
NAMES = Path(__file__).with_name("place_names.csv")
DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Blob:
    """A district as drawn: centre and half axes in degrees."""

    lng: float
    lat: float
    wide: float
    high: float
    waves: tuple[float, float, float]

    def shape(self) -> Polygon:
        ring = []
        for step in range(90):
            angle = 2 * pi * step / 90
            swell = 1 + sum(part * sin((at + 2) * angle + at) for at, part in enumerate(self.waves))
            ring.append(
                (self.lng + self.wide * swell * cos(angle), self.lat + self.high * swell * sin(angle))
            )
        return Polygon(ring)


BLOBS = {
    "150302": Blob(106.845, 39.690, 0.085, 0.075, (0.08, 0.06, 0.04)),
    "150303": Blob(106.890, 39.450, 0.085, 0.110, (0.07, 0.05, 0.05)),
    "150304": Blob(106.690, 39.510, 0.070, 0.075, (0.06, 0.07, 0.03)),
}


def lay_out(on: date, *, by: Actor, only: tuple[str, ...] = (CITY,)) -> int:
    """Official divisions and generated grids below `only`; how many grids."""
    import_divisions(city=CITY, by=by)
    every = Area.objects.filter(level=Level.COMMUNITY).order_by("code")
    communities = [area for area in every if area.code.startswith(only)]
    random = Random("land")
    grids: list[Area] = []
    for district, blob in BLOBS.items():
        mine = [community for community in communities if community.code.startswith(district)]
        counts = [_count(community, random) for community in mine]
        outlines = _cells(blob, sum(counts), random) if mine else iter(())
        for community, count in zip(mine, counts, strict=True):
            grids += _grids(community, count, outlines, on, random)
    with transaction.atomic():
        Area.objects.bulk_create(grids)
        record(
            TerritoryVerb.TERRITORY_IMPORTED,
            Line(CITY, data={"areas": len(grids), "renamed": [], "file": "示例网格"}),
            by=by,
        )
    return len(grids)


def name_places(*, by: Actor) -> int:
    """A small gazetteer of made-up names, and the old name of a street; how many are new."""
    return counted(import_names(NAMES, NAMES.name, CITY, is_sample=True, by=by))["new"]


def _count(community: Area, random: Random) -> int:
    """A village has few grids, a park one or two, a town community 8 to 14."""
    if community.kind == "村委会":
        return random.randint(2, 3)
    if community.code in PARKS:
        return random.randint(1, 2)
    return random.randint(8, 14)


PARKS = {  # communities without households, and what their grids are called
    "150302400498": "海勃湾产业园",
    "150303102400": "西来峰工业园",
    "150303104400": "卓山至骆驼山矿区",
    "150304400498": "乌达经济开发区",
}


def _grids(
    community: Area, count: int, outlines: Iterator[Outline], on: date, random: Random
) -> Iterator[Area]:
    kind = "园区网格" if community.code in PARKS else "基础网格"
    ending = "村" if community.kind == "村委会" else "社区"
    short = PARKS.get(community.code, f"{community.short_name}{ending}")
    for number, code in enumerate(free_codes(community.code, kind, (), count), 1):
        name = f"{short}第{chinese(number)}网格"
        yield Area(
            code=code, level=Level.GRID, kind=kind, name=name, short_name=f"第{chinese(number)}网格",
            parent_id=community.code, valid_from=on, outline=next(outlines), is_sample=True,
            households=_households(community, random),
        )  # fmt: skip


def _households(community: Area, random: Random) -> int:
    if community.code in PARKS:
        return 0
    return random.randint(*(120, 260) if community.kind == "村委会" else (300, 500))


def chinese(number: int) -> str:
    """1 to 99: 十二, 三十."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


# --- drawing -------------------------------------------------------------------------------------------


def _cells(blob: Blob, count: int, random: Random) -> Iterator[Outline]:
    """`count` outlines that fill the blob, neighbours following each other."""
    outline = blob.shape()
    points = sorted(_points(outline, blob, count, random), key=lambda p: _along(p, outline))
    cells = voronoi_polygons(MultiPoint(points), extend_to=outline, ordered=True)
    for cell in cells.geoms:
        part = cell.intersection(outline)
        if part.geom_type != "Polygon":
            part = max(part.geoms, key=lambda piece: piece.area)
        ring = [[round(x, 5), round(y, 5)] for x, y in part.exterior.coords]
        yield {"type": "Polygon", "coordinates": [ring]}


def _points(outline: Polygon, blob: Blob, count: int, random: Random) -> list[tuple[float, float]]:
    """Exactly `count` points of a shaken honeycomb inside the outline."""
    step = (outline.area / count) ** 0.5 * 1.1
    while True:
        found = [p for p in _honeycomb(blob, step) if outline.contains(Point(p))]
        if len(found) >= count:
            break
        step *= 0.985
    surplus = set(random.sample(range(len(found)), len(found) - count))
    shake = step * 0.22
    return [
        (x + random.uniform(-shake, shake), y + random.uniform(-shake, shake))
        for at, (x, y) in enumerate(found)
        if at not in surplus
    ]


def _honeycomb(blob: Blob, step: float) -> Iterator[tuple[float, float]]:
    reach = 1.4
    squeeze = cos(radians(blob.lat))
    rows, columns = int(2 * reach * blob.high / step) + 1, int(2 * reach * blob.wide * squeeze / step) + 1
    for row in range(rows):
        for column in range(columns):
            shift = 0.5 * (row % 2)
            yield (
                blob.lng - reach * blob.wide + (column + shift) * step / squeeze,
                blob.lat - reach * blob.high + row * step,
            )


def _along(point: tuple[float, float], outline: Polygon, order: int = 6) -> int:
    """Distance along a Hilbert curve over the outline's box."""
    low_x, low_y, high_x, high_y = outline.bounds
    side = 1 << order
    x = min(side - 1, int((point[0] - low_x) / (high_x - low_x) * side))
    y = min(side - 1, int((point[1] - low_y) / (high_y - low_y) * side))
    at, half = 0, side // 2
    while half:
        right, up = int(bool(x & half)), int(bool(y & half))
        at += half * half * ((3 * right) ^ up)
        if not up:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half //= 2
    return at
