"""The lines that come out of a file are those a person counts in it, whatever stands in them."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from grid import problems
from grid.registers import problems as registers_problems
from grid.registers.reading import Reading, read_tables
from grid.registers.rules import Entry, Refused, read_line
from grid.registers.rules.layouts import LAYOUTS
from grid.tables import problems as tables_problems
from grid.tables.reading.texts import cut
from tests.cast import credit_code
from tests.security.books import book, sheet

MARKET = LAYOUTS["market"]
HEADER = ["序号", "统一社会信用代码", "企业名称", "住所", "成立日期"]


def write(folder: Path, content: bytes, name: str = "名册.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def reading(folder: Path, content: bytes, name: str = "名册.csv") -> Reading:
    return read_tables(write(folder, content, name), name, MARKET)


def tried(reading: Reading) -> list[Entry | str]:
    """Each line: what was understood, or why not."""
    found: list[Entry | str] = []
    for line in reading.lines:
        try:
            found.append(read_line(MARKET, line))
        except Refused as why:
            found.append(why.code)
    return found


# --- counted ------------------------------------------------------------------------------------------

CELLS = {
    "plain": "乌海市示例商贸有限公司",
    "inch": '乌海市示例5"管件有限公司',
    "quoted": '"乌海市示例,商贸有限公司"',
    "doubled": '"乌海市""示例""商贸有限公司"',
    "undoubled": '"乌海市"示例"商贸有限公司"',
    "stray": '"乌海市示例商贸有限公司',
    "closing": '乌海市示例商贸有限公司"',
    "over lines": '"乌海市示例\n商贸有限公司"',
    "empty quotes": '""',
    "one quote": '"',
}
ENDS = ("\n", "\r\n")


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(CELLS)), st.booleans(), st.booleans()), min_size=1, max_size=30
    ),
    st.sampled_from(ENDS),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_out_are_lines_in(tmp_path: Path, lines: Any, end: str, encoding: str) -> None:
    """One line for each record, in any order of odd quotes; what is whole by itself is understood."""
    rows = [",".join(HEADER)]
    for number, (kind, is_blank_before, is_short) in enumerate(lines, 1):
        if is_blank_before:
            rows.append("")
        rows.append(
            f"{number},{credit_code(number)},{CELLS[kind]},海勃湾区{number}号"
            + ("" if is_short else ",2015-03-01")
        )
    found = tried(reading(tmp_path, end.join([*rows, ""]).replace("\n", end).encode(encoding)))
    assert len(found) == len(lines)
    for (kind, _blank, _short), read in zip(lines, found, strict=True):
        if kind in ("plain", "inch", "quoted", "doubled", "closing"):
            assert isinstance(read, Entry), (kind, read)
        if kind == "stray":
            assert read == "open-quote"


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=9), min_size=1)
    )
)
def test_cells_written_by_the_rules_come_back(rows: list[list[str]]) -> None:
    for row in rows:
        text = ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
        assert cut(text, ",") == (row, False)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_spelling_of_a_text(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["名册，二〇二六年，共两户"], HEADER] + [
        [str(n), credit_code(n), f"示例{n}号一有限公司", "海勃湾区", "2015-03-01"] for n in (1, 2)
    ]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert len(tried(reading(tmp_path, text.encode(encoding)))) == 2


def test_characters_of_gb18030_2022(tmp_path: Path) -> None:
    text = f"统一社会信用代码,企业名称,住所\n{credit_code(1)},示例X商贸有限公司,海勃湾区\n".encode("gb18030")
    (one,) = tried(reading(tmp_path, text.replace(b"X", b"\xfe\x59")))
    assert isinstance(one, Entry) and one.name == "示例\u9fb4商贸有限公司"


def test_the_header_may_stand_far_down(tmp_path: Path) -> None:
    notes = [f"说明第{n}条，请勿修改表头" for n in range(60)]
    rows = [*notes, ",".join(HEADER), f"1,{credit_code(1)},示例商贸有限公司,海勃湾区,2015-03-01"]
    assert len(tried(reading(tmp_path, "\n".join(rows).encode()))) == 1


# --- workbooks ----------------------------------------------------------------------------------------


def workbook(*sheets: tuple[str, list[list[Any]], str], hidden_rows: tuple[int, ...] = ()) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows, state in sheets:
        page = made.create_sheet(name)
        page.sheet_state = state
        for row in rows:
            page.append(row)
        for number in hidden_rows:
            page.row_dimensions[number].hidden = True
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def lines(first: int, count: int) -> list[list[Any]]:
    return [
        [n, credit_code(n), f"示例{n}号有限公司", "海勃湾区", date(2015, 3, 1)]
        for n in range(first, first + count)
    ]


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans()), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_of_all_visible_sheets(tmp_path: Path, sheets: Any) -> None:
    made, wanted, number = [], 0, 1
    for at, (count, is_hidden, has_header) in enumerate(sheets):
        is_hidden = is_hidden and at > 0  # one is always seen
        has_header = has_header or at == 0
        rows = lines(number, count + (at == 0))
        number += len(rows)
        made.append(
            (f"表{at}", ([HEADER] if has_header else []) + rows, "hidden" if is_hidden else "visible")
        )
        wanted += 0 if is_hidden else len(rows)
    found = reading(tmp_path, workbook(*made), "名册.xlsx")
    assert len(tried(found)) == wanted
    hidden = {name for name, rows, state in made if state == "hidden" and rows}
    assert {remark["sheet"] for remark in found.remarks if remark["code"] == "hidden-sheet"} == hidden


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    found = reading(
        tmp_path, workbook(("名册", [HEADER, *lines(1, 3)], "visible"), hidden_rows=(3,)), "x.xlsx"
    )
    assert len(tried(found)) == 3
    assert {"code": "hidden-rows", "sheet": "名册", "rows": 1} in found.remarks


def test_only_hidden_sheets_are_no_register(tmp_path: Path) -> None:
    made = workbook(("说明", [["见下表"]], "visible"), ("名册", [HEADER, *lines(1, 2)], "hidden"))
    with pytest.raises(registers_problems.HeaderMissing, match="说明"):
        reading(tmp_path, made, "x.xlsx")


def test_error_cells_and_rounded_numbers(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{a}</t></is></c>{b}'
        f'<c r="C{n}" t="inlineStr"><is><t>海勃湾区</t></is></c>{d}</row>'
        for n, a, b, d in (
            (1, "统一社会信用代码", '<c r="B1" t="inlineStr"><is><t>企业名称</t></is></c>',
             '<c r="C1" t="inlineStr"><is><t>住所</t></is></c><c r="D1" t="inlineStr"><is><t>从业人数</t></is></c>'),
            (2, credit_code(1), '<c r="B2" t="e"><f>Z1</f><v>#REF!</v></c>', '<c r="D2"><v>3</v></c>'),
            (3, credit_code(2), '<c r="B3" t="str"><f>"甲"</f><v>示例甲有限公司</v></c>', '<c r="D3" t="e"><v>#DIV/0!</v></c>'),
            (4, credit_code(3), '<c r="B4" t="str"><f>"乙"</f><v>示例乙有限公司</v></c>', '<c r="D4"><f>1+1</f></c>'),
            (5, credit_code(4), '<c r="B5" t="str"><f>"丙"</f><v>示例丙有限公司</v></c>', '<c r="D5"><f>1+1</f><v>2</v></c>'),
        )
    ).replace('<c r="C1" t="inlineStr"><is><t>海勃湾区</t></is></c>', "")  # fmt: skip
    name, unit, formula, whole = tried(reading(tmp_path, book(sheet(rows)), "x.xlsx"))
    assert name == "error-text" and formula == "formula-without-value"
    assert isinstance(unit, Entry) and unit.data["unread"] == {"employees": "#DIV/0!"}
    assert isinstance(whole, Entry) and whole.data["employees"] == 2


def test_a_code_kept_as_a_number_has_lost_its_end(tmp_path: Path) -> None:
    rows = [HEADER, [1, 911503007014012345, "示例甲有限公司", "海勃湾区", "2015-03-01"]]
    assert tried(reading(tmp_path, workbook(("名册", rows, "visible")), "x.xlsx")) == ["rounded-code"]
    text = "\n".join(
        [
            ",".join(HEADER),
            "1,9.11503E+17,示例甲有限公司,海勃湾区,",
            "2,911503007014012000,示例乙有限公司,海勃湾区,",
        ]
    )
    assert tried(reading(tmp_path, text.encode())) == ["rounded-code"] * 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html><body><table><tr><td>x</td></tr></table></body></html>", tables_problems.WebPageSaved),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><table>", tables_problems.WebPageSaved),
        ("<table>".encode("utf-16"), tables_problems.WebPageSaved),
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n",
            tables_problems.WebPageSaved,
        ),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>',
            tables_problems.XmlTableSaved,
        ),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" * 9, tables_problems.OldWorkbook),
        (b"Rar!\x1a\x07\x00", problems.NotATable),
        (b"%PDF-1.4", problems.NotATable),
        (b"\x89PNG\r\n\x1a\n", problems.NotATable),
        ("姓名,性别\n张某,男\n".encode(), registers_problems.HeaderMissing),
        ("统一社会信用代码,企业名称,企业名称,住所\n1,2,3,4\n".encode(), registers_problems.ColumnsDoubled),
    ],
)
def test_what_the_file_is_instead(tmp_path: Path, content: bytes, problem: Any) -> None:
    with pytest.raises(problem) as refused:
        reading(tmp_path, content, "名册.xls")
    assert "名册.xls" in refused.value.detail and str(refused.value.advice)
