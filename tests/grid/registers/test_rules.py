"""Values and headers as departments write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.registers.rules import UNREAD, Entry, Refused, described, hash_of, read_line
from grid.registers.rules.headers import head_of, missing_columns
from grid.registers.rules.layouts import LAYOUTS
from grid.registers.rules.values import amount_of, count_of, day_of, month_of
from grid.tables.rules import Line
from tests.cast import credit_code

MARKET = LAYOUTS["market"]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("4,659(万)", "46590000", "CNY"),
        ("4,659（万）", "46590000", "CNY"),
        ("1,000(万美元)", "10000000", "USD"),
        ("1,000(万元人民币)", "10000000", "CNY"),
        ("43万人民币", "430000", "CNY"),
        ("304.8800(万)", "3048800", "CNY"),
        ("109,306.4378(万)", "1093064378", "CNY"),
        ("１２．５", "12.5", "CNY"),
        ("-", "", ""),
        ("", "", ""),
    ],
)
def test_amounts(text: str, amount: str, currency: str) -> None:
    assert amount_of(text) == (amount, currency)


@pytest.mark.parametrize("text", ["abc", "万", "2004-08-02", "12.3.4"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError):
        amount_of(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2004-08-02", "2004-08-02"),
        ("2004-8-2", "2004-08-02"),
        ("2004/08/02 00:00:00", "2004-08-02"),
        ("20040802", "2004-08-02"),
        ("2004年8月2日", "2004-08-02"),
        ("200408", "2004-08-01"),
        ("9999-9-9", ""),
        ("9999-12-31", ""),
        ("无", ""),
    ],
)
def test_days(text: str, day: str) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize("text", ["2004-13-01", "0204-01-01", "昨天", "100(万)"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        day_of(text)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert day_of(text) == day.isoformat()
    assert month_of(f"{day:%Y%m}") == f"{day:%Y-%m}"


def test_counts() -> None:
    assert [count_of(t) for t in ("12", "12.0", "1,200", "12人", "", "１２")] == [12, 12, 1200, 12, None, 12]
    for text in ("若干", "-3", "1.5"):
        with pytest.raises(ValueError):
            count_of(text)


def test_headers_by_any_of_their_names() -> None:
    for header in (
        ["统一社会信用代码", "企业名称（字号名称）", "住所（登记、个体户经营场所）", "登记状态（中文）"],
        ["UNI_SOCIAL_CRD_CD", "comp_nm", "addr", "reg_state"],
        ["aab003", "aab004", " 地 址 ", "经营状态"],
        ["uscc", "name", "address", "状态"],
    ):
        assert head_of(MARKET, [header]).columns == {"credit_code": 0, "name": 1, "address": 2, "standing": 3}
        assert missing_columns(MARKET, head_of(MARKET, [header]).columns) == []


def test_what_a_file_lacks_is_named() -> None:
    assert missing_columns(MARKET, head_of(MARKET, [["企业名称", "电话"]]).columns) == [
        "统一社会信用代码",
        "住所",
    ]
    assert missing_columns(MARKET, head_of(MARKET, [["注册号", "企业名称", "住所"]]).columns) == []


HEADER = ["统一社会信用代码", "企业名称", "住所", "成立日期", "注册资本", "从业人数"]
GOOD = [credit_code(5), "示例商贸有限公司", "海勃湾区", "2004-08-02", "4,659(万)", "12"]


def read(header: list[str], cells: list[str], number: int = 2) -> Entry:
    return read_line(MARKET, Line(number, cells, "", head=head_of(MARKET, [header])))


def refused(*changes: tuple[int, str], cells: list[str] | None = None) -> str:
    cells = list(cells or GOOD)
    for at, text in changes:
        cells[at] = text
    with pytest.raises(Refused) as caught:
        read(HEADER, cells)
    assert caught.value.reason
    return caught.value.code


def test_a_good_line() -> None:
    entry = read(HEADER, GOOD)
    assert entry.data == {
        "credit_code": credit_code(5),
        "name": "示例商贸有限公司",
        "address": "海勃湾区",
        "established_on": "2004-08-02",
        "capital": "46590000",
        "employees": 12,
        "doubts": ["organisation-check"],
    }
    assert ("capital", "注册资本", "46,590,000.00 元") in described(MARKET, entry.data)


def test_a_bare_number_of_capital_is_in_ten_thousands() -> None:
    cells = [*GOOD[:4], "100", "3"]
    entry = read(HEADER, cells)
    assert entry.data["capital"] == "1000000"


def test_every_bad_line_has_its_code() -> None:
    wrong = GOOD[0][:-1] + ("0" if GOOD[0][-1] != "0" else "1")
    assert refused((0, "")) == "missing-code"
    assert refused((0, wrong)) == "wrong-check-digit"
    assert refused((0, "示例商贸有限公司")) == "malformed-code"
    assert refused((1, "")) == "missing-name"
    assert refused((1, "2004-08-02")) == "not-a-name"
    assert refused(cells=GOOD[:2]) == "field-count"
    assert refused(cells=[*GOOD, "多一格"]) == "field-count"


def test_an_optional_fact_that_cannot_be_read_is_noted_on_the_row() -> None:
    entry = read(HEADER, [*GOOD[:3], "4,659(万)", "很多", "若干"])
    assert entry.data[UNREAD] == {"established_on": "4,659(万)", "capital": "很多", "employees": "若干"}
    assert ("capital", "注册资本", "未能读出（原文“很多”）") in described(MARKET, entry.data)


def test_the_hash_does_not_depend_on_the_file() -> None:
    turned, order = [GOOD[i] for i in (5, 4, 3, 2, 1, 0)], [HEADER[i] for i in (5, 4, 3, 2, 1, 0)]
    one = read(HEADER, GOOD)
    other = read(order, [*turned, "", ""], 9)
    assert one.hash == other.hash
    assert hash_of(one.data | {"employees": 13}) != one.hash


def test_a_legacy_number_beside_a_credit_code_is_kept() -> None:
    header = [*HEADER, "注册号"]
    entry = read(header, [*GOOD, "110108000000016"])
    assert (entry.code.credit, entry.code.legacy) == (credit_code(5), "110108000000016")
    entry = read(header, [*GOOD, "旧号不详"])
    assert entry.code.legacy == ""
    only = read(header, ["", *GOOD[1:], "110108000000016"])
    assert only.code.text == "110108000000016"
