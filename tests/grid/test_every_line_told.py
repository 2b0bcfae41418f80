"""Tables that come back from people: every line that holds something is taken or refused, by its number and with a
reason; none vanishes. What is taken whole or not at all names the line at fault."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from grid.calendar import problems as calendar_problems
from grid.calendar.reading import rows_of
from grid.law.calendar.views import _lines as holiday_lines
from grid.offices import actions as offices
from grid.offices import problems as offices_problems
from grid.people.queries.judging import REFUSED, judge
from grid.people.reading import read_people
from grid.placing.bulk.actions.tables import place_table
from grid.registers.models import RefusedLine, Row
from grid.subjects.models import Subject
from grid.tables import problems as tables_problems
from grid.territory.divisions.actions import keep_divisions_file
from grid.territory.divisions.actions import planned as divisions_planned
from grid.territory.grids.actions import keep_grids_file
from grid.territory.grids.actions import planned as grids_planned
from tests.cast import GRID_1
from tests.grid.registers.test_import import HEADER, row, take
from tests.test_house import SOURCES, name_of, tree_of

pytestmark = pytest.mark.once

Told = dict[int, tuple[bool, str]]  # line → refused, reason


class Table(NamedTuple):
    head: str
    good: Callable[[], Sequence[str]]
    taken: Callable[[Path, Any], Told]


def _people(path: Path, cast: Any) -> Told:
    judged = judge(read_people(path, path.name), cast.by.wu)
    return {line.line["line"]: (line.outcome == REFUSED, line.told["reason"]) for line in judged}


def _placing(path: Path, cast: Any) -> Told:
    told = place_table(path, path.name, by=cast.by.qian).lines
    return {line.number: (line.verdict == "refused", line.why) for line in told}


def _area_file(keep: Callable[..., Any], planned: Callable[..., Any]) -> Callable[[Path, Any], Told]:
    def taken(path: Path, cast: Any) -> Told:
        told = planned(keep(path, path.name, "1503", by=cast.by.wu))
        return {line.number: (line.verdict == "refused", line.why) for line in told if line.number}

    return taken


def _register(path: Path, cast: Any) -> Told:
    delivery = take(path, cast)
    refused = {line.line: (True, line.reason) for line in RefusedLine.objects.filter(delivery=delivery)}
    return {accepted.line: (False, "") for accepted in Row.objects.filter(delivery=delivery)} | refused


def _waiting() -> list[str]:
    pks = Subject.objects.order_by("pk").values_list("pk", flat=True)
    return [f"{pks[0]},,,,,{GRID_1}", f"{pks[1]},,,,,"]  # one is left open: that is told, too


TABLES = {
    "people": Table("姓名,登录名,岗位,区划代码", lambda: [f"新来的,new1,网格员,{GRID_1}"] * 2, _people),
    "placing": Table("编号,名称,代码,地址,未能归格的原因,归入网格", _waiting, _placing),
    "grids": Table(
        "网格代码,社区代码,网格名称", lambda: [",150302001002,新网格"] * 2, _area_file(keep_grids_file, grids_planned)
    ),
    "divisions": Table(
        "代码,名称,简称,类型", lambda: ["150302001009,新社区居委会,新社区,城市"] * 2,
        _area_file(keep_divisions_file, divisions_planned),
    ),
    "register": Table(HEADER, lambda: [row(1), row(2)], _register),
}  # fmt: skip
BROKEN = {
    "坏字节,".encode() + b"\xff\xfe\x81": "乱码",
    "没有收口,\"引号".encode(): "引号",
    ("长" * 70_000).encode(): "超过 6 万字",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_table_is_told(name: str, cast: Any, make_employer: Any, tmp_path: Path) -> None:
    make_employer(area="150302"), make_employer(area="150302")
    table = TABLES[name]
    lines = [table.head.encode()]
    lines += [line.encode() for line in table.good()]
    lines += [b"", *BROKEN, b",,"]
    path = tmp_path / "表.csv"
    path.write_bytes(b"\n".join(lines) + b"\n")
    told = table.taken(path, cast)
    held = [number for number, line in enumerate(lines[1:], 2) if line.strip(b",")]
    assert sorted(told) == held
    for (number, (is_refused, reason)), words in zip(sorted(told.items())[-3:], BROKEN.values(), strict=True):
        assert is_refused and words in reason, (number, reason)


def test_a_line_is_not_lost_on_another_sheet(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["姓名", "登录名"])
    book.active.append(["新来的", "new1"])
    book.create_sheet("街道二").append(["姓名", "登录名"])
    path = tmp_path / "人员.xlsx"
    book.save(path)
    with pytest.raises(tables_problems.SheetsSeveral) as refused:
        read_people(path, path.name)
    assert "街道二" in refused.value.detail
    book["街道二"].sheet_state = "hidden"
    book.save(path)
    assert len(read_people(path, path.name)) == 1


def test_a_table_that_is_taken_whole_names_the_line_at_fault(cast: Any) -> None:
    for broken, words in BROKEN.items():
        file = SimpleUploadedFile("节假日.csv", "日期,类型\n2026-02-15,休\n".encode() + broken)
        with pytest.raises(calendar_problems.CalendarLineWrong) as refused:
            rows_of(holiday_lines("", file), 2026)
        assert "第 3 行" in refused.value.detail and words in refused.value.detail
    head = "区划,种类,全称,代字,地址,电话,印章,起\n"
    for line, told in (
        (",,无区划的机关,,,,,2026-01-01", "第 3 行"),
        ("1503,法院,某院,,,,,2026-01-01,多出", "多出"),
    ):
        with pytest.raises(offices_problems.OfficeFileWrong, match="office-file-wrong") as wrong:
            offices.import_bodies("机关.csv", f"{head}\n{line}\n".encode(), by=cast.by.fang)
        assert told in wrong.value.detail


def test_whoever_reads_a_table_is_held_to_it() -> None:
    """Each asks of every line why it could not be read, or keeps the reason with the line."""
    readers = {
        name_of(file): ast.dump(tree_of(file))
        for file in SOURCES
        if calls_of(file) & {"read_table", "read_tables"}
    }
    told = {
        name
        for name, tree in readers.items()
        if "'unread'" in tree or "'line_of'" in tree or "'fault'" in tree
    }
    kept_with_their_lines = {
        "grid/registers/actions/__init__.py"
    }  # refused line by line: `grid.registers.rules.read_line`
    assert set(readers) - told - kept_with_their_lines == set()


def calls_of(file: Path) -> set[str]:
    if "read_table" not in file.read_text(encoding="utf-8"):
        return set()
    return {getattr(node.func, "id", "") for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)}
