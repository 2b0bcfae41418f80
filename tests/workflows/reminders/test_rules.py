"""Numbers, days and words of contacts and reminders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reminders.rules import (
    in_words,
    is_mobile,
    is_phone,
    lapsed_before,
    last_day,
    may_remind,
    plain_number,
    reminder_text,
)


@pytest.mark.parametrize(
    ("typed", "plain", "phone", "mobile"),
    [
        ("138 0473 0012", "13804730012", True, True),
        ("+86-138-0473-0012", "13804730012", True, True),
        ("0086 13804730012", "13804730012", True, True),
        ("0473-2012345", "0473-2012345", True, False),
        ("（0473）2012345", "04732012345", True, False),
        ("0473-2012345-801", "0473-2012345-801", True, False),
        ("12804730012", "12804730012", False, False),
        ("110", "110", False, False),
        ("", "", False, False),
    ],
)
def test_numbers(typed: str, plain: str, phone: bool, mobile: bool) -> None:
    assert plain_number(typed) == plain
    assert (is_phone(plain), is_mobile(plain)) == (phone, mobile)


def test_the_contribution_year_ends_on_its_day() -> None:
    assert last_day(date(2026, 12, 31), "12-31") == date(2026, 12, 31)
    assert last_day(date(2027, 1, 1), "12-31") == date(2027, 12, 31)
    assert last_day(date(2026, 7, 1), "06-30") == date(2027, 6, 30)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_year_is_never_over(day: date) -> None:
    for end in ("12-31", "06-30"):
        assert day <= last_day(day, end) <= day + timedelta(days=366)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.integers(0, 90))
def test_nobody_is_reminded_twice_within_the_gap(on: date, gap: int, later: int) -> None:
    assert may_remind(on, on + timedelta(days=later), gap) is (later >= gap)


def test_the_month_a_day_falls_in_is_not_yet_due() -> None:
    assert lapsed_before(date(2026, 11, 23), 3) == "2026-08"
    assert lapsed_before(date(2026, 1, 5), 1) == "2025-12"


def test_words() -> None:
    assert in_words(["visit"], "") == "走访自报：今年中断缴费"
    text = reminder_text("示例商贸", date(2026, 12, 31), "0473-1", sample=True)
    assert text.startswith("示例 【人社】") and "2026年12月31日" in text
    assert not reminder_text("商贸", date(2026, 12, 31), "0473-1", sample=False).startswith("示例")
