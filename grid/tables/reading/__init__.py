"""From a file of bytes to the numbered lines of its sheets, whatever it is: text, or a workbook of several sheets."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid import problems
from grid.outside import readable
from grid.sheet_rows import MEGABYTE
from grid.tables import problems as tables_problems
from grid.tables.reading.texts import KEPT_OF_LONG, TextLines, wide_of
from grid.tables.rules import UNREADABLE, Line
from grid.workbooks import BEGINNINGS, REGISTER, Bounds, Row, Sheet, read_workbook

HEADER_WITHIN: Final = 200  # lines with content; titles, notes and instructions may stand above the header
LARGEST_EXACT: Final = 10**15  # of a number in a spreadsheet: it keeps fifteen digits
_OTHERS: Final = (
    (b"%PDF", gettext_lazy("PDF 文件")),
    (b"\x89PNG", gettext_lazy("图片")),
    (b"\xff\xd8\xff", gettext_lazy("图片")),
    (b"GIF8", gettext_lazy("图片")),
    (b"\x1f\x8b", gettext_lazy("压缩包")),
    (b"7z\xbc\xaf", gettext_lazy("压缩包")),
    (b"Rar!", gettext_lazy("压缩包")),
    (b"SQLite format 3", gettext_lazy("数据库文件")),
    (b"{\\rtf", gettext_lazy("RTF 文档")),
)
# BIFF 2 to 4: a stream of records without a container around it.
_OLD_STREAMS: Final = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00\x00\x05",
)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_table(
    path: Path, name: str, is_header: Callable[[Sequence[str]], bool], bounds: Bounds = REGISTER
) -> tuple[Sequence[str], Iterator[Line]]:
    """One table of any kind: the header cells and every line behind them that holds something, of the first visible
    sheet that does. `is_header` recognises the header; when none is recognised, the first line stands for it, so that
    what it lacks can be named. A line with a fault is a line: `unread` says what is wrong with it.

    Raises as `sheets_of` does, EmptyFile, and SheetsSeveral at the end of the lines where another visible sheet holds any.
    """
    sheets = ((sheet, lines) for sheet, lines in sheets_of(path, name, bounds) if not sheet.is_hidden)
    _sheet, lines = next(sheets, (Sheet(""), iter(())))
    filled = filter(holds_something, lines)
    first = list(islice(filled, HEADER_WITHIN))
    if not first:
        raise problems.EmptyFile(name=name)
    at = next((i for i, line in enumerate(first) if not line.fault and is_header(line.cells)), 0)
    below = chain(first[at + 1 :], filled, _no_other(sheets, name))
    return _without_empty_end(first[at].cells), below


def holds_something(line: Line) -> bool:
    return bool(line.fault) or any(cell.strip() for cell in line.cells)


def _no_other(sheets: Iterator[tuple[Sheet, Iterator[Line]]], name: str) -> Iterator[Line]:
    """No line, and a refusal where a sheet behind the one that was read would vanish."""
    others = [sheet.name for sheet, lines in sheets if any(map(holds_something, lines))]
    if others:
        raise tables_problems.SheetsSeveral(name=name, sheets="、".join(others[:5]))
    yield from ()


def unread(line: Line) -> tables_problems.LineUnread | None:
    """The refusal of a line that could not be read; None for one that could. Whoever takes a table asks it of each."""
    return tables_problems.LineUnread(why=UNREADABLE[line.fault]) if line.fault else None


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    used = max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:used]


# --- what the file is -------------------------------------------------------------------------------------


def sheets_of(path: Path, name: str, bounds: Bounds) -> Iterator[tuple[Sheet, Iterator[Line]]]:
    """The sheets of a workbook in their order, each with its lines; a text is one sheet without a name."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise problems.EmptyFile(name=name)
    if head.startswith(BEGINNINGS):
        yield from _of_workbook(path, name, bounds)
        return
    _refuse_other(head, name)
    if path.stat().st_size > bounds.text:
        why = _("文件超过 {most} MB").format(most=bounds.text // MEGABYTE)
        raise problems.FileOversized(name=name, why=why)
    yield Sheet(""), TextLines(path, name)


def _refuse_other(head: bytes, name: str) -> None:
    for beginning, what in _OTHERS:
        if head.startswith(beginning):
            raise problems.NotATable(name=name, what=what)
    if head.startswith(_OLD_STREAMS):
        raise tables_problems.OldWorkbook(name=name)
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"<?xml", b"<workbook", b"<?mso-application")):
        if b"<html" in text:
            raise tables_problems.WebPageSaved(name=name)
        raise tables_problems.XmlTableSaved(name=name)
    if text.startswith(
        (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<div")
    ) or (text.startswith((b"mime-version:", b"from:")) and b"content-type: multipart/related" in text):
        raise tables_problems.WebPageSaved(name=name)
    if head.count(0) > len(head) // 20 and not wide_of(head):
        raise problems.WrongFile(name=name)


def _of_workbook(path: Path, name: str, bounds: Bounds) -> Iterator[tuple[Sheet, Iterator[Line]]]:
    rows = read_workbook(path, name, bounds)
    first = next(rows, None)
    if first is None:
        return
    for sheet, own in groupby(chain([first], rows), key=lambda row: row.of):
        yield sheet, (_line(sheet, row) for row in own)


def _line(sheet: Sheet, row: Row) -> Line:
    cells = [_cell(value) for value in row.cells]
    raw = readable(",".join(cells))
    fault = "line-too-long" if row.too_long else "bad-bytes" if "\ufffd" in raw else ""
    named = "" if sheet.is_only else sheet.name
    return Line(row.number, cells, raw[:KEPT_OF_LONG] if row.too_long else raw, fault, named)


def _cell(value: object) -> str:
    """Spreadsheets keep codes and months as numbers; one of more than fifteen digits was rounded, and shows it."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < LARGEST_EXACT else repr(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LARGEST_EXACT:
        return repr(float(value))
    return str(value)
