"""Grids by page, file and command; divisions by a file with its difference. Codes are never used again."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.recut.actions import Part, recut_grid
from grid.scope import machine
from grid.tables import problems as tables_problems
from grid.territory import problems as territory_problems
from grid.territory.divisions.actions import keep_divisions_file, read_divisions, take_divisions_file
from grid.territory.grids import actions
from grid.territory.grids.models import AreaFile
from grid.territory.grids.reading.lines import MOST_LINES, read_grids, read_outline
from grid.territory.models import Area
from tests.cast import GRID_1, GRID_2
from tests.grid.territory.grids.test_planning import square

PEACE, PARK = "150302001002", "150302001003"
TABLE = f"""网格代码,社区代码,社区名称,网格名称,户数,类型
{GRID_1},,,和平社区第一网格,410,
,{PEACE},,和平社区第三网格,320,基础网格
,,公园社区居委会,公园商圈,0,商圈网格
,150304011011,,振华社区第二网格,300,
,{PEACE},,,300,
"""


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


BOW_TIE = ring((106.8, 39.6), (106.81, 39.61), (106.81, 39.6), (106.8, 39.61))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "网格.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def geojson(tmp_path: Path, *features: tuple[dict[str, str], Any]) -> Path:
    path = tmp_path / "grids.geojson"
    told = [{"type": "Feature", "properties": cells, "geometry": outline} for cells, outline in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), encoding="utf-8")
    return path


def test_a_table_is_shown_then_taken_and_taken_twice_changes_nothing(
    cast: Any, client: Client, table: Path
) -> None:
    client.force_login(cast.sun)
    sent = {"file": SimpleUploadedFile("网格.csv", table.read_bytes()), "datum": ""}
    answer = client.post(reverse("grids-import", args=["150302001"]), sent)
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    assert "采用这 3 行" in text and "unknown-area" in text and "area-line-wrong" in text
    assert not Area.objects.filter(name="和平社区第三网格").exists()
    file = AreaFile.objects.get()
    client.post(reverse("area-file-take", args=[file.pk]), {"seen": page.context["seen"]})
    made = Area.objects.get(name="和平社区第三网格")
    assert (made.code, made.households, made.parent_id, made.valid_from) == (
        PEACE + "003",
        320,
        PEACE,
        today(),
    )
    assert Area.objects.get(code=PARK + "801").kind == "商圈网格"
    assert Area.objects.get(code=GRID_1).households == 410
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["area.file_kept", "grid.added", "grid.added", "grid.changed", "grids.imported"]
    assert Entry.objects.get(verb="grids.imported").data["refused"] == 2
    report = client.get(reverse("area-file-lines", args=[file.pk, "csv"]))
    assert b"".join(report.streaming_content).decode().count("\n") == 6  # type: ignore[attr-defined]
    again = actions.import_grids(table, table.name, "150302001", by=cast.by.sun)
    assert sorted(grid.verdict for grid in again) == ["refused", "refused", "same", "same", "same"]
    assert client.post(reverse("area-file-take", args=[file.pk]), {"seen": "x"}).status_code == 409


def test_a_preview_that_no_longer_holds_takes_nothing(cast: Any, client: Client, table: Path) -> None:
    client.force_login(cast.sun)
    file = actions.keep_grids_file(table, table.name, "150302001", by=cast.by.sun)
    seen = client.get(reverse("area-file", args=[file.pk])).context["seen"]
    actions.add_grid(PEACE, "和平社区第三网格", by=cast.by.sun)
    answer = client.post(reverse("area-file-take", args=[file.pk]), {"seen": seen}, follow=True)
    assert "预览已过时" in answer.content.decode() or "结果与您看到的不同" in answer.content.decode()
    assert not Area.objects.filter(name="公园商圈").exists()
    client.post(reverse("area-file-drop", args=[file.pk]))
    file.refresh_from_db()
    assert (file.state, file.lines) == ("dropped", [])


@pytest.mark.once
@pytest.mark.parametrize("who", ["chen", "han", "wang", "zhao", "feng", "fang"])
def test_nobody_outside_and_nobody_without_the_right(
    cast: Any, client: Client, table: Path, who: str
) -> None:
    file = actions.keep_grids_file(table, table.name, "150302001", by=cast.by.sun)
    client.force_login(getattr(cast, who))
    inside = {"zhao": 403, "fang": 403, "feng": 404, "wang": 404}.get(who, 404)
    for name, args in (
        ("grids-import", ["150302001"]),
        ("grids-start", ["150302001"]),
        ("grid-new", [PEACE]),
    ):
        expected = 403 if who == "zhao" and args == [PEACE] else 404 if who == "zhao" else inside
        assert client.get(reverse(name, args=args)).status_code == expected, (who, name)
    assert client.get(reverse("area-file", args=[file.pk])).status_code == 404
    for name in ("area-file-take", "area-file-drop"):
        assert client.post(reverse(name, args=[file.pk]), {"seen": "x"}).status_code == 404
    assert client.get(reverse("divisions-import", args=["1503"])).status_code in (403, 404)


def test_what_is_exported_comes_back_unchanged(cast: Any, client: Client, tmp_path: Path) -> None:
    Area.objects.filter(code=GRID_1).update(outline=square(106.8, 39.6) | {"datum": "GCJ02"})
    Area.objects.filter(code=GRID_2).update(outline=square(106.81, 39.6) | {"datum": "GCJ02"})
    client.force_login(cast.sun)
    for kind in ("csv", "xlsx", "geojson"):
        answer = client.get(reverse("grids-table", args=["150302001", kind]))
        path = tmp_path / f"grids.{kind}"
        path.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)  # type: ignore[attr-defined]
        outcomes = actions.import_grids(path, path.name, "150302001", datum="WGS84", by=cast.by.sun)
        assert [outcome.verdict for outcome in outcomes] == ["same"] * 3, (
            kind,
            [outcome.told() for outcome in outcomes],
        )


def test_an_outline_in_wgs84_is_shifted_and_one_that_is_none_refused_by_line(
    cast: Any, tmp_path: Path
) -> None:
    turned = ring((39.6, 106.8), (39.61, 106.8), (39.61, 106.81))
    metres = ring((4.4e6, 1.1e7), (4.5e6, 1.1e7), (4.5e6, 1.2e7))
    lines = [("好", square(106.8, 39.6)), ("蝴蝶", BOW_TIE), ("颠倒", turned), ("投影", metres),
             ("点", {"type": "Point", "coordinates": [106.8, 39.6]}), ("没有", None)]  # fmt: skip
    path = geojson(tmp_path, *(({"社区代码": PEACE, "网格名称": name}, outline) for name, outline in lines))
    found = read_grids(path, path.name, "WGS84")
    assert found[0].outline and found[0].outline["datum"] == "GCJ02"
    east, north = found[0].outline["coordinates"][0][0]
    assert 200 < abs(east - 106.81) * 85_000 < 900 and 0 < abs(north - 39.6) * 111_000 < 600
    whys = [line.fault[1] if line.fault else "" for line in found]
    for why, word in zip(whys[1:5], ("自相交", "颠倒", "投影", "多边形"), strict=True):
        assert word in why
    assert found[5].fault is None and found[5].outline is None
    outcomes = actions.import_grids(path, path.name, "1503", datum="WGS84", by=machine("测试"))
    assert [outcome.verdict for outcome in outcomes] == ["new", *["refused"] * 4, "new"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"type": "FeatureCollection", "features": [', territory_problems.OutlinesUnreadable),
        (b'{"type": "FeatureCollection", "features": []}', problems.EmptyFile),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 1], [1, 2]]]}', territory_problems.OutlinesUnreadable),
        (b"{" + b'"a":{' * 100_000, territory_problems.OutlinesUnreadable),
        (b'{"a": "\xff\xfe"}', tables_problems.WrongEncoding),
        (b'{"type": "FeatureCollection", "crs": {"name": "EPSG:4547"}, "features": [{}]}', territory_problems.OutlineWrong),
        (b"{" + b" " * 11_000_000 + b"}", problems.FileOversized),
        (b'{"type": "FeatureCollection", "features": [' + b"{}," * 5_000 + b"{}]}", problems.FileOversized),
        (b'{"type": "Polygon", "coordinates": [[[1e999, 1], [1, 1], [1, 2]]]}', territory_problems.OutlineWrong),
        (b'{"type": "Polygon", "coordinates": "x"}', territory_problems.OutlineWrong),
        (b'{"type": "MultiPolygon", "coordinates": [[[[true, 1]]]]}', territory_problems.OutlineWrong),
    ],
)  # fmt: skip
def test_a_hostile_outline_is_refused_in_words(content: bytes, problem: type[problems.Problem]) -> None:
    with pytest.raises(problem):
        read_outline(content, "边界", "GCJ02")


def test_a_grid_is_added_changed_and_never_gets_a_used_code(cast: Any, client: Client) -> None:
    client.force_login(cast.sun)
    recut_grid(Area.objects.get(code=GRID_2), [Part(code=GRID_1)], reason="合并", by=cast.by.sun)
    given = {
        "name": "和平社区新网格",
        "kind": "基础网格",
        "households": "300",
        "outline": "",
        "datum": "GCJ02",
    }
    page = reverse("grid-new", args=[PEACE])
    assert client.post(page, given).headers["Location"] == f"/areas/{PEACE}003/"
    again = client.post(page, given)
    assert again.status_code == 409 and "已有叫" in again.content.decode()
    refused = client.post(page, given | {"name": "另一个", "outline": json.dumps(BOW_TIE)})
    assert refused.status_code == 422 and "自相交" in refused.content.decode()
    change = reverse("grid-change", args=[PEACE + "003"])
    told = {
        "name": "北区网格",
        "households": "280",
        "outline": json.dumps(square(106.8, 39.6)),
        "datum": "GCJ02",
        "why": "实测",
    }
    assert client.post(change, told).status_code == 302
    grid = Area.objects.get(code=PEACE + "003")
    assert (grid.name, grid.short_name, grid.households) == ("北区网格", "北区网格", 280)
    assert grid.outline and grid.outline["datum"] == "GCJ02"
    entry = Entry.objects.get(verb="grid.changed")
    assert entry.data["changed"] == "名称、户数、边界" and entry.data["before"]["name"] == "和平社区新网格"
    assert client.get(reverse("grid-change", args=[GRID_2])).status_code == 409
    assert "北区网格" in client.get(change).content.decode()


def test_each_community_gets_one_provisional_grid_once(cast: Any, client: Client) -> None:
    closed = Area.objects.get(code=PARK + "001")
    closed.valid_to = today() - timedelta(days=1)
    closed.save()
    client.force_login(cast.qian)
    page = reverse("grids-start", args=["150302"])
    assert "公园社区居委会" in client.get(page).content.decode()
    client.post(page)
    made = Area.objects.get(is_provisional=True)
    assert (made.code, made.name) == (PARK + "002", "全域网格")
    assert "暂定" in client.get(f"/areas/{made.code}/").content.decode()
    assert actions.start_grids("150302", by=cast.by.qian) == []
    actions.change_grid(made, name="公园第一网格", households=300, by=cast.by.qian)
    assert not Area.objects.filter(is_provisional=True).exists()
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["grid.added", "grids.started", "grid.changed"]


def test_the_command_tells_each_line(cast: Any, table: Path, tmp_path: Path, capsys: Any) -> None:
    call_command("import_grids", table)
    told = capsys.readouterr().out
    assert "新增 3 个，更改 1 个，不变 0 个，不采用 1 行" in told and "第6行 area-line-wrong" in told
    call_command("import_grids", table)
    assert "新增 0 个，更改 0 个" in capsys.readouterr().out
    with pytest.raises(CommandError, match="datum"):
        call_command("import_grids", geojson(tmp_path, ({"网格名称": "甲"}, square(106.8, 39.6))))


# --- divisions --------------------------------------------------------------------------------------------

EDITION = """code,name,short_name,kind
150000000000,内蒙古自治区,内蒙古,自治区
150300000000,乌海市,乌海市,地级市
150302000000,海勃湾区,海勃湾区,市辖区
150302001000,凤凰岭街道办,凤凰岭街,街道
150302001002,和平社区居委会,和平社区,居委会
150302001009,新社区居委会,新,居委会
150302077001,孤儿社区居委会,孤儿,居委会
150302001009,重复,重复,居委会
15030x,写错,写错,居委会
"""


def test_an_edition_shows_its_difference_before_it_is_taken(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    sent = {"file": SimpleUploadedFile("区划.csv", EDITION.encode())}
    answer = client.post(reverse("divisions-import", args=["1503"]), sent)
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    for words in (
        "新增 1",
        "更改 1",
        "不采用 3",
        "文件里没有 4",
        "不属本市，不看 1",
        "采用这 2 行",
        "原名“凤凰岭街道”",
    ):
        assert words in text, words
    file = AreaFile.objects.get()
    client.post(reverse("area-file-take", args=[file.pk]), {"seen": page.context["seen"]})
    assert Area.objects.get(code="150302001009").parent_id == "150302001"
    assert Area.objects.get(code="150302001").name == "凤凰岭街道办"
    assert not Area.objects.filter(code="150302077001").exists()
    assert Area.objects.get(code="150304").valid_to is None
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["area.file_kept", "division.renamed", "territory.imported"]
    assert Entry.objects.get(verb="division.renamed").data == {"name": "凤凰岭街道办", "before": "凤凰岭街道"}


def test_a_closed_division_is_not_opened_by_a_file(cast: Any, tmp_path: Path, capsys: Any) -> None:
    Area.objects.filter(code="150304").update(valid_to=date(2026, 1, 31))
    path = tmp_path / "区划.csv"
    path.write_text("code,name,kind\n150304000000,乌达区,市辖区\n", encoding="utf-8")
    call_command("import_divisions", path)
    assert "area-not-current" in capsys.readouterr().out
    assert not Entry.objects.exists()


def test_an_edition_has_lines_and_not_too_many_and_is_taken_as_it_was_shown(
    cast: Any, tmp_path: Path
) -> None:
    path, line = tmp_path / "区划.csv", "150302001009,新社区居委会,新社区,城市"
    for count, problem in ((0, problems.EmptyFile), (MOST_LINES + 1, problems.FileOversized)):
        path.write_text("\n".join(["代码,名称,简称,类型", *[line] * count, ""]), encoding="utf-8")
        with pytest.raises(problem):
            read_divisions(path, path.name)
    path.write_text(f"代码,名称,简称,类型\n{line}\n", encoding="utf-8")
    file = keep_divisions_file(path, path.name, "1503", by=cast.by.wu)
    with pytest.raises(territory_problems.PreviewOutdated):
        take_divisions_file(file, seen="what stood there yesterday", by=cast.by.wu)
    assert not Area.objects.filter(pk="150302001009").exists()


def test_what_a_file_would_not_be_allowed_a_page_is_not_either(cast: Any) -> None:
    grid = Area.objects.get(code=GRID_1)
    with pytest.raises(territory_problems.GridLineWrong):
        actions.change_grid(grid, name=grid.name, households=-1, by=cast.by.sun)
    assert not Entry.objects.exists()
