"""The formulas of the yearly assessment, on plain values.

乌政〔2020〕17号 六(四): quantify, weigh, rank. Money fined and the number of penalties are in no formula
(行政处罚法 第74条), and nobody's visits are counted: what counts is being insured and staying so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Final

CENT: Final = Decimal("0.01")
VERIFYING: Final = frozenset({"finding.confirmed", "finding.rejected", "lead.healed", "lead.dropped"})
CLOSING: Final = frozenset({"case.healed", "case.withdrawn", "listing.removed"})
LATE: Final = frozenset({"term.expired", "case.escalated"})


@dataclass(frozen=True)
class Step:
    """What a formula needs of one ledger entry. `case` is empty and `subject` 0 where the entry names none."""

    on: date
    verb: str
    district: str
    subject: int
    case: str


@dataclass(frozen=True)
class Share:
    """Who counts and who of those was missed; members are named by subject id or case number."""

    counted: frozenset[str]
    missed: frozenset[str]

    @property
    def denominator(self) -> int:
        return len(self.counted) + len(self.missed)

    @property
    def numerator(self) -> int:
        return len(self.counted)


def share_of(members: Mapping[str, bool]) -> Share:
    return Share(
        frozenset(member for member, good in members.items() if good),
        frozenset(member for member, good in members.items() if not good),
    )


def score(numerator: int, denominator: int, target: Decimal, weight: Decimal) -> Decimal | None:
    """Points: the weight times how much of the target was reached, at most all of it, to the cent.

    None where nothing was there to be done: such an indicator says nothing about a district.
    """
    if denominator == 0:
        return None
    reached = min(Decimal(numerator) / Decimal(denominator) / target, Decimal(1))
    return (weight * reached).quantize(CENT, rounding=ROUND_HALF_UP)


def total(points: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal:
    """The year's points out of a hundred from (score, weight) pairs.

    The weight of an indicator without a score is spread over the others in proportion. Were it given away
    instead, a district that opens no case would outrank one that works through its cases.
    """
    scored = [(score, weight) for score, weight in points if score is not None]
    weights = sum((weight for _, weight in scored), Decimal(0))
    if not weights:
        return Decimal(0).quantize(CENT)
    reached = sum((score for score, _ in scored), Decimal(0)) / weights
    return (reached * 100).quantize(CENT, rounding=ROUND_HALF_UP)


def leads_in_time(steps: Iterable[Step], year: int, cutoff: date, term_days: int) -> dict[str, Share]:
    """Leads found in the year whose term ended by the cut-off, and whether somebody verified them within it.

    A subject's leads found on one day are verified by the first look at that subject.
    """
    found: dict[tuple[str, int], dict[date, bool]] = {}
    last = timedelta(days=term_days)
    for step in steps:
        days = found.setdefault((step.district, step.subject), {})
        if step.verb == "lead.found" and step.on.year == year and step.on + last <= cutoff:
            days.setdefault(step.on, False)
        elif step.verb in VERIFYING:
            for day in days:
                days[day] = days[day] or step.on <= day + last
    return by_district(
        (district, f"{subject}@{day}", good)
        for (district, subject), days in found.items()
        for day, good in days.items()
    )


def cases_in_term(steps: Iterable[Step], year: int) -> dict[str, Share]:
    """Cases closed in the year, and whether they were closed before any of their terms ran out."""
    late: set[str] = set()
    closed: dict[tuple[str, str], bool] = {}
    for step in steps:
        if step.verb in LATE:
            late.add(step.case)
        elif step.verb in CLOSING and step.on.year == year:
            closed[step.district, step.case] = step.case not in late
    return by_district((district, case, good) for (district, case), good in closed.items())


def healed_in_year(steps: Iterable[Step], cutoff: date, retention_days: int, year: int) -> list[Step]:
    """Healings whose period of observation ended in the year, by the cut-off."""
    watch = timedelta(days=retention_days)
    return [
        step
        for step in steps
        if step.verb == "case.healed" and (step.on + watch).year == year and step.on + watch <= cutoff
    ]


def by_district(rows: Iterable[tuple[str, str, bool]]) -> dict[str, Share]:
    members: dict[str, dict[str, bool]] = {}
    for district, member, good in rows:
        members.setdefault(district, {})[member] = good
    return {district: share_of(found) for district, found in members.items()}


def fingerprint(members: Iterable[str]) -> str:
    """One hash for a set of members, in whatever order they come."""
    return sha256("\n".join(sorted(members)).encode()).hexdigest()
