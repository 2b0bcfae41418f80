"""Files from outside are judged by their bytes."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.papers import packed_pdf, pdf
from workflows.notices import problems as notices_problems
from workflows.notices.reading import LARGEST, MOST, kind_of, plain_name, read_materials


def read_material(name: str, content: bytes) -> Any:
    return read_materials([(name, len(content), io.BytesIO(content))])[0]


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
    with pytest.raises(notices_problems.MaterialRefused):
        read_material("缴费凭证.pdf", content)


def test_no_bytes_are_taken_for_a_kind_they_do_not_begin_like():
    """What is inside is looked at in tests/security/test_papers.py."""
    assert kind_of(packed_pdf()) == "application/pdf"
    assert [kind_of(content) for content in (b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b" %PDF-1.7 %%EOF")] == [
        ""
    ] * 4


def test_all_files_of_a_submission_are_looked_at_and_the_bad_one_is_named(papers):
    bad = pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>")
    files = [("a.png", papers.png), ("b.pdf", papers.pdf), ("坏.pdf", bad), ("d.jpg", papers.jpeg)]
    with pytest.raises(notices_problems.MaterialRefused) as refused:
        read_materials((name, len(content), io.BytesIO(content)) for name, content in files)
    assert "坏.pdf" in refused.value.detail and "自动动作" in refused.value.detail


def test_size_and_number_have_limits(papers):
    with pytest.raises(notices_problems.MaterialTooLarge):
        read_material("a.png", papers.png + b"\x00" * LARGEST)
    with pytest.raises(notices_problems.MaterialTooLarge):
        read_materials([("a.png", LARGEST + 1, io.BytesIO(papers.png))])
    many = [(f"{n}.png", 9, io.BytesIO(papers.png + bytes([n]))) for n in range(MOST + 1)]
    with pytest.raises(notices_problems.TooManyMaterials):
        read_materials(many)


def test_the_same_bytes_twice_are_one_file(papers):
    twice = [("a.png", 9, io.BytesIO(papers.png)), ("b.png", 9, io.BytesIO(papers.png))]
    assert [material.name for material in read_materials(twice)] == ["a.png"]


@given(st.text(max_size=300))
def test_a_name_can_stand_anywhere(name):
    plain = plain_name(name)
    assert plain and len(plain) <= 100
    assert not set(plain) & set("\\/\r\n\0")
