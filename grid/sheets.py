"""Tables for a spreadsheet: sent line by line, readable in Chinese; nothing in them runs, and no code becomes a number.

As XLSX every text is a text cell, which needs no mark and stays what it is. CSV says nothing of types, so there a text
that a spreadsheet would read as a formula is led by an apostrophe, and one it would read as a number is followed by a
tab; our own reading of tables takes both off again (docs/decisions/0023-codes-stay-text.md).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from grid.outside import readable

Rows = Iterable[Sequence[object]]
KINDS: Final = ("xlsx", "csv")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The full-width ones are formulas to a Chinese or Japanese spreadsheet.
_BEGINS_FORMULA: Final = tuple("=+-@＝＋－＠")
_BEGINS_CELL: Final = ("\t", "\r", "\n")
# 18 digits lose their last three, leading noughts go, 9E12 is a power of ten, and 3-4 or 3/4 is a day in March.
_TAKEN_FOR_NUMBER: Final = re.compile(
    r"[0-9][0-9,]*(\.[0-9]*)?([eE][0-9]+)?|[0-9]{1,2}[-/][0-9]{1,2}([-/][0-9]+)?"
)


def as_table(kind: str, name: str, rows: Rows) -> HttpResponseBase:
    """`rows`, the head first, as the file `name` of one of KINDS."""
    return as_csv(name, rows) if kind == "csv" else as_workbook(name, rows)


# --- CSV ---------------------------------------------------------------------------------------


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(name: str, rows: Rows) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def csv_lines(rows: Rows) -> Iterator[str]:
    """The mark in front lets spreadsheets read the Chinese."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield str(writer.writerow([lasting(cell) for cell in row]))


def inert(cell: object) -> object:
    """A name that begins like a formula must stay a name in a spreadsheet.

    >>> inert("=1+1"), inert("\\n@x"), inert("＝1"), inert("某公司"), inert(-3)
    ("'=1+1", "'\\n@x", "'＝1", '某公司', -3)
    """
    if not isinstance(cell, str):
        return cell
    runs = cell.startswith(_BEGINS_CELL) or cell.lstrip().startswith(_BEGINS_FORMULA)
    return f"'{cell}" if runs else cell


def lasting(cell: object) -> object:
    """The same, and a text that looks like a number stays text. What is a number or a date here is one there.

    >>> lasting("911503007014012345"), lasting("007"), lasting("3-4"), lasting("HBW-2026-000042"), lasting(12)
    ('911503007014012345\\t', '007\\t', '3-4\\t', 'HBW-2026-000042', 12)
    """
    if isinstance(cell, str) and _TAKEN_FOR_NUMBER.fullmatch(cell.strip()):
        return f"{cell}\t"
    return inert(cell)


# --- XLSX --------------------------------------------------------------------------------------


def as_workbook(name: str, rows: Rows) -> HttpResponse:
    """One sheet; a text is a cell of text, whatever it looks like."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _cell(sheet: object, value: object) -> object:
    if not isinstance(value, str | Promise):
        return value
    cell = WriteOnlyCell(sheet)
    # XML has no sign for the line and page ends of word processors.
    cell.value = readable(str(value)).replace("\x0b", "\n").replace("\x0c", "\n")
    # Set after the value, which would else make a formula of what begins with =.
    cell.data_type, cell.number_format = "s", "@"
    return cell
