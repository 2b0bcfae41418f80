"""Register against register: which facts of one subject do not fit together (domain rules R1, R2, R3, R4, R13).

A hit is a lead, never proof: it says what to look at, and a person looks. Every threshold is a dated provision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grid.registers.standing import has_ended, insured_heads, is_in_force, is_suspended, registered_heads

Data = Mapping[str, Any]
TYPE_NAMES: Mapping[str, str] = {
    "pension": "养老",
    "unemployment": "失业",
    "injury": "工伤",
    "medical": "医疗",
    "maternity": "生育",
}
TITLES: Mapping[str, str] = {
    "R1": "未参保",
    "R2": "漏保",
    "R3": "少报基数",
    "R4": "险种不全",
    "R13": "纳税不缴费",
    "R15": "群众反映",
}
# What somebody told: registers neither found it nor close it, a visit to the unit does.
TOLD = "R15"
TOLD_CLAUSE = "《社会保险法》第58条；《劳动保障监察条例》第9条（为举报人保密）"


@dataclass(frozen=True, slots=True)
class Params:
    """The provisions in force on the day of the data, with the keys of those not yet reviewed by the legal office."""

    grace_days: int
    head_gap: int
    base_gap: Decimal
    floor: Decimal
    ceiling: Decimal
    types: tuple[str, ...]
    unpaid_months: int
    unreviewed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """One subject and the current row of each register about it; None where a register is silent."""

    kind: str
    standing: str
    established_on: date | None = None
    market: Data | None = None
    social: Data | None = None
    tax: Data | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """`left` and `right` name the registers whose rows stand side by side; `facts` are the values compared."""

    rule: str
    why: str
    clause: str
    left: str
    right: str
    facts: Mapping[str, object] = field(default_factory=dict)


def hits(known: Known, params: Params, on: date) -> list[Hit]:
    """What does not fit on the day the data stood. Only subjects in business owe anything."""
    if known.standing != "active":
        return []
    return [hit for rule in RULES if (hit := rule(known, params, on))]


# --- the rules ----------------------------------------------------------------------------------------


def uninsured(known: Known, params: Params, on: date) -> Hit | None:
    """R1: in business for longer than the grace, files tax for wages, and insures nobody: no registration, one that has
    ended, or one without heads. Whoever only stopped paying for registered heads owes premiums (R13).

    社会保险法 art 57: an employer registers within 30 days of its establishment; art 84 on not doing so.
    """
    if known.tax is None or not _employs(known) or is_registered(known.social):
        return None
    if known.established_on and (on - known.established_on).days <= params.grace_days:
        return None
    since = f"成立于{known.established_on}，" if known.established_on else ""
    why = f"存续，{since}税务显示{_activity(known.tax)}，{_uninsured_words(known.social)}"
    facts = {"heads": known.tax.get("heads"), "tax": known.tax.get("tax"), "grace_days": params.grace_days}
    return Hit(
        "R1",
        why,
        "《社会保险法》第57条、第84条；{mandate 四（二）2} 未参保企业抓参保",
        "tax",
        "market" if known.social is None else "social",
        facts,
    )


def missed_heads(known: Known, params: Params, on: date) -> Hit | None:
    """R2: fewer heads insured than taxed, less those who need not be insured here (退休返聘、劳务、实习).

    社会保险法 art 58: each employee is registered within 30 days of being taken on.
    """
    insured = insured_heads(known.social)
    if known.tax is None or not insured or known.tax.get("heads") is None:
        return None
    exempt = known.tax.get("exempt_heads") or 0
    due = known.tax["heads"] - exempt
    if due - insured < max(1, params.head_gap):
        return None
    less = f"（扣除{exempt}人）" if exempt else ""
    why = f"个税扣缴{known.tax['heads']}人{less}，参保{insured}人，相差{due - insured}人"
    facts = {"heads": known.tax["heads"], "exempt": exempt, "insured": insured, "head_gap": params.head_gap}
    return Hit("R2", why, "《社会保险法》第58条；{mandate 四（二）2} 参保企业抓漏保", "tax", "social", facts)


def low_base(known: Known, params: Params, on: date) -> Hit | None:
    """R3: the contribution base lies below the declared wage (clipped to floor and ceiling) by more than the gap.

    社会保险法 art 60: premiums are declared truthfully and paid in full; 监察条例 art 27 on concealed wages.
    """
    if known.tax is None or known.social is None or not insured_heads(known.social):
        return None
    wages, heads, base = (
        _number(known.tax, "wages"),
        known.tax.get("heads") or 0,
        _number(known.social, "base"),
    )
    if not wages or not heads or not base:
        return None
    average = _yuan(wages / heads)
    owed = min(max(average, params.floor), params.ceiling)
    if base >= owed * (1 - params.base_gap):
        return None
    below = int((1 - base / owed) * 100)
    why = f"申报月人均工资{average}元，应按{owed}元缴费，实际缴费基数{_yuan(base)}元，低{below}%"
    facts = {"average": str(average), "owed": str(owed), "base": str(base), "base_gap": str(params.base_gap)}
    facts |= {"floor": str(params.floor), "ceiling": str(params.ceiling)}
    clause = "《社会保险法》第60条、《劳动保障监察条例》第27条；{mandate 四（四）1} 不如实申报缴费基数"
    return Hit("R3", why, clause, "tax", "social", facts)


def missing_types(known: Known, params: Params, on: date) -> Hit | None:
    """R4: insured for some compulsory types and not for others (选择性参保).

    社会保险法 art 10, 33, 44. A type the delivery does not have is unknown, not missing.
    """
    if known.social is None or not insured_heads(known.social):
        return None
    heads = {kind: known.social[kind] for kind in params.types if known.social.get(kind) is not None}
    lacking = [kind for kind, count in heads.items() if count == 0]
    if not lacking or len(lacking) == len(heads):
        return None
    has = "、".join(f"{TYPE_NAMES[kind]}{count}人" for kind, count in heads.items() if count)
    why = f"参加了{has}，没有参加{'、'.join(TYPE_NAMES[kind] for kind in lacking)}保险"
    clause = "《社会保险法》第10条、第33条、第44条；{mandate 四（二）1} 选择性参保"
    return Hit("R4", why, clause, "social", "market", {"types": heads, "lacking": lacking})


def taxed_unpaid(known: Known, params: Params, on: date) -> Hit | None:
    """R13: registered and taxed, but pays no premium (纳税不缴费).

    社会保险法 art 60, 86. The month of the data itself is not yet due and does not count.
    """
    if known.tax is None or known.social is None or not is_registered(known.social) or not _employs(known):
        return None
    due, paid = _number(known.tax, "premium_due"), _number(known.tax, "premium_paid")
    months = unpaid_months(known.social.get("pension_paid_to", ""), on)
    if paid == 0 and (due is None or due > 0):
        why = f"税务显示{_activity(known.tax)}，社保费" + (f"应缴{_yuan(due)}元，" if due else "") + "实缴0元"
    elif months >= params.unpaid_months:
        why = f"税务显示{_activity(known.tax)}，养老保险缴至{known.social['pension_paid_to']}，已{months}个月未缴"
    elif is_suspended(known.social):
        why = f"税务显示{_activity(known.tax)}，社保状态为“{known.social['status']}”"
    else:
        return None
    facts = {"premium_due": _text(due), "premium_paid": _text(paid), "months": months}
    facts |= {"paid_to": known.social.get("pension_paid_to", ""), "unpaid_months": params.unpaid_months}
    clause = "《社会保险法》第60条、第86条；{mandate 四（四）1} 纳税不缴费"
    return Hit("R13", why, clause, "tax", "social", facts)


Rule = Callable[[Known, Params, date], Hit | None]
RULES: tuple[Rule, ...] = (uninsured, missed_heads, low_base, missing_types, taxed_unpaid)
USED: Mapping[str, tuple[str, ...]] = {
    "R1": ("compare.grace_days",),
    "R2": ("compare.head_gap",),
    "R3": ("compare.base_gap", "base.floor", "base.ceiling"),
    "R4": ("compulsory.types",),
    "R13": ("compare.unpaid_months",),
    "R15": (),
}


def unreviewed_of(rule: str, params: Params) -> list[str]:
    """Keys of the provisions behind a hit that still wait for the legal office."""
    return [key for key in USED[rule] if key in params.unreviewed]


# --- values ---------------------------------------------------------------------------------------------


def is_registered(social: Data | None) -> bool:
    """Insures somebody, or is registered for somebody and pays nothing for the time being."""
    if social is None:
        return False
    return insured_heads(social) > 0 or (is_suspended(social) and registered_heads(social) > 0)


def _uninsured_words(social: Data | None) -> str:
    if social is None:
        return "社保没有参保登记"
    if has_ended(social) or is_suspended(social):
        return f"社保状态为“{social['status']}”，参保人数为0"
    return "社保参保人数为0"


def why_dropped(rule: str, known: Known) -> str:
    """Why a lead the registers no longer bear out is not one that healed; empty when it healed.

    It healed when its ground still stands and insurance answers it. Where the tax register fell silent, or the
    insurance ended, nothing was put right.
    """
    if known.standing != "active":
        return "来源名册已撤回" if known.standing == "withdrawn" else "登记已注销或吊销"
    if rule != "R4" and (known.tax is None or not _employs(known)):
        return "税务名册不再显示该单位用工"
    return "" if insured_heads(known.social) else "社保不在参保状态，改按其他规则核查"


def speaking(tax: Data | None) -> Data | None:
    """The tax line, where it is of a taxpayer who still declares."""
    return tax if tax is not None and is_in_force("tax", tax) else None


def unpaid_months(paid_to: str, on: date) -> int:
    """Whole months due and unpaid after `paid_to` (YYYY-MM); 0 when unknown.

    >>> unpaid_months("2025-10", date(2026, 2, 10))
    3
    """
    if not paid_to:
        return 0
    year, month = int(paid_to[:4]), int(paid_to[5:7])
    return max(0, (on.year - year) * 12 + on.month - month - 1)


def _employs(known: Known) -> bool:
    """Has staff, or is a kind of unit that never exists without. 社会保险法 art 10: a sole trader without
    employees is free to join."""
    tax = known.tax or {}
    heads = tax.get("heads")
    if heads is not None:
        return int(heads) >= 1
    return known.kind != "sole_trader" and bool(
        _number(tax, "tax") or _number(tax, "wages") or tax.get("last_filed")
    )


def _activity(tax: Data) -> str:
    if tax.get("heads"):
        return f"个税扣缴{tax['heads']}人"
    if wages := _number(tax, "wages"):
        return f"申报工资{_yuan(wages)}元"
    if paid := _number(tax, "tax"):
        return f"纳税{_yuan(paid)}元"
    return f"最近申报{tax.get('last_filed', '')}"


def _number(data: Data, name: str) -> Decimal | None:
    value = data.get(name)
    return None if value in (None, "") else Decimal(str(value))


def _yuan(value: Decimal) -> Decimal:
    """Rounded to the fen, without useless zeros."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)
