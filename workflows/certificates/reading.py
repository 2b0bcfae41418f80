"""A table of certificates, CSV or a workbook, as lines of texts. Bounded and read like every file from outside."""

from collections.abc import Sequence
from pathlib import Path

from grid import problems
from grid.people import problems as people_problems
from grid.tables.reading import read_table
from grid.tables.rules import UNREADABLE
from grid.workbooks import SMALL
from workflows.certificates.rules import COLUMNS, MOST_LINES, NEEDED, CardLine, columns_of, is_header


def read_certificates(path: Path, name: str) -> list[CardLine]:
    """The lines of `path`; `name` is what people call the file. Raises ColumnsMissing, EmptyFile, TooManyLines, and what
    grid.tables.reading.read_table raises."""
    header, lines = read_table(path, name, is_header, bounds=SMALL)
    places = columns_of(header)
    if lacking := [COLUMNS[field][0] for field in NEEDED if field not in places]:
        raise problems.ColumnsMissing(name=name, columns="、".join(lacking))
    read: list[CardLine] = []
    for line in lines:
        if len(read) >= MOST_LINES:
            raise people_problems.TooManyLines(most=MOST_LINES)
        fault = str(UNREADABLE[line.fault]) if line.fault else ""
        read.append(_line(line.number, line.cells, places, fault))
    if not read:
        raise problems.EmptyFile(name=name)
    return read


def _line(number: int, cells: Sequence[str], places: dict[str, int], fault: str) -> CardLine:
    texts = {field: cells[at].strip().lstrip("'")[:200] for field, at in places.items() if at < len(cells)}
    return CardLine(line=number, fault=fault, **{field: texts.get(field, "") for field in COLUMNS})
