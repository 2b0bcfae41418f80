"""Between how many and how many days whoever asks for a correction may choose, by how many people it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """`default` is the length the law's own row gives, where nobody chooses another."""

    least: int
    default: int
    most: int

    def takes(self, days: int) -> bool:
        return self.least <= days <= self.most


def span_for(rows: Iterable[Mapping[str, int]], default: int, heads: int) -> Span:
    """The first of the rows that reaches up to so many people; the last reaches to all. The law's own length always lies
    within.

    >>> rows = [{"up_to": 20, "least": 5, "most": 30}, {"least": 10, "most": 60}]
    >>> span_for(rows, 15, 1), span_for(rows, 15, 66)
    (Span(least=5, default=15, most=30), Span(least=10, default=15, most=60))
    """
    for row in rows:
        if heads <= row.get("up_to", heads):
            return Span(min(row["least"], default), default, max(row["most"], default))
    return Span(default, default, default)
