"""Shares add up exactly, follow the weights, and are the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.duties.targets import rules

WEIGHTS = st.dictionaries(
    st.from_regex(r"1503[0-9]{2}", fullmatch=True), st.integers(0, 100_000), min_size=1, max_size=30
)
WHOLES = st.integers(0, 10_000_000)


@given(WHOLES, WEIGHTS)
def test_the_parts_add_up_to_the_whole(whole, weights):
    parts = rules.split(whole, weights)
    assert sum(parts.values()) == whole
    assert parts.keys() == weights.keys()


@given(WHOLES, WEIGHTS)
def test_no_part_is_a_whole_one_away_from_its_exact_share(whole, weights):
    total = sum(weights.values())
    for code, part in rules.split(whole, weights).items():
        # |part - exact| < 1, in whole numbers.
        weight, base = (weights[code], total) if total else (1, len(weights))
        assert abs(part * base - whole * weight) < base


@given(WHOLES, WEIGHTS)
def test_who_weighs_more_never_gets_less(whole, weights):
    parts = rules.split(whole, weights)
    for weight in weights:
        for other in weights:
            if weights[weight] > weights[other]:
                assert parts[weight] >= parts[other]


@given(WHOLES, WEIGHTS)
def test_the_order_of_asking_does_not_matter(whole, weights):
    backwards = dict(sorted(weights.items(), reverse=True))
    assert rules.split(whole, weights) == rules.split(whole, backwards)


def test_examples_worked_by_hand():
    assert rules.split(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert rules.split(10, {"a": 5, "b": 3, "c": 1}) == {"a": 6, "b": 3, "c": 1}
    assert rules.split(7, {"a": 0, "b": 0}) == {"a": 4, "b": 3}
    assert rules.split(0, {"a": 3}) == {"a": 0}
    assert rules.split(5, {}) == {}


@pytest.mark.parametrize(("whole", "weights"), [(-1, {"a": 1}), (1, {"a": -1})])
def test_nothing_is_negative(whole, weights):
    with pytest.raises(ValueError, match="negative"):
        rules.split(whole, weights)


@pytest.mark.parametrize(
    ("balance", "gap", "stands"),
    [
        (rules.Balance(10, 10), 0, True),
        (rules.Balance(10, 9), -1, False),
        (rules.Balance(10, 12), 2, False),
        (rules.Balance(10, 12, "各区多压一成"), 2, True),
        (rules.Balance(10, 12, "  "), 2, False),
    ],
)
def test_a_difference_stands_with_its_reason_only(balance, gap, stands):
    assert (balance.gap, balance.stands) == (gap, stands)


@pytest.mark.parametrize(
    ("done", "target", "percent"), [(0, 0, None), (1, 3, 33), (3, 3, 100), (7, 3, 233), (0, 3, 0)]
)
def test_percent_is_rounded_down(done, target, percent):
    assert rules.percent(done, target) == percent


def test_changes_name_before_and_after():
    old, new = {("g", "1"): 5, ("g", "2"): 5}, {("g", "1"): 5, ("g", "2"): 6, ("h", "1"): 1}
    assert rules.changes(old, new) == {("g", "2"): (5, 6), ("h", "1"): (0, 1)}
