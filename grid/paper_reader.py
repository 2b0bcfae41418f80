"""The reader of `grid.papers`, as it runs in a child: is this file what it says, and does it only show?

A PDF is taken as qpdf understands it: every object, also those packed into object streams through whatever filters,
is written out as JSON, where a name is `"/Name"` however the file spelt it, and no text of the document looks like
one. What qpdf cannot decode, or reads only with a guess, is not believed to be harmless.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

MOST_OBJECTS: Final = 60_000  # a second of qpdf's
MOST_TOLD: Final = 24 * 1024 * 1024  # bytes of JSON, without what streams hold
MOST_LISTED: Final = 1024 * 1024
MOST_POINTS: Final = 250_000_000
# Marks of syntax outside streams. A million of them in ten megabytes would cost qpdf seconds; counting them costs
# milliseconds. Who hides them between false ends of streams meets the limit of time.
MOST_MARKS: Final = {b"<<": 150_000, b" R": 250_000, b"/": 400_000}

# What runs, sends, opens or carries something else. `JS`, `EF` and `AA` only where they are keys.
_ACTIVE: Final = re.compile(
    rb'(?<!\\)"/(?:(?:JS|EF|AA|FFilter)":|'
    rb"(?:JavaScript|Launch|SubmitForm|ImportData|GoToR|GoToE|Rendition|Movie|RichMedia\w*|EmbeddedFiles?|"
    rb'FileAttachment|XFA)")'
)
_FILTER: Final = re.compile(rb'(?<!\\)"/Filter":\s*("/[^"]*"|\[[^\]]*\])')
_FILTERS: Final = frozenset(
    f"/{name}Decode".encode()
    for name in ("Flate", "LZW", "ASCII85", "ASCIIHex", "RunLength", "DCT", "JPX", "JBIG2", "CCITTFax")
)
# The same in the bytes as they lie there, for what an older version of the document still holds.
_PLAIN: Final = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|EmbeddedFile|RichMedia)(?![A-Za-z])"
)
_MACROS: Final = re.compile(rb"vbaProject|macroEnabled|activeX", re.IGNORECASE)


class _TooMuch(Exception):
    pass


class _Bounded(io.BytesIO):
    def write(self, piece: Any) -> int:
        if self.tell() > MOST_TOLD:
            raise _TooMuch
        return super().write(piece)


def look(*paths: str) -> Iterator[str]:
    """For each file a word of `grid.papers.WORDS`, empty where nothing speaks against it."""
    for path in paths:
        with open(path, "rb") as file:
            beginning = file.read(8)
        yield next((see for begins, see in SEERS if beginning.startswith(begins)), _picture)(path)


def _pdf(path: str) -> str:
    import pikepdf

    with open(path, "rb") as file:
        content = file.read()
    if _is_dense(content):
        return "too-large"
    try:
        with pikepdf.open(path, attempt_recovery=False, inherit_page_attributes=False) as pdf:
            # Without a password of the reader's, an encrypted one opens all the same.
            return "locked" if pdf.is_encrypted else _of_objects(pdf, content)
    except pikepdf.PasswordError:
        return "locked"
    except Exception:  # whatever a broken file makes the library say
        return "damaged"


def _is_dense(content: bytes) -> bool:
    syntax = b"".join(piece.partition(b"stream")[0] for piece in content.split(b"endstream"))
    return any(syntax.count(mark) > most for mark, most in MOST_MARKS.items())


def _of_objects(pdf: Any, content: bytes) -> str:
    import pikepdf

    if len(pdf.objects) > MOST_OBJECTS:
        return "too-large"
    for _object in pdf.objects:
        pass
    # Now each was read once. What is said later is of pages that lack what a printer wants.
    if pdf.get_warnings():
        return "damaged"
    if _PLAIN.search(content):
        return "active"
    told = _Bounded()
    try:
        pdf.write_qpdf_json(
            told,
            decode_level=pikepdf.StreamDecodeLevel.none,
            json_stream_data=pikepdf.JSONStreamData.none,
        )
    except _TooMuch:
        return "too-large"
    objects = told.getvalue()
    if _ACTIVE.search(objects) or _acts_when_opened(pdf.Root.get("/OpenAction")):
        return "active"
    named = {name for found in _FILTER.findall(objects) for name in re.findall(rb'/[^"]*', found)}
    return "" if named <= _FILTERS else "damaged"


def _acts_when_opened(action: object) -> bool:
    """To begin at a certain page is harmless."""
    import pikepdf

    if not isinstance(action, pikepdf.Dictionary):
        return False
    return action.get("/S") != "/GoTo" or "/Next" in action


def _picture(path: str) -> str:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_POINTS:
                return "too-large"
            picture.verify()
    except Exception:  # whatever a broken file makes the library say
        return "no-picture"
    return ""


def _package(path: str) -> str:
    """A document of Word or Excel is a package whose list of contents names its macros."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as package, package.open("[Content_Types].xml") as file:
            contents = file.read(MOST_LISTED + 1)
            names = " ".join(package.namelist())
    except Exception:  # whatever a broken file makes the library say
        return "damaged"
    if len(contents) > MOST_LISTED:
        return "too-large"
    return "active" if _MACROS.search(contents) or _MACROS.search(names.encode()) else ""


def _old_document(path: str) -> str:
    with open(path, "rb") as file:
        content = file.read()
    if any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "EncryptionInfo")):
        return "locked"
    return "active" if "_VBA_PROJECT".encode("utf-16-le") in content else ""


SEERS: Final = (
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _package),
    (b"\xd0\xcf\x11\xe0", _old_document),
)
