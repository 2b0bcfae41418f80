"""A table of people, CSV or a workbook, as lines of texts. Bounded and read like every file from outside."""

from collections.abc import Sequence
from pathlib import Path

from grid import problems
from grid.people import problems as people_problems
from grid.people.rules import COLUMNS, MOST_LINES, NEEDED, SheetLine, columns_of, is_header
from grid.tables.reading import read_table
from grid.tables.rules import UNREADABLE
from grid.territory.rules import phone_of
from grid.workbooks import SMALL


def read_people(path: Path, name: str) -> list[SheetLine]:
    """The lines of `path` (see PeopleSheet.lines); `name` is what people call the file. Without a login its telephone
    number stands for it.

    Raises ColumnsMissing, EmptyFile, TooManyLines, and what grid.tables.reading.read_table raises.
    """
    header, lines = read_table(path, name, is_header, bounds=SMALL)
    places = columns_of(header)
    if lacking := [COLUMNS[field][0] for field in NEEDED if field not in places]:
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    if "username" not in places and "phone" not in places:
        raise problems.ColumnsMissing(name=name, columns="登录名")
    read: list[SheetLine] = []
    for line in lines:
        if len(read) >= MOST_LINES:
            raise people_problems.TooManyLines(most=MOST_LINES)
        fault = str(UNREADABLE[line.fault]) if line.fault else ""
        read.append(_line(line.number, line.cells, places, fault))
    if not read:
        raise problems.EmptyFile(name=name)
    return read


def _line(number: int, cells: Sequence[str], places: dict[str, int], fault: str) -> SheetLine:
    def text(field: str) -> str:
        is_there = field in places and places[field] < len(cells)
        return cells[places[field]].strip().lstrip("'")[:200] if is_there else ""

    return {
        "name": text("name"), "username": text("username") or phone_of(text("phone")) or "", "phone": text("phone"),
        "role": text("role"), "area": text("area"), "area_name": text("area_name"), "first": text("first"),
        "last": text("last"), "department": text("department"), "line": number, "fault": fault,
    }  # fmt: skip
