"""What stands for a scan in the demo city: one page that says so."""

from functools import cache
from hashlib import sha256

from workflows.notices.reading import Given

_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length 55>>stream\nBT /F 24 Tf 72 720 Td (Sample scan, demo city only) Tj ET\nendstream",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)


def scan(name: str) -> Given:
    """A signed paper as it would come back, already looked at."""
    content = _page()
    return Given(f"{name}（示例）.pdf", "application/pdf", sha256(content).hexdigest(), content)


@cache
def _page() -> bytes:
    content, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(_OBJECTS, start=1):
        places.append(len(content))
        content += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(_OBJECTS) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (count, table, count, len(content))
