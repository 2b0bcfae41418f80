"""The formulas of the yearly assessment, on plain values.

乌政〔2020〕17号 六(四): quantify, weigh, rank. Money fined and the number of penalties are in no formula
(行政处罚法 第74条), and nobody's visits are counted: what counts is being insured and staying so. Being insured is
never the mere presence of a line in a register: heads count, of a line whose status is in force (grid/registers/standing).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

CENT: Final = Decimal("0.01")
VERIFYING: Final = frozenset({"finding.confirmed", "finding.rejected", "lead.healed", "lead.dropped"})
CLOSING: Final = frozenset({"case.healed", "case.withdrawn", "listing.removed"})
LATE: Final = frozenset({"term.expired", "case.escalated"})


@dataclass(frozen=True, slots=True)
class Step:
    """What a formula needs of one ledger entry. `case` is empty and `subject` 0 where the entry names none."""

    on: date
    verb: str
    area: str
    subject: int
    case: str
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One of those behind a number: it adds `reached` to the numerator and `due` to the denominator.

    key: a subject's id, `id@day` for a lead, the number of a case. area and kind: as of the cut-off (what is counted by
    acts: where the act was done). heads: how many of it were insured, where that was asked. sources: the rows, spans
    and entries it rests on, as `row:7`, `span:7`, `entry:7`.
    """

    key: str
    subject: int
    area: str
    kind: str
    reached: int
    due: int
    heads: int = 0
    sources: tuple[str, ...] = ()

    @property
    def district(self) -> str:
        return self.area[:6]

    @property
    def is_missed(self) -> bool:
        return self.reached < self.due

    @property
    def counted(self) -> tuple[object, ...]:
        """What a figure is made of; the same figure may come to rest on other rows."""
        return self.key, self.subject, self.area, self.kind, self.reached, self.due, self.heads


def reached_of(members: Iterable[Member]) -> int:
    return sum(member.reached for member in members)


def due_of(members: Iterable[Member]) -> int:
    return sum(member.due for member in members)


def by_district(members: Iterable[Member]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(member.district, []).append(member)
    return found


def figures(members: Iterable[Member], sort_of: Mapping[str, str]) -> dict[str, list[int]]:
    """Sort → [reached, due, how many], of the members whose kind is known; the sums over all sorts are the number."""
    found: dict[str, list[int]] = {}
    for member in members:
        sums = found.setdefault(sort_of.get(member.kind, ""), [0, 0, 0])
        sums[0] += member.reached
        sums[1] += member.due
        sums[2] += 1
    return found


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


# --- the formulas -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lead:
    """The leads of one subject found on one day: where, by which entry, and which look was in time."""

    area: str
    entry: int
    seen_by: int = 0


def leads_in_time(steps: Iterable[Step], year: int, cutoff: date, term_days: int) -> list[Member]:
    """Leads found in the year whose term ended by the cut-off, and whether somebody verified them within it.

    A subject's leads found on one day are verified by the first look at that subject, wherever it has moved since;
    they count for the district in which they were found.
    """
    found: dict[int, dict[date, _Lead]] = {}
    last = timedelta(days=term_days)
    for step in steps:
        days = found.setdefault(step.subject, {})
        if step.verb == "lead.found" and step.on.year == year and step.on + last <= cutoff:
            days.setdefault(step.on, _Lead(step.area, step.entry))
        elif step.verb in VERIFYING and step.subject:
            for day, lead in days.items():
                if not lead.seen_by and step.on <= day + last:
                    lead.seen_by = step.entry or -1
    return [
        Member(
            f"{subject}@{day}", subject, lead.area, "", int(bool(lead.seen_by)), 1,
            sources=_entries(lead.entry, lead.seen_by),
        )
        for subject, days in found.items()
        for day, lead in days.items()
    ]  # fmt: skip


def cases_in_term(steps: Iterable[Step], year: int) -> list[Member]:
    """Cases closed in the year, and whether they were closed before any of their terms ran out."""
    late: dict[str, int] = {}
    closed: dict[str, Member] = {}
    for step in steps:
        if step.verb in LATE:
            late.setdefault(step.case, step.entry)
        elif step.verb in CLOSING and step.on.year == year:
            in_term = step.case not in late
            sources = _entries(step.entry, late.get(step.case, 0))
            closed[step.case] = Member(
                step.case, step.subject, step.area, "", int(in_term), 1, sources=sources
            )
    return list(closed.values())


def rectified_in_year(steps: Iterable[Step], cutoff: date, retention_days: int, year: int) -> list[Step]:
    """Healings whose period of observation ended in the year, by the cut-off."""
    watch = timedelta(days=retention_days)
    return [
        step
        for step in steps
        if step.verb == "case.healed" and (step.on + watch).year == year and step.on + watch <= cutoff
    ]


@dataclass(frozen=True, slots=True)
class Insured:
    """What the social register said of one unit on one day: heads in force, and by which rows."""

    heads: int = 0
    rows: tuple[int, ...] = ()


def kept(step: Step, days: int, insured: Insured, found: Iterable[date]) -> Member:
    """A healed case after its observation: heads are still insured, and no new lead was found meanwhile."""
    last = step.on + timedelta(days=days)
    relapsed = any(step.on < on <= last for on in found)
    sources = _entries(step.entry) + tuple(f"row:{row}" for row in insured.rows)
    is_kept = insured.heads > 0 and not relapsed
    return Member(step.case, step.subject, step.area, "", int(is_kept), 1, insured.heads, sources)


def heads_due(kind: str, market: Mapping[str, Any], tax: Mapping[str, Any], insured: int) -> int:
    """How many of a unit in business are to be insured (社会保险法 第58条: 用工之日起三十日内).

    Those for whom it withholds wage tax, less those who need not be insured here; where the tax office is silent, the
    staff the business register counts. Nobody counts less than are insured. Of a unit of which no register counts
    anybody, one is due: it is a gap, not a success; but a sole trader without staff owes for nobody (第10条).

    >>> heads_due("enterprise", {}, {"heads": 9, "exempt_heads": 1}, 3), heads_due("enterprise", {}, {}, 0)
    (8, 1)
    """
    told = tax.get("heads")
    heads = market.get("employees") if told is None else max(0, int(told) - int(tax.get("exempt_heads") or 0))
    if heads is None:
        heads = 0 if kind == "sole_trader" else 1
    return max(int(heads), insured)


def _entries(*ids: int) -> tuple[str, ...]:
    return tuple(f"entry:{entry}" for entry in ids if entry > 0)


# --- what changed since -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A member as it was stored and as it is read now; None where it was not, or is not any more, among them."""

    before: Member | None
    after: Member | None

    @property
    def member(self) -> Member:
        found = self.after or self.before
        assert found is not None
        return found


def differences(stored: Iterable[Member], fresh: Iterable[Member]) -> list[Difference]:
    """By key, whichever area a member is in: one that moved differs once and not twice."""
    before = {member.key: member for member in stored}
    after = {member.key: member for member in fresh}
    return [
        Difference(before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if key not in before or key not in after or before[key].counted != after[key].counted
    ]


# --- the year's own days ------------------------------------------------------------------------------


def cutoff_of(year: int, today: date) -> date:
    """The last day that counts: the year's end, or today while the year still runs."""
    return min(date(year, 12, 31), today)


def closes_from(year: int, days_after: int) -> date:
    """The first day on which a year may be shown and closed: it has ended, and late registers had their days.

    >>> closes_from(2025, 10)
    datetime.date(2026, 1, 11)
    """
    return date(year + 1, 1, 1) + timedelta(days=days_after)
