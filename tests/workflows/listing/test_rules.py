"""Grounds on plain facts, periods, and what a remedy suspends."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.subjects.models import SubjectKind
from workflows.listing import rules
from workflows.listing.actions.loading import SHIPPED
from workflows.listing.rules import Facts
from workflows.remedies import rules as remedy_rules

GROUNDS = {load["code"]: load for load in json.loads(SHIPPED.read_text(encoding="utf8"))}
DAY = date(2026, 11, 23)


def met(code: str, facts: Facts) -> bool:
    return not rules.unmet(GROUNDS[code]["conditions"], facts)


def test_all_eight_grounds_of_article_five_and_the_three_of_the_city() -> None:
    assert {f"5-{n}" for n in range(1, 9)} | {"17-1", "17-2", "17-3"} == GROUNDS.keys()
    assert all(rules.is_well_formed(ground["conditions"]) for ground in GROUNDS.values())
    assert {code for code, ground in GROUNDS.items() if ground["route"] == "announce"} == {
        "17-1",
        "17-2",
        "17-3",
    }
    assert not any(ground["reviewed"] for ground in GROUNDS.values())
    assert all(set(ground["subject_kinds"]) <= set(SubjectKind.values) for ground in GROUNDS.values())


@pytest.mark.parametrize(
    ("code", "facts", "lists"),
    [
        ("5-1", Facts(), False),
        ("5-1", Facts(penalty="罚1号"), True),
        ("5-1", Facts(penalty="罚1号", corrected_on=DAY), False),
        ("5-2", Facts(persons=Decimal(20), gain=Decimal(20_000)), False),
        ("5-2", Facts(persons=Decimal(21)), True),
        ("5-2", Facts(gain=Decimal("20000.01")), True),
        ("5-3", Facts(amount=Decimal(10_000)), False),
        ("5-3", Facts(amount=Decimal(1), refuses_to_return=True), True),
        ("5-3", Facts(amount=Decimal(10_001)), True),
        ("5-4", Facts(months=Decimal(7)), False),
        ("5-4", Facts(months=Decimal(7), breaks_agreement=True), True),
        ("5-4", Facts(months=Decimal(6), amount=Decimal(10_000), refuses_to_return=True), False),
        ("5-5", Facts(leaks_records=True), True),
        ("5-5", Facts(), False),
        ("5-6", Facts(loss=Decimal(100_001)), False),
        ("5-6", Facts(loss=Decimal(100_001), breaks_contract=True), True),
        ("5-7", Facts(able_to_pay=True, refuses_to_repay=True, amount=Decimal(10_000)), False),
        ("5-7", Facts(able_to_pay=True, refuses_to_repay=True, amount=Decimal(10_001)), True),
        ("5-8", Facts(), False),
        ("5-8", Facts(citation="《社会保险基金监督条例》第三条"), True),
    ],
)
def test_each_ground_on_facts_at_its_edges(code: str, facts: Facts, lists: bool) -> None:
    assert met(code, facts) is lists


def test_each_condition_names_the_fact_that_answers_it() -> None:
    facts = Facts(penalty="乌人社监罚〔2026〕1号")
    first, second = rules.conditions(GROUNDS["5-1"]["conditions"], facts)
    assert first == rules.Condition("已经行政处罚", True, "处罚决定：乌人社监罚〔2026〕1号")
    assert second == rules.Condition("处罚后仍未改正", True, "仍未改正")
    late = rules.conditions(GROUNDS["5-1"]["conditions"], Facts(corrected_on=DAY))
    assert [(condition.is_met, condition.answer) for condition in late] == [(False, ""), (False, "")]


@given(
    st.dictionaries(
        st.sampled_from([*rules.FOUND, "strange"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(), st.lists(st.integers())
        ),
    )
)
def test_whatever_was_written_down_nothing_breaks_and_nothing_lists_a_penalty_ground(
    found: dict[str, Any],
) -> None:
    facts = rules.facts_on_file("", None, found)
    for ground in GROUNDS.values():
        rules.conditions(ground["conditions"], facts)
    assert not met("5-1", facts)


@pytest.mark.parametrize(
    "conditions",
    [[], [[]], [[{"fact": "unknown", "is": True, "says": "x"}]], [[{"fact": "gain", "says": "x"}]],
     [[{"fact": "gain", "over": 1, "says": ""}]], [[{"fact": "gain", "over": 1, "is": True, "says": "x"}]]],
)  # fmt: skip
def test_conditions_no_fact_could_answer_are_refused(conditions: Any) -> None:
    assert not rules.is_well_formed(conditions)


def test_the_period_stays_within_what_the_law_allows_a_serious_breach() -> None:
    assert [rules.period(months, 12, 36) for months in (3, 12, 36, 60)] == [12, 12, 36, 36]
    # 民法典 201, 202: the day of the decision does not count, the same day of the last month is the last one.
    assert rules.last_public_day(date(2026, 11, 19), 12) == date(2027, 11, 19)
    assert rules.last_public_day(date(2026, 8, 31), 18) == date(2028, 2, 29)


def test_law_26_repair_may_be_asked_for_from_the_day_after_the_shortest_period() -> None:
    assert rules.earliest_repair(date(2027, 2, 28), 36, 12) == date(2028, 2, 29)
    assert rules.earliest_repair(date(2026, 11, 19), 13, 12) == date(2027, 11, 20)
    # What is public for the shortest period only leaves by itself.
    assert rules.earliest_repair(date(2026, 11, 19), 12, 12) is None


def test_what_a_remedy_suspends() -> None:
    def suspended(target: str, kind: str, stayed: bool) -> set[str]:
        return {
            effect.what for effect in remedy_rules.effects(target, kind, stayed=stayed) if effect.is_suspended
        }

    for kind in ("review", "suit"):
        assert suspended("penalty", kind, False) == {"surcharge", "court", "proposal"}
        assert suspended("penalty", kind, True) == {"performance", "surcharge", "court", "proposal"}
        assert suspended("listing", kind, False) == set()
        assert suspended("listing", kind, True) == {"publication", "sanctions"}
    assert all(
        effect.basis
        for t in ("penalty", "listing")
        for effect in remedy_rules.effects(t, "suit", stayed=True)
    )


@pytest.mark.parametrize(
    ("target", "outcome", "needs_penalty", "falls"),
    [("listing", "quashed", False, True), ("penalty", "quashed", True, True), ("penalty", "quashed", False, False),
     ("listing", "upheld", True, False), ("listing", "changed", True, False), ("penalty", "withdrawn", True, False)],
)  # fmt: skip
def test_which_outcome_takes_a_listing_down(
    target: str, outcome: str, needs_penalty: bool, falls: bool
) -> None:
    assert rules.revokes(target, outcome, needs_penalty) is falls


def test_persons_are_masked() -> None:
    assert rules.masked_name("张三丰") == "张**"
    assert rules.masked("张三丰，张三丰的手机138 1234 5678", ["张三丰", ""]) == "张**，张**的手机138****5678"
    assert rules.masked("110105-19491231-002X") == "110105********002X"
    for account in ("6222020200112233", "62220202001122334", "6222020200112233445"):
        assert rules.masked(f"账号{account}。") == f"账号6222****{account[-4:]}。"
    for shown in ("911503020123456789", "91150302MA0N1234X5", "处罚30000元", "2026年11月23日"):
        assert rules.masked(shown) == shown
    assert rules.masked("经办人11010519491231002X") == "经办人110105********002X"
