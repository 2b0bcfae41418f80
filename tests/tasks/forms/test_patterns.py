"""Patterns match as on the phone (tests/contract/patterns.json), in time that grows with the text, and what would
keep somebody waiting is refused with a reason."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.forms.rules.pattern_reading import WHY, PatternRefused
from tasks.forms.rules.patterns import check, matcher, matches
from tests.patience import within

TABLE = json.loads(Path("tests/contract/patterns.json").read_text())
ONCE_PUBLISHED = {pattern for pattern, _code in TABLE["refused"]}


@pytest.mark.parametrize(("pattern", "text", "fits"), TABLE["cases"])
def test_every_pattern_matches_as_on_the_phone(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits
    if pattern not in ONCE_PUBLISHED:
        check(pattern)


@pytest.mark.parametrize(("pattern", "code"), TABLE["refused"] + TABLE["unreadable"])
def test_what_no_new_form_may_bring(pattern: str, code: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        check(pattern)
    assert refused.value.code == code
    assert refused.value.words and "{" not in str(WHY[code]).format(part="")


def test_half_a_surrogate_pair_is_no_letter() -> None:
    """It cannot stand in the shared table, for not every reader of JSON takes it; the phone's test says the same."""
    assert matches(".", "\ud800") and matches("\ufffd", "\udc00") and matches("..", "\ud86d\ud86d")
    assert not matches("[一-龥]", "\ud86d")
    for refused in (matcher, check):
        with pytest.raises(PatternRefused):
            refused("\ud800")


@pytest.mark.parametrize("pattern", [pattern for pattern, _code in TABLE["unreadable"]])
def test_what_cannot_be_matched_at_all(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        matcher(pattern)


def test_every_reason_is_shown() -> None:
    assert WHY.keys() == {code for _pattern, code in TABLE["refused"] + TABLE["unreadable"]}


pieces = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", r"\w", r"\d", "一", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{0,9}", "{2,}", "\\",
     "[", "]", "^", "$", "-", "(?=", "(?i)", r"\1", r"\p{L}", r"\u4e00", "\ud800", "\x00", "&&", "x{1000}", "𬱖", "{", "}"]
)  # fmt: skip
nested = st.recursive(
    st.sampled_from(["a", "b", "[ab]", ".", "[^a]", r"\w", "c"]),
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})")
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,20}", "*?"])).map(
            lambda two: f"({two[0]}){two[1]}"
        )
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=20))
def test_any_pattern_is_taken_or_refused_in_words(pattern: str) -> None:
    try:
        check(pattern)
    except PatternRefused as refused:
        assert refused.words
    else:
        matches(pattern, "ab一" * 50)


@settings(max_examples=200, deadline=None)
@given(nested, st.text("abc", min_size=1, max_size=3))
def test_what_is_taken_is_done_soon_also_by_an_engine_that_tries_again(pattern: str, unit: str) -> None:
    """As ODK Collect's does, and Python's own: they agree, and neither is kept busy."""
    try:
        check(pattern)
    except PatternRefused:
        return
    for text in (unit * 30, unit * 30 + "!"):
        with within(1, pattern):
            assert (re.fullmatch(pattern, text) is not None) is matches(pattern, text)


@pytest.mark.parametrize("pattern", sorted(ONCE_PUBLISHED))
def test_a_pattern_that_was_once_published_keeps_nobody_waiting(pattern: str) -> None:
    with within(1, pattern):
        for text in ("a" * 4_000, "1" * 4_000, "一 " * 50_000):
            try:
                matches(pattern, text)
            except PatternRefused:
                break
