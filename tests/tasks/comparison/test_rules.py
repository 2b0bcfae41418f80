"""Each rule on plain values: when it speaks, when it is silent, and what it says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.comparison.rules import USED, Hit, Known, Params, hits, unpaid_months, unreviewed_of, why_dropped

ON = date(2026, 2, 10)
PARAMS = Params(
    grace_days=30,
    head_gap=1,
    base_gap=Decimal("0.1"),
    floor=Decimal("4907.4"),
    ceiling=Decimal("24537"),
    types=("pension", "unemployment", "injury"),
    unpaid_months=3,
    unreviewed=frozenset({"compare.base_gap", "base.floor"}),
)
FULL = {"pension": 12, "unemployment": 12, "injury": 12, "base": "8000", "pension_paid_to": "2026-01"}
TAX = {"heads": 12, "wages": "96000", "tax": "5000", "premium_due": "30000", "premium_paid": "30000"}


def found(kind: str = "enterprise", standing: str = "active", **known: Any) -> dict[str, Hit]:
    known = {"established_on": date(2015, 3, 1), "market": {}} | known
    return {hit.rule: hit for hit in hits(Known(kind, standing, **known), PARAMS, ON)}


def test_all_in_order() -> None:
    assert found(social=FULL, tax=TAX) == {}
    assert found() == {} and found(social=FULL) == {}


def test_r1_taxed_and_not_registered() -> None:
    hit = found(tax=TAX)["R1"]
    assert "个税扣缴12人" in hit.why and "没有参保登记" in hit.why
    assert "第57条" in hit.clause
    assert (hit.left, hit.right) == ("tax", "market")


@pytest.mark.parametrize(
    "known",
    [
        {"tax": TAX, "established_on": date(2026, 1, 20)},
        {"tax": TAX, "standing": "cancelled"},
        {"tax": TAX, "standing": "revoked"},
        {"tax": {"heads": 0, "tax": "900"}},
        {"tax": {"tax": "900"}, "kind": "sole_trader"},
        {"tax": {}},
    ],
)
def test_r1_is_silent(known: dict[str, Any]) -> None:
    assert found(**known) == {}


def test_r1_by_tax_alone_where_heads_are_not_delivered() -> None:
    assert "纳税900元" in found(tax={"tax": "900"})["R1"].why
    assert "R1" in found(kind="sole_trader", tax={"heads": 1})


def test_r1_on_the_day_the_grace_ends() -> None:
    assert "R1" not in found(tax=TAX, established_on=date(2026, 1, 11))
    assert "R1" in found(tax=TAX, established_on=date(2026, 1, 10))


@pytest.mark.parametrize(
    ("social", "words"),
    [
        (FULL | {"status": "注销"}, "社保状态为“注销”，参保人数为0"),
        (FULL | {"status": "停保"}, "社保状态为“停保”，参保人数为0"),
        ({"insured": 0, "status": "参保缴费"}, "社保参保人数为0"),
        ({"pension": 0, "injury": 0}, "社保参保人数为0"),
    ],
)
def test_r1_registered_is_not_insured(social: dict[str, Any], words: str) -> None:
    """Heads and status decide, never the mere presence of a line."""
    hits_ = found(social=social, tax=TAX | {"premium_paid": "0"})
    assert set(hits_) == {"R1"} and words in hits_["R1"].why and hits_["R1"].right == "social"


def test_payments_that_stopped_are_r13_and_nothing_else() -> None:
    hits_ = found(social=FULL | {"status": "暂停缴费", "pension": 3, "unemployment": 3, "injury": 3}, tax=TAX)
    assert set(hits_) == {"R13"} and "社保状态为“暂停缴费”" in hits_["R13"].why


@pytest.mark.parametrize(
    ("rule", "known", "why"),
    [
        ("R2", {"social": FULL, "tax": TAX}, ""),
        ("R2", {"social": FULL | {"status": "停保"}, "tax": TAX}, "社保不在参保状态，改按其他规则核查"),
        ("R2", {"social": FULL, "tax": None}, "税务名册不再显示该单位用工"),
        ("R1", {"social": FULL, "tax": {"heads": 0}}, "税务名册不再显示该单位用工"),
        ("R4", {"social": FULL, "tax": None}, ""),
        ("R4", {"social": None, "tax": None}, "社保不在参保状态，改按其他规则核查"),
        ("R1", {"social": FULL, "tax": TAX, "standing": "revoked"}, "登记已注销或吊销"),
    ],
)
def test_a_lead_heals_only_by_insurance(rule: str, known: dict[str, Any], why: str) -> None:
    assert why_dropped(rule, Known("enterprise", known.pop("standing", "active"), **known)) == why


def test_r2_fewer_insured_than_taxed() -> None:
    hit = found(social=FULL | {"pension": 3, "unemployment": 3, "injury": 3}, tax=TAX)["R2"]
    assert hit.why == "个税扣缴12人，参保3人，相差9人"
    assert (hit.left, hit.right) == ("tax", "social")
    assert hit.facts == {"heads": 12, "exempt": 0, "insured": 3, "head_gap": 1}


def test_r2_leaves_out_who_need_not_be_insured() -> None:
    few = FULL | {"pension": 10, "unemployment": 10, "injury": 10}
    assert "R2" not in found(social=few, tax=TAX | {"exempt_heads": 2})
    assert "扣除1人" in found(social=few, tax=TAX | {"exempt_heads": 1})["R2"].why
    assert "R2" not in found(social=few | {"insured": 12}, tax=TAX)


def test_r3_base_below_the_wage() -> None:
    hit = found(social=FULL | {"base": "5000"}, tax=TAX)["R3"]
    assert hit.why == "申报月人均工资8000元，应按8000元缴费，实际缴费基数5000元，低37%"
    assert "第60条" in hit.clause
    assert "R3" not in found(social=FULL | {"base": "7200"}, tax=TAX)
    assert "R3" in found(social=FULL | {"base": "7199.99"}, tax=TAX)


def test_r3_clips_at_floor_and_ceiling() -> None:
    low, high = TAX | {"wages": "24000"}, TAX | {"wages": "1200000"}
    assert "R3" not in found(social=FULL | {"base": "4907.40"}, tax=low)
    assert "应按4907.4" in found(social=FULL | {"base": "2000"}, tax=low)["R3"].why
    assert "R3" not in found(social=FULL | {"base": "24537"}, tax=high)


def test_r4_some_types_and_not_others() -> None:
    hit = found(social=FULL | {"unemployment": 0, "injury": 0}, tax=TAX)["R4"]
    assert hit.why == "参加了养老12人，没有参加失业、工伤保险"
    assert (hit.left, hit.right) == ("social", "market")
    assert "R4" not in found(social={"pension": 12, "injury": 12})
    assert "R4" not in found(social={"pension": 0, "unemployment": 0, "injury": 0})


def test_r13_taxed_and_pays_no_premium() -> None:
    assert "应缴30000元，实缴0元" in found(social=FULL, tax=TAX | {"premium_paid": "0"})["R13"].why
    assert "已3个月未缴" in found(social=FULL | {"pension_paid_to": "2025-10"}, tax=TAX)["R13"].why
    assert "R13" not in found(social=FULL | {"pension_paid_to": "2025-11"}, tax=TAX)
    assert "R13" not in found(social=FULL, tax=TAX | {"premium_due": "0", "premium_paid": "0"})
    assert "R13" not in found(tax=TAX | {"premium_paid": "0"})


def test_thresholds_that_wait_for_the_legal_office() -> None:
    assert unreviewed_of("R3", PARAMS) == ["compare.base_gap", "base.floor"]
    assert unreviewed_of("R1", PARAMS) == []
    assert set(USED) == {"R1", "R2", "R3", "R4", "R13", "R15"}


counts = st.one_of(st.none(), st.integers(0, 500))
money = st.one_of(st.none(), st.decimals(0, 10**7, places=2).map(str))
socials = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"pension": counts, "unemployment": counts, "injury": counts, "insured": counts, "base": money},
        optional={"pension_paid_to": st.sampled_from(["2025-01", "2026-01", "2030-12"])},
    ),
)
taxes = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"heads": counts, "wages": money, "tax": money, "premium_due": money, "premium_paid": money}
    ),
)


@given(
    st.sampled_from(["enterprise", "sole_trader", "sole_trader_employing", "institution"]),
    st.sampled_from(["active", "cancelled"]),
    socials,
    taxes,
)
def test_whatever_the_registers_hold_every_hit_explains_itself(
    kind: str, standing: str, social: dict[str, Any] | None, tax: dict[str, Any] | None
) -> None:
    known = Known(kind, standing, date(2015, 3, 1), {}, social, tax)
    result = hits(known, PARAMS, ON)
    assert len({hit.rule for hit in result}) == len(result)
    for hit in result:
        assert standing == "active"
        assert 0 < len(hit.why) <= 300 and "《社会保险法》" in hit.clause and len(hit.clause) <= 200
        assert {"market": {}, "social": social, "tax": tax}[hit.left] is not None
    assert not ({"R1"} & {h.rule for h in result} and len(result) > 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_month_just_paid_is_never_owed(on: date) -> None:
    assert unpaid_months(f"{on:%Y-%m}", on) == 0
    assert unpaid_months("", on) == 0
