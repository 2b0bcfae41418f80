"""A table as text (CSV and its kin): bytes to numbered lines of cells, without trusting the bytes.

Streams: memory does not grow with the file. A physical line that cannot be decoded, or whose quotes do not close, is
given back as a line with a fault, and the next one is read as if nothing had happened.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from grid.sheet_rows import MEGABYTE
from grid.tables import problems as tables_problems
from grid.tables.rules import Line

QUOTED_LINES: Final = 20  # a quoted cell may hold line ends; a stray quote must not swallow the file
SAMPLE: Final = 4_000_000
LONGEST_LINE: Final = 65_536  # bytes; the beginning of a longer one is kept, the rest passed over
KEPT_OF_LONG: Final = 1_000
DELIMITERS: Final = ",\t;|\x1f"
_WIDE: Final = {
    "utf-16-le": (b"\xff\xfe", 1),
    "utf-16-be": (b"\xfe\xff", 0),
}  # mark, place of the nought of a letter
# A code stands as a cell of its own: what holds one is a line by itself, not the rest of a quoted cell.
_CODE: Final = re.compile(r"\s*'?[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{7}(?:[0-9A-Z]{3})?\s*", re.IGNORECASE)
Numbered = tuple[int, bytes]


class TextLines(Iterator[Line]):
    """The lines of a text. `width` is that of its header, once somebody has found it (0: not yet): by it a line that
    is whole is told from the inside of a quoted cell."""

    def __init__(self, path: Path, name: str) -> None:
        self.width = 0
        self.encoding = encoding_of(path, name)
        self._path = path
        self.delimiter = _delimiter(path, self.encoding)
        self._lines = self._read()

    def __next__(self) -> Line:
        return next(self._lines)

    def _read(self) -> Iterator[Line]:
        with self._path.open("rb") as file:
            physical = physical_lines(file, self.encoding)
            waiting: list[Numbered] = []
            while True:
                number, content = waiting.pop(0) if waiting else next(physical, (0, b""))
                if not number:
                    return
                text, fault = decoded(content, self.encoding)
                if fault:
                    yield Line(number, (text,), text, fault)
                elif '"' not in text:
                    yield Line(number, text.split(self.delimiter), text)
                else:
                    yield self._quoted(number, text, physical, waiting)

    def _quoted(self, number: int, text: str, physical: Iterator[Numbered], waiting: list[Numbered]) -> Line:
        """A line with quotes in it. A cell with line ends is joined; when the quote does not close soon, or when what
        it would swallow holds a line that is whole by itself, the quote is a stray one and costs this line alone."""
        cells, is_open = cut(text, self.delimiter)
        joined, taken = text, 0
        while is_open and taken < QUOTED_LINES:
            if taken == len(waiting):
                if (further := next(physical, None)) is None:
                    break
                waiting.append(further)
            more, fault = decoded(waiting[taken][1], self.encoding)
            if fault or self._is_whole(more):
                break
            joined, taken = f"{joined}\n{more}", taken + 1
            cells, is_open = cut(joined, self.delimiter)
        if is_open:
            return Line(number, (text,), text, "open-quote")
        del waiting[:taken]
        return Line(number, cells, joined)

    def _is_whole(self, text: str) -> bool:
        cells, is_open = cut(text, self.delimiter)
        if any(_CODE.fullmatch(cell) for cell in cells):
            return True
        return not is_open and self.width > 1 and len(cells) == self.width


def cut(text: str, delimiter: str) -> tuple[list[str], bool]:
    """The cells of a record, and whether its last quote is still open. A quote quotes only at the beginning of a cell;
    within a quoted cell two stand for one, and one that neither ends the cell nor is doubled is a character.

    >>> cut('1,"a,b",5"管', ","), cut('"x""y","', ",")
    ((['1', 'a,b', '5"管'], False), (['x"y', ''], True))
    """
    cells: list[str] = []
    at = 0
    while True:
        if not text.startswith('"', at):
            end = text.find(delimiter, at)
            cells.append(text[at:] if end < 0 else text[at:end])
        else:
            cell, end = _quoted_cell(text, at + 1, delimiter)
            cells.append(cell)
            if end == _OPEN:
                return cells, True
        if end < 0:
            return cells, False
        at = end + 1


_OPEN: Final = -2


def _quoted_cell(text: str, at: int, delimiter: str) -> tuple[str, int]:
    """The cell, and where the delimiter behind it stands: -1 at the end of the text, _OPEN without a closing quote."""
    pieces: list[str] = []
    is_strange = False
    while True:
        quote = text.find('"', at)
        if quote < 0:
            pieces.append(text[at:])
            return "".join(pieces), _OPEN
        following = text[quote + 1 : quote + 2]
        if following in ("", delimiter) or not text[quote + 1 :].strip():
            pieces.append(text[at:quote])
            cell = "".join(pieces)
            # Two quotes that do not belong together would make one cell of several.
            if is_strange and (delimiter in cell or "\n" in cell):
                return cell, _OPEN
            return cell, quote + 1 if following == delimiter else -1
        is_strange = is_strange or following != '"'
        pieces.append(text[at : quote + 1])
        at = quote + (2 if following == '"' else 1)


# --- bytes ------------------------------------------------------------------------------------------------


def physical_lines(file: BinaryIO, encoding: str) -> Iterator[Numbered]:
    """Numbered lines, those of a wide encoding as UTF-8. They end in LF or CRLF, or in CR where no LF is in the file's
    beginning. Of one that does not end within bounds only the beginning is held, one byte too many."""
    pieces = _pieces(file, encoding)
    first = next(pieces, b"")
    end = b"\n" if b"\n" in first or b"\r" not in first else b"\r"
    number, held, is_over = 0, b"", False
    for piece in _with(first, pieces):
        *whole, rest = piece.split(end)
        for content in whole:
            number += 1
            yield number, (held if is_over else held + content)[: LONGEST_LINE + 1]
            held, is_over = b"", False
        if not is_over:
            held += rest
            is_over = len(held) > LONGEST_LINE
            held = held[: LONGEST_LINE + 1]
    if held.strip(b"\r"):
        yield number + 1, held


def _with(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _pieces(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    if encoding not in _WIDE:
        while piece := file.read(MEGABYTE):
            yield piece
        return
    decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
    while piece := file.read(MEGABYTE):
        yield decode(piece).encode(errors="replace")
    yield decode(b"", True).encode(errors="replace")


def encoding_of(path: Path, name: str) -> str:
    """utf-8 or gb18030, whichever reads more lines of the first megabytes; utf-16 by its mark or by its noughts.
    Raises WrongEncoding when neither reads half of them: then it is something else."""
    with path.open("rb") as file:
        content = file.read(SAMPLE)
    if (wide := wide_of(content)) or content.startswith(b"\xef\xbb\xbf"):
        return wide or "utf-8"
    lines = content.splitlines()[:200_000]
    bad = {encoding: sum(_undecodable(line, encoding) for line in lines) for encoding in ("utf-8", "gb18030")}
    best = min(bad, key=lambda encoding: bad[encoding])
    if bad[best] * 2 > len(lines):
        raise tables_problems.WrongEncoding(name=name)
    return best


def wide_of(content: bytes) -> str:
    """The order of UTF-16, by its mark or by which byte of the pairs is nought in the digits and separators of a
    table; empty for anything else. Some characters (一) have a nought in the other byte."""
    if content.startswith(b"\xff\xfe\0\0"):  # UTF-32
        return ""
    for encoding, (mark, _place) in _WIDE.items():
        if content.startswith(mark):
            return encoding
    head = content[:4096]
    for encoding, (_mark, place) in _WIDE.items():
        noughts, others = head[place::2].count(0), head[1 - place :: 2].count(0)
        if noughts * 10 > len(head) // 2 and noughts > 4 * others:
            return encoding
    return ""


def _undecodable(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """Text and fault. Every physical line is decoded by itself: damage ends at the line's end, because no character of
    UTF-8 or GB18030 contains the byte of a line end."""
    encoding = "utf-8" if encoding in _WIDE else encoding
    content = content.removeprefix(b"\xef\xbb\xbf")
    if len(content) > LONGEST_LINE:
        text = content[:KEPT_OF_LONG].decode(encoding, errors="replace")
        return text.replace("\0", "\ufffd"), "line-too-long"
    content = content.rstrip(b"\r\n")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode(encoding, errors="replace").replace("\0", "\ufffd"), "bad-bytes"
    if "\ufffd" in text or "\0" in text:
        return text.replace("\0", "\ufffd"), "bad-bytes"
    return text, ""


def _delimiter(path: Path, encoding: str) -> str:
    """The one that cuts the most lines of the beginning, and then the oftenest: a comma in a title is none."""
    with path.open("rb") as file:
        head = [
            decoded(content, encoding)[0] for _number, (content) in _first(physical_lines(file, encoding))
        ]
    return max(
        DELIMITERS,
        key=lambda delimiter: (_regularly(delimiter, head), sum(line.count(delimiter) for line in head)),
    )


def _first(lines: Iterator[Numbered]) -> Iterator[Numbered]:
    for numbered, _ in zip(lines, range(200), strict=False):
        yield numbered


def _regularly(delimiter: str, lines: Sequence[str]) -> int:
    """How many lines have the count of it that most have."""
    counts = [count for line in lines if (count := line.count(delimiter))]
    return max((counts.count(count) * min(count, 2) for count in set(counts)), default=0)
