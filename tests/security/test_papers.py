"""PDF files and pictures that run, carry, hide, lie or eat: refused, each with what is wrong, in little time."""

import base64
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grid.papers import WORDS, faults_of
from tests.papers import JPEG, PDF, PNG, packed_pdf, pdf, stream
from tests.patience import within
from tests.security.books import package

SCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> "
HEX = b"[/ASCIIHexDecode /FlateDecode]"


def hexed(content: bytes) -> bytes:
    return zlib.compress(content).hex().encode() + b">"


def a85(content: bytes) -> bytes:
    return base64.a85encode(zlib.compress(content)) + b"~>"


def encrypted(user: str) -> bytes:
    kept = BytesIO()
    with pikepdf.open(BytesIO(PDF)) as plain:
        plain.save(kept, encryption=pikepdf.Encryption(owner="owner", user=user))
    return kept.getvalue()


def later_version(first: bytes) -> bytes:
    """The catalogue written anew behind the file: what stood there before is still in it."""
    at, table = len(first), len(first) + len(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
    before = int(first.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    return first + (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nxref\n1 1\n%010d 00000 n \n"
        b"trailer\n<< /Size 4 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (at, before, table)
    )


ACTIVE = {
    "script": pdf(SCRIPT),
    "script in a packed stream": packed_pdf(SCRIPT),
    "behind three megabytes of blanks": packed_pdf(SCRIPT, blanks=3_000_000),
    "packed twice": packed_pdf(SCRIPT, HEX, hexed),
    "packed twice, another way": packed_pdf(SCRIPT, b"[/ASCII85Decode /FlateDecode]", a85),
    "packed with a short name": packed_pdf(SCRIPT, b"/Fl"),
    "name spelt otherwise": packed_pdf(b"/OpenAction << /S /#4aava#53cript /J#53 5 0 R >>"),
    "opens an address at once": pdf(b"/OpenAction << /S /URI /URI (http://x) >>"),
    "begins, then goes on": pdf(
        b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Named /N /Print >> >>"
    ),
    "acts of its own": packed_pdf(b"/AA << /WC << /S /URI /URI (http://x) >> >>"),
    "launch": packed_pdf(b"/A << /S /Launch /F (cmd.exe) >>"),
    "submit": packed_pdf(b"/A << /S /SubmitForm >>"),
    "import": packed_pdf(b"/A << /S /ImportData >>"),
    "another file": packed_pdf(b"/A << /S /GoToR >>"),
    "a file inside": packed_pdf(b"/A << /S /GoToE >>"),
    "files inside": packed_pdf(b"/Names << /EmbeddedFiles << >> >>"),
    "a file by its key": packed_pdf(b"/X << /Type /Filespec /EF << >> >>"),
    "media": packed_pdf(b"/X << /Subtype /RichMedia >>"),
    "xfa": packed_pdf(b"/AcroForm << /XFA [] >>"),
    "stream of another file": pdf(more={4: stream(b"/F (\\\\\\\\host\\\\x) /FFilter /FlateDecode", b"")}),
    "taken out by a later version": later_version(pdf(SCRIPT)),
    "macros in a new document": package(
        {"[Content_Types].xml": "application/vnd.ms-office.vbaProject", "x": ""}
    ),
    "macros in an old document": b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT".encode("utf-16-le"),
}
DAMAGED = {
    "unknown packing of objects": packed_pdf(b"", b"/Rot13"),
    "unknown packing of a stream": pdf(more={4: stream(b"/Filter /Rot13", b"abc")}),
    "cut off": PDF[:-80] + b"%%EOF",
    "no table": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n",
    "an object that does not end": pdf(more={4: b"<< /A "}),
    "deeper than any reader goes": pdf(b"/X " + b"[" * 20_000 + b"]" * 20_000),
    "streams without end": b"%PDF-1.7\n" + b"stream\n" * 1_400_000 + b"%%EOF",
    "two files in one": PDF + b"\n" + pdf(SCRIPT),
}
FINE = {
    "plain": PDF,
    "packed": packed_pdf(),
    "packed twice": packed_pdf(b"", HEX, hexed),
    "text about it": pdf(b'/Title (about /JavaScripting, "/JS": and /AA)'),
    "begins at a page": pdf(b"/OpenAction [3 0 R /Fit]"),
    "begins at a page, spelt out": pdf(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
    "a link": pdf(more={4: b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (http://x) >> >>"}),
    "numbers and nothing": pdf(more={4: b"12", 5: b"null", 6: b"true", 7: b"1.5"}),
    "a scanned page": pdf(
        more={4: stream(b"/Subtype /Image /Filter /DCTDecode", b"\xff\xd8/JS/AA(" * 900_000)}
    ),
    "picture": JPEG,
    "another": PNG,
}


def test_what_acts_carries_or_hides_is_refused() -> None:
    assert dict(zip(ACTIVE, faults_of(list(ACTIVE.values())), strict=True)) == dict.fromkeys(ACTIVE, "active")


def test_what_cannot_be_read_is_not_believed() -> None:
    assert dict(zip(DAMAGED, faults_of(list(DAMAGED.values())), strict=True)) == dict.fromkeys(
        DAMAGED, "damaged"
    )


def test_what_only_shows_is_taken() -> None:
    assert dict(zip(FINE, faults_of(list(FINE.values())), strict=True)) == dict.fromkeys(FINE, "")


def test_locked_ones_and_pictures_that_are_none_have_words_of_their_own() -> None:
    given = [
        encrypted("user"),
        encrypted(""),
        JPEG[:3] + b"x" * 90,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 40,
    ]
    assert faults_of(given) == ["locked", "locked", "no-picture", "no-picture"]
    assert all(str(words) for words in WORDS.values())


def test_ten_megabytes_cost_a_second_and_an_eater_only_itself(monkeypatch: Any) -> None:
    large = b"%PDF-1.7\n" + b"stream\n" * 1_400_000 + b"%%EOF"
    with within(2):
        assert faults_of([large, FINE["a scanned page"]]) == ["damaged", ""]
    many = pdf(more=dict.fromkeys(range(4, 70_000), b"<<>>"))
    bomb = packed_pdf(blanks=900_000_000)
    assert faults_of([PDF, bomb, many, PDF])[::3] == ["", ""]
    assert set(faults_of([bomb, many])) <= {"damaged", "died", "too-large"}


def test_a_file_of_nothing_but_syntax_costs_a_second_too() -> None:
    """Ten megabytes of the densest shapes, in the file and packed: told in a second of the processor each."""
    dense = {
        "dictionaries": pdf(more={4: b"[%s]" % (b"<<>>" * 2_400_000)}),
        "references": pdf(more={4: b"[%s]" % (b"1 0 R " * 1_600_000)}),
        "names": pdf(more={4: b"<<%s>>" % b"".join(b"/%x 1" % n for n in range(1_000_000))}),
        "numbers": pdf(more={4: b"[%s]" % (b"1 " * 5_000_000)}),
        "objects": pdf(more=dict.fromkeys(range(4, 59_000), b"<</A(%s)>>" % (b"x" * 40))),
    }
    for name, content in dense.items():
        with within(1, name):
            assert faults_of([content])[0] in {"", "too-large", "damaged"}, name


@given(st.lists(st.tuples(st.sampled_from([PDF, packed_pdf(), PNG, JPEG, b"%PDF-1.4\n"]), st.binary(max_size=40),
                          st.integers(0, 600)), min_size=60, max_size=60))  # fmt: skip
@settings(
    max_examples=3,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_no_bytes_make_it_crash(harms: Any) -> None:
    contents = [
        seed[: at % len(seed)] + harm + seed[at % len(seed) + len(harm) :] for seed, harm, at in harms
    ]
    with within(30):
        assert set(faults_of(contents)) <= {"", *WORDS} - {"died"}
