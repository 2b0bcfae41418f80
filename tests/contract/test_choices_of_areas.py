"""No page lists a city's areas to choose from: hundreds of grids in one select are no choice, and cost every page that has
them. Where an area is chosen stands `AreaField` (grid/territory/choosing), or a list that stays short."""

import re
from typing import Any

import pytest
from django.test import Client

from grid.subjects.models import Subject
from grid.territory.models import Area, Level
from tests.cast import SINCE
from tests.contract.test_access import addresses, named_in

pytestmark = pytest.mark.once
MOST = 50
LISTS = re.compile(r"<(select|datalist)\b.*?</\1>", re.S)
OPTION = re.compile(r"<option\b[^>]*?value=\"([^\"]*)\"")
AREA = re.compile(r"(?:^|（)(?:[0-9]{15}|[0-9]{12}|[0-9]{9}|[0-9]{6}|[0-9]{4})(?:）|$)")
STREETS, COMMUNITIES, GRIDS = 8, 8, 3


def a_large_city() -> None:
    """Beside the cast: streets of many communities, in the district of theirs and in their street."""
    areas: list[Area] = []

    def add(code: str, level: Level, name: str) -> None:
        areas.append(
            Area(
                code=code,
                level=level,
                kind="示例",
                name=name,
                short_name=name,
                parent_id=code[:-3],
                valid_from=SINCE,
            )
        )

    for street in range(STREETS):
        place = f"15030210{street}"
        add(place, Level.STREET, f"示例{street}街道")
        for community in range(COMMUNITIES):
            add(f"{place}{community:03d}", Level.COMMUNITY, f"示例{street}{community}社区")
            for grid in range(1, GRIDS + 1):
                add(f"{place}{community:03d}{grid:03d}", Level.GRID, f"示例{street}{community}第{grid}网格")
    for level in (Level.STREET, Level.COMMUNITY, Level.GRID):
        Area.objects.bulk_create(area for area in areas if area.level == level)


def long_lists(page: str) -> list[int]:
    """How many areas each list of a page offers, of those with too many."""
    sizes = [sum(map(bool, map(AREA.search, OPTION.findall(found[0])))) for found in LISTS.finditer(page)]
    return [size for size in sizes if size > MOST]


def test_what_counts_as_a_long_list() -> None:
    options = "".join(f'<option value="{150302001000 + n}">' for n in range(60))
    labels = "".join(f'<option value="示例 · 网格（{150302001001000 + n}）">' for n in range(60))
    assert long_lists(f"<select>{options}</select><datalist id='x'>{labels}</datalist>") == [60, 60]
    assert long_lists("<select>" + '<option value="7">' * 60 + "</select>") == []


def test_no_page_lists_a_citys_areas(cast: Any, client: Client, make_employer: Any) -> None:
    a_large_city()
    waiting = [
        make_employer(f"示例{n}店", area=area.code) for n, area in enumerate(Area.objects.filter(level=4))
    ]
    pages = [f"/{path}" for path, _pattern in addresses() if not named_in(path) and "<" not in path]
    pages += ["/pool/?area=150302", f"/pool/{waiting[0].pk}/", "/areas/150302001002001/merge/"]
    found: dict[str, list[int]] = {}
    seen = 0
    for who in ("wu", "qian", "bai"):
        client.force_login(getattr(cast, who))
        for page in pages:
            if page.startswith(("/accounts/log", "/api/", "/source")):
                continue
            answer = client.get(page)
            if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]:
                seen += 1
                if sizes := long_lists(answer.content.decode()):
                    found[f"{who} {page}"] = sizes
    assert found == {} and seen > 60 and Subject.objects.count() == len(waiting)
