"""An uploaded XLSForm, whatever kind of file it is, as sheets of lines.

Every line keeps its number in the file, so that what is wrong with it can be said by line. What is kept is
Markdown: one kind of text that is compiled, compared and read by people.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grid import problems
from grid.keeping import on_disk
from grid.workbooks import SMALL, read_workbook

SHEETS: Final = ("settings", "survey", "choices")
LARGEST_FILE: Final = 1_000_000
MOST_LINES: Final = 2_000
MOST_COLUMNS: Final = 200
_CELLS: Final = re.compile(r"(?<!\\)\|")


class Unreadable(ValueError):
    """The file is no table of one of the three kinds, or too large."""


@dataclass(frozen=True, slots=True)
class Line:
    """`cells` by column; what stands under no column's name is under the empty one."""

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
    """The sheets of a .xlsx, .md or .csv file by name, lower case. Raises Unreadable, FileOversized, FileLocked."""
    if len(content) > LARGEST_FILE:
        raise Unreadable("too large")
    kind = name.lower().rpartition(".")[2]
    if kind == "xlsx":
        return _of_workbook(name, content)
    if kind == "md":
        return _of_rows(
            (at, _cells(line)) for at, line in _numbered(content) if line.lstrip().startswith("|")
        )
    if kind == "csv":
        return _of_rows(_of_csv(content))
    raise Unreadable(kind)


def _of_csv(content: bytes) -> Rows:
    try:
        for at, row in enumerate(csv.reader(io.StringIO(_text(content))), 1):
            yield at, [cell.strip() for cell in row]
    except csv.Error as error:
        raise Unreadable("csv") from error


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
            here = sheets.setdefault(cells[0].lower().strip(), Sheet([]))
        elif here is not None and any(cells):
            _take(here, number, cells[1:])
    return sheets


def _take(sheet: Sheet, number: int, cells: Sequence[str]) -> None:
    if any(cells[MOST_COLUMNS:]):
        raise Unreadable("too many columns")
    if not sheet.header:
        sheet.header = [" ".join(cell.split()).lower() for cell in cells]
    elif any(cells):
        said = [" ".join(cell.split()) for cell in cells]
        names = [*sheet.header, *[""] * (len(said) - len(sheet.header))]
        filled = {name: cell for name, cell in zip(names, said, strict=False) if cell}
        sheet.lines.append(Line(number, filled))


def _of_workbook(name: str, content: bytes) -> Sheets:
    sheets: Sheets = {}
    try:
        with on_disk([content]) as path:
            for count, row in enumerate(read_workbook(path, name, SMALL)):
                if count > MOST_LINES or row.too_long:
                    raise Unreadable("too many lines")
                sheet = sheets.setdefault(row.sheet.lower().strip(), Sheet([]))
                _take(sheet, row.number, [_shown(cell) for cell in row.cells])
    except (problems.WrongFile, problems.EmptyFile) as error:
        raise Unreadable("workbook") from error
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
