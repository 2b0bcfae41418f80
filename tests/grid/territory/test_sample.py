"""The drawn sample: nested, gapless, repeatable, and marked as what it is."""

import itertools

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from grid.scope import machine
from grid.territory.actions import import_divisions
from grid.territory.models import Area, Level
from grid.territory.sample import draw_city, points_in


@pytest.fixture
def drawn(db: None) -> list[Area]:
    import_divisions(city="1503", by=machine("测试"))
    return draw_city("1503", by=machine("测试"))


def test_grids_of_the_demo_city(drawn: list[Area]) -> None:
    assert 87 * 2 < len(drawn) < 87 * 9
    assert all(
        grid.is_sample and grid.outline["drawn"] and grid.outline["datum"] == "GCJ02" for grid in drawn
    )
    assert all(300 <= grid.households <= 500 for grid in drawn if grid.kind != "园区网格")
    assert {grid.kind for grid in drawn} == {"基础网格", "商圈网格", "园区网格"}
    assert len({grid.code for grid in drawn}) == len(drawn)
    for community in Area.objects.filter(level=Level.COMMUNITY):
        assert community.households == sum(
            grid.households for grid in drawn if grid.parent_id == community.code
        )
    outlines = dict(Area.objects.values_list("code", "outline"))
    assert draw_city("1503", by=machine("测试")) == []
    assert dict(Area.objects.values_list("code", "outline")) == outlines


def test_parts_nest_without_gap_or_overlap(drawn: list[Area]) -> None:
    cells = {area.code: shape(area.outline) for area in Area.objects.exclude(outline=None)}
    for a, b in itertools.combinations([c for c in cells if len(c) == 6], 2):
        assert cells[a].disjoint(cells[b])
    for code, cell in cells.items():
        parts = [other for c, other in cells.items() if len(c) > len(code) and c[: len(code)] == code and len(c) == next(
            (n for n in (9, 12, 15) if n > len(code)), 0)]  # fmt: skip
        if parts:
            assert unary_union(parts).symmetric_difference(cell).area < cell.area * 1e-3, code
            assert sum(part.area for part in parts) == pytest.approx(cell.area, rel=1e-3)


def test_sample_doors_stand_inside_their_grid(drawn: list[Area]) -> None:
    grid = Area.objects.filter(level=Level.GRID)[7]
    points = list(points_in(grid, 20))
    assert points == list(points_in(grid, 20)) and len(points) == 20
    assert all(shape(grid.outline).buffer(1e-6).contains(Point(point)) for point in points)
