"""The reader of `grid.workbooks`, as it runs in a child: a package is looked through, then its sheets are read.

Nothing a file says of itself is taken for true (sizes in the directory of the package, the dimension of a sheet, a
declared count): every part is unpacked here, counted as it comes, and the farthest cells with content are looked
for. Imports nothing heavy: each file pays for it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from grid.confined import Unreadable
from grid.sheet_flaws import Flaws, TooMany, parts_of_sheets, refuse_open_document

MEGABYTE: Final = 1024 * 1024
PACKAGE: Final = b"PK\x03\x04"
LONGEST_ROW: Final = 65_536  # characters; a row that holds more is no line of a table


class Limits(NamedTuple):
    """What a file is refused beyond: characters of text, bytes unpacked, parts of the package, sheets, cells. Of the
    sheets the first `wanted` are read."""

    text: int
    unpacked: int
    parts: int
    sheets: int
    cells: int
    wanted: int


def rows(path: str, *limits: str) -> Iterator[list[object] | dict[str, object]]:
    """The name of each wanted sheet with whether it is hidden and how many of its rows are, and behind it
    [number, cells, too long] for every row that holds something. `limits`: those of Limits, as the child is told them."""
    most = Limits(*map(int, limits))
    flaws: dict[str, Flaws] = {}
    with Path(path).open("rb") as file:
        try:
            is_package = file.read(4) == PACKAGE
            if is_package:
                flaws = _look_through(file, most.unpacked, most.parts, most.cells)
        except (OSError, ValueError, OverflowError) as error:  # a part that begins before the file does
            raise Unreadable("damaged") from error
        except TooMany as error:
            raise Unreadable("formulas") from error
        if not is_package and _is_locked(file):
            raise Unreadable("password")
    from python_calamine import CalamineError, PasswordError

    try:
        yield from _read(path, most, flaws)
    except PasswordError as error:
        raise Unreadable("password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("damaged") from error


def _read(path: str, most: Limits, flaws: dict[str, Flaws]) -> Iterator[list[object] | dict[str, object]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    # By its bytes, not by its name: an .xlsx may be called .xls.
    with Path(path).open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
    if not book.sheet_names:
        raise Unreadable("empty")
    if len(book.sheet_names) > most.sheets:
        raise Unreadable("too-large sheets")
    left, tables = most.text, (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet)
    for index, told in enumerate(book.sheets_metadata[: most.wanted]):
        if told.typ not in tables:
            continue  # a chart or a module has no cells
        own = flaws.get(told.name) or Flaws()
        yield {
            "name": told.name,
            "is_hidden": told.visible != SheetVisibleEnum.Visible,
            "hidden_rows": own.hidden,
            "is_only": len(book.sheet_names) == 1,
        }
        for number, row in enumerate(book.get_sheet_by_index(index).iter_rows(), 1):
            if number - 1 in own.cells:
                _restore(row, own.cells[number - 1])
            if row.count("") == len(row):
                continue
            cells = row if _PLAIN.issuperset(map(type, row)) else [_plain(cell) for cell in row]
            size = len("".join([cell for cell in cells if type(cell) is str])) + len(cells)
            # One text may be shared by a million cells: what comes out is counted, too.
            left -= size
            if left < 0:
                raise Unreadable("too-large text")
            too_long = size > LONGEST_ROW
            yield [number, [str(cell)[:200] for cell in cells[:20]] if too_long else cells, too_long]


def _restore(row: list[Any], flawed: dict[int, str]) -> None:
    """What the native reader left empty, where something stood in its place."""
    for column, flaw in flawed.items():
        row.extend([""] * (column + 1 - len(row)))
        if row[column] == "":
            row[column] = flaw


def _is_locked(file: BinaryIO) -> bool:
    """A package with a password lies encrypted in a file of the old kind, under this name."""
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.find("EncryptedPackage".encode("utf-16-le")) >= 0


_PLAIN: Final = frozenset({str, float, int, bool})


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if type(cell) in _PLAIN else str(cell)


# The place of a cell or a row that holds something: a tag closed at once, or right behind, is only formatted.
_PLACE: Final = re.compile(rb"""r(?<=\sr)\s*=\s*["']([A-Za-z]*)([0-9]+)["'][^<>]*(?<!/)>(?!</)""")
_FAR_COLUMN, _FAR_ROW = 16_385, 10_000_000  # behind the last a spreadsheet has


def _look_through(file: BinaryIO, unpacked: int, parts: int, cells: int) -> dict[str, Flaws]:
    """Looks through every part of a package; answers what is amiss in each sheet. Raises Unreadable, TooMany."""
    try:
        listed = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    if len(listed) > parts:
        raise Unreadable("too-large parts")
    if not any(_named(part).startswith("xl/") or _named(part) == "content.xml" for part in listed):
        raise Unreadable(_other_package([_named(part) for part in listed]))
    flaws: dict[str, Flaws] = {}
    kept = {"xl/workbook.xml": b"", "xl/_rels/workbook.xml.rels": b""}
    for part in listed:
        height = width = 0
        name = _named(part)
        own = Flaws() if name.startswith("xl/worksheets/") and name.endswith(".xml") else None
        for piece, behind in _whole_tags(_counted(_unpacked(file, part), unpacked)):
            high, wide = _extent(piece + behind)
            height, width = max(height, high), max(width, wide)
            if own is not None:
                own.look_at(piece)
            elif name in kept and len(kept[name]) < MEGABYTE:
                kept[name] += piece
            elif name == "content.xml":
                refuse_open_document(piece)
        if own is not None and (own.cells or own.hidden):
            flaws[name] = own
        unpacked -= part.file_size
        cells -= height * width
        if cells < 0:
            raise Unreadable(f"too-large cells {height} {width}")
    named = parts_of_sheets(*kept.values())
    return {sheet: flaws[part] for sheet, part in named.items() if part in flaws}


def _named(part: zipfile.ZipInfo) -> str:
    return part.filename.replace("\\", "/").lstrip("/")


def _other_package(names: list[str]) -> str:
    """What else is packed like a workbook."""
    if any(name.startswith("word/") for name in names):
        return "other word"
    if any(name.startswith("ppt/") for name in names):
        return "other slides"
    return "other document" if "OFD.xml" in names else "other archive"


def _counted(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise Unreadable("too-large unpacked")
        yield piece


def _unpacked(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part as every reader unpacks it, whatever size its entry claims. Raises Unreadable."""
    if part.flag_bits & 1:
        raise Unreadable("password")
    file.seek(part.header_offset)
    header = file.read(30)
    if header[:4] != PACKAGE or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("damaged")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate = zlib.decompressobj(-15) if part.compress_type else None
    left, size = part.compress_size, 0
    while left and (packed := file.read(min(left, MEGABYTE))):
        left -= len(packed)
        while packed:
            try:
                piece = inflate.decompress(packed, MEGABYTE) if inflate else packed
            except zlib.error as error:
                raise Unreadable("damaged") from error
            packed = inflate.unconsumed_tail if inflate else b""
            size += len(piece)
            yield piece
    if left or size != part.file_size or (inflate and not inflate.eof):
        raise Unreadable("damaged")


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The same bytes, cut only before a tag, and the two that begin it: an end right behind a cell tells that the
    cell is empty. Raises Unreadable for a document type: no spreadsheet has one, and its entities multiply."""
    held = b""
    for piece in pieces:
        held += piece
        if b"<!DOCTYPE" in held or b"<!ENTITY" in held:
            raise Unreadable("damaged")
        cut = held.rfind(b"<", 0, -1)
        if cut < 0 and len(held) > MEGABYTE:
            cut = len(held)
        if cut > 0:
            yield held[:cut], held[cut : cut + 2]
            held = held[cut:]
    yield held, b""


def _extent(piece: bytes) -> tuple[int, int]:
    """Farthest row and column with content.

    >>> _extent(b'<row r="3"><c r="A3"><v>1</v></c><c r="C3"><v>1</v></c><c r="XFD3" s="1"/></row>')
    (3, 3)
    """
    places = _PLACE.findall(piece)
    if not places:
        return 0, 0
    numbers = {number for _, number in places}
    height = max(_FAR_ROW if len(number) > 7 else int(number) for number in numbers)
    return height, max(map(_column, {letters for letters, _ in places}))


def _column(letters: bytes) -> int:
    """
    >>> _column(b"A"), _column(b"xfd"), _column(b"ZZZZ")
    (1, 16384, 16385)
    """
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return min(number, _FAR_COLUMN)
