"""One field for every area: by name or code, within the territory, without a list of them all."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid.scope import Right
from grid.territory import problems as territory_problems
from grid.territory.choosing.queries import Wanted, area_meant, areas_named, label_of
from grid.territory.models import Area
from tests.cast import FAR_GRID, GRID_1, GRID_2

pytestmark = pytest.mark.once
PLACES = Wanted((Right.PLACE,), frozenset({3, 4, 5}))
COMMUNITY, PARK_GRID = "150302001002", "150302001003001"


def label(code: str) -> str:
    return label_of(Area.objects.select_related("parent__parent").get(pk=code))


def test_what_is_meant_while_somebody_types(cast: Any, django_assert_num_queries: Any) -> None:
    def found(text: str, near: str = "", by: Any = cast.by.qian) -> list[str]:
        return [choice.code for choice in areas_named(by, text, PLACES, near)]

    assert found("和平") == [COMMUNITY, GRID_1, GRID_2]
    assert found("和平 第二") == [GRID_2]
    assert found("150302001003") == ["150302001003", PARK_GRID]
    assert found("网格", near="150302001003")[0] == PARK_GRID
    assert FAR_GRID not in found("第一网格") and FAR_GRID in found("第一网格", by=cast.by.wu)
    assert found("第一网格", by=cast.by.zheng) == [] == found("' OR 1=1")
    assert len(found("")) > 1
    with django_assert_num_queries(1):
        found("和平")


def test_what_was_typed_means_one_area_or_none(cast: Any) -> None:
    def meant(text: str, wanted: Wanted = PLACES, by: Any = cast.by.qian) -> str:
        return area_meant(by, text, wanted).code

    assert meant(label(GRID_2)) == GRID_2 == meant(f"  {GRID_2} ")
    assert meant("和平社区居委会") == COMMUNITY == meant(COMMUNITY)
    assert meant("公园社区居委会") == PARK_GRID  # its only grid
    assert meant("凤凰岭街道") == "150302001"
    grids = Wanted((Right.PLACE,), frozenset({5}))
    assert meant("公园社区居委会", grids) == PARK_GRID
    for text, wanted in (
        (FAR_GRID, PLACES),
        ("第一网格", PLACES),
        ("", PLACES),
        ("150302", PLACES),
        (COMMUNITY, grids),
    ):
        with pytest.raises(territory_problems.AreaUnclear):
            meant(text, wanted)


def test_the_list_behind_the_field_ends_at_the_territory(cast: Any, client: Client) -> None:
    asked = {
        "field": "grid",
        "grid": "第一网格",
        "rights": "PLACE",
        "levels": "345",
        "within": "",
        "near": "",
    }
    assert client.get(reverse("areas-named"), asked).status_code == 302
    for who, seen in (("qian", True), ("han", False), ("wang", False), ("zheng", False)):
        client.force_login(getattr(cast, who))
        answer = client.get(reverse("areas-named"), asked)
        assert answer.status_code == 200 and (GRID_1 in answer.content.decode()) is seen
    client.force_login(cast.qian)
    odd = {"rights": "PLACE NOTHING", "levels": "x9", "within": "zz", "near": "²"}
    assert "option" not in client.get(reverse("areas-named"), asked | odd).content.decode()
    assert client.get(reverse("areas-named")).status_code == 200


def test_a_form_takes_the_label_the_code_or_a_name(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    page = client.get("/rounds/new/").content.decode()
    assert "海勃湾区（150302）" in page and 'list="areas-area"' in page
    assert "公园社区" not in page
    given = {"title": "示例", "due_on": "2020-01-01", "per_worker": "5"}
    for text, words in (("乌达区", "这里可选的区划中没有"), ("和平社区居委会", ""), (COMMUNITY, "")):
        answer = client.post("/rounds/new/", given | {"area": text})
        assert ("这里可选的区划中没有" in answer.content.decode()) is bool(words)
