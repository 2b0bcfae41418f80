"""The members behind each indicator, read from the ledger, the registers and the coverage account.

The same reading serves computing, opening a number, and checking a frozen one.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from grid.calendar.now import day_of
from grid.law.queries import Law, the_law
from grid.ledger.models import Entry
from grid.registers.models import Register, Row
from grid.scope import in_area
from grid.subjects.models import EMPLOYERS, Standing, Subject
from tasks.coverage.models import Span
from tasks.coverage.queries import on_day
from tasks.coverage.rules import SETTLED
from workflows.assessment import rules
from workflows.assessment.rules import Share, Step

DISTRICT = 6
WATCHED = rules.VERIFYING | rules.CLOSING | rules.LATE | {"lead.found"}


def cutoff_of(year: int, today: date) -> date:
    """The last day that counts: the year's end, or today while the year still runs."""
    return min(date(year, 12, 31), today)


def steps(city: str, cutoff: date) -> list[Step]:
    """Every entry the formulas look at, in the ledger's order, up to the cut-off."""
    rows = Entry.objects.filter(in_area(city), verb__in=WATCHED).order_by("id")
    found = rows.values_list("at", "verb", "area", "subject", "case").iterator(chunk_size=10_000)
    read = (
        Step(day_of(at), verb, area[:DISTRICT], subject or 0, case) for at, verb, area, subject, case in found
    )
    return [step for step in read if step.on <= cutoff]


def coverage(city: str, year: int, cutoff: date, law: Law) -> dict[str, Share]:
    spans = Span.objects.filter(in_area(city), on_day(cutoff)).values_list("area", "subject", "state")
    return rules.by_district((area[:DISTRICT], str(who), state in SETTLED) for area, who, state in spans)


def leads(city: str, year: int, cutoff: date, law: Law) -> dict[str, Share]:
    return rules.leads_in_time(steps(city, cutoff), year, cutoff, int(law["assess.lead_term"].value))


def retention(city: str, year: int, cutoff: date, law: Law) -> dict[str, Share]:
    days = int(law["assess.retention"].value)
    told = steps(city, cutoff)
    healed = rules.healed_in_year(told, cutoff, days, year)
    relapsed = {(step.subject, step.on) for step in told if step.verb == "lead.found"}
    return rules.by_district(
        (step.district, step.case, _still_insured(step, days) and not _relapsed(step, days, relapsed))
        for step in healed
    )


def _still_insured(step: Step, days: int) -> bool:
    on = step.on + timedelta(days=days)
    return Row.objects.filter(_valid(on), register=Register.SOCIAL, subject=step.subject).exists()


def _relapsed(step: Step, days: int, found: set[tuple[int, date]]) -> bool:
    last = step.on + timedelta(days=days)
    return any(who == step.subject and step.on < on <= last for who, on in found)


def cases(city: str, year: int, cutoff: date, law: Law) -> dict[str, Share]:
    return rules.cases_in_term(steps(city, cutoff), year)


def enrolment(city: str, year: int, cutoff: date, law: Law) -> dict[str, Share]:
    def told_by(register: str) -> Exists:
        return Exists(Row.objects.filter(_valid(cutoff), register=register, subject=OuterRef("pk")))

    employers = Subject.objects.filter(in_area(city), kind__in=EMPLOYERS, standing=Standing.ACTIVE)
    active = employers.filter(told_by(Register.MARKET))
    rows = active.annotate(insured=told_by(Register.SOCIAL)).values_list("area", "pk", "insured")
    return rules.by_district((area[:DISTRICT], str(who), insured) for area, who, insured in rows)


def _valid(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


FORMULAS: dict[str, Callable[[str, int, date, Law], dict[str, Share]]] = {
    "coverage": coverage,
    "leads": leads,
    "retention": retention,
    "cases": cases,
    "enrolment": enrolment,
}


def members(formula: str, city: str, year: int, today: date) -> dict[str, Share]:
    """Shares by district for one formula, as law and records stood at the cut-off."""
    cutoff = cutoff_of(year, today)
    return FORMULAS[formula](city, year, cutoff, the_law(cutoff))
