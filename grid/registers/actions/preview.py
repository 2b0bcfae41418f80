"""The first lines of an uploaded file, before anything of it is taken: how each would be read by the columns guessed
or said, and what would be refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import transaction

from grid import problems
from grid.discreet import without_numbers
from grid.hints import hint
from grid.registers.models import Delivery, Preview
from grid.registers.reading import continues
from grid.registers.rules import UNREAD, Layout, Refused, labels_of, masked_personal, read_line
from grid.registers.rules.headers import (
    Chosen,
    find_head,
    fingerprint_of,
    head_of,
    likeliest,
    missing_columns,
)
from grid.registers.rules.layouts import LAYOUTS
from grid.tables.reading import holds_something, sheets_of
from grid.tables.rules import Head, Line
from grid.workbooks import REGISTER

ROWS: Final = 100  # of each sheet that are looked at
SHEETS: Final = 30
SHOWN: Final = 8  # lines on the page
LONGEST: Final = 500  # letters of a cell that are kept for it


# --- looking ----------------------------------------------------------------------------------------------


def look_through(delivery: Delivery, path: Path) -> None:
    """Keeps the first lines of each sheet for the page. Raises what reading a file raises."""
    sample = []
    for sheet, lines in islice(sheets_of(path, delivery.file_name, REGISTER), SHEETS):
        filled = filter(holds_something, lines)
        rows = [
            [line.number, [cell[:LONGEST] for cell in line.cells[:200]], line.fault]
            for line in islice(filled, ROWS)
        ]
        if rows:
            sample.append({"sheet": sheet.name, "hidden": sheet.is_hidden, "rows": rows})
    if not sample:
        raise problems.EmptyFile(name=delivery.file_name)
    with transaction.atomic():
        told = json.dumps(sample, ensure_ascii=False)
        Preview.objects.update_or_create(delivery=delivery, defaults={"sample": told})
        hint("delivery", delivery.area)


# --- what the page shows ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its header, what stands in its first lines, and the field it is taken for ("": none)."""

    at: int
    header: str
    examples: tuple[str, ...]
    field: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as it would be read: `said` is field → column, empty for a sheet that is left out. `header_row` is the
    number of its header's last row in the file; `rows` offers the others. `lacking` names what is required and not
    there; `lines` are (number, cells below their headers), `refused` and `noted` (number, words)."""

    index: int
    sheet: str
    header: str
    header_row: int
    rows: tuple[tuple[int, str], ...]
    columns: tuple[Column, ...]
    lines: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]
    said: Mapping[str, int]
    is_continued: bool = False
    lacking: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    taken: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    noted: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """`hidden` names the sheets that are not read."""

    tables: list[Table] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def is_lacking(self) -> bool:
        """Whether something required has no column yet, or no sheet would be read at all."""
        return any(table.lacking or table.doubled for table in self.tables) or not any(
            table.said for table in self.tables
        )


Said = Mapping[int, tuple[int, Mapping[str, int] | None]]


def seen_of(delivery: Delivery, sample: str, chosen: Chosen, said: Said) -> Seen:
    """`said`: index of a sheet → the row of its header and what was said of its columns, or None for a guess."""
    layout = LAYOUTS[delivery.register]
    seen = Seen()
    heads: list[Head] = []
    for index, load in enumerate(json.loads(sample)):
        if load["hidden"]:
            seen.hidden.append(load["sheet"])
            continue
        lines = [Line(number, cells, "", fault, load["sheet"]) for number, cells, fault in load["rows"]]
        before = heads[-1] if heads else None
        table, head = _table(layout, index, lines, chosen, said.get(index), before)
        seen.tables.append(table)
        if head.columns and not table.is_continued:
            heads.append(head)
    return seen


def _table(
    layout: Layout,
    index: int,
    lines: Sequence[Line],
    chosen: Chosen,
    said: tuple[int, Mapping[str, int] | None] | None,
    before: Head | None,
) -> tuple[Table, Head]:
    """`before` is the header of the sheet before, where this one may go on without one."""
    behind, head = _header(layout, lines, chosen, said)
    goes_on = said is None and before is not None and missing_columns(layout, head.columns)
    if goes_on and before is not None and continues(before, lines):
        behind, head = 0, before
    else:
        goes_on = False
    below = [Line(line.number, line.cells, "", line.fault, line.sheet, head) for line in lines[behind:]]
    refused, noted = _tried(layout, below) if head.columns and not _lacks(layout, head) else ([], [])
    table = Table(
        index=index,
        sheet=lines[0].sheet,
        header=fingerprint_of(head.cells),
        header_row=lines[max(behind - 1, 0)].number,
        rows=tuple(
            (line.number, _beginning(layout, head, line, at >= behind)) for at, line in enumerate(lines[:20])
        ),
        columns=tuple(_column(layout, head, at, below) for at in range(head.width)),
        lines=tuple(
            (line.number, tuple(zip(head.cells, _cells(layout, head, line), strict=False)))
            for line in below[:SHOWN]
        ),
        said=head.columns,
        lacking=tuple(_lacks(layout, head)) if head.columns else (),
        doubled=head.doubled,
        taken=len(below) - len(refused),
        refused=tuple(refused),
        noted=tuple(noted),
        is_continued=bool(goes_on),
    )
    return table, head


def _header(
    layout: Layout,
    lines: Sequence[Line],
    chosen: Chosen,
    said: tuple[int, Mapping[str, int] | None] | None,
) -> tuple[int, Head]:
    """Where the lines begin, and the header above them. A row somebody named is the header, with the rows it was found
    with where it is the one found."""
    rows = [() if line.fault else line.cells for line in lines]
    place = find_head(layout, rows, chosen)
    if place is not None and (said is None or lines[place.behind - 1].number == said[0]):
        behind, head = place.behind, place.head
    else:
        at = next((at for at, line in enumerate(lines) if said and line.number == said[0]), None)
        if at is None:
            at, _named = likeliest(layout, rows)
        behind, head = at + 1, head_of(layout, [rows[at]], chosen)
    if said is None or said[1] is None:
        return behind, head
    own = Chosen({fingerprint_of(head.cells): said[1]}, {})
    found = find_head(layout, rows, own)
    return (
        (found.behind, found.head) if found is not None and found.head.cells == head.cells else (behind, head)
    )


def _lacks(layout: Layout, head: Head) -> list[str]:
    return missing_columns(layout, head.columns)


def _tried(layout: Layout, lines: Sequence[Line]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    refused, noted = [], []
    labels = labels_of(layout)
    for line in lines:
        try:
            entry = read_line(layout, line)
        except Refused as why:
            refused.append((line.number, why.reason))
            continue
        for name, text in entry.data.get(UNREAD, {}).items():
            noted.append((line.number, f"{labels[name]}：{text}"))
    return refused, noted


def _column(layout: Layout, head: Head, at: int, lines: Sequence[Line]) -> Column:
    name = next((name for name, column in head.columns.items() if column == at), "")
    cells = [
        line.cells[at] for line in lines if not line.fault and at < len(line.cells) and line.cells[at].strip()
    ]
    examples = tuple(_shown(layout, name, cell) for cell in list(dict.fromkeys(cells))[:3])
    header = head.cells[at] if at < len(head.cells) else ""
    return Column(at, header, examples, name, _unit(head.units.get(name)))


def _unit(unit: tuple[Decimal, str] | None) -> str:
    if unit is None:
        return ""
    factor, currency = unit
    return f"×{int(factor):,}" + (f" {currency}" if currency != "CNY" else "")


def _cells(layout: Layout, head: Head, line: Line) -> tuple[str, ...]:
    if line.fault:
        return (without_numbers(line.cells[0])[:80], *[""] * (head.width - 1))
    names = {at: name for name, at in head.columns.items()}
    cells = [*line.cells[: head.width], *[""] * (head.width - len(line.cells))]
    return tuple(_shown(layout, names.get(at, ""), cell) for at, cell in enumerate(cells))


def _beginning(layout: Layout, head: Head, line: Line, is_below: bool) -> str:
    cells = _cells(layout, head, line) if is_below else [without_numbers(cell) for cell in line.cells]
    return "，".join(cell for cell in cells if cell)[:40]


def _shown(layout: Layout, name: str, cell: str) -> str:
    if name and layout.field(name).personal:
        return masked_personal(cell.strip()) if cell.strip() else ""
    return without_numbers(cell.strip())[:40]
