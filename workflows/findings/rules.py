"""What a visit and three registers say of the same fact, put in one row so that one sees where they part.

Pure: it takes the answers of the visit and the registers' plain data, and gives lines of a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Said = Mapping[str, Any]
INSURANCES = {
    "pension": gettext_lazy("养老"),
    "unemployment": gettext_lazy("失业"),
    "injury": gettext_lazy("工伤"),
}
# The columns of the table, in order; a register that is silent keeps its place.
SPEAKERS = ("visit", "market", "social", "tax")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what each of SPEAKERS says of it ("" where it says nothing), and whether they agree."""

    title: str
    cells: tuple[str, ...]
    differs: bool


def lines_of(answers: Said, words: Mapping[str, str], registers: Mapping[str, Said]) -> list[Line]:
    """`answers`: question → value as sent; `words`: question → answer in words; `registers`: name → its data.

    Only facts somebody speaks of. 五抓 (四(二)2) rests on head-count against insured count, so they stand first.
    """
    market, social, tax = (registers.get(name, {}) for name in SPEAKERS[1:])
    heads, insured = answers.get("employees"), answers.get("insured_seen")
    says = [words.get("operating"), market.get("standing"), social.get("status"), _filed(tax)]
    told = [
        _line(_("用工人数"), [heads, market.get("employees"), None, tax.get("heads")], _people),
        _line(_("不须在此参保"), [_exempt(answers), None, None, tax.get("exempt_heads") or None], _people),
        _line(_("参保人数"), [insured, None, social.get("insured"), None], _people),
        _line(_("险种"), [words.get("types_seen"), None, _insurances(social), None], str, compared=False),
        _line(_("月工资与缴费基数"), [None, None, _money(social.get("base")), _wage(tax)], _yuan),
        _line(_("基数是否如实"), [words.get("wage_base"), None, None, None], str, compared=False),
        _line(_("缴费"), [None, None, _paid_to(social), _premium(tax)], str, compared=False),
        _line(_("名称"), [None, market.get("name"), social.get("name"), tax.get("name")], str),
        _line(_("状态"), says, str, compared=False),
    ]  # fmt: skip
    return [line for line in told if any(line.cells)]


def _line(title: str, values: list[Any], shown: Callable[[Any], str], *, compared: bool = True) -> Line:
    said = {value for value in values if value not in (None, "")}
    cells = tuple("" if value in (None, "") else shown(value) for value in values)
    return Line(title, cells, compared and len(said) > 1)


def _people(count: int) -> str:
    return _("{n} 人").format(n=count)


def _yuan(amount: Decimal) -> str:
    return _("{n} 元").format(n=f"{amount:,}")


def _money(value: Any) -> Decimal | None:
    """Whole yuan: a base is kept to the jiao, a mean wage is not."""
    return None if value in (None, "") else Decimal(str(value)).quantize(Decimal(1))


def _wage(tax: Said) -> Decimal | None:
    """The declared wages per head."""
    wages, heads = tax.get("wages"), tax.get("heads")
    return _money(Decimal(str(wages)) / heads) if wages and heads else None


def _exempt(answers: Said) -> int | None:
    counts = [n for name, n in answers.items() if name.startswith("exempt_") and isinstance(n, int)]
    return sum(counts) or None


def _insurances(social: Said) -> str:
    kinds = [_("{kind} {n} 人").format(kind=INSURANCES[k], n=n) for k in INSURANCES if (n := social.get(k))]
    return "，".join(kinds)


def _paid_to(social: Said) -> str:
    month = social.get("pension_paid_to")
    return _("养老缴至 {month}").format(month=month) if month else ""


def _premium(tax: Said) -> str:
    due, paid = _money(tax.get("premium_due")), _money(tax.get("premium_paid"))
    if due is None and paid is None:
        return ""
    return _("应缴 {due:,} 元，实缴 {paid:,} 元").format(due=due or 0, paid=paid or 0)


def _filed(tax: Said) -> str:
    month = tax.get("last_filed")
    return _("最近申报 {month}").format(month=month) if month else ""
