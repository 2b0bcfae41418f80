"""What the native reader of workbooks passes over in silence: cells with an error, formulas that were never reckoned,
and rows that are hidden. Looked for in the parts of a package as they stream by (`grid.sheet_rows`).

A program that writes a workbook without reckoning it leaves formulas without a value, and the native reader gives
empty cells for these and for errors alike: a head-count would silently be missing.
"""

import re
from dataclasses import dataclass, field
from typing import Final

NO_VALUE: Final = "#FORMULA!"
MOST: Final = (
    1_000_000  # flawed cells that are kept apart; with more than these the table says nothing anyway
)
_LONGEST: Final = 65_536  # bytes of one cell: a formula or an error is short
_CELL: Final = re.compile(
    rb"<(?:\w{1,20}:)?c\b([^<>]{0,500})(?<!/)>((?:(?!</(?:\w{1,20}:)?c>).)*)</(?:\w{1,20}:)?c>", re.DOTALL
)
_CLOSED: Final = re.compile(rb"</\w{1,20}:c>")
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_FORMULA: Final = re.compile(rb"<(?:\w{1,20}:)?f[\s>/]")
_VALUE: Final = re.compile(rb"<(?:\w{1,20}:)?v(?:\s[^<>]*)?>([^<]*)</")
_TEXT_INSIDE: Final = re.compile(rb"<(?:\w{1,20}:)?is>")
_HIDDEN: Final = re.compile(rb"""<(?:\w{1,20}:)?row\b[^<>]{0,500}\shidden\s*=\s*["'](?:1|true|on)["']""")
_MAY_BE: Final = re.compile(rb"""<(?:\w{1,20}:)?f[\s>/]|\st\s*=\s*["']e["']""")
# OpenDocument: a formula without the type of its value, and a value that is an error.
_OPEN_FORMULA: Final = re.compile(rb"<(?:\w{1,20}:)?table-cell\b[^<>]*?\stable:formula=[^<>]*>")
_OPEN_VALUE: Final = re.compile(rb"\soffice:value-type=")
_OPEN_ERROR: Final = re.compile(rb"""\scalcext:value-type=["']error["']""")
_SHEET: Final = re.compile(rb"<(?:\w{1,20}:)?sheet\b([^<>]*)>")
_NAME: Final = re.compile(rb"""\sname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OF_SHEET: Final = re.compile(rb"""\s\w{1,20}:id\s*=\s*["']([^"']*)["']""")
_RELATION: Final = re.compile(rb"<(?:\w{1,20}:)?Relationship\b([^<>]*)>")
_ID: Final = re.compile(rb"""\sId\s*=\s*["']([^"']*)["']""")
_TARGET: Final = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")


class TooMany(Exception):
    """More flawed cells than are kept apart, or some whose place is not told."""


@dataclass(slots=True)
class Flaws:
    """Of one sheet: row → column (both from 0) → error text, or NO_VALUE; and how many rows are hidden."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: int = 0
    _count: int = 0
    _rest: bytes = b""

    def look_at(self, piece: bytes) -> None:
        """The next piece of the sheet's part, cut before a tag. Raises TooMany."""
        content = self._rest + piece
        end = content.rfind(b"</c>") + 4 if b"</c>" in content else 0
        if not end and b":c>" in content:
            end = max((found.end() for found in _CLOSED.finditer(content)), default=0)
        self._rest = content[end:] if len(content) - end < _LONGEST else b""
        whole = content[:end]
        if b"hidden" in whole:
            self.hidden += len(_HIDDEN.findall(whole))
        if _MAY_BE.search(whole):
            for attributes, inside in _CELL.findall(whole):
                self._note(attributes, inside)

    def _note(self, attributes: bytes, inside: bytes) -> None:
        value = _VALUE.search(inside)
        text = value[1].strip().decode(errors="replace") if value else ""
        if _ERROR.search(attributes):
            flaw = text or NO_VALUE
        elif _FORMULA.search(inside) and not text and not _is_empty_text(attributes, inside):
            flaw = NO_VALUE
        else:
            return
        place = _PLACE.search(attributes)
        self._count += 1
        if place is None or self._count > MOST:
            raise TooMany
        self.cells.setdefault(int(place[2]) - 1, {})[_column(place[1])] = flaw[:20]


def _is_empty_text(attributes: bytes, inside: bytes) -> bool:
    """A formula whose value is the empty text was reckoned: it says so by its type."""
    return bool(re.search(rb"""\st\s*=\s*["']str["']""", attributes) and _VALUE.search(inside)) or bool(
        _TEXT_INSIDE.search(inside)
    )


def _column(letters: bytes) -> int:
    """
    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def refuse_open_document(piece: bytes) -> None:
    """Of an OpenDocument table no cell has its place in its tag. Raises TooMany for a formula without a value."""
    if b"table:formula" not in piece:
        return
    for tag in _OPEN_FORMULA.findall(piece):
        if not _OPEN_VALUE.search(tag) or _OPEN_ERROR.search(tag):
            raise TooMany


def parts_of_sheets(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Name of a sheet → name of its part, as the workbook and its relations tell."""
    targets = {}
    for attributes in _RELATION.findall(relations):
        identity, target = _ID.search(attributes), _TARGET.search(attributes)
        if identity and target:
            path = target[1].decode(errors="replace")
            targets[identity[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    found = {}
    for attributes in _SHEET.findall(workbook):
        name, identity = _NAME.search(attributes), _OF_SHEET.search(attributes)
        if name and identity and identity[1] in targets:
            found[_unescaped((name[1] or name[2] or b"").decode(errors="replace"))] = targets[identity[1]]
    return found


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)
