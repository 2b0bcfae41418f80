"""Who answers for whom, which file is what, when one reminds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.duties import rules

KNOWN = [
    rules.Named("tax", "市税务局", ("税务局",)),
    rules.Named("market", "市市场监管局", ("市场监管局", "市场监督管理局")),
    rules.Named("health", "市卫生和健康委员会", ("卫生健康委员会", "卫健委")),
    rules.Named("poverty", "市扶贫办", ("扶贫办",)),
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("市税务局", "tax"), ("海勃湾区税务局", "tax"), ("税务局", "tax"), (" 市税务局 ", "tax"),
        ("乌达区市场监督管理局", "market"), ("海南区卫健委", "health"), ("区扶贫办", "poverty"),
        ("税务局培训中心", ""), ("市扩面办", ""), ("", ""), ("   ", ""),
    ],
)  # fmt: skip
def test_a_posting_names_its_department_in_city_and_district(text, code):
    assert rules.department_named(text, KNOWN) == code


def test_duties_go_to_the_last_of_the_line():
    after = {"poverty": "revitalisation", "revitalisation": "agriculture"}
    assert rules.final_successor("poverty", after) == "agriculture"
    assert rules.final_successor("agriculture", after) == "agriculture"
    assert rules.final_successor("nobody", after) == "nobody"


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.sampled_from("abcdef"))
def test_even_a_circle_of_successors_ends(after, start):
    assert rules.final_successor(start, after) in "abcdef"


INDUSTRY = (
    "industry",
    [{"what": "工业企业", "prefixes": ["06", "30"], "kinds": [], "first": True}],
    "五（二）6",
)
DUST = ("health", [
    {"what": "医疗卫生机构", "prefixes": ["84"], "kinds": [], "first": True},
    {"what": "尘肺病重点行业企业", "prefixes": ["06", "3011"], "kinds": [], "first": False},
], "五（二）6")  # fmt: skip
SITES = (
    "housing",
    [{"what": "工程建设项目", "prefixes": [], "kinds": ["construction_site"], "first": True}],
    "五（二）6",
)
TABLE = [DUST, INDUSTRY, SITES]


def codes(industry, kind="enterprise"):
    return [authority.code for authority in rules.authorities(industry, kind, "企业", TABLE)]


def test_the_managing_department_comes_before_the_one_asked_beside_it():
    assert codes("0610") == ["industry", "health"]
    assert codes("3011") == ["industry", "health"]
    assert codes("8411") == ["health"]
    assert codes("C3011") == ["industry", "health"]
    assert codes("") == codes("9999") == []
    assert codes("", "construction_site") == ["housing"]


def test_the_reason_is_said_in_words():
    (first, _second) = rules.authorities("0610", "enterprise", "企业", TABLE)
    assert first.why == "行业代码 0610 属于 06（工业企业），依据 五（二）6"
    assert first.first
    (site,) = rules.authorities("", "construction_site", "工程建设项目", TABLE)
    assert "工程建设项目" in site.why


@given(
    st.from_regex(r"[0-9]{0,4}", fullmatch=True),
    st.sampled_from(["enterprise", "construction_site", "resident"]),
)
def test_suggestions_are_each_once_and_the_managing_ones_first(industry, kind):
    found = rules.authorities(industry, kind, kind, TABLE)
    assert len({authority.code for authority in found}) == len(found)
    assert [authority.first for authority in found] == sorted(
        (authority.first for authority in found), reverse=True
    )


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 30))
def test_so_many_working_days_lie_between_reminder_and_deadline(due, count):
    def works(day: date) -> bool:
        return day.weekday() < 5

    day = rules.days_before(due, count, works)
    between = (day + timedelta(days=n) for n in range((due - day).days))
    assert sum(works(open_day) for open_day in between) == count
    assert day <= due


@pytest.mark.parametrize(
    ("name", "begins", "kind"),
    [
        ("答复.pdf", b"%PDF-1.7", "pdf"), ("图.JPG", b"\xff\xd8\xff\xe0", "jpg"), ("图.jpeg", b"\xff\xd8\xff\xe0", "jpg"),
        ("图.png", b"\x89PNG\r\n\x1a\n", "png"), ("表.xlsx", b"PK\x03\x04", "xlsx"), ("旧表.xls", b"\xd0\xcf\x11\xe0", "xls"),
        ("名单.csv", "单位,人数".encode(), "csv"),
        ("程序.pdf", b"MZ\x90", ""), ("网页.png", b"<html>", ""), ("压缩.zip", b"PK\x03\x04", ""), ("无名", b"%PDF-", ""),
        ("假.csv", b"a\x00b", ""), ("网页.html", b"<html>", ""), ("假.csv", b"%PDF-1.7", ""),
    ],
)  # fmt: skip
def test_a_file_is_what_it_begins_like_and_is_called(name, begins, kind):
    assert rules.file_kind(name, begins) == kind


@pytest.mark.parametrize(
    ("checked", "insured", "fits"),
    [(None, None, True), (5, None, True), (5, 5, True), (5, 0, True), (5, 6, False), (None, 1, False)],
)
def test_the_insured_are_among_the_checked(checked, insured, fits):
    assert rules.figures_fit(checked, insured) is fits
