"""What a unit owes of each insurance, month by month, by the law of each month (社会保险法 第12条、第60条). Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from workflows.inspections.rules import money

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


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
    """One line of a reckoning: what was owed of one insurance and not paid in the months of one span, in words and as the
    numbers it is the product of: `base` × `rate` × `months` × `heads`. A line from before the numbers were kept has the
    words and the amount."""

    words: str
    amount: Decimal
    is_base: bool = False
    reviewed: bool = True
    label: str = ""
    month_from: str = ""
    month_to: str = ""
    heads: int = 0
    base: Decimal | None = None
    rate: Decimal | None = None
    months: int = 0


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
    shorts: list[Short] = []
    for span in spans:
        about = f"{found.label}（{span.month_from} 至 {span.month_to}）"
        wage = found.base_due if found.base_due is not None else span.floor
        base = money.base_of(wage, span.floor, span.ceiling)
        if found.missing:
            owed = money.Owed(about, span.rate, wage, span.months, found.missing, span.floor, span.ceiling)
            shorts += _shorts(owed, span, found.label)
        declared = found.base_declared
        if declared is not None and declared < base and found.heads_insured:
            words = _("{about}，每人应申报 {base}、已申报 {declared}，相差的部分")
            told = words.format(about=about, base=money.yuan(base), declared=money.yuan(declared))
            owed = money.Owed(told, span.rate, base - declared, span.months, found.heads_insured)
            shorts += _shorts(owed, span, found.label, is_base=True)
    return tuple(shorts)


def _shorts(owed: money.Owed, span: Span, label: str, *, is_base: bool = False) -> Iterator[Short]:
    for line in money.arrears([owed]).lines:
        yield Short(
            line.words, line.adds, is_base, span.reviewed, label, span.month_from, span.month_to, owed.heads,
            money.base_of(owed.wage, owed.floor, owed.ceiling), owed.rate, owed.months,
        )  # fmt: skip
