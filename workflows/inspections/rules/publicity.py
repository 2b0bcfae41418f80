"""How long a penalty is public, and from when it may be repaired (信用修复管理办法)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from grid.calendar.rules import add_months

# The rows of the law that say how long, of a weighty penalty and of any other: the shortest, the longest.
SERIOUS, ORDINARY = ("penalty.serious_least", "penalty.serious_most"), ("penalty.least", "penalty.most")


@dataclass(frozen=True, slots=True)
class Period:
    """The last day of publication and the first of repair; none where the period is no longer than the shortest."""

    ends_on: date
    repair_from: date | None


def bounds_of(marks: Mapping[str, object], serious: Collection[str]) -> tuple[str, str]:
    """By which rows: any of the `serious` marks, as the law names them, makes it a weighty one.

    >>> bounds_of({"hearing_owed": True, "collective_needed": False}, ["hearing_owed"])
    ('penalty.serious_least', 'penalty.serious_most')
    """
    return SERIOUS if any(marks.get(mark) for mark in serious) else ORDINARY


def period_of(decided_on: date, shortest: int, longest: int) -> Period:
    """Months counted from the decision (自认定之日起), as those of the list: they end with the day of the same number, and
    never roll over a day off, which would show the party longer than allowed.

    >>> period_of(date(2026, 7, 23), 3, 12)
    Period(ends_on=datetime.date(2027, 7, 23), repair_from=datetime.date(2026, 10, 24))
    """
    first = add_months(decided_on, shortest) + timedelta(days=1) if longest > shortest else None
    return Period(add_months(decided_on, longest), first)
