"""What may be typed in as a parameter's value, by its kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.law.rules import in_words, kind_of, may_end, read_value, typed_of, units_for

GOOD = [
    ("20", 15, "日", 20),
    (" 10 ", 5, "个工作日", 10),
    ("0.05", 0.1, "比例", 0.05),
    ("1", 0.5, "比例", 1),
    ("5000.5", 4907.4, "元", 5000.5),
    ("80000", 50000, "元", 80000),
    ("是", False, "", True),
    ("否", True, "", False),
    ("pension\ninjury\n", ["pension"], "", ["pension", "injury"]),
    (
        '{"person": 3000, "unit": 50000}',
        {"person": 5000, "unit": 100000},
        "元",
        {"person": 3000, "unit": 50000},
    ),
    ("11-30", "12-31", "", "11-30"),
]


@pytest.mark.parametrize(("typed", "like", "unit", "value"), GOOD)
def test_a_value_of_the_right_kind_is_read(typed, like, unit, value):
    assert read_value(typed, like, unit) == value


@pytest.mark.parametrize(
    ("typed", "like", "unit"),
    [
        ("", 15, "日"), ("十五", 15, "日"), ("0", 15, "日"), ("-3", 15, "日"), ("1.5", 15, "日"), ("99999", 15, "日"),
        ("nan", 15, "元"), ("inf", 1.5, "元"), ("1e99", 1.5, "元"), ("-0.1", 0.1, "比例"), ("1.01", 0.1, "比例"),
        ("可能", True, ""), ("", ["a"], ""), ("a\na", ["a"], ""), ("13-01", "12-31", ""), ("", "x", ""),
        ("{", {"a": 1}, ""), ("[]", {"a": 1}, ""), ('{"b": 1}', {"a": 1}, ""), ('{"a": "x"}', {"a": 1}, ""),
        ('{"a": -1}', {"a": 1}, ""), ('{"a": NaN}', {"a": 1}, ""),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(typed, like, unit):
    with pytest.raises(ValueError, match=r"."):
        read_value(typed, like, unit)


@given(
    st.one_of(
        st.integers(1, 3650), st.booleans(), st.lists(st.text("甲乙ab1", min_size=1), min_size=1, unique=True)
    )
)
def test_what_is_shown_to_be_typed_reads_back(value):
    assert read_value(typed_of(value), value, "日" if kind_of(value, "日") == "term" else "") == value


def test_values_in_words():
    assert in_words(15, "日") == "15 日"
    assert in_words(True, "") == "是"
    assert in_words(["a", "b"], "代码") == "a、b"
    assert (
        in_words(["pension", "inspection.outer"], "", {"inspection.outer": "作出处罚决定期限"})
        == "养老保险、作出处罚决定期限"
    )
    assert (in_words(0.0005, "比例"), in_words(1, "比例"), in_words(0.1, "比例")) == ("0.05%", "100%", "10%")
    assert in_words({"a": 1}, "元") == "一张表（1 项）"


def test_only_terms_change_their_unit_and_only_local_limits_may_end():
    assert "个月" in units_for("日") and units_for("元") == ("元",)
    assert may_end("sla.urging") and not may_end("urging.term")
