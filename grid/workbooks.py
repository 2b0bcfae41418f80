"""Spreadsheets from outside: bounded from their own stream first, then read in a process that may die.

The native reader lays out a sheet as a rectangle up to its farthest cell and takes the memory for it at once; when
there is not so much, it ends the process. `grid.sheet_rows` refuses such a sheet before that reader sees it; what
slips through all the same (an old .xls has no stream to look at) meets the limits of the child.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from grid import problems
from grid.confined import ReaderDied, Unreadable, read_confined
from grid.sheet_rows import MEGABYTE, Limits

BEGINNINGS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, .xlsb, .ods; .xls


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one table from outside may cost. `cells`: rows times columns up to the farthest cell with content, all
    sheets together; `text`: what a text file holds, or all cells together; `seconds` of a processor."""

    text: int
    packed: int
    unpacked: int
    parts: int
    sheets: int
    cells: int
    memory: int
    seconds: int


# A city's register: 400,000 lines of 30 columns. The native reader takes some 110 bytes for each cell.
REGISTER: Final = Bounds(
    text=1024 * MEGABYTE, packed=200 * MEGABYTE, unpacked=1024 * MEGABYTE, parts=2_000, sheets=200,
    cells=12_000_000, memory=2048 * MEGABYTE, seconds=300,
)  # fmt: skip
# A table somebody keeps by hand; it is read while a page waits.
SMALL: Final = Bounds(
    text=2 * MEGABYTE, packed=2 * MEGABYTE, unpacked=20 * MEGABYTE, parts=500, sheets=50, cells=400_000,
    memory=512 * MEGABYTE, seconds=10,
)  # fmt: skip


class Sheet(NamedTuple):
    """`hidden_rows`: how many rows of it are hidden, as a filter hides them. `is_only`: its workbook has no other."""

    name: str
    is_hidden: bool = False
    hidden_rows: int = 0
    is_only: bool = False


class Row(NamedTuple):
    """`cells`: text, numbers, yes or no; days as YYYY-MM-DD; errors as their text, a formula without a value as
    NO_VALUE of `grid.sheet_flaws`. `too_long`: they are only the beginning."""

    of: Sheet
    number: int
    cells: list[object]
    too_long: bool

    @property
    def sheet(self) -> str:
        return self.of.name


def read_workbook(path: Path, name: str, bounds: Bounds, *, sheets: int | None = None) -> Iterator[Row]:
    """The rows that hold something, of all sheets or of the first `sheets`, with their numbers in the sheet.

    Raises FileOversized, FileLocked, EmptyFile, WrongFile, NotATable, FormulasUnreckoned.
    """
    if path.stat().st_size > bounds.packed:
        raise _oversized(name, bounds, "packed")
    limits = Limits(
        bounds.text, bounds.unpacked, bounds.parts, bounds.sheets, bounds.cells, sheets or bounds.sheets
    )
    found = read_confined(
        "grid.sheet_rows:rows", str(path), *map(str, limits), memory=bounds.memory, seconds=bounds.seconds
    )
    sheet = Sheet("")
    try:
        for value in found:
            if isinstance(value, dict):
                sheet = Sheet(**value)
            else:
                yield Row(sheet, *value)
    except ReaderDied as died:
        raise _oversized(name, bounds, "died") from died
    except Unreadable as refusal:
        raise _refusal(name, bounds, *str(refusal).split()) from refusal


def _refusal(name: str, bounds: Bounds, code: str, what: str = "", *sizes: str) -> problems.Problem:
    if code == "too-large":
        return _oversized(name, bounds, what, *sizes)
    if code == "password":
        return problems.FileLocked(name=name)
    if code == "formulas":
        return problems.FormulasUnreckoned(name=name)
    if code == "other":
        return problems.NotATable(name=name, what=_other(what))
    return problems.EmptyFile(name=name) if code == "empty" else problems.WrongFile(name=name)


def _other(what: str) -> str:
    return {
        "word": _("Word 文档"),
        "slides": _("演示文稿"),
        "document": _("版式文档（OFD）"),
        "archive": _("压缩包"),
    }[what]


def _oversized(name: str, bounds: Bounds, what: str, *sizes: str) -> problems.FileOversized:
    """`what`: as `grid.sheet_rows` says it."""
    why = {
        "packed": _("文件超过 {most} MB").format(most=bounds.packed // MEGABYTE),
        "text": _("内容超过 {most} MB").format(most=bounds.text // MEGABYTE),
        "unpacked": _("解压后超过 {most} MB").format(most=bounds.unpacked // MEGABYTE),
        "parts": _("压缩包内的文件超过 {most} 个").format(most=bounds.parts),
        "sheets": _("工作表超过 {most} 张").format(most=bounds.sheets),
        "died": _("读取所需的内存或时间超出限度"),
    }
    if what == "cells":
        rows, columns = map(int, sizes)
        words = _("有内容的单元格远至第 {rows} 行、第 {columns} 列，合计超过 {most} 万格").format(
            rows=rows, columns=columns, most=bounds.cells // 10_000
        )
    return problems.FileOversized(name=name, why=words if what == "cells" else why[what])
