"""Files from outside, looked at before they are kept: by their bytes, never by what they call themselves.

Pictures and PDF only. A PDF that runs something, carries files inside, or is locked so that nobody can see whether
it does, is refused (`grid.papers`). No database, no request.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from grid.keeping import keep_file, stored
from grid.papers import WORDS, faults_of
from grid.spelling import folded
from workflows.notices import problems as notices_problems

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 10 * MEGABYTE
MOST: Final = 6
# All files of one submission with the form around them.
LARGEST_REQUEST: Final = (MOST * 10 + 1) * MEGABYTE
_LONGEST_NAME: Final = 100

ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Given:
    """One file as it may be kept."""

    name: str
    kind: str
    sha256: str
    content: bytes


class Opened(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


def read_materials(files: Iterable[tuple[str, int, Opened]]) -> list[Given]:
    """Each (name, size, open file), in order; the same bytes twice count once.

    Raises TooManyMaterials, MaterialTooLarge, MaterialRefused.
    """
    taken: dict[str, Given] = {}
    for number, (name, size, file) in enumerate(files, start=1):
        if number > MOST:
            raise notices_problems.TooManyMaterials(most=MOST)
        if size > LARGEST:
            raise notices_problems.MaterialTooLarge(name=plain_name(name), limit=LARGEST // MEGABYTE)
        given = _named(name, file.read(LARGEST + 1))
        taken.setdefault(given.sha256, given)
    return _harmless(list(taken.values()))


def read_uploads(uploads: Iterable[UploadedFile[bytes]]) -> list[Given]:
    """What came with a form; raises as `read_materials`."""
    return read_materials((upload.name or "", upload.size or 0, upload) for upload in uploads)


def _named(name: str, content: bytes) -> Given:
    shown = plain_name(name)
    if len(content) > LARGEST:
        raise notices_problems.MaterialTooLarge(name=shown, limit=LARGEST // MEGABYTE)
    kind = kind_of(content)
    if not kind:
        raise notices_problems.MaterialRefused(name=shown, why=_("不是 JPG、PNG 图片或 PDF"))
    return Given(shown, kind, hashlib.sha256(content).hexdigest(), content)


def _harmless(given: list[Given]) -> list[Given]:
    """All of them together: starting the process that looks at them costs more than looking."""
    for file, fault in zip(given, faults_of([file.content for file in given]), strict=True):
        if fault:
            raise notices_problems.MaterialRefused(name=file.name, why=WORDS[fault])
    return given


def kind_of(content: bytes) -> str:
    """The kind that the first bytes show; empty for anything we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return "image/png"
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return "application/pdf"
    return ""


def keep_given(given: Given, path: str) -> str:
    """Stores the bytes at a path below FILES that tells their hash, whole or not at all, and answers it."""
    target = stored(path)
    if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == given.sha256:
        return path
    keep_file(target, [given.content], len(given.content))
    return path


def plain_name(name: str) -> str:
    """A name that can stand in a page, a header and a folder: the last part of a path, no control characters.

    >>> plain_name("C:\\\\temp\\\\缴费凭证.pdf")
    '缴费凭证.pdf'
    """
    last = re.split(r"[\\/]", folded(name, "NFC"))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    return kept[-_LONGEST_NAME:] or "file"
