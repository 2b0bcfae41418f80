"""应缴社会保险费计算表 and 未参保职工名册: what a sum of a paper is made of, enclosed with the party's own copy.

Papers to other offices have no field for it: whoever is not the party learns the sum, and nobody's name.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SumRow:
    """One product: `heads` people for `months` months at `base` and `rate`; the rate in words. Sums in yuan."""

    insurance: str
    period: str
    heads: int
    base: Decimal
    rate: str
    months: int
    amount: Decimal


@dataclass(frozen=True)
class SumTable:
    """The lines and what they come to; the people it is about by their family names, where the file has them. Not
    `reviewed` where a floor, ceiling or rate used waits for the lawyers."""

    rows: tuple[SumRow, ...]
    total: Decimal
    roster: tuple[str, ...] = ()
    reviewed: bool = True
