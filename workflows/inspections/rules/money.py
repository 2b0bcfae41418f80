"""What a violation costs: arrears, late fees, fines, surcharges, shown step by step in words.

Everything is in yuan, exact to the 分, each step rounded by itself, so that the lines add up to the amount.
Which tier a case falls into follows from its facts by the tiers in the law of the day (裁量基准); how much within
the tier is decided by a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Protocol

from django.utils.translation import gettext as _

from workflows.inspections import problems as inspections_problems

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a reckoning in words, and what it adds to the amount (nothing for a step that only explains)."""

    words: str
    adds: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Reckoning:
    """An amount with the steps that lead to it: `sum(line.adds) == amount`."""

    lines: tuple[Line, ...]
    amount: Decimal

    @property
    def words(self) -> list[str]:
        return [line.words for line in self.lines]


def reckoning(lines: Iterable[Line]) -> Reckoning:
    lines = tuple(lines)
    return Reckoning(lines, sum((line.adds for line in lines), NOTHING))


def to_cent(amount: Decimal) -> Decimal:
    """Rounded to the 分, half up, as money is counted."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def yuan(amount: Decimal) -> str:
    return _("{sum} 元").format(sum=f"{to_cent(amount):,}")


def number(value: object) -> Decimal:
    """A number of the law table (JSON) as the decimal it was written as."""
    return Decimal(str(value))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def percent(rate: Decimal) -> str:
    """
    >>> percent(Decimal("0.002"))
    '0.2%'
    """
    return f"{_plain(rate * 100)}%"


def _in_brackets(basis: str) -> str:
    return f"（{basis}）" if basis else ""


# --- arrears -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owed:
    """Contributions of one insurance not paid: a monthly wage and the months it was owed for.

    `floor` and `ceiling` bound the monthly base; an insurance paid on the whole wage bill has none.
    """

    insurance: str
    rate: Decimal
    wage: Decimal
    months: int
    heads: int = 1
    floor: Decimal | None = None
    ceiling: Decimal | None = None


def base_of(wage: Decimal, floor: Decimal | None, ceiling: Decimal | None) -> Decimal:
    """The monthly base: the wage, not below 60 % and not above 300 % of the average (社会保险法12、60条)."""
    raised = wage if floor is None else max(wage, floor)
    return raised if ceiling is None else min(raised, ceiling)


def arrears(owed: Sequence[Owed]) -> Reckoning:
    """欠缴社会保险费: for each insurance, base × rate × months × persons (社会保险法12、60、62条).

    The employer's share and what it should have withheld are two entries with their own rates.
    """
    return reckoning(_owed_line(contribution) for contribution in owed)


def _owed_line(owed: Owed) -> Line:
    base = base_of(owed.wage, owed.floor, owed.ceiling)
    amount = to_cent(base * owed.rate * owed.months * owed.heads)
    bound = "" if base == owed.wage else _("（按下限计）") if base > owed.wage else _("（按上限计）")
    words = _(
        "{insurance}：月缴费基数 {base}{bound} × {rate} × {months} 个月 × {heads} 人 = {amount}"
    ).format(
        insurance=owed.insurance,
        base=yuan(base),
        bound=bound,
        rate=percent(owed.rate),
        months=owed.months,
        heads=owed.heads,
        amount=yuan(amount),
    )
    return Line(words, amount)


# --- late fee ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayRate:
    """A daily rate and the first day it is law."""

    since: date
    rate: Decimal
    basis: str


class DatedValue(Protocol):
    """A row of the law table, as far as a rate needs it."""

    value: Any
    basis: str
    valid_from: date


def day_rates(rows: Iterable[DatedValue]) -> list[DayRate]:
    """All rows `inspection.late_fee_rate` of the law, whatever day, as rates in order of time."""
    rates = [DayRate(row.valid_from, number(row.value), row.basis) for row in rows]
    return sorted(rates, key=lambda rate: rate.since)


def late_fee_in_words(
    arrears: Decimal, since: date, until: date, rates: Sequence[DayRate], cap: bool
) -> Reckoning:
    """The late fee over days under different law: 2‰ a day before 2011-07-01 (社会保险费征缴暂行条例13条), then
    0.05 % a day (社会保险法86条). `rates` in order of time; days before the first bear nothing.
    """
    lines = [_days_line(arrears, *span) for span in _spans(since, until, rates)]
    total = sum((line.adds for line in lines), NOTHING)
    head = _("欠缴本金 {arrears}，自 {since} 起至 {until} 止")
    lines.insert(0, Line(head.format(arrears=yuan(arrears), since=since, until=until)))
    if cap and total > to_cent(arrears):
        over = total - to_cent(arrears)
        lines.append(
            Line(_("以欠缴本金为限，减去 {over}（行政强制法第45条）").format(over=yuan(over)), -over)
        )
    return reckoning(lines)


def _spans(since: date, until: date, rates: Sequence[DayRate]) -> Iterable[tuple[date, date, DayRate]]:
    """The days from `since` to `until`, cut where the rate changes."""
    for place, rate in enumerate(rates):
        last = rates[place + 1].since - timedelta(days=1) if place + 1 < len(rates) else until
        first, last = max(since, rate.since), min(until, last)
        if first <= last:
            yield first, last, rate


def _days_line(arrears: Decimal, first: date, last: date, rate: DayRate) -> Line:
    days = (last - first).days + 1
    amount = to_cent(arrears * rate.rate * days)
    words = _("{first} 至 {last} 共 {days} 日：{arrears} × {rate} × {days} = {amount}{basis}").format(
        first=first,
        last=last,
        days=days,
        arrears=yuan(arrears),
        rate=percent(rate.rate),
        amount=yuan(amount),
        basis=_in_brackets(rate.basis),
    )
    return Line(words, amount)


# --- fines -------------------------------------------------------------------------------------

Unit = Literal["times", "yuan"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tiers look at. `corrected`: before_filing, in_term (of the order), after_term, never.

    `amount` is the sum at stake: premiums not paid, or wages concealed.
    """

    amount: Decimal
    first: bool = True
    corrected: str = "never"
    obstructed: bool = False
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of discretion (裁量阶次): the facts it is for, and from where to where the fine goes.

    `unit` times: of the sum at stake; yuan: a sum of its own, whatever is at stake.
    """

    code: str
    title: str
    conditions: Mapping[str, Any]
    low: Decimal
    high: Decimal
    unit: Unit = "times"
    basis: str = ""


CONDITIONS: Mapping[str, Callable[[Facts, Any], bool]] = {
    "first": lambda facts, asked: facts.first is asked,
    "obstructed": lambda facts, asked: facts.obstructed is asked,
    "corrected": lambda facts, asked: facts.corrected in asked,
    "amount_from": lambda facts, asked: facts.amount >= number(asked),
    "amount_below": lambda facts, asked: facts.amount < number(asked),
    "heads_from": lambda facts, asked: facts.heads >= asked,
    "heads_below": lambda facts, asked: facts.heads < asked,
}


def tiers_of(table: Mapping[str, Any], violation: str) -> list[Tier]:
    """The tiers of one violation in a row `inspection.tiers` of the law. Raises KeyError for an unknown violation."""
    entry = table[violation]
    return [
        Tier(
            code=row["code"],
            title=row["title"],
            conditions=row["when"],
            low=number(row["from"]),
            high=number(row["to"]),
            unit=entry["unit"],
            basis=entry["basis"],
        )
        for row in entry["tiers"]
    ]


def tier_of(facts: Facts, tiers: Sequence[Tier]) -> Tier:
    """The first tier, in the order of the table, all of whose conditions hold (行政处罚法34条：裁量基准).

    Raises NoTier when the table leaves a gap: then nobody guesses. KeyError for a condition nobody knows.
    """
    for tier in tiers:
        if all(CONDITIONS[name](facts, asked) for name, asked in tier.conditions.items()):
            return tier
    raise inspections_problems.NoTier()


def fine_range(base: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """From where to where a fine of `low` to `high` times `base` goes.

    社会保险法84、86条：应缴（欠缴）社会保险费数额一倍以上三倍以下；劳动保障监察条例27条：瞒报工资数额一倍以上
    三倍以下.
    """
    return to_cent(base * low), to_cent(base * high)


def range_of(base: Decimal, tier: Tier) -> tuple[Decimal, Decimal]:
    """The fines `tier` allows. Persons directly responsible pay 500 to 3,000 (社会保险法84条), obstruction 2,000
    to 20,000 (劳动保障监察条例30条): sums of their own.
    """
    if tier.unit == "yuan":
        return to_cent(tier.low), to_cent(tier.high)
    return fine_range(base, tier.low, tier.high)


def fine(base: Decimal, tier: Tier, within: Decimal | None = None, source: str = "") -> Reckoning:
    """The fine in `tier`, each step in words. `within`: the multiple or the sum chosen; else the tier's lowest.
    `source`: the paper that determined the base.

    Raises OutsideTier when what was chosen lies outside the tier.
    """
    chosen = tier.low if within is None else within
    if not tier.low <= chosen <= tier.high:
        raise inspections_problems.OutsideTier(tier=tier.title, low=_plain(tier.low), high=_plain(tier.high))
    if tier.unit == "yuan":
        step = Line(_("罚款 {amount}").format(amount=yuan(chosen)), to_cent(chosen))
        return reckoning([_tier_line(base, tier), step])
    amount = to_cent(base * chosen)
    words = _("{base} × {times} 倍 = {amount}")
    step = Line(words.format(base=yuan(base), times=_plain(chosen), amount=yuan(amount)), amount)
    head = Line(_("计罚基数 {base}{source}").format(base=yuan(base), source=_in_brackets(source)))
    return reckoning([head, _tier_line(base, tier), step])


def _tier_line(base: Decimal, tier: Tier) -> Line:
    low, high = range_of(base, tier)
    words = _("裁量档次“{tier}”：{low} 至 {high}{basis}")
    basis = _in_brackets(tier.basis)
    return Line(words.format(tier=tier.title, low=yuan(low), high=yuan(high), basis=basis))


@dataclass(frozen=True, slots=True)
class Late:
    """Days in a row on which the same part of a fine was not paid: `base`, of which each day bears the surcharge."""

    base: Decimal
    days: int


def surcharge(fine: Decimal, spans: Sequence[Late], rate: Decimal) -> Reckoning:
    """加处罚款: each day late `rate` (3 %) of what it is reckoned on, in all no more than the fine (行政处罚法72条1款1项).

    A line for each span; days on which review or suit kept it still are in none (行政处罚法73条3款).
    """
    lines = [_late_line(span, rate) for span in spans if span.days > 0]
    over = sum((line.adds for line in lines), NOTHING) - to_cent(fine)
    if over > 0:
        words = _("不超过罚款数额，减去 {over}（《中华人民共和国行政处罚法》第七十二条第一款第（一）项）")
        lines.append(Line(words.format(over=yuan(over)), -over))
    return reckoning(lines)


def _late_line(span: Late, rate: Decimal) -> Line:
    full = to_cent(span.base * rate * span.days)
    words = _("逾期 {days} 日：{base} × {rate} × {days} = {full}")
    return Line(words.format(days=span.days, base=yuan(span.base), rate=percent(rate), full=yuan(full)), full)


def hearing_owed(amount: Decimal, is_person: bool, thresholds: Mapping[str, Any]) -> bool:
    """Whether a fine is 较大数额, so that the party must be told of its right to a hearing (行政处罚法63条).

    `thresholds`: {person, unit} in yuan, from `inspection.hearing_threshold`; the number itself is included.
    """
    return amount >= number(thresholds["person" if is_person else "unit"])
