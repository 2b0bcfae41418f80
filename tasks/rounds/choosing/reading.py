"""A list of codes, CSV or a workbook, as lines of texts. Bounded and read like every file from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grid import problems
from grid.tables.reading import read_table
from grid.tables.rules import Line
from grid.workbooks import SMALL
from tasks.rounds import problems as rounds_problems
from tasks.rounds.choosing.rules import COLUMNS, MOST_LISTED, Columns, columns_of, is_header


class CodeLine(NamedTuple):
    line: int
    code: str
    name: str
    is_faulty: bool


def read_codes(path: Path, name: str) -> list[CodeLine]:
    """The lines of `path`; `name` is what people call the file. Raises ColumnsMissing, EmptyFile, ListTooLong, and what
    grid.tables.reading.read_table raises."""
    header, lines = read_table(path, name, is_header, bounds=SMALL)
    columns = columns_of(header)
    if columns.code is None:
        raise problems.ColumnsMissing(name=name, columns=COLUMNS["code"][0])
    read: list[CodeLine] = []
    for line in _lines(lines, columns):
        if len(read) >= MOST_LISTED:
            raise rounds_problems.ListTooLong(most=MOST_LISTED)
        read.append(line)
    if not read:
        raise problems.EmptyFile(name=name)
    return read


def _lines(lines: Iterator[Line], columns: Columns) -> Iterator[CodeLine]:
    for line in lines:
        code, name = (_cell(line, at) for at in columns)
        yield CodeLine(line.number, code, name[:200], bool(line.fault))


def _cell(line: Line, at: int | None) -> str:
    return line.cells[at].strip().lstrip("'") if at is not None and at < len(line.cells) else ""
