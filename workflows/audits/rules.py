"""What an audit may conclude and say: plain values in, plain values out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.calendar.rules import add_months
from workflows.inspections.rules import money

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

# The path as drawn on the page; ends stand beside it.
PATH: tuple[str, ...] = ("noticed", "examining", "informed", "opinion")
# Phases with which some of its terms end (terms.py): the service of its opinion, the answer of the tax office.
OPINION, TRANSFER = "opinion", "transfer"
# What is left to do when an audit has ended clean: the term ends with neither the audit nor its case.
LETTER_TERM = "audit.result_letter"


@dataclass(frozen=True, slots=True)
class Span:
    """Months in a row, both ends within, under the same law: from where to where a monthly base goes, and what part
    of it is owed of one insurance, by unit and person together. `reviewed`: by the lawyers, all three."""

    month_from: str
    month_to: str
    floor: Decimal
    ceiling: Decimal
    rate: Decimal
    reviewed: bool = True

    @property
    def months(self) -> int:
        first, last = map(_number_of, (self.month_from, self.month_to))
        return last - first + 1


@dataclass(frozen=True, slots=True)
class Short:
    """One line of a reckoning in words: what was owed and not paid in the months of one span."""

    words: str
    amount: Decimal
    is_base: bool = False
    reviewed: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One insurance as the audit found it. Bases are in yuan, the monthly average per head: `base_due` as the wages
    say, None where the wages could not be found out. `rate` where it is another than the law's (工伤保险 by trade).
    `shorts`: what is owed, as `reckon` says."""

    label: str
    month_from: str
    month_to: str
    heads_due: int
    heads_insured: int
    base_due: Decimal | None = None
    base_declared: Decimal | None = None
    rate: Decimal | None = None
    shorts: tuple[Short, ...] = ()

    @property
    def missing(self) -> int:
        return max(0, self.heads_due - self.heads_insured)

    @property
    def arrears(self) -> Decimal:
        return sum((short.amount for short in self.shorts), Decimal(0))

    @property
    def is_low(self) -> bool:
        """Whether a base was declared below what the law asks."""
        return any(short.is_base for short in self.shorts)


def audit_code(prefix: str, year: int, number: int) -> str:
    """
    >>> audit_code("HBW", 2026, 3)
    'HBW-JH-2026-0003'
    """
    return f"{prefix}-JH-{year}-{number:04d}"


def earliest_start(noticed_on: date, notice_days: int) -> date:
    """The first day on which the audit may begin: so many days after its notice was served (社会保险稽核办法).

    >>> earliest_start(date(2026, 11, 2), 3)
    datetime.date(2026, 11, 5)
    """
    return noticed_on + timedelta(days=notice_days)


def is_month(text: str) -> bool:
    return bool(_MONTH.fullmatch(text))


def _number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def months_between(first: str, last: str) -> list[str]:
    """
    >>> months_between("2025-11", "2026-02")
    ['2025-11', '2025-12', '2026-01', '2026-02']
    """
    numbers = range(_number_of(first) - 1, _number_of(last))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]


def joined(months: Sequence[Span]) -> list[Span]:
    """Months in order, each a span of its own, as spans: one for as long as the law stays the same.

    >>> month = Span("2025-11", "2025-11", Decimal(1), Decimal(2), Decimal("0.1"))
    >>> later = replace(month, month_from="2025-12", month_to="2025-12")
    >>> [(span.month_from, span.month_to, span.months) for span in joined([month, later])]
    [('2025-11', '2025-12', 2)]
    """
    spans: list[Span] = []
    for month in months:
        before = spans[-1] if spans else None
        if before and _law_of(before) == _law_of(month):
            spans[-1] = replace(before, month_to=month.month_to)
        else:
            spans.append(month)
    return spans


def _law_of(span: Span) -> tuple[Decimal, Decimal, Decimal, bool]:
    return span.floor, span.ceiling, span.rate, span.reviewed


def reckon(found: Found, spans: Iterable[Span]) -> tuple[Short, ...]:
    """What is owed of one insurance, span by span: for heads left out on the whole base, for those insured on what the
    base declared falls short. No base lies below the year's floor or above its ceiling (社会保险法 第12条、第60条).
    Wages nobody could find out count as the floor.
    """
    shorts = []
    for span in spans:
        about = f"{found.label}（{span.month_from} 至 {span.month_to}）"
        wage = found.base_due if found.base_due is not None else span.floor
        base = money.base_of(wage, span.floor, span.ceiling)
        if found.missing:
            owed = money.Owed(about, span.rate, wage, span.months, found.missing, span.floor, span.ceiling)
            shorts += _shorts(owed, span)
        declared = found.base_declared
        if declared is not None and declared < base and found.heads_insured:
            words = _("{about}，每人应申报 {base}、已申报 {declared}，相差的部分")
            told = words.format(about=about, base=money.yuan(base), declared=money.yuan(declared))
            owed = money.Owed(told, span.rate, base - declared, span.months, found.heads_insured)
            shorts += _shorts(owed, span, is_base=True)
    return tuple(shorts)


def _shorts(owed: money.Owed, span: Span, *, is_base: bool = False) -> list[Short]:
    lines = money.arrears([owed]).lines
    return [Short(line.words, line.adds, is_base, span.reviewed) for line in lines]


def is_wrong(found: Found) -> bool:
    """Whether an insurance shows something to be corrected: heads left out, or money owed, be it for a base too low."""
    return found.missing > 0 or found.arrears > 0


def in_words(found: Found) -> str:
    """A finding as the documents say it. What is owed is reckoned here and assessed by who collects.

    >>> in_words(Found("工伤保险", "2026-01", "2026-10", 12, 4, shorts=(Short("", Decimal("960.00")),)))
    '工伤保险（2026-01 至 2026-10）：应参保12人，实际参保4人，少8人；测算欠缴960.00 元。'
    """
    parts = [f"应参保{found.heads_due}人，实际参保{found.heads_insured}人"]
    if found.missing:
        parts[0] += f"，少{found.missing}人"
    if found.base_due is not None:
        parts.append(f"月平均工资{found.base_due:,.2f} 元")
    if found.base_declared is not None and found.heads_insured:
        low = "，低于应申报的缴费基数" if found.is_low else ""
        parts.append(f"申报的月缴费基数{found.base_declared:,.2f} 元{low}")
    if found.arrears > 0:
        parts.append(f"测算欠缴{found.arrears:,.2f} 元")
    return f"{found.label}（{found.month_from} 至 {found.month_to}）：{'；'.join(parts)}。"


def breached(founds: Sequence[Found]) -> tuple[str, ...]:
    """The clauses of the 社会保险法 that these findings show broken, each once.

    第58条第1款: everybody is registered within 30 days; 第60条第1款: bases are declared truthfully, contributions paid in
    full. 第63条 says what the collector does about it; nobody breaks it.
    """
    clauses = []
    if any(found.missing for found in founds):
        clauses.append("社会保险法第五十八条第一款")
    if any(is_wrong(found) for found in founds):
        clauses.append("社会保险法第六十条第一款")
    return tuple(clauses)


def orders(founds: Sequence[Found]) -> tuple[str, ...]:
    """What the opinion asks for when the auditors write nothing else (社会保险经办条例 第44条). The sum is the tax office's
    to assess and to collect (社会保险法 第63条), so it is asked to be declared there."""
    asked = []
    for found in founds:
        if found.missing:
            asked.append(f"为{found.missing}名职工办理{found.label}参保登记。")
        if found.is_low:
            asked.append(f"按规定如实申报{found.label}缴费基数。")
        if found.arrears > 0:
            asked.append(
                f"就{found.label}{found.month_from}至{found.month_to}少缴的部分向税务机关申报缴纳"
                f"（测算{found.arrears:,.2f} 元，以税务机关核定为准）。"
            )
    return tuple(asked)


def latest_agreement(signed_on: date, months: int) -> date:
    """The last day an agreement on later payment may name (社会保险费申报缴纳管理规定: not more than a year).

    >>> latest_agreement(date(2026, 11, 23), 12)
    datetime.date(2027, 11, 23)
    """
    return add_months(signed_on, months)


def settled(kind: str, collected: Decimal, owed: Decimal) -> str:
    """The state a transfer reaches by an answer of `kind`, with `collected` in all.

    >>> settled("collected", Decimal(60), Decimal(100)), settled("collected", Decimal(100), Decimal(100))
    ('received', 'collected')
    """
    if kind == "collected":
        return "collected" if collected >= owed else "received"
    return kind
