"""An uploaded XLSForm, whatever kind of file it is, as sheets of lines. Pure.

Every line keeps its number in the file, so that what is wrong with it can be said by line. What is kept is
Markdown: one kind of text that is compiled, compared and read by people.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from python_calamine import CalamineWorkbook

SHEETS: Final = ("settings", "survey", "choices")
LARGEST_FILE: Final = 1_000_000
LARGEST_UNPACKED: Final = 20_000_000
MOST_LINES: Final = 2_000
_CELLS: Final = re.compile(r"(?<!\\)\|")


class Unreadable(ValueError):
    """The file is no table of one of the three kinds, or too large."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(slots=True)
class Sheet:
    header: list[str]
    lines: list[Line] = field(default_factory=list)


Sheets = dict[str, Sheet]
Rows = Iterable[tuple[int, Sequence[str]]]


def read_sheets(name: str, content: bytes) -> Sheets:
    """The sheets of a .xlsx, .md or .csv file by name, lower case. Raises Unreadable."""
    if len(content) > LARGEST_FILE:
        raise Unreadable("too large")
    kind = name.lower().rpartition(".")[2]
    if kind == "xlsx":
        return _of_workbook(content)
    if kind == "md":
        return _of_rows(
            (at, _cells(line)) for at, line in _numbered(content) if line.lstrip().startswith("|")
        )
    if kind == "csv":
        rows = csv.reader(io.StringIO(_text(content)))
        return _of_rows((at, [cell.strip() for cell in row]) for at, row in enumerate(rows, 1))
    raise Unreadable(kind)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _numbered(content: bytes) -> Iterable[tuple[int, str]]:
    return enumerate(_text(content).splitlines(), 1)


def _cells(line: str) -> list[str]:
    parts = _CELLS.split(line.strip())[1:]
    if parts and not parts[-1].strip():
        parts.pop()
    return [part.strip().replace("\\|", "|") for part in parts]


def _of_rows(rows: Rows) -> Sheets:
    """A line with something in its first cell begins a sheet; the first line below names the columns."""
    sheets: Sheets = {}
    here: Sheet | None = None
    for count, (number, cells) in enumerate(rows):
        if count > MOST_LINES:
            raise Unreadable("too many lines")
        if cells and cells[0]:
            here = sheets.setdefault(cells[0].lower(), Sheet([]))
        elif here is not None and any(cells):
            _take(here, number, cells[1:])
    return sheets


def _take(sheet: Sheet, number: int, cells: Sequence[str]) -> None:
    if not sheet.header:
        sheet.header = [cell.strip().lower() for cell in cells]
    elif any(cells):
        named = {name: cell for name, cell in zip(sheet.header, cells, strict=False) if name and cell}
        sheet.lines.append(Line(number, named))


def _of_workbook(content: bytes) -> Sheets:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("too large")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {name.lower(): book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken file makes the reader say
        raise Unreadable("workbook") from error
    sheets: Sheets = {}
    for name, rows in found.items():
        sheet = sheets[name] = Sheet([])
        for number, row in enumerate(rows[:MOST_LINES], 1):
            _take(sheet, number, [_shown(cell) for cell in row])
    return sheets


def _shown(cell: object) -> str:
    """Spreadsheets keep 20261101 as a number with a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return " ".join(str(cell).split())


def markdown(sheets: Sheets) -> str:
    """The three sheets a form consists of, in a fixed order: the same table always makes the same text."""
    return "\n\n".join(_sheet(name, sheets[name]) for name in SHEETS if name in sheets) + "\n"


def _sheet(name: str, sheet: Sheet) -> str:
    columns = [column for column in sheet.header if column]
    lines = [[line.get(column) for column in columns] for line in sheet.lines]
    return "\n".join([f"| {name} |", _row(columns), *(_row(line) for line in lines)])


def _row(cells: Iterable[str]) -> str:
    return "|  | " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
