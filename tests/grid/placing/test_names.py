"""The gazetteer comes in by command and page, every line told, and goes out as it came in."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from grid import problems
from grid.ledger.models import Entry
from grid.placing.models import PlaceName
from grid.placing.names.actions import counted, import_names
from grid.scope import machine
from tests.cast import GRID_1

pytestmark = pytest.mark.once
HEAD = "类别,区,名称,归属,现名,侧,单双号,起号,止号,启用,停用,依据\n"
TABLE = (
    HEAD
    + f"小区,海勃湾区,金鼎花园小区,{GRID_1},,,,,,,,\n"
    + "道路,150302,新华东街,和平社区居委会,,北,单,1,39,2020-01-01,,道路门牌表\n"
    + "旧名,海勃湾区,卡布其,,新村,,,,,2021-06-01,,更名文件\n"
    + "旧名,海勃湾区,新村,,卡布其,,,,,,,\n"
    + f"小区,海勃湾区,金鼎花园,{GRID_1},,,,,,,,\n"
    + "园林,海勃湾区,某园,和平社区居委会,,,,,,,,\n"
    + "小区,乌有区,某园小区,和平社区居委会,,,,,,,,\n"
    + "小区,海勃湾区,某园小区,150304011011,,,,,,,,\n"
    + "小区,海勃湾区,园,和平社区居委会,,,,,,,,\n"
    + "道路,海勃湾区,某街,和平社区居委会,,中,,,,,,\n"
    + "道路,海勃湾区,某街,和平社区居委会,,,,39,1,,,\n"
    + "道路,海勃湾区,某街,和平社区居委会,,,,,,去年,,\n"
    + "旧名,海勃湾区,某村,,,,,,,,,\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "地名.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_every_line_of_a_table_is_accounted_for(cast: Any, table: Path) -> None:
    outcomes = import_names(table, table.name, "1503", by=cast.by.wu)
    assert [outcome.number for outcome in outcomes] == list(range(2, 15))
    assert counted(outcomes) == {"new": 3, "changed": 0, "same": 0, "refused": 10}
    told = {outcome.number: outcome.code for outcome in outcomes if outcome.verdict == "refused"}
    assert told == {
        5: "place-name-circle", 6: "place-name-wrong", 7: "place-name-wrong", 8: "unknown-area", 9: "unknown-area",
        10: "place-name-wrong", 11: "place-name-wrong", 12: "place-name-wrong", 13: "place-name-wrong",
        14: "place-name-wrong",
    }  # fmt: skip
    assert all(outcome.why for outcome in outcomes if outcome.verdict == "refused")
    assert set(PlaceName.objects.values_list("kind", "name", "area")) == {
        ("compound", "金鼎花园", GRID_1), ("road", "新华东街", "150302001002"), ("old", "卡布其", ""),
    }  # fmt: skip
    assert Entry.objects.get(verb="placenames.imported").data["refused"] == 10


def test_again_changes_nothing_and_a_later_day_or_house_number_is_a_change(cast: Any, table: Path) -> None:
    import_names(table, table.name, "1503", by=cast.by.wu)
    assert counted(import_names(table, table.name, "1503", by=cast.by.wu))["same"] == 3
    table.write_text(
        HEAD + "道路,海勃湾区,新华东街,和平社区居委会,,北,单,1,59,2020-01-01,2026-12-31,\n", encoding="utf-8"
    )
    assert counted(import_names(table, table.name, "1503", by=cast.by.wu))["changed"] == 1
    road = PlaceName.objects.get(kind="road")
    assert (road.last, f"{road.valid_to}") == (59, "2026-12-31")


def test_nobody_names_what_is_not_theirs_to_place(cast: Any, table: Path) -> None:
    with pytest.raises(problems.NotYourPost):
        import_names(table, table.name, "150302", by=cast.by.zhou)
    with pytest.raises(problems.NotHere):
        import_names(table, table.name, "150302", by=cast.by.han)
    assert counted(import_names(table, table.name, "150302", by=cast.by.qian))["new"] == 3


def test_the_command_prints_what_became_of_the_lines(cast: Any, table: Path) -> None:
    out = StringIO()
    call_command("import_gazetteer", str(table), area="1503", stdout=out)
    assert "新增 3 条，更改 0 条，不变 0 条，不采用 10 行" in out.getvalue()
    assert "第5行 place-name-circle" in out.getvalue() and "新村 → 卡布其 → 新村" in out.getvalue()


def test_the_page_takes_a_table_and_gives_it_back(
    cast: Any, client: Client, table: Path, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.qian)
    sent = SimpleUploadedFile("地名.csv", table.read_bytes())
    page = client.post("/pool/names/import/", {"file": sent}).content.decode()
    assert "新增 3 条" in page and "place-name-circle" in page
    with django_assert_max_num_queries(12):
        listed = client.get("/pool/names/").content.decode()
    assert "金鼎花园" in listed and "卡布其" in listed
    assert "金鼎花园" not in client.get("/pool/names/?q=新华").content.decode()
    back = tmp_path / "back.csv"
    back.write_bytes(b"".join(client.get("/pool/names/table.csv")))  # type: ignore[arg-type]
    assert counted(import_names(back, back.name, "1503", by=machine("命令行"))) == {
        "new": 0, "changed": 0, "same": 3, "refused": 0,
    }  # fmt: skip
    client.force_login(cast.zheng)
    assert client.get("/pool/names/").status_code == 403
    client.force_login(cast.han)
    assert "金鼎花园" not in client.get("/pool/names/").content.decode()


def test_a_table_without_its_columns_is_refused(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    answer = client.post(
        "/pool/names/import/", {"file": SimpleUploadedFile("x.csv", "甲,乙\n1,2\n".encode())}
    )
    assert answer.status_code == 422 and "类别、区、名称" in answer.content.decode()
