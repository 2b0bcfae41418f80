"""How papers look: 公文 by GB/T 9704, 执法文书 by their model forms, on the same sheet; where the seal goes."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy
import pytest
from django.test import override_settings

from tests.paper_pictures import FOLDER, WIDE
from tests.reading import words_of
from tests.workflows.notices.papers import EXAMPLES
from tests.workflows.notices.test_typesetting import LETTERS, bare, printing_room  # noqa: F401
from workflows.inspections.documents import Opinion
from workflows.notices.documents import Document, fonts
from workflows.notices.documents.typesetting import typeset
from workflows.notices.models import NoticeKind

OFFICIAL = {NoticeKind.TAX_TRANSFER, NoticeKind.PENALTY_PROPOSAL}
EVERY_KIND = pytest.mark.parametrize("kind", LETTERS)
POINT = 72 / 25.4


def real(kind: str, **letter: object) -> Document:
    """The example as it would be if it counted."""
    data = EXAMPLES[kind]
    return replace(data, letter=replace(data.letter, sample=False, **letter))


def words_at(pdf: bytes) -> Iterator[tuple[int, float, float, float, str]]:
    """Page, left, right, top and text of every word, in points."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    page = 0
    for line in done.stdout.decode().splitlines():
        page += "<page " in line
        if found := re.search(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line):
            left, top, right, _bottom = (float(found[n]) for n in range(1, 5))
            yield page, left, right, top, found[5]


def first_page_in_colour(pdf: bytes) -> "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.int16]]":
    command = ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    head = re.match(rb"P6\n(\d+) (\d+)\n255\n", done.stdout)
    assert head
    dots = numpy.frombuffer(done.stdout, numpy.uint8, offset=head.end())
    return dots.reshape(int(head[2]), int(head[1]), 3).astype(numpy.int16)


def is_red(pdf: bytes) -> bool:
    page = first_page_in_colour(pdf)
    return bool(((page[:, :, 0] - page[:, :, 1]) > 90).any())


def test_law_53_a_page_holds_22_lines_of_28_characters() -> None:
    data = replace(real(NoticeKind.URGING), found=("国" * 28 * 60,))
    lines: dict[tuple[int, float], float] = {}
    for page, left, right, top, text in words_at(typeset(NoticeKind.URGING, data)):
        if set(text) == {"国"}:
            assert len(text) <= 28
            if len(text) == 28:
                lines[page, top] = right - left
            assert left >= 28 * POINT - 1 and right <= (210 - 26) * POINT + 1
    assert len([page for page, _top in lines if page == 2]) == 22
    assert all(abs(wide - 156 * POINT) < 2 for wide in lines.values())
    tops = [top for page, top in lines if page == 2]
    assert min(tops) > 36 * POINT and max(tops) + 16 < (297 - 34) * POINT


@EVERY_KIND
def test_law_54_a_red_head_is_for_official_letters_alone(kind: str) -> None:
    assert is_red(typeset(kind, real(kind))) == (kind in OFFICIAL)


@pytest.mark.parametrize(
    "kind", [*sorted(OFFICIAL), NoticeKind.PENALTY_DECISION, NoticeKind.LISTING_DECISION]
)
def test_law_54_the_number_stands_above_the_title_of_an_official_letter_alone(kind: NoticeKind) -> None:
    words, data = words_of(typeset(kind, real(kind))), real(kind)
    title = "欠缴社会保险费线索的函" if kind == NoticeKind.TAX_TRANSFER else str(kind.label)
    office, number, named = (words.index(text) for text in (data.letter.authority, data.letter.number, title))
    assert (office < number < named) == (kind in OFFICIAL)
    assert (office < named < number) == (kind not in OFFICIAL)


def test_law_55_the_day_stands_four_characters_from_the_right() -> None:
    data = real(NoticeKind.NO_PENALTY, authority="乌海市人社局", issued_on=date(2026, 6, 8))
    *_others, day = (
        word for word in words_at(typeset(NoticeKind.NO_PENALTY, data)) if word[4] == "2026年6月8日"
    )
    _page, left, right, _top, _text = day
    assert abs((210 - 26) * POINT - right - 4 * 156 * POINT / 28) < 1
    above = [word for word in words_at(typeset(NoticeKind.NO_PENALTY, data)) if word[4] == "乌海市人社局"][-1]
    assert abs((above[1] + above[2]) / 2 - (left + right) / 2) < 1, "the office is centred on the day"


@pytest.mark.parametrize("kind", [NoticeKind.URGING, NoticeKind.TAX_TRANSFER, NoticeKind.PENALTY_DECISION])
def test_law_55_drafts_alone_say_where_the_seal_goes(kind: NoticeKind) -> None:
    assert "（印章）" not in words_of(typeset(kind, real(kind)))
    assert "（印章）" in words_of(typeset(kind, real(kind, preview=True)))
    assert "（执法专用章）" in words_of(typeset(kind, real(kind, preview=True, seal="执法专用章")))


@EVERY_KIND
def test_law_55_no_page_holds_a_signature_alone(kind: str) -> None:
    pages: dict[int, str] = {}
    for page, _left, _right, top, text in words_at(typeset(kind, real(kind))):
        if 36 * POINT < top < (297 - 35) * POINT:
            pages[page] = pages.get(page, "") + text
    last = pages[max(pages)].replace(real(kind).letter.authority, "").replace("印发", "")
    assert len(re.sub(r"[\d年月日]|本.{2,4}一式二份.*", "", last)) > 5


def test_law_51_no_day_is_written_with_a_zero_before_it() -> None:
    for kind in LETTERS:
        assert not re.search(r"年0|月0", words_of(typeset(kind, EXAMPLES[kind]))), kind


def test_law_44_both_officers_sign_the_sheet() -> None:
    said = Opinion("承办人意见", "建议立案调查。", "周正", date(2026, 4, 7))
    data = replace(EXAMPLES[NoticeKind.FILING], opinions=(said,))  # type: ignore[call-arg]
    words = words_of(typeset(NoticeKind.FILING, data))
    assert "周正2026年4月7日" in words and "第二承办人（何敏）签名：" in words
    assert "第二承办人" not in words_of(typeset(NoticeKind.FILING, EXAMPLES[NoticeKind.FILING]))


def test_whom_no_register_names_leaves_no_dash() -> None:
    data = real(NoticeKind.URGING)
    party = replace(data.letter.party, representative="")
    words = words_of(typeset(NoticeKind.URGING, replace(data, letter=replace(data.letter, party=party))))
    assert "法定代表人" not in words and data.letter.party.code in words


# --- the seal ----------------------------------------------------------------------------------------


def put(pdf: bytes, office: str) -> bytes:
    """A seal of these tests' own."""
    return pdf + f"sealed by {office}".encode()


SEALED = override_settings(PRINT_SEAL=f"{__name__}.put")


def test_what_is_issued_bears_the_offices_electronic_seal() -> None:
    kind, data = NoticeKind.ORDER, real(NoticeKind.ORDER)
    plain = typeset(kind, data)
    with SEALED:
        assert typeset(kind, data) == put(plain, data.letter.authority)
        assert typeset(kind, real(kind, seal="执法专用章")).endswith("sealed by 执法专用章".encode())


def test_no_seal_is_put_to_a_sample_a_draft_or_a_slip_of_service() -> None:
    with SEALED:
        for kind, data in (
            (NoticeKind.ORDER, EXAMPLES[NoticeKind.ORDER]),
            (NoticeKind.ORDER, real(NoticeKind.ORDER, preview=True)),
            ("service_slip", real("service_slip")),
        ):
            assert b"sealed by" not in typeset(kind, data)


def test_a_sample_shows_a_seal_that_says_so() -> None:
    words = words_of(typeset(NoticeKind.ORDER, EXAMPLES[NoticeKind.ORDER]))
    assert "示例" in words.replace("示例数据", "").replace("市示例", "").replace("张示例", "").replace(
        "李示例", ""
    )


# --- faces -------------------------------------------------------------------------------------------


@pytest.fixture
def without_free_faces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(fonts, "FACES", tmp_path / "none")
    for found in (fonts.faces, fonts.coverage):
        found.cache_clear()
    yield
    for found in (fonts.faces, fonts.coverage):
        found.cache_clear()


def test_without_the_free_faces_the_house_sets_every_paper(without_free_faces: None) -> None:
    assert set(fonts.chosen().values()) == {fonts.HOUSE_FACE}
    data = EXAMPLES[NoticeKind.PENALTY_DECISION]
    assert bare(data.found[0]) in words_of(typeset(NoticeKind.PENALTY_DECISION, data))  # type: ignore[attr-defined]


def test_a_rare_character_comes_from_the_house() -> None:
    data = EXAMPLES[NoticeKind.TAX_TRANSFER]
    named = replace(data, letter=replace(data.letter, party=replace(data.letter.party, name="喆堃璟商行")))
    assert words_of(typeset(NoticeKind.TAX_TRANSFER, named)).count("喆堃璟商行") >= 2


# --- pictures ----------------------------------------------------------------------------------------


@EVERY_KIND
def test_there_is_a_picture_of_every_paper(kind: str) -> None:
    from PIL import Image

    picture = FOLDER / f"{kind}.png"
    assert picture.stat().st_size <= 120 * 1024
    with Image.open(picture) as page:
        assert page.width == WIDE
    assert f"({kind}.png)" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_no_picture_is_of_a_paper_there_is_not() -> None:
    assert {picture.stem for picture in FOLDER.glob("*.png")} == set(LETTERS)
