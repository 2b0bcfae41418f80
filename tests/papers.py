"""Files as people hand them in, whole and small; and PDF files put together object by object."""

import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image


def picture(kind: str) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (2, 2)).save(kept, kind)
    return kept.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG")


def objects(beside: bytes = b"", more: Mapping[int, bytes] | None = None) -> dict[int, bytes]:
    """One empty page; `beside` stands in the catalogue."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % beside,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 100 100] >>",
        **(more or {}),
    }


def stream(facts: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (facts, len(content), content)


def pdf(beside: bytes = b"", more: Mapping[int, bytes] | None = None) -> bytes:
    """Objects as they are, with a table of where they lie."""
    content, places = b"%PDF-1.7\n", dict[int, int]()
    pieces = [content]
    at = len(content)
    for number, body in objects(beside, more).items():
        places[number] = at
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(pieces[-1])
    size = max(places) + 1
    table = (
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, size)
    )
    pieces += [b"xref\n0 %d\n0000000000 65535 f \n" % size, *table]
    pieces.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, at))
    return b"".join(pieces)


def packed_pdf(
    beside: bytes = b"", filters: bytes = b"/FlateDecode", pack: Callable[[bytes], bytes] = zlib.compress,
    blanks: int = 0,
) -> bytes:  # fmt: skip
    """All objects lie inside a packed stream, behind so many blanks."""
    inside = objects(beside)
    head, bodies = b"", b" " * blanks
    for number, body in inside.items():
        head += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    facts = b"/Type /ObjStm /N %d /First %d /Filter %s" % (len(inside), len(head), filters)
    content = b"%PDF-1.7\n"
    first = len(content)
    content += b"10 0 obj\n" + stream(facts, pack(head + bodies)) + b"\nendobj\n"
    second = len(content)
    places = {0: (0, 0, 65_535), 10: (1, first, 0), 11: (1, second, 0)}
    places |= {number: (2, 10, index) for index, number in enumerate(inside)}
    rows = (places.get(number, (0, 0, 0)) for number in range(12))
    table = b"".join(bytes([a]) + b.to_bytes(4, "big") + c.to_bytes(2, "big") for a, b, c in rows)
    facts = b"/Type /XRef /Size 12 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode"
    content += b"11 0 obj\n" + stream(facts, zlib.compress(table)) + b"\nendobj\n"
    return content + b"startxref\n%d\n%%%%EOF\n" % second


PDF = pdf()
