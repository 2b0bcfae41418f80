"""What an audit says, worked by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workflows.audits.rules import (
    breached,
    earliest_start,
    in_words,
    is_wrong,
    latest_agreement,
    orders,
    settled,
)
from workflows.inspections.rules.dues import Found, Span, is_month, reckon

YEAR = Span("2026-01", "2026-10", Decimal("4907.40"), Decimal(24537), Decimal("0.002"))


def found(label: str, insured: int, wage: int | None, declared: Any, *spans: Span) -> Found:
    """Twelve heads through ten months."""
    bases = (None if base is None else Decimal(base) for base in (wage, declared))
    seen = Found(label, "2026-01", "2026-10", 12, insured, *bases)
    return replace(seen, shorts=reckon(seen, spans or (YEAR,)))


SHORT = found("工伤保险", 4, 6000, 6000)
LOW = found("基本养老保险", 12, 8000, 5000, replace(YEAR, rate=Decimal("0.24")))
FINE = found("失业保险", 12, 8000, 8000)


def test_the_audit_begins_three_days_after_its_notice() -> None:
    assert earliest_start(date(2026, 2, 26), 3) == date(2026, 3, 1)


@pytest.mark.parametrize(("found", "wrong"), [(SHORT, True), (LOW, True), (FINE, False)])
def test_what_calls_for_correction(found: Found, wrong: bool) -> None:
    assert is_wrong(found) is wrong


def test_findings_in_words() -> None:
    assert in_words(LOW) == (
        "基本养老保险（2026-01 至 2026-10）：应参保12人，实际参保12人；月平均工资8,000.00 元；"
        "申报的月缴费基数5,000.00 元，低于应申报的缴费基数；测算欠缴86,400.00 元。"
    )


def test_clauses_follow_the_findings() -> None:
    assert breached([SHORT]) == ("社会保险法第五十八条第一款", "社会保险法第六十条第一款")
    assert breached([LOW]) == ("社会保险法第六十条第一款",)
    assert breached([FINE]) == ()


def test_orders_follow_the_findings() -> None:
    assert orders([SHORT, LOW, FINE]) == (
        "为8名职工办理工伤保险参保登记。",
        "就工伤保险2026-01至2026-10少缴的部分向税务机关申报缴纳（测算960.00 元，以税务机关核定为准）。",
        "按规定如实申报基本养老保险缴费基数。",
        "就基本养老保险2026-01至2026-10少缴的部分向税务机关申报缴纳（测算86,400.00 元，以税务机关核定为准）。",
    )


def test_law_15_no_base_is_reckoned_below_the_floor_or_above_the_ceiling() -> None:
    """欠移〔2026〕2号 once said 3,550 × 24 % × 6 = 5,112.00 a head."""
    half = replace(YEAR, month_to="2026-06", rate=Decimal("0.24"))
    one = replace(found("基本养老保险", 11, 3550, None), shorts=())
    (short,) = reckon(one, [half])
    assert short.amount == Decimal("7066.66")
    assert short.words == (
        "基本养老保险（2026-01 至 2026-06）：月缴费基数 4,907.40 元（按下限计） × 24% × 6 个月 × 1 人 = 7,066.66 元"
    )
    (rich,) = reckon(replace(one, base_due=Decimal(60000)), [half])
    assert rich.amount == Decimal("24537") * 6 * Decimal("0.24")
    (unknown,) = reckon(replace(one, base_due=None), [half])
    assert unknown.amount == short.amount


@pytest.mark.parametrize(
    ("wage", "declared", "low"),
    [
        (4450, 4450, True),  # 稽结〔2026〕1号 found nothing wrong with it
        (None, 4450, True),
        (4450, "4907.40", False),  # a wage below the floor, declared at the floor
        (60000, 24537, False),  # a wage above the ceiling, declared at the ceiling
        (60000, 24000, True),
    ],
)
def test_law_15_a_base_below_the_law_is_found(wage: int | None, declared: Any, low: bool) -> None:
    one = found("失业保险", 12, wage, declared)
    assert (is_wrong(one), one.is_low) == (low, low)
    assert ("低于应申报的缴费基数" in in_words(one)) is low


def test_law_15_what_falls_short_is_shown_against_what_was_declared() -> None:
    (short,) = found("失业保险", 12, 8000, 5000).shorts
    assert short.words == (
        "失业保险（2026-01 至 2026-10），每人应申报 8,000.00 元、已申报 5,000.00 元，相差的部分："
        "月缴费基数 3,000.00 元 × 0.2% × 10 个月 × 12 人 = 720.00 元"
    )


def test_law_40_months_of_several_years_have_each_their_own_floor() -> None:
    old = Span("2024-11", "2024-12", Decimal(4863), Decimal(24315), Decimal("0.002"), reviewed=False)
    lines = found("工伤保险", 0, 3000, None, old, YEAR).shorts
    assert [(line.amount, line.reviewed) for line in lines] == [
        (Decimal("233.42"), False),  # 4,863 × 0.2 % × 2 × 12
        (Decimal("1177.78"), True),  # 4,907.40 × 0.2 % × 10 × 12
    ]


@pytest.mark.parametrize(
    ("text", "good"), [("2026-01", True), ("2026-13", False), ("2026-1", False), ("202601", False)]
)
def test_months(text: str, good: bool) -> None:
    assert is_month(text) is good


def test_an_agreement_lasts_a_year_at_most() -> None:
    assert latest_agreement(date(2028, 2, 29), 12) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("kind", "collected", "state"),
    [
        ("received", 0, "received"),
        ("collected", 60, "received"),
        ("collected", 100, "collected"),
        ("agreed", 0, "agreed"),
        ("failed", 60, "failed"),
    ],
)
def test_where_a_transfer_goes(kind: str, collected: int, state: str) -> None:
    assert settled(kind, Decimal(collected), Decimal(100)) == state
