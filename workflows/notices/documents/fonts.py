"""The faces documents are set in, and which characters they can show.

An archive PDF must not hold a character without a shape, and a name with a hole in it is worse than
an error. So the characters are looked up beforehand: what no face can show is printed as 〓, the
printers' mark for a missing type, and named at the foot of the page by its code.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from workflows.notices import problems as notices_problems

HOUSE_FACE = "Noto Serif SC"
_FOLDER = "node_modules/@expo-google-fonts/noto-serif-sc"
_WEIGHTS = ("400Regular", "700Bold")


@lru_cache(maxsize=1)
def faces() -> typst.Fonts:
    """Read once per process (40 ms). System fonts are looked at only when the settings name another face.

    Raises FontMissing, which is not remembered: once the face is there it is found.
    """
    folders = [settings.ROOT / _FOLDER / weight for weight in _WEIGHTS]
    if not all(folder.is_dir() for folder in folders):
        raise notices_problems.FontMissing(font=HOUSE_FACE)
    system = settings.PRINT_FONT != HOUSE_FACE
    found = typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    if settings.PRINT_FONT not in found.families():
        raise notices_problems.FontMissing(font=settings.PRINT_FONT)
    return found


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Every code point that the faces in use can show."""
    used = {settings.PRINT_FONT, HOUSE_FACE}
    paths = {(face.path, face.index) for face in faces().fonts() if face.family in used and face.path}
    return frozenset(point for path, index in paths for point in _points(Path(path).read_bytes(), index))


def _points(font: bytes, index: int) -> Iterator[int]:
    """The code points of an OpenType file's character map (formats 4 and 12 are the ones in use)."""
    start = struct.unpack_from(">I", font, 12 + 4 * index)[0] if font[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", font, start + 4)[0]
    records = (struct.unpack_from(">4sIII", font, start + 12 + 16 * n) for n in range(tables))
    table = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    for n in range(struct.unpack_from(">H", font, table + 2)[0]):
        subtable = table + struct.unpack_from(">HHI", font, table + 4 + 8 * n)[2]
        layout = struct.unpack_from(">H", font, subtable)[0]
        if layout == 12:
            yield from _points_by_groups(font, subtable)
        elif layout == 4:
            yield from _points_by_segments(font, subtable)


def _points_by_groups(font: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">I", font, at + 12)[0]
    for first, last, glyph in struct.iter_unpack(">III", font[at + 16 : at + 16 + 12 * count]):
        yield from range(first + (glyph == 0), last + 1)


def _points_by_segments(font: bytes, at: int) -> Iterator[int]:
    """Segments may contain holes, so the few fonts without format 12 are trusted a little too much;
    typst then refuses the document rather than print a hole."""
    size = struct.unpack_from(">H", font, at + 6)[0]
    lasts = struct.unpack_from(f">{size // 2}H", font, at + 14)
    firsts = struct.unpack_from(f">{size // 2}H", font, at + 16 + size)
    for first, last in zip(firsts, lasts, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
