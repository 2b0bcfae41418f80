"""The same fact of the visit and the registers stands in one row, and says where they part."""

from workflows.findings.rules import lines_of

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
