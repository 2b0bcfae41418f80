"""Files from outside, looked at before they are kept: by their bytes, never by what they call themselves.

Pictures and PDF only. A PDF that runs something, carries files inside, or is locked so that nobody can see whether
it does, is refused. No database, no request.
"""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from grid import problems

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 10 * MEGABYTE
MOST: Final = 6
# All files of one submission with the form around them.
LARGEST_REQUEST: Final = (MOST * 10 + 1) * MEGABYTE
_LONGEST_NAME: Final = 100
# Of each compressed part this much is read, and of all of them together: enough for what could hide there.
_PART, _WHOLE = 2 * MEGABYTE, 40 * MEGABYTE

ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Given:
    """One file as it may be kept."""

    name: str
    kind: str
    sha256: str
    content: bytes


def read_materials(files: Iterable[tuple[str, int, BinaryIO]]) -> list[Given]:
    """Each (name, size, open file), in order; the same bytes twice count once.

    Raises TooManyMaterials, MaterialTooLarge, MaterialRefused.
    """
    taken: dict[str, Given] = {}
    for number, (name, size, file) in enumerate(files, start=1):
        if number > MOST:
            raise problems.TooManyMaterials(most=MOST)
        if size > LARGEST:
            raise problems.MaterialTooLarge(name=plain_name(name), limit=LARGEST // MEGABYTE)
        given = read_material(name, file.read(LARGEST + 1))
        taken.setdefault(given.sha256, given)
    return list(taken.values())


def read_material(name: str, content: bytes) -> Given:
    shown = plain_name(name)
    if len(content) > LARGEST:
        raise problems.MaterialTooLarge(name=shown, limit=LARGEST // MEGABYTE)
    kind = kind_of(content)
    if not kind or (kind == "application/pdf" and is_active_pdf(content)):
        raise problems.MaterialRefused(name=shown)
    return Given(shown, kind, hashlib.sha256(content).hexdigest(), content)


def kind_of(content: bytes) -> str:
    """The kind that the first bytes show; empty for anything we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return "image/png"
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return "application/pdf"
    return ""


def plain_name(name: str) -> str:
    """A name that can stand in a page, a header and a folder: the last part of a path, no control characters.

    >>> plain_name("C:\\\\temp\\\\缴费凭证.pdf")
    '缴费凭证.pdf'
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    return kept[-_LONGEST_NAME:] or "file"


# --- PDF ---------------------------------------------------------------------------------------


def _spelling(name: str) -> bytes:
    """A name in PDF, each letter plain or as #xx (ISO 32000-1, 7.3.5)."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (ord(c), ord(c), ord(c)) for c in name)


_ACTIVE = re.compile(
    b"|".join(
        _spelling(name) + rb"(?![A-Za-z])"
        for name in ("JavaScript", "Launch", "EmbeddedFile", "RichMedia", "XFA", "Encrypt")
    )
)
_STREAM = re.compile(rb"stream\r?\n")


def is_active_pdf(content: bytes) -> bool:
    """Whether it runs, carries or hides something."""
    return any(_ACTIVE.search(part) for part in _parts(content))


def _parts(content: bytes) -> Iterator[bytes]:
    """The file itself, and what its compressed parts hold."""
    yield content
    left = _WHOLE
    for found in _STREAM.finditer(content):
        if left <= 0:
            return
        end = content.find(b"endstream", found.end())
        packed = content[found.end() : end if end > 0 else None]
        try:
            part = zlib.decompressobj().decompress(packed, min(_PART, left))
        except zlib.error:
            continue
        left -= len(part)
        yield part
