"""What a violation is in law: the duty it breaks, the power to order and to punish, the findings that allow it. Pure.

Everything a paper says of it follows from one row of the law (`inspection.violations`), so that the fact, the duty and
the power always belong together (行政处罚法 第5、40条; 最高法指导案例41号: a clause that is not named was not applied).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NotRequired, TypedDict

from grid.calendar.rules import add_months
from workflows.inspections import problems as inspections_problems

# As an officer is offered them, the nearest first. A database keeps the names of a table in an order of its own.
ORDER = ("unregistered", "missed", "unpaid", "concealed", "obstruction", "defiance")
# Corrected by then, nothing is left to punish where 逾期不改正 or 逾期仍不缴纳 is part of the offence.
IN_TIME = ("before_filing", "in_term")


class Entry(TypedDict):
    """One entry as the row keeps it."""

    title: str
    measures: list[str]
    breached: list[str]
    order: list[str]
    orders: list[str]
    punish: list[str]
    waits_for: Literal["", "order", "any_order", "tax_order"]
    tiers: str
    persons: NotRequired[str]
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Offence:
    """One entry of the row. `waits_for`: whose order has to run out in vain before it may be punished at all (社会保险法
    第84、86条): ours to correct this, any of ours, that of the collector, or nobody's. `reviewed`: whether its power to
    punish is beyond doubt. `persons`: the tiers by which those responsible are fined beside the employer, none where
    the clause names nobody but the employer.
    """

    key: str
    title: str
    measures: tuple[str, ...]
    breached: tuple[str, ...]
    order: tuple[str, ...]
    orders: tuple[str, ...]
    punish: tuple[str, ...]
    waits_for: Literal["", "order", "any_order", "tax_order"]
    tiers: str
    reviewed: bool
    persons: str = ""


def offence_of(table: Mapping[str, Entry], key: str) -> Offence:
    """Raises KeyError for one the law does not know."""
    entry = table[key]
    return Offence(
        key, entry["title"], tuple(entry["measures"]), tuple(entry["breached"]), tuple(entry["order"]),
        tuple(entry["orders"]), tuple(entry["punish"]), entry["waits_for"], entry["tiers"], entry["reviewed"],
        entry.get("persons", ""),
    )  # fmt: skip


def offences_for(
    table: Mapping[str, Entry], measures: Iterable[str], *, after_order: bool = False
) -> list[Offence]:
    """Those that what was found (五抓) allows, in ORDER. `after_order`: an order of ours has run out, so that it may
    have been defied."""
    found = set(measures)
    offences = (offence_of(table, key) for key in ORDER if key in table)
    return [
        offence
        for offence in offences
        if found & set(offence.measures) and (after_order or offence.waits_for != "any_order")
    ]


def require_unmet(offence: Offence, corrected: str) -> None:
    """Raises NothingToPunish for what was put right before its term was over: 逾期不改正 is part of the offence."""
    if offence.waits_for and corrected in IN_TIME:
        raise inspections_problems.NothingToPunish(violation=offence.title)


def is_past(ended_on: date | None, found_on: date, months: int) -> bool:
    """Whether it ended longer ago than it may still be punished, when it was found out (行政处罚法 第36条, 劳动保障监察条例
    第20条). `ended_on` None: it goes on.

    >>> is_past(date(2024, 3, 1), date(2026, 3, 1), 24), is_past(date(2024, 2, 29), date(2026, 3, 1), 24)
    (False, True)
    """
    return ended_on is not None and add_months(ended_on, months) < found_on
