"""Values as departments write them: read, or named as what cannot be read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.discreet import is_checked, is_person_number, without_numbers
from grid.registers.rules.values import (
    ErrorText,
    NoValue,
    amount_of,
    chinese_number,
    count_of,
    day_of,
    end_of,
    month_of,
    text_of,
)
from grid.subjects import problems as subjects_problems
from grid.subjects.rules import read_code
from tests.cast import credit_code

MARKS = "\u200b\u200e\u202d\u202c\u2060\u2066\u00ad\ufeff\u180e\ufe0f"


@pytest.mark.parametrize(
    "text",
    [
        "长期", "永久", "无固定期限", "无期限", "不约定", "不约定期限", "未约定期限", "无限期", "永续", "长期有效", "（长期）",
        "长 期", "长期（无固定期限）", "无营业期限", "不限", "長期", "自成立之日起长期", "长期有效至注销", "没有期限", "终身",
        "9999-12-31", "99991231", "2999年12月31日", "—", "暂无", "2015-03-01至长期", "long-term", "∞",
    ],
)  # fmt: skip
def test_a_term_that_does_not_end(text: str) -> None:
    assert end_of(text) == ""


@pytest.mark.parametrize("text", ["若干", "无法识别的日期", "见章程", "长期2035"])
def test_what_is_no_end(text: str) -> None:
    with pytest.raises(ValueError):
        end_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "20200501000000", "20200501000000.0", "202005010000", "20200501T080000Z", "01-5月 -20", "01-5月-2020", "1-五月-20",
        "01-MAY-20", "01-MAY-2020 12:00:00 AM", "01-5月 -20 12.00.00.000000 上午", "二〇二〇年五月一日", "二零二零年五月一号",
        "贰零贰零年伍月壹日", "2020年5月1日 星期五", "2020年5月1日上午8时", "2020/5/1 8:30", "2020.5.1",
        "2020-05-01T00:00:00+08:00",
        "2020-04-30T16:00:00Z", "2020-04-30T16:00:00.000+0000", "2020-04-30 16:00:00 UTC", "2020-04-30T08:00:00-08:00",
        "Fri May 01 00:00:00 CST 2020", "May 1, 2020", "２０２０年５月１日", "2020\u200b-05-01", '="2020-05-01"',
    ],
)  # fmt: skip
def test_the_first_of_may(text: str) -> None:
    assert day_of(text) == "2020-05-01"


@pytest.mark.parametrize(
    "text", ["2026-10-01至2026-10-31", "202610", "2026.10", "二〇二六年十月", "2026年10月"]
)
def test_months(text: str) -> None:
    assert month_of(text) == "2026-10"


@pytest.mark.parametrize("text", ["2026", "2026年", "2026-07-01至2026-09-30", "第三季度"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError):
        month_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "12.0",
        "12 人",
        "12名",
        "12位",
        "（12）",
        "（12人）",
        "12(人)",
        "十二",
        "十二人",
        "共12人",
        "１２",
        "一十二",
        "拾贰人",
    ],
)
def test_twelve_people(text: str) -> None:
    assert count_of(text) == 12


@pytest.mark.parametrize("text", ["约12人", "十几人", "12-15", "1.2E1", "1.5", "-3", "12、13", "十十"])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(ValueError):
        count_of(text)


@given(st.integers(1, 99_999))
def test_chinese_numbers(number: int) -> None:
    signs, units = "零一二三四五六七八九", ["", "十", "百", "千", "万"]
    text, is_open = "", False
    for at, digit in enumerate(reversed(str(number))):
        if digit != "0":
            text, is_open = signs[int(digit)] + units[at] + ("零" if is_open else "") + text, False
        else:
            is_open = bool(text)
    assert chinese_number(text) == number


def test_the_header_s_unit_and_the_cell_s() -> None:
    wan = Decimal(10_000)
    assert amount_of("12.5", wan) == ("125000", "CNY")
    assert amount_of("12.5万元", wan) == ("125000", "CNY")
    assert amount_of("12.5元", wan) == ("12.5", "CNY")
    assert amount_of("12.5", wan, "USD") == ("125000", "USD")
    assert amount_of("(1,234.50)") == ("-1234.5", "CNY")
    assert amount_of("0.1000000000000001") == ("0.1", "CNY")


def test_errors_and_formulas_are_no_values() -> None:
    for text in ("#REF!", "#N/A", "#NAME?", "#DIV/0!", "########", "Err:502", "#名称?", "＃REF！"):
        with pytest.raises(ErrorText):
            text_of(text)
    for text in ("=A1", "=SUM(A1:A9)", "=10+0", "=VLOOKUP(A2,表!A:B,2,0)"):
        with pytest.raises(NoValue):
            text_of(text)


@given(st.integers(0, 17), st.sampled_from(MARKS))
def test_marks_nobody_sees_change_no_code(at: int, mark: str) -> None:
    code = credit_code(12)
    assert read_code(code[:at] + mark + code[at:] + mark).credit == code


def test_a_code_a_spreadsheet_has_shortened() -> None:
    for text in ("9.11503E+17", "9.11503007014012E+17", "911503007014012000"):
        with pytest.raises(subjects_problems.RoundedCode):
            read_code(text)
    assert read_code("150302000000017.0").legacy == "150302000000017"


@pytest.mark.parametrize(
    "text",
    [
        "150302190001030228", "150302190001010018", "15030219900307123x", "150302 19900307 1234",
        "１５０３０２１９９００３０７１２３４",
        "150302900307123", "15030219900307123401", "L150302199003071234", "830000199003071234", "110101199003071234",
    ],
)  # fmt: skip
def test_a_citizen_s_number_is_no_unit_s_code(text: str) -> None:
    with pytest.raises(subjects_problems.PersonNumber) as refused:
        read_code(text)
    said = f"{refused.value.detail} {without_numbers(f'原文 {text}，')}"
    assert "0307" not in said and "00010" not in said


@given(st.integers(0, 999_999_999))
def test_no_unit_s_code_is_taken_for_a_person(number: int) -> None:
    """Codes with both check characters right, digits alone among them."""
    code = credit_code(number)
    if not (is_person_number(code) and is_checked(code)):
        assert read_code(code).credit == code
