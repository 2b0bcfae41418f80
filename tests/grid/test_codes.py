from random import Random

import pytest
import qrcode
import zxingcpp
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from grid import codes, problems
from grid.codes import ALPHABET, Purpose
from tests.reading import dots_of

bodies = st.text(ALPHABET, min_size=1, max_size=15)
typed = st.sampled_from([Purpose.ENROLMENT, Purpose.NOTICE])


# --- the check character -------------------------------------------------------------------------


@given(bodies, st.data())
def test_every_single_wrong_character_is_noticed(body, data):
    code = body + codes.check_character(body)
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([char for char in ALPHABET if char != code[at]]))
    assert codes.well_formed(code)
    assert not codes.well_formed(code[:at] + wrong + code[at + 1 :])


@given(bodies, st.data())
def test_every_swap_of_two_different_characters_is_noticed(body, data):
    code = body + codes.check_character(body)
    i, j = data.draw(st.tuples(*[st.integers(0, len(code) - 1)] * 2))
    swapped = list(code)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    assert codes.well_formed("".join(swapped)) == (code[i] == code[j])


@pytest.mark.parametrize("text", ["", "A", "0", "A" * 29, "网格", "ABC0"])
def test_what_is_no_code_is_not_well_formed(text):
    assert not codes.well_formed(text)


# --- doors -----------------------------------------------------------------------------------------


def test_a_door_text_leads_back_to_its_premise():
    text = codes.door_text("7K2QWX9A")
    assert text.startswith("GC1:7K2QWX9A:")
    assert codes.read_door_text(text) == "7K2QWX9A"
    assert codes.read_door_text(f" {text}\n") == "7K2QWX9A"


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "GC1",
        "GC1:",
        "GC1::",
        "GC1:7K2QWX9A",
        "GC1:7K2QWX9A:",
        "GC1:7K2QWX9A:ABCDEFGHJKLM",
        "GC2:7K2QWX9A:A",
        "https://example.com/pay",
        "GC1:7K2QWX9A:签名",
        "GC1:\x00:\ud800",
        "weixin://wxpay/bizpayurl?pr=1",
    ],
)
def test_a_foreign_code_is_named_as_such(foreign):
    with pytest.raises(problems.ForeignCode) as refusal:
        codes.read_door_text(foreign)
    assert refusal.value.code == "foreign-code"


def test_the_signature_of_one_door_opens_no_other():
    signature = codes.door_text("7K2QWX9A").rpartition(":")[2]
    with pytest.raises(problems.ForeignCode):
        codes.read_door_text(f"GC1:7K2QWX9B:{signature}")


def test_a_door_text_fits_the_compact_alphanumeric_mode():
    assert all(
        char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" for char in codes.door_text("7K2QWX9A")
    )


@override_settings(CODES_KEY="new", CODES_KEY_FALLBACKS=["old"])
def test_labels_signed_with_a_former_key_are_still_believed():
    with override_settings(CODES_KEY="old", CODES_KEY_FALLBACKS=[]):
        label = codes.door_text("7K2QWX9A")
    assert codes.read_door_text(label) == "7K2QWX9A"
    assert codes.door_text("7K2QWX9A") != label
    with override_settings(CODES_KEY_FALLBACKS=[]), pytest.raises(problems.ForeignCode):
        codes.read_door_text(label)


def test_premise_codes_check_themselves_and_repeat_from_a_seed():
    drawn = [codes.fresh_premise_code() for _turn in range(1000)]
    assert len(set(drawn)) == 1000
    assert all(codes.well_formed(code) and len(code) == 8 for code in drawn)
    assert codes.fresh_premise_code(Random(7)) == codes.fresh_premise_code(Random(7))


# --- codes a person types ---------------------------------------------------------------------------


@given(typed, st.integers())
def test_a_code_is_read_however_it_is_typed(purpose, seed):
    code = codes.fresh_code(purpose, Random(seed))
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for text in (code, codes.grouped(code), codes.grouped(code).lower(), f" {code} ", full_width):
        assert codes.read_code(purpose, text) == code


@given(st.integers(), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_slip_of_the_hand_is_told_from_a_foreign_code(seed, at, char):
    code = codes.fresh_code(Purpose.NOTICE, Random(seed))
    slipped = code[:at] + char + code[at + 1 :]
    if slipped != code:
        with pytest.raises(problems.MistypedCode):
            codes.read_code(Purpose.NOTICE, slipped)


def test_a_made_up_code_with_a_good_check_character_is_foreign():
    body = "ABCDEFGHJKL"
    with pytest.raises(problems.ForeignCode):
        codes.read_code(Purpose.NOTICE, body + codes.check_character(body))


def test_a_code_for_one_purpose_is_foreign_to_another():
    code = codes.fresh_code(Purpose.ENROLMENT, Random(1))
    with pytest.raises(problems.ForeignCode):
        codes.read_code(Purpose.NOTICE, code)


@pytest.mark.parametrize("text", ["", "ABC", "0" * 12, "告知书告知书告知书告知书", "A" * 400, "\x00" * 12])
def test_other_text_is_foreign(text):
    with pytest.raises(problems.ForeignCode):
        codes.read_code(Purpose.NOTICE, text)


@override_settings(ORIGIN="https://grid.example.gov.cn")
def test_addresses_carry_the_origin():
    assert codes.enrolment_text("ABCD") == "GCE1:https://grid.example.gov.cn|ABCD"
    assert codes.notice_address("ABCD") == "https://grid.example.gov.cn/v/ABCD"


# --- images --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["M", "Q"])
@pytest.mark.parametrize(
    "text", ["GC1:7K2QWX9A:ABCDEFGHJKLM", "https://grid.example.gov.cn/v/ABCD", "网格码"]
)
def test_an_image_says_its_text(text, level):
    assert zxingcpp.read_barcodes(dots_of(codes.qr_svg(text, level=level)))[0].text == text


@given(st.text(ALPHABET, min_size=1, max_size=400), st.sampled_from(["M", "Q"]))
def test_every_text_is_read_under_the_one_mask(text, level):
    assert zxingcpp.read_barcodes(dots_of(codes.qr_svg(text, level=level)))[0].text == text


def test_no_mask_is_tried(monkeypatch):
    monkeypatch.setattr(qrcode.QRCode, "best_mask_pattern", None)
    assert codes.qr_svg("GC1:7K2QWX9A:ABCDEFGHJKLM", level="Q")


def test_an_image_stands_in_a_page_under_a_strict_policy():
    svg = codes.qr_svg("GC1:7K2QWX9A:ABCDEFGHJKLM", label='门牌 "><script>')
    assert not any(word in svg for word in ("<script", "style=", " id=", "href", "on="))
    assert 'aria-label="门牌 &quot;&gt;&lt;script&gt;"' in svg
    assert len(svg) < 6000
