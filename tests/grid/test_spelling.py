"""What a stranger types or sends is spelt one way, in time that grows with the text and not with its square."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid import codes, problems
from grid.placing.reading.rules.parts import read_parts
from grid.placing.rules import clean_address
from grid.registers.rules.values import amount_of, day_of
from grid.spelling import MOST_MARKS, folded
from grid.subjects.rules import clean_name, initials_of, match_name, plain, read_code
from grid.tables.rules import header_key
from tests.patience import within
from workflows.notices.reading import plain_name
from workflows.notices.rules.wording import punctuated

LONG = 32_000
READERS: list[Callable[[str], object]] = [
    folded, codes.normal, clean_address, read_parts, amount_of, day_of, header_key, clean_name, initials_of, match_name,
    plain, read_code, plain_name, punctuated,
]  # fmt: skip
UNITS = ["\u0301\u0327", "\uff9e\u0f73", "a\u0301", "(", "（", ")(", " ", "1", "1,", "路", "一", "公司", "小区", "2026-",
         "亿(", "\\", "-"]  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_long_text_is_read_soon(read: Callable[[str], object]) -> None:
    for unit in UNITS:
        text = ("x" + unit * LONG)[:LONG]
        with within(2, unit), suppress(ValueError, problems.Problem):
            read(text)


@given(st.text(max_size=300) | st.text("ab\u0301\u0327ｱﾞ", min_size=490, max_size=520))
def test_what_people_write_is_spelt_as_unicode_says(text: str) -> None:
    run = longest = 0
    for letter in unicodedata.normalize("NFKD", text):
        run = run + 1 if unicodedata.combining(letter) else 0
        longest = max(run, longest)
    if longest <= MOST_MARKS:
        assert folded(text) == unicodedata.normalize("NFKC", text)
