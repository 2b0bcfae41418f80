"""Outlines: how they fit, how they are written for others, and drawing that of a street or a community."""

import json
from typing import Any

import pytest
from django.test import Client
from shapely.geometry import shape

from grid.ledger.models import Entry
from grid.territory.grids.reading.datum import WGS84, to_gcj02
from grid.territory.grids.rules import Shown
from grid.territory.models import Area
from grid.territory.outlines.rules import GAP, OUTSIDE, OVERLAP, flaws, written
from tests.cast import GRID_1, GRID_2

HERE = "150302001002"


def box(west: float, south: float, east: float, north: float) -> Any:
    """With the clock, as careless software writes it."""
    ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def shown(name: str, outline: Any) -> Shown:
    return Shown(name, name, shape(outline))


def test_overlaps_gaps_and_what_lies_beyond_are_named() -> None:
    around = shown("社区", box(106.80, 39.60, 106.82, 39.61))
    west = shown("西", box(106.80, 39.60, 106.809, 39.61))
    east = shown("东", box(106.81, 39.60, 106.821, 39.61))
    middle = shown("中", box(106.808, 39.60, 106.8095, 39.61))
    found = {(flaw.kind, flaw.names) for flaw in flaws(around, [west, east, middle])}
    assert found == {(OVERLAP, ("西", "中")), (GAP, ("东", "中")), (OUTSIDE, ("东",))}
    assert flaws(around, []) == [] and flaws(None, [west, east]) == []
    hair = shown("丝", box(106.809, 39.60, 106.809001, 39.61))
    assert flaws(None, [west, hair]) == []


def test_written_for_others_it_is_turned_and_in_the_datum_it_says() -> None:
    point = to_gcj02(106.8, 39.6)
    outline = box(*point, point[0] + 0.01, point[1] + 0.01)
    told = written(outline, WGS84)
    assert told["datum"] == WGS84 and shape(told).exterior.is_ccw
    lng, lat, *_rest = shape(told).bounds
    assert abs(lng - 106.8) < 2e-6 and abs(lat - 39.6) < 2e-6
    two = {
        "type": "MultiPolygon",
        "coordinates": [box(0, 0, 1, 1)["coordinates"], box(2, 0, 3, 1)["coordinates"]],
    }
    assert written(two, "")["type"] == "MultiPolygon"


@pytest.mark.once
def test_on_the_pages(cast: Any, client: Client) -> None:
    Area.objects.filter(pk=HERE).update(outline=box(106.80, 39.60, 106.82, 39.61))
    Area.objects.filter(pk=GRID_1).update(outline=box(106.80, 39.60, 106.809, 39.61))
    page = f"/areas/{HERE}/outlines/"
    client.force_login(cast.sun)
    text = client.get(page).content.decode()
    assert "空隙" in text and GRID_2 in text and page in client.get(f"/areas/{HERE}/").content.decode()
    told = json.loads(client.get(f"/areas/{HERE}/outlines.geojson?datum=WGS84").content)
    assert told["datum"] == WGS84 and [f["geometry"] is None for f in told["features"]] == [False, True]
    assert "空隙" in client.get(f"/areas/{HERE}/outlines/flaws.csv").getvalue().decode()
    given = {"outline": json.dumps(told["features"][0]["geometry"]), "datum": "GCJ02", "why": "测绘成果"}
    assert client.post(f"{page}draw/", {"datum": "GCJ02"}).status_code == 422
    assert client.post(f"{page}draw/", given).status_code == 302
    kept, grid = Area.objects.get(pk=HERE).outline, Area.objects.get(pk=GRID_1).outline
    assert kept is not None and grid is not None
    assert shape(kept).symmetric_difference(shape(grid)).area < 1e-7
    assert Entry.objects.get(verb="outline.drawn").data["why"] == "测绘成果"
    assert client.get(f"/areas/{GRID_1}/outlines/").status_code == 404
    client.force_login(cast.chen)
    assert client.get(page).status_code == 404
