"""Tables that would eat the process that reads them: each is refused in words, and the server goes on.

The native reader of workbooks lays out a rectangle up to the farthest cell, so these must never reach it in a
process of ours. 示例数据: nobody in these files is real.
"""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grid import problems, sheet_rows
from grid.confined import Unreadable, read_confined
from grid.tables.reading import read_table
from grid.tables.reading.texts import LONGEST_LINE
from grid.workbooks import REGISTER, SMALL, Bounds, read_workbook
from tasks.forms.reading import Unreadable as FormUnreadable
from tasks.forms.reading import read_sheets
from tests.security.books import HEAD, book, cell, lying, open_document, sheet

FILES = Path(__file__).parent / "files"
FAR = "<v>1</v></c></row>"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def rows(content: bytes, bounds: Bounds = REGISTER) -> list[Any]:
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        return list(read_workbook(path, path.name, bounds))

    return rows


# --- workbooks ----------------------------------------------------------------------------------------

CORNERS = {
    "corner": cell("XFD1048576"),
    "three gigabytes": cell("ALL100000"),
    "single quotes": f"<row r='1048576'><c r='XFD1048576'>{FAR}",
    "blanks and small letters": f'<row r="1048576"><c\tr = "xfd1048576">{FAR}',
    "another prefix": '<x:row xmlns:x="urn:x" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "behind the last column": f'<row r="9"><c r="ZZZZZZ99999999">{FAR}',
    "an end inside a value": f'<row r="1048576"><c r="XFD1048576" x="/>">{FAR}',
    "places not told": '<row r="1048570">' + "<c><v>1</v></c>" * 16_000 + "</row>",
}  # fmt: skip


@pytest.mark.parametrize("rows", CORNERS.values(), ids=list(CORNERS))
def test_a_far_corner_is_refused_before_memory_is_taken(read: Any, rows: str) -> None:
    with pytest.raises(problems.FileOversized) as refused:
        read(book(sheet(HEAD + rows)))
    assert "名册.xlsx" in refused.value.detail and "删除" in str(refused.value.advice)


@pytest.mark.parametrize("name", ["m_a28b_far_corner.xlsx", "b05_form_far_corner.xlsx"])
def test_the_files_that_stopped_a_server(read: Any, name: str) -> None:
    with pytest.raises(problems.FileOversized, match="第 1048576 行、第 16384 列"):
        read((FILES / name).read_bytes())


OVERSIZED = {
    "unpacked": (book(sheet(HEAD), more={"xl/media/bomb.xml": b" " * 30_000_000}), "解压后超过 20 MB"),
    "parts": (book(sheet(HEAD), more={f"xl/x{n}.xml": b"" for n in range(600)}), "超过 500 个"),
    "sheets": (book(*[sheet(HEAD)] * 60), "工作表超过 50 张"),
    "sheets together": (book(*[sheet(HEAD + cell("T9000"))] * 3), "合计超过 40 万格"),
    "shared text": (
        book(
            sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 200))),
            strings="<si><t>" + "长" * 30_000 + "</t></si>",
        ),
        "内容超过 2 MB",
    ),
    "packed": (b"PK\x03\x04" + b"x" * 2_200_000, "文件超过 2 MB"),
    "repeated cells": (open_document(100_000, 1_000), "内存或时间"),
}


@pytest.mark.parametrize(("content", "why"), OVERSIZED.values(), ids=list(OVERSIZED))
def test_what_is_too_much_says_of_what(read: Any, content: bytes, why: str) -> None:
    with pytest.raises(problems.FileOversized, match=why):
        read(content, SMALL)


DAMAGED = {
    "lying size": lying(book(sheet(HEAD + cell("A2"))), "xl/worksheets/sheet1.xml", 10),
    "entities": book(sheet(HEAD, before='<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>')),
    "cut off": book(sheet(HEAD + cell("A2")))[:-30],
    "cut off in the middle": book(sheet(HEAD + cell("A2")))[:700],
    "nothing behind its beginning": b"\xd0\xcf\x11\xe0" + b"\xff" * 600,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=list(DAMAGED))
def test_what_is_broken_or_lies_is_no_workbook(read: Any, content: bytes) -> None:
    with pytest.raises(problems.WrongFile):
        read(content)


def test_a_password_is_called_a_password(read: Any) -> None:
    with pytest.raises(problems.FileLocked, match="打开密码"):
        read((FILES / "m_a40_password.xlsx").read_bytes())


READ = {
    "what only claims to be large": (sheet(HEAD + cell("A2"), dimension="A1:XFD1048576"), 2),
    "a far column alone": (sheet(HEAD + f'<row r="3"><c r="XFD3">{FAR}'), 2),
    "a far row alone": (sheet(HEAD + cell("B1048576")), 2),
    "cells that are only formatted": (
        sheet(HEAD + '<row r="9"><c r="XFD9" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"></c></row>'), 1),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "rows"), READ.values(), ids=list(READ))
def test_what_can_be_read_is_read(read: Any, xml: str, rows: int) -> None:
    found = read(book(xml))
    assert len(found) == rows and found[0].cells[:2] == ["统一社会信用代码", "企业名称"]


# --- text ---------------------------------------------------------------------------------------------


def lines_of(path: Path) -> Any:
    header, lines = read_table(path, path.name, lambda cells: "代码" in cells[0])
    return header, list(lines)


def test_a_line_that_does_not_end_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    with path.open("wb") as file:
        file.write("代码,名称\n1,甲\n".encode())
        for _ in range(30):
            file.write(b"a," * 500_000)
        file.write("\n2,乙\n".encode())
    tracemalloc.start()
    _header, lines = lines_of(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(line.number, line.fault) for line in lines] == [(2, ""), (3, "line-too-long"), (4, "")]
    assert len(lines[1].raw) == 1_000
    # The sample by which the encoding is told is four megabytes.
    assert most < 20_000_000


def test_a_quote_that_is_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text('代码,名称\n1,"甲\n' + "".join(f"91150300{n:010d},单位{n}\n" for n in range(50_000)))
    _header, lines = lines_of(path)
    assert len(lines) == 50_001 and [line.number for line in lines if line.fault] == [2]


def test_a_file_of_one_line_is_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(b"x," * 2_000_000)
    header, lines = lines_of(path)
    assert len(header[0]) == 1_000 and lines == []
    path.write_bytes(b",".join(b"%d" % n for n in range(LONGEST_LINE // 6)))
    assert len(lines_of(path)[0]) == LONGEST_LINE // 6


# --- forms --------------------------------------------------------------------------------------------


def test_form_tables_go_the_same_way() -> None:
    far = (FILES / "b05_form_far_corner.xlsx").read_bytes()
    with pytest.raises(problems.FileOversized):
        read_sheets("表单.xlsx", far)
    with pytest.raises(FormUnreadable):
        read_sheets("表单.csv", b'survey\n,type,name,label\n,"' + b"x," * 200_000)
    with pytest.raises(FormUnreadable):
        read_sheets("表单.xlsx", book(sheet(HEAD + "".join(cell(f"A{n}") for n in range(2, 2_100)))))


# --- any bytes at all ---------------------------------------------------------------------------------


def reads_all(*paths: str) -> Iterator[str]:
    """One child for a hundred files: what the reader of workbooks makes of each."""
    for path in paths:
        try:
            count = sum(1 for _ in sheet_rows.rows(path, "100000", "1000000", "100", "9", "10000", "9"))
            yield f"read {count}"
        except Unreadable as refusal:
            yield str(refusal)


SEEDS = [book(sheet(HEAD + cell("A2"))), book(sheet(HEAD), strings="<si><t>甲</t></si>"), open_document(3, 3)]
REFUSALS = {"too-large", "damaged", "password", "empty", "other", "formulas"}
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
HARM = st.tuples(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), max_size=9)
)


def harmed(seed: bytes, harm: list[tuple[int, int]]) -> bytes:
    content = bytearray(seed)
    for at, value in harm:
        content[at % len(content)] = value
    return bytes(content)


@given(st.lists(HARM, min_size=60, max_size=60))
# Not shrunk: each try is a process, and the file that failed lies in the folder of the test.
@settings(max_examples=3, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
def test_a_harmed_workbook_is_read_or_refused(tmp_path_factory: Any, harms: Any) -> None:
    folder = tmp_path_factory.mktemp("harmed")
    paths = [folder / str(n) for n in range(len(harms))]
    for path, (seed, harm) in zip(paths, harms, strict=True):
        path.write_bytes(harmed(seed, harm))
    told = list(read_confined("tests.security.test_files_that_eat:reads_all", *map(str, paths)))
    assert len(told) == len(paths)
    assert {sentence.split()[0] for sentence in told} <= REFUSALS | {"read"}


@given(st.one_of(st.binary(max_size=600), st.lists(st.sampled_from(['"', ",", "\n", "\r", "甲", "1", "\0"])).map(
    lambda pieces: "".join(pieces).encode())))  # fmt: skip
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_text_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    try:
        lines_of(path)
    except problems.Problem as refusal:
        assert refusal.status == 422
