"""What a visit and three registers say of the same fact, put in one row so that one sees where they part.

Pure: it takes the answers of the visit and the registers' plain data, and gives lines of a table. A row is marked only
where two who speak contradict each other. Who is silent contradicts nobody, nor does who speaks of another time, nor
one and the same sum in another rounding, nor a contribution base that the law itself puts above or below the wage.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid import outside
from grid.registers.standing import insured_heads
from grid.subjects.rules import match_name

Said = Mapping[str, Any]
Parts = Callable[[Any, Any], bool]
INSURANCES = {
    "pension": gettext_lazy("养老"),
    "unemployment": gettext_lazy("失业"),
    "injury": gettext_lazy("工伤"),
}
# The columns of the table, in order; a register that is silent keeps its place.
SPEAKERS = ("visit", "market", "social", "tax")
# A base is kept to the jiao, a mean wage is not: what is less than a yuan apart is the same.
ROUNDED: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the law of one month: from where to where a monthly contribution base goes, in yuan, and how many months
    apart two may speak and still mean the same time. None where the law of that month does not say."""

    floor: Decimal | None = None
    ceiling: Decimal | None = None
    months: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what each of SPEAKERS says of it ("" where it says nothing), whether two contradict each other, and
    why they do not although it looks so."""

    title: str
    cells: tuple[str, ...]
    differs: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Which of SPEAKERS stands in one column of the comparison, under which name, and from where."""

    speaker: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Those who are compared, fact by fact. A register without a line says so in its column."""

    columns: list[Column]
    lines: list[Line]

    @property
    def rows(self) -> list[tuple[Line, list[tuple[str, str]]]]:
        """Each line with its cells under the names of their columns."""
        places = [(column.label, SPEAKERS.index(column.speaker)) for column in self.columns]
        return [(line, [(label, line.cells[place]) for label, place in places]) for line in self.lines]


def month_of(data: Said) -> str:
    """The month a register's row speaks of (所属年月, YYYY-MM); "" where it does not say: it counts as of now."""
    month = data.get("period") or ""
    try:
        outside.day(f"{month}-01")
    except outside.Unreadable:
        return ""
    return str(month)


def lines_of(
    answers: Said,
    words: Mapping[str, str],
    registers: Mapping[str, Said],
    bounds: Bounds = Bounds(),
    month: str = "",
) -> list[Line]:
    """`answers`: question → value as sent; `words`: question → answer in words; `registers`: name → its data; `bounds`
    of the law of the month the base is of; `month` of the visit (YYYY-MM).

    Only facts somebody speaks of. 五抓 (四(二)2) rests on head-count against insured count, so they stand first.
    """
    market, social, tax = (registers.get(name, {}) for name in SPEAKERS[1:])
    times = (month, *(month_of(row) for row in (market, social, tax)))
    heads, insured = _count(answers.get("employees")), _count(answers.get("insured_seen"))
    kinds = _kinds_seen(answers), _kinds_insured(social)
    base, wage = _number(social.get("base")), _wage(tax)
    says = [words.get("operating"), market.get("standing"), social.get("status"), _filed(tax)]

    def line(title: str, values: Sequence[Any], shown: Callable[[Any], str], parts: Parts = _never) -> Line:
        return _line(title, values, shown, _contradict(values, times, bounds.months, parts))

    rows = [
        line(_("用工人数"), [heads, _count(market.get("employees")), None, _count(tax.get("heads"))], _people, _other),
        line(_("不须在此参保"), [_exempt(answers), None, None, tax.get("exempt_heads") or None], _people, _other),
        line(_("参保人数"), [insured, None, _insured(social), None], _people, _other),
        _line(_("险种"), [words.get("types_seen"), None, _insurances(social), None], str,
              _contradict([kinds[0], None, kinds[1], None], times, bounds.months, _other_kinds)),
        _base_line(base, wage, bounds, times),
        line(_("基数是否如实"), [words.get("wage_base"), None, None, None], str),
        line(_("缴费"), [None, None, _paid_to(social), _premium(tax)], str),
        line(_("名称"), [None, market.get("name"), social.get("name"), tax.get("name")], str, _other_name),
        line(_("状态"), says, str),
    ]  # fmt: skip
    return [row for row in rows if any(row.cells)]


# --- what contradicts what --------------------------------------------------------------------------------


def _contradict(values: Sequence[object], times: Sequence[str], apart: int, parts: Parts) -> bool:
    """Whether any two who speak, and of the same time, say what cannot both be true."""
    spoken = [(value, at) for value, at in zip(values, times, strict=True) if value not in (None, "")]
    return any(
        parts(value, other) and _is_same_time(at, then, apart)
        for place, (value, at) in enumerate(spoken)
        for other, then in spoken[place + 1 :]
    )


def _is_same_time(at: str, then: str, apart: int) -> bool:
    """Two months mean one time when no more than `apart` lie between them; who names none speaks of now."""
    return not at or not then or abs(_months(at) - _months(then)) <= apart


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _never(value: object, other: object) -> bool:
    return False


def _other(value: object, other: object) -> bool:
    return bool(value != other)


def _other_name(name: str, other: str) -> bool:
    return match_name(name) != match_name(other)


def _other_kinds(seen: Collection[str], insured: Mapping[str, bool]) -> bool:
    """Kinds of insurance a visit names against those a register counts heads in; a kind it does not have is unknown."""
    return any(is_in != (kind in seen) for kind, is_in in insured.items())


def base_contradicts(base: Decimal, wage: Decimal, bounds: Bounds) -> bool:
    """Whether a contribution base does not fit a wage: it is the wage, not below the floor and not above the ceiling
    (社会保险法12、60条). All in yuan a month."""
    due = wage if bounds.floor is None else max(wage, bounds.floor)
    due = due if bounds.ceiling is None else min(due, bounds.ceiling)
    return all(abs(base - fits) >= ROUNDED for fits in (wage, due))


def _base_line(base: Decimal | None, wage: Decimal | None, bounds: Bounds, times: Sequence[str]) -> Line:
    values = [None, None, base, wage]
    # The wages of another month are none of this base, so no lag is allowed between two registers.
    differs = _contradict(values, times, 0, lambda value, other: base_contradicts(value, other, bounds))
    note = ""
    if base is not None and wage is not None and not differs and abs(base - wage) >= ROUNDED:
        low = bounds.floor is not None and abs(base - bounds.floor) < ROUNDED
        high = bounds.ceiling is not None and abs(base - bounds.ceiling) < ROUNDED
        note = _("按缴费基数下限") if low else _("按缴费基数上限") if high else _("所属月份不同")
    return _line(_("月工资与缴费基数"), values, _yuan, differs, note)


# --- values -----------------------------------------------------------------------------------------------


def _line(
    title: str, values: Sequence[Any], shown: Callable[[Any], str], differs: bool, note: str = ""
) -> Line:
    cells = tuple("" if value in (None, "") else shown(value) for value in values)
    return Line(title, cells, differs, note)


def _count(value: object) -> int | None:
    """A head-count; whatever else came there says nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _people(count: int) -> str:
    return _("{n} 人").format(n=count)


def _yuan(amount: Decimal) -> str:
    """Whole yuan, as both are shown."""
    return _("{n} 元").format(n=f"{amount.quantize(Decimal(1)):,}")


def _number(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _wage(tax: Said) -> Decimal | None:
    """The declared wages per head."""
    wages, heads = _number(tax.get("wages")), tax.get("heads")
    return wages / heads if wages and heads else None


def _exempt(answers: Said) -> int | None:
    counts = [n for name, n in answers.items() if name.startswith("exempt_") and isinstance(n, int)]
    return sum(counts) or None


def _insured(social: Said) -> int | None:
    """The total, else the largest of the kinds; None where the row counts nobody at all."""
    counted = social.get("insured") is not None or any(social.get(kind) is not None for kind in INSURANCES)
    return insured_heads(social) if counted else None


def _kinds_seen(answers: Said) -> frozenset[str] | None:
    """The kinds the unit said it has; a question passed over is no answer."""
    seen = answers.get("types_seen")
    return frozenset(map(str, seen)) if isinstance(seen, list) and seen else None


def _kinds_insured(social: Said) -> dict[str, bool] | None:
    """Kind → whether anybody is insured in it, of the kinds the delivery has; None where it has none."""
    return {kind: bool(social[kind]) for kind in INSURANCES if social.get(kind) is not None} or None


def _insurances(social: Said) -> str:
    kinds = [_("{kind} {n} 人").format(kind=INSURANCES[k], n=n) for k in INSURANCES if (n := social.get(k))]
    return "，".join(kinds)


def _paid_to(social: Said) -> str:
    month = social.get("pension_paid_to")
    return _("养老缴至 {month}").format(month=month) if month else ""


def _premium(tax: Said) -> str:
    due, paid = _number(tax.get("premium_due")), _number(tax.get("premium_paid"))
    if due is None and paid is None:
        return ""
    return _("应缴 {due:,.0f} 元，实缴 {paid:,.0f} 元").format(due=due or 0, paid=paid or 0)


def _filed(tax: Said) -> str:
    month = tax.get("last_filed")
    return _("最近申报 {month}").format(month=month) if month else ""
