"""The faces documents are set in, and which characters they can show.

Official papers know four of them (GB/T 9704): 仿宋 for the text, 小标宋 for the title, 黑体 and 楷体 for the heads of the
first and the second order. Each is a setting; what the settings leave open is the free face the machine has, and
Noto Serif SC, which comes with the packages, stands for any that is not there and for every character another lacks.

An archive PDF must not hold a character without a shape, and a name with a hole in it is worse than
an error. So the characters are looked up beforehand: what no face can show is printed as 〓, the
printers' mark for a missing type, and named at the foot of the page by its code.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from workflows.notices import problems as notices_problems

HOUSE_FACE = "Noto Serif SC"
_FOLDER = "node_modules/@expo-google-fonts/noto-serif-sc"
_WEIGHTS = ("400Regular", "700Bold")
# What `make faces` brings, outside the packages.
FACES = settings.ROOT / "var/made/faces"


@dataclass(frozen=True)
class Role:
    """What a face is for: the setting that names one, and the free one that stands for it where there is one."""

    setting: str
    free: str = HOUSE_FACE

    @property
    def named(self) -> str:
        name: str = getattr(settings, self.setting)
        return name


ROLES: Mapping[str, Role] = {
    "body": Role("PRINT_FONT", "FandolFang R"),
    "title": Role("PRINT_TITLE_FONT"),
    "heading": Role("PRINT_HEADING_FONT", "FandolHei"),
    "subheading": Role("PRINT_SUBHEADING_FONT", "FandolKai"),
}


@lru_cache(maxsize=1)
def faces() -> typst.Fonts:
    """Read once per process (40 ms). System fonts are looked at only when the settings name another face.

    Raises FontMissing, which is not remembered: once the face is there it is found.
    """
    folders = [settings.ROOT / _FOLDER / weight for weight in _WEIGHTS]
    if not all(folder.is_dir() for folder in folders):
        raise notices_problems.FontMissing(font=HOUSE_FACE)
    named = {role.named for role in ROLES.values() if role.named}
    found = typst.Fonts(
        include_system_fonts=bool(named - {HOUSE_FACE}),
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in (*folders, FACES) if folder.is_dir()],
    )
    if absent := sorted(named - set(found.families())):
        raise notices_problems.FontMissing(font=absent[0])
    return found


def chosen() -> dict[str, str]:
    """Role → family: the named one, else the free one, else the house's."""
    there = set(faces().families())
    return {
        name: role.named or (role.free if role.free in there else HOUSE_FACE) for name, role in ROLES.items()
    }


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Every code point that can be shown: behind its own face, each role falls back on the text's and the house's."""
    used = {chosen()["body"], HOUSE_FACE}
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
