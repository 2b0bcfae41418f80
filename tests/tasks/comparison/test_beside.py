"""The same fact of the visit and the registers stands in one row, and says where they part."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.comparison.rules.beside import Bounds, base_contradicts, lines_of

SAID = {
    "market": {"name": "示例公司", "standing": "存续"},
    "social": {"name": "示例公司", "status": "参保缴费", "insured": 3, "pension": 3, "base": "4907.4"},
    "tax": {"name": "示例公司", "heads": 12, "exempt_heads": 1, "wages": "74400", "last_filed": "2026-09"},
}


def lines(answers, words=None, said=None):
    return {line.title: line for line in lines_of(answers, words or {}, SAID if said is None else said)}


def test_one_fact_stands_in_one_row():
    found = lines({"employees": 12, "insured_seen": 5})
    assert found["用工人数"].cells == ("12 人", "", "", "12 人") and not found["用工人数"].differs
    assert found["参保人数"].cells == ("5 人", "", "3 人", "") and found["参保人数"].differs
    assert found["名称"].cells == ("", "示例公司", "示例公司", "示例公司") and not found["名称"].differs


def test_wages_are_compared_by_head_in_whole_yuan():
    line = lines({})["月工资与缴费基数"]
    assert line.cells == ("", "", "4,907 元", "6,200 元") and line.differs


def test_those_who_need_no_insurance_here_are_added_up():
    line = lines({"exempt_retired": 2, "exempt_students": 1})["不须在此参保"]
    assert line.cells == ("3 人", "", "", "1 人") and line.differs


def test_words_of_different_registers_are_shown_and_not_compared():
    line = lines({}, {"operating": "在经营"})["状态"]
    assert line.cells == ("在经营", "存续", "参保缴费", "最近申报 2026-09") and not line.differs


def test_what_nobody_speaks_of_has_no_row():
    assert lines({}, said={}) == {}


# --- what is no contradiction, and what is ---------------------------------------------------------------

LAW = Bounds(Decimal("4907.4"), Decimal(24537), 2)


def marked(title, answers=None, month="2026-11", bounds=LAW, **said):
    line = {row.title: row for row in lines_of(answers or {}, {}, said, bounds, month)}.get(title)
    return bool(line and line.differs)


@pytest.mark.parametrize(
    ("base", "wages", "heads", "differs"),
    [
        ("4907.4", "4500", 1, False),  # at the floor, the wage below it
        ("4907", "4500", 1, False),  # the floor rounded
        ("4907.4", "4907.4", 1, False),
        ("4907.4", "4907.9", 1, False),  # a rounding
        ("4907.4", "6200", 1, True),  # at the floor, the wage above it
        ("24537", "40000", 1, False),  # at the ceiling, the wage above it
        ("24537", "20000", 1, True),  # at the ceiling, the wage below it
        ("3400", "3400", 1, False),  # too low, but both say the same
        ("3400", "4500", 1, True),  # below the floor and not the wage
        ("8000", "24000", 3, False),  # a total of three
        ("8000.00", "8000.4", 1, False),
        ("8000", "8001", 1, True),
        ("8000", "", 1, False),
        ("", "8000", 1, False),
        ("8000", "0", 1, False),  # nobody was paid: the register says nothing of wages
        ("8000", "8000", 0, False),
    ],
)
def test_a_base_contradicts_a_wage_it_is_not_due_for(base, wages, heads, differs):
    social, tax = {"base": base}, {"wages": wages, "heads": heads}
    assert marked("月工资与缴费基数", social=social, tax=tax) is differs


def test_a_row_says_why_two_sums_are_no_contradiction():
    def note(base, wages, **months):
        said = {"social": {"base": base, **months}, "tax": {"wages": wages, "heads": 1, "period": "2026-10"}}
        return {line.title: line for line in lines_of({}, {}, said, LAW)}["月工资与缴费基数"].note

    assert note("4907.4", "4500") == "按缴费基数下限"
    assert note("24537", "40000") == "按缴费基数上限"
    assert note("8000", "9000", period="2026-05") == "所属月份不同"
    assert note("8000", "8000") == note("8000", "9000") == ""


def test_without_a_law_of_the_month_a_base_is_the_wage():
    said = {"social": {"base": "2000"}, "tax": {"wages": "1500", "heads": 1}}
    assert marked("月工资与缴费基数", bounds=Bounds(), **said)


@pytest.mark.parametrize(
    ("seen", "insured", "differs"),
    [
        (["pension"], {"pension": 40, "injury": 40}, True),
        (["pension", "injury"], {"pension": 40, "injury": 40}, False),
        (["injury", "pension"], {"pension": 1, "injury": 40}, False),  # how many is another row
        (
            ["pension", "unemployment", "injury"],
            {"pension": 40, "injury": 40},
            False,
        ),  # not delivered: unknown
        (["pension", "unemployment"], {"pension": 40, "unemployment": 0}, True),
        ([], {"pension": 40}, False),  # not answered
        (None, {"pension": 40}, False),
        (["pension"], {}, False),
        (["pension"], {"medical": 40}, False),  # a kind nobody asks for at the door
    ],
)
def test_kinds_of_insurance_contradict_where_both_speak_of_the_kind(seen, insured, differs):
    assert marked("险种", {"types_seen": seen}, social=insured) is differs


@pytest.mark.parametrize(
    ("month", "differs"),
    [("2026-11", True), ("2026-10", True), ("2026-09", True), ("2026-08", False), ("2025-11", False), ("", True),
     ("not a month", True), (None, True)],
)  # fmt: skip
def test_another_month_is_no_contradiction(month, differs):
    assert marked("参保人数", {"insured_seen": 5}, social={"insured": 3, "period": month}) is differs
    assert marked("险种", {"types_seen": ["pension"]}, social={"injury": 3, "period": month}) is differs


def test_a_base_and_a_wage_of_two_months_are_not_compared():
    social, tax = {"base": "5000", "period": "2026-09"}, {"wages": "9000", "heads": 1, "period": "2026-10"}
    assert not marked("月工资与缴费基数", social=social, tax=tax)
    assert marked("月工资与缴费基数", social=social, tax=tax | {"period": "2026-09"})


@pytest.mark.parametrize(
    ("answers", "said", "title", "differs"),
    [
        ({"employees": 12}, {"tax": {"heads": 11}}, "用工人数", True),
        ({"employees": 12}, {"tax": {"heads": None}}, "用工人数", False),
        ({"employees": "十二"}, {"tax": {"heads": 12}}, "用工人数", False),
        ({"employees": 0}, {"tax": {"heads": 12}}, "用工人数", True),
        ({"insured_seen": 5}, {"social": {"pension": 5, "injury": 3}}, "参保人数", False),
        ({"insured_seen": 5}, {"social": {"status": "参保缴费"}}, "参保人数", False),
        ({}, {"market": {"name": "示例（北）公司"}, "tax": {"name": "示例(北) 公司"}}, "名称", False),
        ({}, {"market": {"name": "示例公司"}, "tax": {"name": "示列公司"}}, "名称", True),
    ],
)
def test_who_is_silent_or_spells_otherwise_contradicts_nobody(answers, said, title, differs):
    assert marked(title, answers, **said) is differs


@given(st.decimals(0, 40000, places=2), st.decimals(1, 40000, places=2))
def test_a_base_declared_by_the_law_is_never_a_contradiction(wage, floor):
    bounds = Bounds(floor, floor * 5)
    lawful = min(max(wage, floor), floor * 5)
    assert not base_contradicts(lawful, wage, bounds) and not base_contradicts(wage, wage, bounds)
