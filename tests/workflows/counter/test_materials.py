"""Files from outside are judged by their bytes."""

import contextlib
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid import problems
from workflows.counter.materials import LARGEST, MOST, kind_of, plain_name, read_material, read_materials

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog BESIDE >>\nendobj\ntrailer\n%%EOF\n"


def pdf(beside: bytes = b"") -> bytes:
    return PDF.replace(b"BESIDE", beside)


def packed(inside: bytes) -> bytes:
    return pdf(
        b">>\nendobj\n2 0 obj\n<< /Type /ObjStm >>\nstream\r\n" + zlib.compress(inside) + b"\nendstream"
    )


def test_pictures_and_pdf_are_taken_whatever_they_are_called(papers):
    for content, kind in (
        (papers.png, "image/png"),
        (papers.jpeg, "image/jpeg"),
        (papers.pdf, "application/pdf"),
    ):
        assert read_material("凭证.exe", content).kind == kind


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<html><script>alert(1)</script>", b"PK\x03\x04", b"GIF89a", b"\x89PNG\r\n\x1a\nnothing", b"%PDF-1.7 cut off",
    ],
)  # fmt: skip
def test_nothing_else_is(content):
    with pytest.raises(problems.MaterialRefused):
        read_material("缴费凭证.pdf", content)


@pytest.mark.parametrize(
    "beside",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", b"/S /J#61vaScript", b"/S /Launch", b"/EmbeddedFile",
        b"/RichMedia", b"/XFA [1]", b"/Encrypt 5 0 R",
    ],
)  # fmt: skip
def test_a_pdf_that_runs_carries_or_hides_something_is_refused(beside):
    assert kind_of(pdf(beside)) == "application/pdf"
    with pytest.raises(problems.MaterialRefused):
        read_material("a.pdf", pdf(beside))
    with pytest.raises(problems.MaterialRefused):
        read_material("a.pdf", packed(beside))


def test_what_only_looks_alike_is_taken():
    for beside in (b"/JavaScripture", b"/OpenAction [3 0 R /Fit]", b"/Launches"):
        assert read_material("a.pdf", pdf(beside)).kind == "application/pdf"
    assert read_material("a.pdf", packed(b"/Type /Page")).kind == "application/pdf"


def test_a_bomb_costs_little():
    assert read_material("a.pdf", packed(b"\x00" * 50_000_000)).kind == "application/pdf"


@given(st.binary(max_size=400))
def test_no_bytes_make_it_crash(content):
    for start in (b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\nstream\n"):
        with contextlib.suppress(problems.MaterialRefused):
            read_material("x", start + content + b"%%EOF")


def test_size_and_number_have_limits(papers):
    with pytest.raises(problems.MaterialTooLarge):
        read_material("a.png", papers.png + b"\x00" * LARGEST)
    with pytest.raises(problems.MaterialTooLarge):
        read_materials([("a.png", LARGEST + 1, io.BytesIO(papers.png))])
    many = [(f"{n}.png", 9, io.BytesIO(papers.png + bytes([n]))) for n in range(MOST + 1)]
    with pytest.raises(problems.TooManyMaterials):
        read_materials(many)


def test_the_same_bytes_twice_are_one_file(papers):
    twice = [("a.png", 9, io.BytesIO(papers.png)), ("b.png", 9, io.BytesIO(papers.png))]
    assert [one.name for one in read_materials(twice)] == ["a.png"]


@given(st.text(max_size=300))
def test_a_name_can_stand_anywhere(name):
    plain = plain_name(name)
    assert plain and len(plain) <= 100
    assert not set(plain) & set("\\/\r\n\0")
