"""Headers: over several rows, with units and remarks, doubled, far down, on every sheet."""

from decimal import Decimal
from typing import Any

import pytest

from grid.registers.rules import Refused, read_line
from grid.registers.rules.headers import Chosen, find_head, fingerprint_of, head_of
from grid.registers.rules.layouts import LAYOUTS
from grid.tables.rules import Line
from tests.cast import credit_code

SOCIAL, TAX, MARKET = LAYOUTS["social"], LAYOUTS["tax"], LAYOUTS["market"]


def one(layout: Any, header: list[str], cells: list[str], *above: list[str]) -> dict[str, Any]:
    place = find_head(layout, [*above, header, cells])
    assert place is not None
    return read_line(layout, Line(9, cells, "", head=place.head)).data


@pytest.mark.parametrize(
    ("header", "cell", "wages"),
    [
        ("工资薪金总额（万元）", "12.5", "125000"),
        ("工资薪金总额(千元)", "12.5", "12500"),
        ("工资薪金总额（元）", "12.5", "12.5"),
        ("工资薪金总额[单位：万元]", "12.5", "125000"),
        ("工资薪金总额【百元】", "12.5", "1250"),
        ("工资薪金总额（人民币万元）", "12.5", "125000"),
        ("工资薪金总额（万元人民币）", "12.5", "125000"),
        ("工资薪金总额（亿元）", "0.125", "12500000"),
        ("工资薪金总额万元", "12.5", "125000"),
        ("工资薪金总额-万元", "12.5", "125000"),
        ("工资薪金总额\n（单位:万元）", "12.5", "125000"),
        ("工资薪金总额（萬元）", "12.5万", "125000"),
        ("工资薪金总额（仟元）", "12.5", "12500"),
        ("工资薪金总额（元/月）", "12.5", "12.5"),
        ("工资薪金总额（本月）（万元）", "12.5", "125000"),
    ],
)
def test_the_unit_of_an_amount(header: str, cell: str, wages: str) -> None:
    data = one(TAX, ["统一社会信用代码", "纳税人名称", header], [credit_code(1), "示例商贸有限公司", cell])
    assert data["wages"] == wages


def test_the_unit_of_a_count_and_of_capital() -> None:
    header = ["统一社会信用代码", "单位名称", "参保人数（百人）", "养老保险人数（人）"]
    data = one(SOCIAL, header, [credit_code(1), "示例商贸有限公司", "1.2", "12"])
    assert (data["insured"], data["pension"]) == (120, 12)
    header = ["统一社会信用代码", "企业名称", "住所"]
    for said, capital, currency in (
        ("注册资本", "1000000", None),
        ("注册资本（元）", "100", None),
        ("注册资本（万元）", "1000000", None),
        ("注册资本（万美元）", "1000000", "USD"),
    ):
        data = one(MARKET, [*header, said], [credit_code(1), "示例商贸有限公司", "海勃湾区", "100"])
        assert (data["capital"], data.get("capital_currency")) == (capital, currency)


def test_the_unit_above_the_table() -> None:
    title = ["乌海市税务申报表", "", "单位：万元"]
    header = ["统一社会信用代码", "纳税人名称", "工资薪金总额", "税额总额（元）"]
    data = one(TAX, header, [credit_code(1), "示例商贸有限公司", "12.5", "3"], title)
    assert (data["wages"], data["tax"]) == ("125000", "3")


def test_a_remark_that_says_what_the_figures_are_of_is_not_passed_over() -> None:
    header = ["统一社会信用代码", "单位名称", "参保人数（养老）", "参保人数（工伤）"]
    data = one(SOCIAL, header, [credit_code(1), "示例商贸有限公司", "12", "9"])
    assert (data.get("insured"), data["pension"], data["injury"]) == (None, 12, 9)
    header = ["统一社会信用代码", "单位名称", "参保人数（不含退休）"]
    head = head_of(SOCIAL, [header])
    assert "insured" not in head.columns and head.unused == ("参保人数（不含退休）",)


@pytest.mark.parametrize(
    "rows",
    [
        [["统一社会信用代码", "单位名称", "参保人数", "", ""], ["", "", "养老", "工伤", "失业"]],
        [
            ["统一社会信用代码", "单位名称", "参保人数", "", ""],
            ["统一社会信用代码", "单位名称", "养老", "工伤", "失业"],
        ],
        [
            ["单位信息", "", "参保人数", "", ""],
            ["统一社会信用代码", "单位名称", "养老", "工伤", "失业"],
        ],
        [
            ["单位信息", "", "参保人数", "", ""],
            ["统一社会信用代码", "单位名称", "养老", "工伤", "失业"],
            ["", "", "（人）", "（人）", "（人）"],
        ],
        [
            ["统一社会信用代码", "单位名称", "养老保险", "工伤保险", "失业保险"],
            ["", "", "人数", "人数", "人数"],
        ],
    ],
    ids=["merged down", "repeated", "groups above", "units below", "parts below"],
)
def test_headers_over_several_rows(rows: list[list[str]]) -> None:
    cells = [credit_code(1), "示例商贸有限公司", "12", "9", "11"]
    place = find_head(SOCIAL, [["乌海市参保单位名册"], *rows, cells])
    assert place is not None and place.behind == len(rows) + 1
    data = read_line(SOCIAL, Line(9, cells, "", head=place.head)).data
    assert (data.get("insured"), data["pension"], data["injury"], data["unemployment"]) == (None, 12, 9, 11)


def test_a_line_of_data_is_no_part_of_the_header() -> None:
    header = ["序号", "统一社会信用代码", "单位名称", "所属年月", ""]
    for below in (["1", "", "示例商贸有限公司", "", ""], ["合计", "", "", "12", ""], ["", "", "", "", "12"]):
        place = find_head(SOCIAL, [header, below])
        assert place is not None and place.behind == 1


def test_two_columns_of_the_same_name_are_told() -> None:
    assert head_of(MARKET, [["统一社会信用代码", "企业名称", "住所", "企业名称"]]).doubled == ("企业名称",)
    assert head_of(MARKET, [["统一社会信用代码", "企业名称", "住所", "名称"]]).doubled == ()


def test_what_a_person_said_goes_before_the_guess() -> None:
    header = ["代码", "单位全称", "住所", "企业名称"]
    own = Chosen({fingerprint_of(header): {"credit_code": 0, "name": 1, "address": 2}}, {})
    place = find_head(MARKET, [header], own)
    assert place is not None and place.head.columns["name"] == 1
    named = Chosen({}, {"credit_code": "代码", "name": "单位全称"})
    place = find_head(MARKET, [header], named)
    assert place is not None and (place.head.columns["credit_code"], place.head.columns["name"]) == (0, 1)
    assert find_head(MARKET, [["代码", "单位全称", "住所"]]) is None


def test_a_separator_in_an_address_is_put_back_where_only_one_way_is_meant() -> None:
    header = ["统一社会信用代码", "企业名称", "住所", "成立日期"]
    cells = [credit_code(1), "示例商贸有限公司", "海勃湾区人民路1号", "2单元", "2015-03-01"]
    assert one(MARKET, header, cells)["address"] == "海勃湾区人民路1号,2单元"
    with pytest.raises(Refused, match="field-count"):
        one(MARKET, [*header, "经营范围"], [*cells[:3], "批发", "2015-03-01", "零售", "服务"])


def test_units_are_factors() -> None:
    head = head_of(TAX, [["统一社会信用代码", "纳税人名称", "销售收入（万元）"]])
    assert head.units == {"sales": (Decimal(10_000), "CNY")}
