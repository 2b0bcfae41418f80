"""What an audit says, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from workflows.audits.rules import (
    Found,
    breached,
    earliest_start,
    in_words,
    is_month,
    is_wrong,
    latest_agreement,
    orders,
    settled,
)

SHORT = Found("工伤保险", "2026-01", "2026-10", 12, 4, arrears=Decimal("960.00"))
LOW = Found("基本养老保险", "2026-01", "2026-10", 12, 12, Decimal(8000), Decimal(5000))
FINE = Found("失业保险", "2026-01", "2026-10", 12, 12, Decimal(8000), Decimal(8000))


def test_the_audit_begins_three_days_after_its_notice() -> None:
    assert earliest_start(date(2026, 2, 26), 3) == date(2026, 3, 1)


@pytest.mark.parametrize(("found", "wrong"), [(SHORT, True), (LOW, True), (FINE, False)])
def test_what_calls_for_correction(found: Found, wrong: bool) -> None:
    assert is_wrong(found) is wrong


def test_findings_in_words() -> None:
    assert in_words(LOW) == (
        "基本养老保险（2026-01 至 2026-10）：应参保12人，实际参保12人；月缴费基数应为8,000.00元，申报5,000.00元。"
    )


def test_clauses_follow_the_findings() -> None:
    assert breached([SHORT]) == ("社会保险法第五十八条", "社会保险法第六十条", "社会保险法第六十三条")
    assert breached([LOW]) == ("社会保险法第六十条",)
    assert breached([FINE]) == ()


def test_orders_follow_the_findings() -> None:
    assert orders([SHORT, LOW, FINE]) == (
        "为8名职工办理工伤保险参保登记。",
        "补缴工伤保险2026-01至2026-10欠缴的960.00元。",
        "按实际工资申报基本养老保险缴费基数。",
    )


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
