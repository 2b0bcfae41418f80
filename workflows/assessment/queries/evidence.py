"""The members behind each indicator, read from the ledger, the registers and the coverage account.

Everything is read as of the cut-off: rows and spans that held on it, entries written by then, merges known by then.
Nothing here asks a subject's columns of today. The same reading serves computing and checking.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from grid.calendar.now import day_of, end_of
from grid.law.queries import Law, the_law
from grid.ledger.models import Entry
from grid.registers.models import Register, Row
from grid.registers.standing import INSURANCES, held_on, insured_heads, is_in_force
from grid.scope import in_area
from grid.subjects.actions.merging import merged_by
from grid.subjects.models import EMPLOYERS, SubjectKind
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on
from tasks.coverage.models import Span
from tasks.coverage.queries import placed_on
from tasks.coverage.rules import OUT, SETTLED
from tasks.coverage.states import CoverState
from workflows.assessment import rules
from workflows.assessment.rules import Insured, Member, Step

WATCHED = rules.VERIFYING | rules.CLOSING | rules.LATE | {"lead.found"}
# Whose door shows that a site is insured: no register here lists sites.
PROVEN_AT_DOOR = frozenset({CoverState.COMPLIANT, CoverState.RECTIFIED})
CHUNK = 5_000
# All that is kept of a city's lines while they are counted.
ASKED: Mapping[str, tuple[str, ...]] = {
    Register.MARKET: ("standing", "employees"),
    Register.SOCIAL: ("status", "insured", *INSURANCES),
    Register.TAX: ("status", "heads", "exempt_heads"),
}

# The numbers of the law each formula rests on, kept with the year they were used in.
USED: Mapping[str, tuple[str, ...]] = {"leads": ("assess.lead_term",), "retention": ("assess.retention",)}


def steps(city: str, cutoff: date) -> list[Step]:
    """Every entry the formulas look at, in the ledger's order, up to the cut-off. What was done about a duplicate was
    done about the subject it was one with by then."""
    rows = Entry.objects.filter(in_area(city), verb__in=WATCHED, at__lt=end_of(cutoff)).order_by("id")
    roots = merged_by(cutoff)
    found = rows.values_list("at", "verb", "area", "subject", "case", "id").iterator(chunk_size=10_000)
    return [
        Step(day_of(at), verb, area, roots.get(subject or 0, subject or 0), case, entry)
        for at, verb, area, subject, case, entry in found
    ]


def coverage(city: str, year: int, cutoff: date, law: Law) -> list[Member]:
    spans = Span.objects.filter(in_area(city), held_on(cutoff)).exclude(state__in=OUT)
    return [
        Member(str(who), who, area, kind, int(state in SETTLED), 1, sources=(f"span:{pk}",))
        for pk, area, who, kind, state in spans.values_list(
            "pk", "area", "subject", "kind", "state"
        ).iterator()
    ]


def leads(city: str, year: int, cutoff: date, law: Law) -> list[Member]:
    term = int(law["assess.lead_term"].value)
    return _with_kinds(rules.leads_in_time(steps(city, cutoff), year, cutoff, term), cutoff)


def cases(city: str, year: int, cutoff: date, law: Law) -> list[Member]:
    return _with_kinds(rules.cases_in_term(steps(city, cutoff), year), cutoff)


def retention(city: str, year: int, cutoff: date, law: Law) -> list[Member]:
    days = int(law["assess.retention"].value)
    told = steps(city, cutoff)
    healed = rules.rectified_in_year(told, cutoff, days, year)
    found: dict[int, list[date]] = {}
    for step in told:
        if step.verb == "lead.found":
            found.setdefault(step.subject, []).append(step.on)
    insured = _insured({(step.subject, step.on + timedelta(days=days)) for step in healed}, merged_by(cutoff))
    kept = [
        rules.kept(
            step, days, insured.get((step.subject, step.on + timedelta(days=days)), Insured()),
            found.get(step.subject, ()),
        )
        for step in healed
    ]  # fmt: skip
    return _with_kinds(kept, cutoff)


def _insured(asked: set[tuple[int, date]], roots: Mapping[int, int]) -> dict[tuple[int, date], Insured]:
    """(subject, day) → what the social register said of it then, under its own name or a duplicate's."""
    names: dict[int, list[int]] = {}
    for duplicate, root in roots.items():
        names.setdefault(root, []).append(duplicate)
    own = {subject: [subject, *names.get(subject, ())] for subject, _day in asked}
    versions: dict[int, list[tuple[date, date | None, int, int]]] = {}
    for some in _chunks({number for ids in own.values() for number in ids}):
        rows = Row.objects.filter(register=Register.SOCIAL, subject__in=some).order_by("pk")
        for pk, subject, data, since, until in rows.values_list("pk", "subject", "data", "since", "until"):
            versions.setdefault(subject, []).append((since, until, pk, insured_heads(data)))
    return {
        (subject, day): _on_day(day, (line for number in own[subject] for line in versions.get(number, ())))
        for subject, day in asked
    }


def _on_day(day: date, lines: Iterable[tuple[date, date | None, int, int]]) -> Insured:
    held = [
        (pk, heads) for since, until, pk, heads in lines if since <= day and (until is None or until > day)
    ]
    return Insured(max((heads for _pk, heads in held), default=0), tuple(pk for pk, _heads in held))


def enrolment(city: str, year: int, cutoff: date, law: Law) -> list[Member]:
    """Units and sites in business on the cut-off, by heads. What a complete register no longer holds is out of it; whom
    a register of that day brought in after it is in it."""
    kinds = {*EMPLOYERS, SubjectKind.CONSTRUCTION_SITE}
    spans = placed_on(cutoff).filter(in_area(city), kind__in=kinds).exclude(state__in=OUT)
    placed = spans.values_list("pk", "area", "subject", "kind", "state", "since")
    lines = _lines_on(city, cutoff)
    gone = _gone(city, cutoff)
    found = []
    for pk, area, who, kind, state, since in placed.iterator():
        told = lines.get(who, {})
        if since > cutoff and not told:
            continue
        market = told.get(Register.MARKET)
        out = who in gone if market is None else not is_in_force(Register.MARKET, market[1])
        if not out:
            found.append(_enrolled(f"span:{pk}", area, who, kind, state, told))
    return [member for member in found if member.due]


Line = tuple[int, dict[str, Any]]
Lines = dict[str, Line]
NOTHING: Line = (0, {})


def _enrolled(span: str, area: str, who: int, kind: str, state: str, told: Lines) -> Member:
    """`told`: register → (row, line)."""
    market, social, tax = (
        told.get(register, NOTHING)[1] for register in (Register.MARKET, Register.SOCIAL, Register.TAX)
    )
    insured = insured_heads(social)
    due = rules.heads_due(kind, market, tax if is_in_force(Register.TAX, tax) else {}, insured)
    if kind == SubjectKind.CONSTRUCTION_SITE and state in PROVEN_AT_DOOR:
        insured = due
    sources = (span, *(f"row:{row}" for row, _line in told.values()))
    return Member(str(who), who, area, kind, min(insured, due), due, insured, sources)


def _lines_on(city: str, cutoff: date) -> dict[int, Lines]:
    """Subject → register → (row, what is asked of its line) on the cut-off."""
    rows = Row.objects.filter(held_on(cutoff), in_area(city), register__in=ASKED).order_by("pk")
    found: dict[int, Lines] = {}
    for pk, who, register, data in rows.values_list("pk", "subject", "register", "data").iterator(CHUNK):
        found.setdefault(who, {})[register] = pk, {key: data[key] for key in ASKED[register] if key in data}
    return found


def _gone(city: str, cutoff: date) -> set[int]:
    """Whom the business register held once, and ended by the cut-off; whoever it holds again has a line that held."""
    ended = Row.objects.filter(in_area(city), register=Register.MARKET, until__lte=cutoff)
    return set(ended.values_list("subject", flat=True).iterator(CHUNK))


def _with_kinds(members: list[Member], cutoff: date) -> list[Member]:
    """What is counted by acts gets the kind its subject had on the cut-off."""
    kinds: dict[int, str] = {}
    for some in _chunks({member.subject for member in members}):
        spans = Span.objects.filter(held_on(cutoff), subject__in=some)
        kinds |= dict(spans.values_list("subject", "kind"))
    return [
        Member(m.key, m.subject, m.area, kinds.get(m.subject, ""), m.reached, m.due, m.heads, m.sources)
        for m in members
    ]


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


FORMULAS: Mapping[str, Callable[[str, int, date, Law], list[Member]]] = {
    "coverage": coverage,
    "leads": leads,
    "retention": retention,
    "cases": cases,
    "enrolment": enrolment,
}


def members(formula: str, city: str, year: int, cutoff: date) -> list[Member]:
    """Everybody behind one formula, as law and records stood at the cut-off."""
    return FORMULAS[formula](city, year, cutoff, the_law(cutoff))


def districts(city: str, cutoff: date) -> list[str]:
    """Codes of the districts in force on the cut-off day."""
    rows = Area.objects.filter(in_area(city, "code"), valid_on(cutoff), level=Level.DISTRICT)
    return list(rows.order_by("code").values_list("code", flat=True))


def law_used(formulas: Iterable[str], cutoff: date) -> dict[str, object]:
    """The numbers of the law these formulas rest on, as of the cut-off."""
    law = the_law(cutoff)
    return {key: law[key].value for formula in sorted(formulas) for key in USED.get(formula, ())}
