"""Grounds and what meets them, periods, what a remedy suspends, and what the public may read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from grid.calendar.rules import add_months

_CITIZEN_ID = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})[ -]?((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[ -]?(\d{3}[0-9Xx])"
    r"(?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
# Accounts and cards have 16, 17 or 19 digits; 18 may be the credit code of a unit, which is shown.
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])(\d{4})(?:\d{8}|\d{9}|\d{11})(\d{4})(?![0-9A-Za-z])")


# --- what the public may read -------------------------------------------------------------------


def masked(text: str, names: Iterable[str] = ()) -> str:
    """`text` without citizens' numbers, telephones, accounts, and the `names` of natural persons (信公条例 第15条):
    the middle becomes stars.

    >>> masked("身份证11010519491231002X,电话138-1234-5678")
    '身份证110105********002X,电话138****5678'
    >>> masked("业主张三丰转移账户6222020200112233445", ["张三丰"])
    '业主张**转移账户6222****3445'
    """
    for name in names:
        text = text.replace(name, masked_name(name)) if name else text
    text = _CITIZEN_ID.sub(lambda found: f"{found[1]}********{found[3]}", text)
    text = _MOBILE.sub(lambda found: f"{found[1]}****{found[2]}", text)
    return _ACCOUNT.sub(lambda found: f"{found[1]}****{found[2]}", text)


def masked_name(name: str) -> str:
    """A natural person's name with its first character only (信公条例 第15条).

    >>> masked_name("张三丰")
    '张**'
    """
    return name[:1] + "*" * (len(name) - 1)


def is_public(
    *, published: bool, removed: bool, dropped: bool, stayed: bool, ends_on: date | None, on: date
) -> bool:
    """Public from publication to the last day, and not while execution is stayed (行政复议法 第42条)."""
    return published and not (removed or dropped or stayed) and ends_on is not None and on <= ends_on


# --- grounds --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file about a subject: from the case itself, or found by the inspector and written down.

    Sums in yuan, `persons` in 人次, `months` in which something was taken without a claim.
    """

    penalty: str = ""
    corrected_on: date | None = None
    persons: Decimal = Decimal(0)
    gain: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    loss: Decimal = Decimal(0)
    months: Decimal = Decimal(0)
    refuses_to_return: bool = False
    breaks_agreement: bool = False
    misuses_records: bool = False
    leaks_records: bool = False
    breaks_contract: bool = False
    able_to_pay: bool = False
    refuses_to_repay: bool = False
    citation: str = ""

    @property
    def uncorrected(self) -> bool:
        return self.corrected_on is None


# What an inspector writes down, in the words of the form; what is not here the case itself says.
FOUND: Mapping[str, str] = {
    "persons": "违规办理社会保险业务（人次）",
    "gain": "从中牟利（元）",
    "amount": "涉及金额（元）",
    "loss": "造成基金损失（元）",
    "months": "冒领或多领（个月）",
    "refuses_to_return": "经责令退回仍拒不退回",
    "breaks_agreement": "签订还款协议后未按时履约",
    "misuses_records": "恶意将个人权益记录用于约定以外用途",
    "leaks_records": "造成个人权益信息泄露",
    "breaks_contract": "不按服务协议提供服务",
    "able_to_pay": "有能力偿还",
    "refuses_to_repay": "拒不偿还",
    "citation": "法律、法规、规章的名称和条款",
}
SAID: Mapping[str, str] = {"penalty": "处罚决定", "uncorrected": "仍未改正", **FOUND}
_NUMBERS = frozenset({"persons", "gain", "amount", "loss", "months"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a ground, whether it is met, and by which fact."""

    says: str
    is_met: bool
    answer: str


def facts_on_file(penalty: str, corrected_on: date | None, circumstances: Mapping[str, object]) -> Facts:
    """The case's own facts with what was found; unknown names and unreadable numbers count for nothing."""
    found: dict[str, Any] = {}
    for name in FOUND:
        value = circumstances.get(name)
        if name in _NUMBERS:
            found[name] = _number(value)
        elif name == "citation":
            found[name] = str(value or "").strip()
        else:
            found[name] = value is True
    return Facts(penalty=penalty, corrected_on=corrected_on, **found)


def _number(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


# One of the tests of a condition, as a ground of the law keeps it.
Test = Mapping[str, Any]


def conditions(asked: Sequence[Sequence[Test]], facts: Facts) -> list[Condition]:
    """Each condition of a ground against the facts (人社部规〔2019〕2号 第五条): of several tests one is enough."""
    return [_condition(tests, facts) for tests in asked]


def _condition(tests: Sequence[Test], facts: Facts) -> Condition:
    meeting = next((test for test in tests if _meets(test, facts)), None)
    says = "，或者".join(str(test["says"]) for test in tests)
    return Condition(says, meeting is not None, _answer(meeting, facts) if meeting else "")


def _meets(test: Test, facts: Facts) -> bool:
    """Raises AttributeError for a fact nobody knows: such a ground must not be loaded."""
    value = getattr(facts, test["fact"])
    if "over" in test:
        return bool(value > Decimal(str(test["over"])))
    return bool(value) if test.get("given") else value is test["is"]


def _answer(test: Test, facts: Facts) -> str:
    value = getattr(facts, test["fact"])
    name = SAID[test["fact"]]
    return name if isinstance(value, bool) else f"{name}：{value}"


def unmet(asked: Sequence[Sequence[Test]], facts: Facts) -> list[str]:
    """The conditions no fact on file answers."""
    return [condition.says for condition in conditions(asked, facts) if not condition.is_met]


def is_well_formed(asked: Any) -> bool:
    """Whether conditions loaded or edited can be checked: known facts, one comparison, words, no empty list."""
    known = {*SAID}
    return bool(asked) and all(
        bool(tests)
        and all(
            test.get("fact") in known
            and bool(test.get("says"))
            and len({*test} & {"is", "over", "given"}) == 1
            for test in tests
        )
        for tests in asked
    )


def facts_asked(asked: Iterable[Iterable[Test]]) -> list[str]:
    """Facts of a ground an inspector has to write down."""
    return list(dict.fromkeys(test["fact"] for tests in asked for test in tests if test["fact"] in FOUND))


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    return valid_from <= on and (valid_to is None or on <= valid_to)


def fits(subject_kinds: Sequence[str], kind: str) -> bool:
    """Whether a ground concerns this kind of subject (人社部规〔2019〕2号 第二条: 用人单位、服务机构及人员)."""
    return kind in subject_kinds


def lacks_penalty(needs_penalty: bool, penalty_number: str) -> bool:
    """人社部规〔2019〕2号 第五条第(一)项 lists only after a penalty that did not help."""
    return needs_penalty and not penalty_number


# --- periods --------------------------------------------------------------------------------------


def period(months: int, shortest: int, longest: int) -> int:
    """Months of publication: the ground's, within what a serious breach may have (信用修复管理办法: 1 to 3 years).

    >>> period(60, 12, 36)
    36
    """
    return min(max(months, shortest), longest)


def last_public_day(decided_on: date, months: int) -> date:
    """The last day of a period counted from its decision, that day included.

    The day of the decision does not count, the period begins with the next (民法典 第201条); it ends with the day of
    the last month that bears the same number, to midnight, or with that month's end (第202、203条): one year from
    2026-11-19 runs from 2026-11-20 through 2027-11-19, and the entry is gone on 2027-11-20. It does not roll over a
    day off (第203条): that would show somebody longer than the most the rule allows (信用修复管理办法: 3年).

    >>> last_public_day(date(2026, 11, 19), 12)
    datetime.date(2027, 11, 19)
    >>> last_public_day(date(2028, 2, 29), 12)
    datetime.date(2029, 2, 28)
    """
    return add_months(decided_on, months)


def earliest_repair(decided_on: date, months: int, shortest: int) -> date | None:
    """The first day repair may be applied for: the day after the shortest period is full (信用修复管理办法: 最短公示期届满
    后方可申请). None where `months`, the period itself, is no longer: the entry leaves by itself.

    >>> earliest_repair(date(2026, 11, 19), 36, 12)
    datetime.date(2027, 11, 20)
    """
    return last_public_day(decided_on, shortest) + timedelta(days=1) if months > shortest else None


def revokes(target: str, outcome: str, needs_penalty: bool) -> bool:
    """Whether the outcome takes the listing's ground away: its decision fell, or the penalty it stands on did."""
    return outcome == "quashed" and (target == "listing" or needs_penalty)
