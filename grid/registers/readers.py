"""From a file of bytes to numbered lines of cells, without trusting the bytes.

Streams: memory does not grow with a CSV file. A physical line that cannot be decoded, or whose quotes do not
pair, is given back as a line with a fault, and the next one is read as if nothing had happened.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from grid import problems
from grid.registers.rules import Line

HEADER_WITHIN = 10  # a title and a date may stand above the header
QUOTED_LINES = 20  # a quoted cell may hold line ends; a stray quote must not swallow the file
SAMPLE = 4_000_000
Header = tuple[int, Sequence[str]]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_table(
    path: Path, name: str, is_header: Callable[[Sequence[str]], bool]
) -> tuple[Sequence[str], Iterator[Line]]:
    """The header cells and the lines behind them. `is_header` recognises the header among the first ten lines;
    when none is recognised, the first line stands for it, so that what it lacks can be named.

    Raises WrongFile, WrongEncoding, EmptyFile.
    """
    lines = _lines(path, name)
    first = list(islice((line for line in lines if any(c.strip() for c in line.cells)), HEADER_WITHIN))
    if not first:
        raise problems.EmptyFile(name=name)
    at = next((i for i, line in enumerate(first) if not line.fault and is_header(line.cells)), 0)
    behind = (
        line for line in chain(first[at + 1 :], lines) if line.fault or any(c.strip() for c in line.cells)
    )
    return _without_empty_end(first[at].cells), behind


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    used = max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:used]


def _lines(path: Path, name: str) -> Iterator[Line]:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise problems.EmptyFile(name=name)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet_lines(path, name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise problems.WrongEncoding(name=name)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z")):
        raise problems.WrongFile(name=name)
    if head.count(0) > len(head) // 20:
        raise problems.WrongFile(name=name)
    return _text_lines(path, name)


# --- text ---------------------------------------------------------------------------------------------


def _text_lines(path: Path, name: str) -> Iterator[Line]:
    encoding = encoding_of(path, name)
    delimiter = _delimiter(path, encoding)
    with path.open("rb") as file:
        physical = enumerate(file, 1)
        waiting: list[tuple[int, bytes]] = []
        while True:
            number, content = waiting.pop(0) if waiting else next(physical, (0, b""))
            if not number:
                return
            text, fault = _decoded(content, encoding, number)
            if not fault and text.count('"') % 2:
                text, fault = _closed(text, encoding, physical, waiting)
            yield _cut(number, text, delimiter, fault)


def encoding_of(path: Path, name: str) -> str:
    """utf-8 or gb18030, whichever reads more lines of the first megabytes. Raises WrongEncoding when neither
    reads half of them: then it is something else."""
    with path.open("rb") as file:
        content = file.read(SAMPLE)
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    lines = content.splitlines()[:200_000]
    bad = {encoding: sum(_undecodable(line, encoding) for line in lines) for encoding in ("utf-8", "gb18030")}
    best = min(bad, key=lambda encoding: bad[encoding])
    if bad[best] * 2 > len(lines):
        raise problems.WrongEncoding(name=name)
    return best


def _undecodable(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _decoded(content: bytes, encoding: str, number: int) -> tuple[str, str]:
    """Text and fault. Every physical line is decoded by itself: damage ends at the line's end, because no
    character of UTF-8 or GB18030 contains the byte of a line end."""
    if number == 1:
        content = content.removeprefix(b"\xef\xbb\xbf")
    content = content.rstrip(b"\r\n")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode(encoding, errors="replace").replace("\0", "\ufffd"), "bad-bytes"
    if "\ufffd" in text or "\0" in text:
        return text.replace("\0", "\ufffd"), "bad-bytes"
    return text, ""


def _closed(
    text: str, encoding: str, physical: Iterator[tuple[int, bytes]], waiting: list[tuple[int, bytes]]
) -> tuple[str, str]:
    """A cell with line ends is joined; when the quote does not close soon, only this line is at fault."""
    taken = waiting + list(islice(physical, max(0, QUOTED_LINES - len(waiting))))
    joined = text
    for count, (number, content) in enumerate(taken, 1):
        more, fault = _decoded(content, encoding, number)
        if fault:
            break
        joined += "\n" + more
        if joined.count('"') % 2 == 0:
            # A line that is whole by itself was not the inside of a cell: the quote before it was a stray one.
            if _starts_record(more):
                break
            waiting[:] = taken[count:]
            return joined, ""
    waiting[:] = taken
    return text, "open-quote"


def _starts_record(text: str) -> bool:
    """Begins like a record of a register (a code and a delimiter), so it is not the rest of a quoted cell."""
    return len(text) > 15 and text[:15].isalnum() and text[:15].isascii()


def _cut(number: int, text: str, delimiter: str, fault: str) -> Line:
    if fault:
        return Line(number, (text,), text, fault)
    if '"' not in text:
        return Line(number, text.split(delimiter), text)
    try:
        return Line(number, next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), text)
    except (csv.Error, StopIteration):
        return Line(number, (text,), text, "open-quote")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        head = b"".join(islice(file, HEADER_WITHIN)).decode(encoding, errors="replace")
    return max(",\t;|", key=head.count)


# --- sheets -------------------------------------------------------------------------------------------


def _sheet_lines(path: Path, name: str) -> Iterator[Line]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        if not book.sheet_names:
            raise problems.EmptyFile(name=name)
        rows = book.get_sheet_by_index(0).iter_rows()
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise problems.WrongFile(name=name) from error
    return _rows_as_lines(rows)


def _rows_as_lines(rows: Iterator[Sequence[Any]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row]
        raw = ",".join(cells)
        yield Line(number, cells, raw, "bad-bytes" if "\ufffd" in raw else "")


def _cell(value: Any) -> str:
    """Spreadsheets keep codes and months as numbers and dates as dates."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
