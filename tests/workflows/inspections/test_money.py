"""Worked by hand from the clauses, then held against the laws that any reckoning keeps."""

import json
from datetime import date, timedelta
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.law.rules.mandate import SHIPPED
from workflows.inspections import problems as inspections_problems
from workflows.inspections.rules import days_late, late_spans, paid_up_on
from workflows.inspections.rules.money import (
    CONDITIONS,
    NOTHING,
    DayRate,
    Facts,
    Late,
    Owed,
    Tier,
    arrears,
    base_of,
    day_rates,
    fine,
    fine_range,
    hearing_owed,
    late_fee_in_words,
    range_of,
    surcharge,
    tier_of,
    tiers_of,
    to_cent,
)

LAW = json.loads(SHIPPED.read_text(encoding="utf8"))


def shipped(key: str) -> list[SimpleNamespace]:
    rows = [entry for entry in LAW if entry["key"] == key]
    return [SimpleNamespace(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in rows]


TABLE = shipped("inspection.tiers")[0].value
RATES = day_rates(shipped("inspection.late_fee_rate"))
DAILY = RATES[-1].rate


def late_fee(sum, since, until, rate, cap):
    return late_fee_in_words(sum, since, until, [DayRate(date.min, rate, "")], cap).amount


# --- late fee ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sum", "since", "until", "cap", "fee"),
    [
        # 10,000 x 0.0005 = 5 a day; 1 to 31 January are 31 days.
        ("10000", date(2025, 1, 1), date(2025, 1, 31), True, "155.00"),
        # One day late is one day.
        ("10000", date(2025, 1, 1), date(2025, 1, 1), True, "5.00"),
        # A leap year: 366 days x 5.
        ("10000", date(2024, 1, 1), date(2024, 12, 31), True, "1830.00"),
        # 16 % of the floor 4,907.40 = 785.184, owed as 785.18; x 0.0005 x 90 = 35.3331.
        ("785.18", date(2025, 3, 1), date(2025, 5, 29), True, "35.33"),
        # 2,000 days bear 100 %, 2,100 days 105 %: cut at the principal, or not.
        ("10000", date(2019, 1, 1), date(2019, 1, 1) + timedelta(2099), True, "10000.00"),
        ("10000", date(2019, 1, 1), date(2019, 1, 1) + timedelta(2099), False, "10500.00"),
        # Paid before the term ended: nothing.
        ("10000", date(2025, 2, 1), date(2025, 1, 31), True, "0.00"),
    ],
)
def test_late_fee_by_hand(sum, since, until, cap, fee):
    assert late_fee(D(sum), since, until, DAILY, cap) == D(fee)


def test_days_before_the_insurance_law_bear_two_per_mille():
    # 21 to 30 June 2011: 10 days x 2 per mille x 10,000 = 200; 1 to 10 July: 10 days x 0.5 per mille = 50.
    told = late_fee_in_words(D(10000), date(2011, 6, 21), date(2011, 7, 10), RATES, cap=False)
    assert told.amount == D("250.00")
    assert [line.adds for line in told.lines] == [NOTHING, D("200.00"), D("50.00")]
    assert "× 0.2% × 10 = 200.00 元" in told.words[1]
    assert "征缴暂行条例》第13条" in told.words[1]
    assert "× 0.05% × 10 = 50.00 元" in told.words[2]


def test_the_cap_is_a_line_of_its_own():
    told = late_fee_in_words(D(100), date(2011, 7, 1), date(2025, 6, 30), RATES, cap=True)
    # 14 years are 5,114 days: 100 x 0.0005 x 5,114 = 255.70, of which 155.70 fall away.
    assert [line.adds for line in told.lines[1:]] == [D("255.70"), D("-155.70")]
    assert told.amount == D("100.00")


# --- arrears -----------------------------------------------------------------------------------


def test_arrears_by_insurance_by_hand():
    # 2025: floor 4,907.40, ceiling 24,537. Three people at 4,000 (below the floor) for six months:
    # pension 4,907.40 x 16 % x 6 x 3 = 14,133.312; unemployment 4,907.40 x 0.5 % x 18 = 441.666;
    # injury on the wages as paid: 4,000 x 0.2 % x 18 = 144.
    floor, ceiling = D("4907.40"), D("24537")
    told = arrears(
        [
            Owed("养老保险（单位）", D("0.16"), D(4000), 6, 3, floor, ceiling),
            Owed("失业保险（单位）", D("0.005"), D(4000), 6, 3, floor, ceiling),
            Owed("工伤保险", D("0.002"), D(4000), 6, 3),
        ]
    )
    assert [line.adds for line in told.lines] == [D("14133.31"), D("441.67"), D("144.00")]
    assert told.amount == D("14718.98")
    assert told.words[0] == (
        "养老保险（单位）：月缴费基数 4,907.40 元（按下限计） × 16% × 6 个月 × 3 人 = 14,133.31 元"
    )


@pytest.mark.parametrize(
    ("wage", "base"),
    [("4000", "4907.40"), ("4907.40", "4907.40"), ("9000", "9000"), ("24537", "24537"), ("60000", "24537")],
)
def test_the_base_lies_between_floor_and_ceiling(wage, base):
    assert base_of(D(wage), D("4907.40"), D("24537")) == D(base)


# --- fines -------------------------------------------------------------------------------------


def test_the_statutory_ranges():
    assert fine_range(D("14718.98"), D(1), D(3)) == (D("14718.98"), D("44156.94"))
    tiers = tiers_of(TABLE, "person")
    assert {range_of(D(0), tier)[0] for tier in tiers} == {D(500), D(1000), D(2000)}
    assert max(range_of(D(0), tier)[1] for tier in tiers) == D(3000)


@pytest.mark.parametrize(
    ("violation", "lowest", "highest"),
    [
        ("unregistered", 1, 3),
        ("unpaid", 1, 3),
        ("concealed", 1, 3),
        ("person", 500, 3000),
        ("obstruction", 2000, 20000),
    ],
)
def test_shipped_tiers_span_what_the_law_allows_and_leave_no_gap(violation, lowest, highest):
    tiers = tiers_of(TABLE, violation)
    assert (min(t.low for t in tiers), max(t.high for t in tiers)) == (lowest, highest)
    assert all(tier.low <= tier.high and tier.basis for tier in tiers)
    assert {name for tier in tiers for name in tier.conditions} <= set(CONDITIONS)
    assert any(not tier.conditions for tier in tiers), "some facts would fall into no tier"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(D(14718), first=True, corrected="after_term"), "84-1"),
        (Facts(D(14718), first=True), "84-2"),
        (Facts(D(99999), first=True), "84-2"),
        (Facts(D(100000), first=True), "84-3"),
        (Facts(D(14718), first=False, corrected="after_term"), "84-3"),
        (Facts(D(14718), first=True, corrected="after_term", obstructed=True), "84-4"),
    ],
)
def test_the_tier_follows_from_the_facts(facts, code):
    assert tier_of(facts, tiers_of(TABLE, "unregistered")).code == code


def test_a_gap_in_the_table_is_not_guessed():
    only_first = [Tier("x", "从轻", {"first": True}, D(1), D(2))]
    with pytest.raises(inspections_problems.NoTier):
        tier_of(Facts(D(1), first=False), only_first)


def test_a_fine_in_words():
    tier = tier_of(Facts(D("14718.98")), tiers_of(TABLE, "unregistered"))
    told = fine(D("14718.98"), tier, D("1.8"))
    assert told.words == [
        "计罚基数 14,718.98 元",
        "裁量档次“一般”：22,078.47 元 至 29,437.96 元（《中华人民共和国社会保险法》第八十四条）",
        "14,718.98 元 × 1.8 倍 = 26,494.16 元",
    ]
    assert told.amount == D("26494.16")
    assert fine(D("14718.98"), tier).amount == D("22078.47")  # unless chosen otherwise, the lowest


def test_a_fine_outside_its_tier_is_refused():
    tier = tier_of(Facts(D(1000)), tiers_of(TABLE, "unregistered"))
    for outside in (D("1.49"), D("2.01")):
        with pytest.raises(inspections_problems.OutsideTier):
            fine(D(1000), tier, outside)


def test_a_fine_that_is_a_sum_of_its_own():
    tier = tier_of(Facts(D(0), heads=3), tiers_of(TABLE, "obstruction"))
    assert fine(D(999999), tier, D(3000)).amount == D("3000.00")


@pytest.mark.parametrize(
    ("days", "owed"), [(0, "0.00"), (1, "600.00"), (33, "19800.00"), (34, "20000.00"), (400, "20000.00")]
)
def test_surcharge_by_hand(days, owed):
    # 3 % of 20,000 = 600 a day; on the 34th day the fine itself is the limit.
    assert surcharge(D(20000), [Late(D(20000), days)], D("0.03")).amount == D(owed)


@pytest.mark.parametrize(
    ("amount", "is_person", "owed"),
    [("4999.99", True, False), ("5000", True, True), ("99999.99", False, False), ("100000", False, True)],
)
def test_a_hearing_from_the_threshold_on(amount, is_person, owed):
    thresholds = shipped("inspection.hearing_threshold")[0].value
    assert hearing_owed(D(amount), is_person, thresholds) is owed


# --- laws --------------------------------------------------------------------------------------

money = st.decimals(0, 10**8, places=2)
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
rates = st.decimals("0.0001", "0.01", places=4)
tiers = st.sampled_from([tier for violation in TABLE for tier in tiers_of(TABLE, violation)])
facts = st.builds(
    Facts,
    amount=money,
    first=st.booleans(),
    corrected=st.sampled_from(["before_filing", "in_term", "after_term", "never"]),
    obstructed=st.booleans(),
    heads=st.integers(0, 500),
)


def to_the_cent(amount: D) -> bool:
    return amount == to_cent(amount)


def adds_up(told) -> bool:
    return sum((line.adds for line in told.lines), NOTHING) == told.amount


@given(money, days, st.integers(0, 9000), st.booleans())
def test_late_fee_adds_up_and_keeps_its_cap(sum, since, late, cap):
    told = late_fee_in_words(sum, since, since + timedelta(late), RATES, cap)
    assert adds_up(told)
    assert to_the_cent(told.amount)
    assert told.amount >= 0
    assert not cap or told.amount <= sum


@given(money, money, days, st.integers(0, 9000), st.integers(0, 900), rates, st.booleans())
def test_late_fee_never_falls_with_time_or_sum(sum, more, since, late, later, rate, cap):
    until = since + timedelta(late)
    fee = late_fee(sum, since, until, rate, cap)
    assert late_fee(sum, since, until + timedelta(later), rate, cap) >= fee
    assert late_fee(sum + more, since, until, rate, cap) >= fee


@given(money, days, st.integers(0, 4000), rates)
def test_one_rate_cut_in_two_is_the_same_but_for_a_cent(sum, since, late, rate):
    until = since + timedelta(late)
    cut = [DayRate(date.min, rate, ""), DayRate(since + timedelta(late // 2), rate, "")]
    apart = late_fee_in_words(sum, since, until, cut, cap=False).amount
    assert abs(apart - late_fee(sum, since, until, rate, cap=False)) <= D("0.01")


@given(
    st.lists(
        st.builds(Owed, st.just("养老"), rates, money, st.integers(1, 60), st.integers(1, 99)), max_size=6
    )
)
def test_arrears_add_up(owed):
    told = arrears(owed)
    assert adds_up(told)
    assert to_the_cent(told.amount)


@given(money, tiers, st.integers(0, 100))
def test_a_fine_stays_in_its_tier_and_adds_up(base, tier, part):
    chosen = tier.low + (tier.high - tier.low) * part / 100
    told = fine(base, tier, chosen)
    low, high = range_of(base, tier)
    assert low <= told.amount <= high
    assert adds_up(told)
    assert to_the_cent(told.amount)


@given(facts, st.sampled_from(sorted(TABLE)))
def test_every_case_has_a_tier(facts, violation):
    tier_of(facts, tiers_of(TABLE, violation))


@given(facts)
def test_obstruction_never_makes_a_fine_of_a_multiple_milder(facts):
    tiers = tiers_of(TABLE, "unregistered")
    worse = Facts(facts.amount, facts.first, facts.corrected, True, facts.heads)
    assert tier_of(worse, tiers).low >= tier_of(facts, tiers).low


@given(money, st.integers(0, 1000), rates)
def test_surcharge_grows_to_the_fine_and_stops(fine, days, rate):
    owed = surcharge(fine, [Late(fine, days)], rate)
    assert 0 <= owed.amount <= to_cent(fine)
    assert surcharge(fine, [Late(fine, days + 1)], rate).amount >= owed.amount
    assert adds_up(owed)


DUE = date(2026, 9, 4)
PARTS = st.lists(st.tuples(st.dates(date(2026, 8, 1), date(2027, 1, 1)), money), max_size=4)


@given(money, PARTS, rates, st.booleans())
def test_a_payment_never_adds_to_the_surcharge_and_a_paid_fine_ends_it(fine, paid, rate, on_rest):
    until = date(2027, 2, 1)
    late = days_late(DUE, until)
    added = surcharge(fine, late_spans(fine, late, paid, on_rest=on_rest), rate)
    without = surcharge(fine, late_spans(fine, late, paid[1:], on_rest=on_rest), rate)
    assert 0 <= added.amount <= to_cent(fine) and adds_up(added)
    # Each span is rounded by itself: no more than half a 分 for each.
    assert added.amount <= without.amount + D("0.01") * (len(paid) + 1)
    if (day := paid_up_on(fine, paid)) is not None:
        then = surcharge(fine, late_spans(fine, days_late(DUE, day), paid, on_rest=on_rest), rate)
        assert then.amount == added.amount


@pytest.mark.parametrize(
    ("paid", "rest", "whole"),
    [
        # 3 % of 45,000 is 1,350 a day; the day of paying is the last one late.
        ([(date(2026, 9, 7), "45000")], "4050.00", "4050.00"),
        ([(DUE, "45000")], "0.00", "0.00"),
        ([(date(2026, 9, 1), "45000")], "0.00", "0.00"),
        ([(date(2026, 9, 5), "45000")], "1350.00", "1350.00"),
        # Half on the fifth day, the other half on the tenth: 5 × 1,350 + 5 × 675, or 10 × 1,350.
        ([(date(2026, 9, 9), "22500"), (date(2026, 9, 14), "22500")], "10125.00", "13500.00"),
        ([(date(2026, 9, 14), "22500"), (date(2026, 9, 9), "22500")], "10125.00", "13500.00"),
        ([(date(2026, 9, 9), "44999.99")], "6750.02", "45000.00"),
        ([(date(2026, 9, 7), "50000")], "4050.00", "4050.00"),
        ([], "45000.00", "45000.00"),
    ],
)
def test_a_surcharge_by_what_was_paid_and_when(paid, rest, whole):
    fine, until = D(45000), date(2026, 11, 30)
    paid = [(on, D(sum)) for on, sum in paid]
    for on_rest, owed in ((True, rest), (False, whole)):
        spans = late_spans(fine, days_late(DUE, until), paid, on_rest=on_rest)
        assert surcharge(fine, spans, D("0.03")).amount == D(owed), on_rest
