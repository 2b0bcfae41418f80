"""Codes as people write them: accepted in any width and case, refused when a character is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.subjects import problems as subjects_problems
from grid.subjects.rules import (
    clean_name,
    credit_check,
    industry_of,
    kind_of,
    looks_like_name,
    match_name,
    organisation_check,
    read_code,
    standing_of,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # as printed in GB 32100-2015


def by_the_standard(body: str) -> str:
    return ALPHABET[(31 - sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 31) % 31]


organisations = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)
bodies = st.builds(
    lambda head, district, organisation, own: (
        f"{head}{district:06d}{organisation}{own or organisation_check(organisation)}"
    ),
    st.sampled_from(["91", "92", "93", "11", "12", "51", "52", "Y1"]),
    st.integers(100000, 659999),
    organisations,
    st.sampled_from(["", "", "", "7"]),
)


@given(bodies)
def test_a_right_code_is_read_back_as_it_is(body: str) -> None:
    code = body + credit_check(body)
    assert code[17] == by_the_standard(body)
    read = read_code(code)
    assert (read.credit, read.legacy) == (code, "")
    assert read.district == code[2:8]


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, at: int, other: str) -> None:
    code = body + credit_check(body)
    if code[at] == other:
        return
    wrong = code[:at] + other + code[at + 1 :]
    with pytest.raises((subjects_problems.WrongCheckDigit, subjects_problems.MalformedCode)):
        read_code(wrong)


@given(
    bodies,
    st.lists(
        st.tuples(st.integers(0, 18), st.sampled_from([" ", "\u3000", "-", "\u200b", "\t"])), max_size=4
    ),
)
def test_width_case_and_blanks_do_not_matter(body: str, blanks: list[tuple[int, str]]) -> None:
    code = body + credit_check(body)
    written = "".join(chr(ord(c) + 0xFEE0) if i % 2 else c.lower() for i, c in enumerate(code))
    for at, blank in blanks:
        written = written[:at] + blank + written[at:]
    assert read_code(written).credit == code


@pytest.mark.parametrize(
    "code", ["91110000802100433B", "9144030071526726XG", "91330100799655058B", "914403001922038216"]
)
def test_published_examples(code: str) -> None:
    assert read_code(code).credit == code


def test_a_legacy_number_is_kept_and_a_failing_check_digit_only_warns() -> None:
    right, wrong = read_code("110108000000016"), read_code("110108000000017")
    assert (right.legacy, right.doubts) == ("110108000000016", ())
    assert (wrong.legacy, wrong.doubts) == ("110108000000017", ("legacy-check",))


def test_a_failing_organisation_code_only_warns() -> None:
    body = "92150302" + "MA0NP5JL" + "7"
    assert read_code(body + credit_check(body)).doubts == ("organisation-check",)


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_no_code(text: str) -> None:
    with pytest.raises(subjects_problems.MissingCode):
        read_code(text)


@pytest.mark.parametrize(
    "text", ["123", "9115030211467101", "乌海市示例有限公司", "91150302114671013UU", "9115O302114671013U"]
)
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(subjects_problems.MalformedCode):
        read_code(text)


def test_names_match_through_brackets_width_and_stray_marks() -> None:
    names = [
        "乌海市示例(乌达)商贸有限公司",
        "乌海市示例（乌达）商贸有限公司`",
        " 乌海市 示例【乌达】商贸有限公司。",
    ]
    assert len({match_name(name) for name in names}) == 1
    assert match_name("ＡＢＣ示例") == match_name("abc 示例")


@given(st.text(max_size=60))
def test_matching_a_name_twice_changes_nothing(name: str) -> None:
    assert match_name(match_name(name)) == match_name(name) or "\u0130" in name


def test_clean_name_keeps_chinese_brackets() -> None:
    assert clean_name("  示例(乌达)有限公司` ") == "示例（乌达）有限公司"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("示例公司", True),
        ("2004-08-02", False),
        ("100(万)", False),
        ("", False),
        ("91110000802100433B", False),
    ],
)
def test_what_looks_like_a_name(text: str, named: bool) -> None:
    assert looks_like_name(text) is named


def test_kind_by_code_by_word_and_by_staff() -> None:
    sole = read_code("92150302MA0NP5JL05")
    assert kind_of(sole) == "sole_trader"
    assert kind_of(sole, employees=2) == "sole_trader_employing"
    assert kind_of(read_code("110108000000016"), "个体工商户") == "sole_trader"
    assert kind_of(read_code("110108000000016"), "农民专业合作社") == "cooperative"
    assert kind_of(read_code("91110000802100433B")) == "enterprise"


def test_standing_and_industry() -> None:
    assert [standing_of(s) for s in ("存续（在营、开业、在册）", "已注销", "吊销,未注销", "")] == [
        "active", "cancelled", "revoked", "active",
    ]  # fmt: skip
    assert [industry_of(s) for s in ("C2611", "2611", "化学原料", "")] == ["2611", "2611", "", ""]
