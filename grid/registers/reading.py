"""The tables of a register's file: where each begins, and what was not read.

Every line of every visible sheet comes out: as a line of its table, or with its sheet in the remarks of what was not
read. The header is looked for in each sheet by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from grid import problems
from grid.registers import problems as registers_problems
from grid.registers.rules import Layout
from grid.registers.rules.headers import NOTHING_CHOSEN, Chosen, find_head, likeliest, missing_columns
from grid.subjects.rules import plain
from grid.tables.reading import HEADER_WITHIN, holds_something, sheets_of
from grid.tables.reading.texts import TextLines
from grid.tables.rules import Head, Line
from grid.workbooks import REGISTER, Bounds, Sheet


@dataclass(slots=True)
class Reading:
    """The tables of a file. `remarks` name what is not among the lines, or what one should know of them, and are
    whole only when the lines were drawn to their end. Each is {"code", "sheet", …}."""

    lines: Iterator[Line]
    heads: list[tuple[str, Head]] = field(default_factory=list)
    remarks: list[dict[str, Any]] = field(default_factory=list)


def read_tables(
    path: Path, name: str, layout: Layout, chosen: Chosen = NOTHING_CHOSEN, bounds: Bounds = REGISTER
) -> Reading:
    """The lines below each header of a file.

    Raises WrongFile, WrongEncoding, EmptyFile, HeaderMissing, ColumnsMissing, ColumnsDoubled, NotATable, WebPageSaved,
    XmlTableSaved, OldWorkbook; FileOversized, FileLocked and FormulasUnreckoned also while lines are drawn.
    """
    reading = Reading(iter(()))
    search = _Search(layout, chosen, reading)
    found = chain.from_iterable(
        search.lines_of(sheet, lines) for sheet, lines in sheets_of(path, name, bounds)
    )
    first = next(found, None)
    if first is None:
        raise search.refusal(name)
    reading.lines = chain([first], found)
    if doubled := [label for _sheet, head in reading.heads for label in head.doubled]:
        raise registers_problems.ColumnsDoubled(name=name, columns="、".join(dict.fromkeys(doubled)))
    return reading


@dataclass(slots=True)
class _Search:
    """Headers found, and what to say where none was."""

    layout: Layout
    chosen: Chosen
    reading: Reading
    best: Head | None = None
    looked: list[tuple[str, int]] = field(default_factory=list)

    def lines_of(self, sheet: Sheet, lines: Iterator[Line]) -> Iterator[Line]:
        if sheet.is_hidden:
            self._remark("hidden-sheet", sheet, sum(1 for _line in lines))
            return
        filled = filter(holds_something, lines)
        first = list(islice(filled, HEADER_WITHIN))
        rows = [() if line.fault else line.cells for line in first]
        place = find_head(self.layout, rows, self.chosen)
        head, behind = (place.head, first[place.behind :]) if place else (self._continued(first), first)
        if head is None or not head.columns:
            self._unread(sheet, first, sum(1 for _line in filled))
            return
        if isinstance(lines, TextLines):
            lines.width = head.width
        if place:
            self.reading.heads.append((sheet.name, head))
            if head.unused:
                columns = "、".join(head.unused)[:200]
                self.reading.remarks.append(
                    {"code": "unused-columns", "sheet": sheet.name, "columns": columns}
                )
        if sheet.hidden_rows:
            self._remark("hidden-rows", sheet, sheet.hidden_rows)
        for line in chain(behind, filled):
            yield Line(line.number, line.cells, line.raw, line.fault, line.sheet, head)

    def _continued(self, first: Sequence[Line]) -> Head | None:
        """The header of the sheet before, where this one goes on without one."""
        before = self.reading.heads[-1][1] if self.reading.heads else None
        return before if before is not None and continues(before, first) else None

    def _unread(self, sheet: Sheet, first: Sequence[Line], more: int) -> None:
        if not first:
            return
        self._remark("no-header", sheet, len(first) + more)
        self.looked.append((sheet.name, len(first)))
        _at, head = likeliest(self.layout, [() if line.fault else line.cells for line in first])
        if self.best is None or len(head.columns) > len(self.best.columns):
            self.best = head

    def _remark(self, code: str, sheet: Sheet, rows: int) -> None:
        if rows:
            self.reading.remarks.append({"code": code, "sheet": sheet.name, "rows": rows})

    def refusal(self, name: str) -> problems.Problem:
        """What to say of a file without a line: that it is empty, what it lacks, or where no header was found."""
        hidden = [remark["sheet"] for remark in self.reading.remarks if remark["code"] == "hidden-sheet"]
        if self.reading.heads or not (self.looked or hidden):
            return problems.EmptyFile(name=name)
        if self.best is not None and len(self.best.columns) >= 2:
            lacking = missing_columns(self.layout, self.best.columns)
            return problems.ColumnsMissing(name=name, columns="、".join(lacking))
        words = [
            (_("“{sheet}”前 {n} 行") if sheet else _("前 {n} 行")).format(sheet=sheet, n=n)
            for sheet, n in self.looked[:5]
        ]
        if hidden:
            words.append(_("隐藏的工作表不读取：{sheets}").format(sheets="、".join(hidden[:5])))
        return registers_problems.HeaderMissing(name=name, where="；".join(words))


def continues(head: Head, first: Sequence[Line]) -> bool:
    """Whether lines without a header go on below one of another sheet: their codes stand in the column of its codes."""
    at = head.columns.get("credit_code", head.columns.get("legacy_code", 0))
    codes = sum(len(line.cells) > at and len(plain(line.cells[at])) in (15, 18) for line in first)
    return bool(codes) and codes * 2 >= len(first)
