"""Deciding between two people's words on one door, field by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, now
from grid.hints import hint
from grid.ledger.actions import Line, record, record_many
from grid.scope import Actor, Right, require, require_person
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions import moves
from tasks.facts import problems as facts_problems
from tasks.facts.models import Decision
from tasks.facts.queries.reading import counted, decided_of, label_of, merged_of, versions_of
from tasks.facts.rules import Decided, Facts, Version, Why, contested, established, merge
from tasks.facts.verbs import FactVerb
from tasks.findings.actions import measures_of
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.forms.queries import facts_for
from tasks.outcomes.queries import Reasons
from tasks.visits.models import Visit
from tasks.visits.states import FindingState

_SPEAKING = (FindingState.OPEN, FindingState.CONFIRMED, FindingState.RETURNED)
_REASON = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """For one contested field: the visit to be believed, by its code, and why."""

    field: str
    visit: str
    why: str


@dataclass(slots=True)
class _DoorFacts:
    """A task's visits with their findings, locked, and what was decided between them so far."""

    visits: list[Visit]
    findings: dict[int, Finding]
    decided: list[Decided]
    versions: list[Version] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions = versions_of(self.visits)

    def codes(self) -> dict[UUID, str]:
        return {visit.client_id: visit.code for visit in self.visits}

    def clashing(self) -> list[Finding]:
        return [finding for finding in self.findings.values() if finding.state == FindingState.CLASHING]


@transaction.atomic
def decide_fields(visit: Visit, choices: Sequence[Choice], *, by: Actor) -> Finding:
    """Settles every contested field at the door of a clashing visit; nothing anybody said is lost.

    What holds then goes through review like any visit, unless it is what held before. Raises ReasonMissing,
    SamePersonTwice for whoever was there, AlreadyDone when a colleague was faster, OutOfOrder when nothing is to
    be decided, FieldsUndecided when a contested field has no choice, or a choice no such visit.
    """
    require(by, Right.REVIEW, visit.area)
    if any(not choice.why.strip() for choice in choices):
        raise problems.ReasonMissing(act=_("核定走访"))
    if visit.task_id is None:
        raise problems.OutOfOrder(thing=visit.code, state=visit.get_route_display(), act=_("核定走访"))
    moves.locked_task(visit.task_id)
    door = _door_facts(visit.task_id)
    _require_waiting(door, visit, by)
    before = merge(_not_waiting(door), door.decided)
    made = _decisions(visit, door, choices, by)
    after = merge(door.versions, [*door.decided, *decided_of(made)])
    finding = _settle(visit, door, before, after, choices, by)
    _record(visit, made, by)
    return finding


def _door_facts(task_id: int) -> _DoorFacts:
    visits = list(Visit.objects.filter(task=task_id).select_related("person", "replaces").order_by("pk"))
    rows = Finding.objects.select_for_update(of=("self",)).filter(visit__task=task_id).order_by("pk")
    decisions = Decision.objects.filter(task=task_id).select_related("chosen").order_by("pk")
    return _DoorFacts(visits, {row.visit_id: row for row in rows}, decided_of(decisions))


def _require_waiting(door: _DoorFacts, visit: Visit, by: Actor) -> None:
    """Somebody who was not there decides, and once."""
    for earlier in door.visits:
        if earlier.person_id == by.person_id:
            raise problems.SamePersonTwice(first=earlier.person)
    finding = door.findings.get(visit.pk)
    if finding is not None and finding.state == FindingState.CLASHING:
        return
    last = Decision.objects.filter(task=visit.task_id).select_related("by").order_by("-pk").first()
    if last is not None and str(visit.client_id) in last.over:
        when = last.at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
        raise problems.AlreadyDone(who=last.by, when=when)
    state = FindingState(finding.state).label if finding else visit.get_route_display()
    raise problems.OutOfOrder(thing=visit.code, state=state, act=_("核定走访"))


def _not_waiting(door: _DoorFacts) -> list[Version]:
    waiting = {finding.visit_id for finding in door.clashing()}
    keys = {visit.client_id for visit in door.visits if visit.pk in waiting}
    return established(door.versions, keys)


def _decisions(visit: Visit, door: _DoorFacts, choices: Sequence[Choice], by: Actor) -> list[Decision]:
    facts = merge(door.versions, door.decided)
    by_code = {earlier.code: earlier for earlier in door.visits}
    chosen = {choice.field: choice for choice in choices}
    rows = []
    for name in contested(facts):
        keys = {line.key for line in facts[name].lines if line.why is Why.CLASH}
        choice = chosen.get(name)
        believed = by_code.get(choice.visit) if choice else None
        if choice is None or believed is None or believed.client_id not in keys:
            raise facts_problems.FieldsUndecided(fields=label_of(visit, name))
        rows.append(
            Decision(
                subject_id=visit.subject_id or 0, task_id=visit.task_id, area=visit.area, field=name[:60],
                chosen=believed, over=sorted(str(line.key) for line in facts[name].lines), by_id=require_person(by),
                at=now(), why=choice.why.strip()[:_REASON],
            )
        )  # fmt: skip
    return Decision.objects.bulk_create(rows)


def _settle(
    visit: Visit, door: _DoorFacts, before: Facts, after: Facts, choices: Iterable[Choice], by: Actor
) -> Finding:
    """One finding speaks for the door from now on; the others are kept, and say so."""
    remark = ";".join(dict.fromkeys(choice.why.strip() for choice in choices))[:_REASON]
    speaks = any(other.state in _SPEAKING for other in door.findings.values())
    form = tables.known(visit.form, visit.form_version)
    is_new = counted(after, form) != counted(before, form) or not speaks
    finding = door.findings[visit.pk]
    for other in door.findings.values():
        if is_new and other.pk == finding.pk:
            _let_speak(other, visit, door, after)
        elif other.state == FindingState.CLASHING:
            other.state, other.remark = FindingState.REJECTED, remark
            other.reviewed_by_id, other.reviewed_at = by.person_id, now()
        elif is_new and other.state in (FindingState.OPEN, FindingState.RETURNED):
            other.state = FindingState.REPLACED
        else:
            continue
        other.save(update_fields=["state", "remark", "reviewed_by", "reviewed_at", "merged", "measures"])
    if is_new:
        mark_state([finding.subject_id], CoverState.TO_REVIEW, by=by)
    return finding


def _let_speak(finding: Finding, visit: Visit, door: _DoorFacts, facts: Facts) -> None:
    own = next(version for version in door.versions if version.key == visit.client_id)
    registers = facts_for([finding.subject_id]).get(finding.subject_id, {})
    finding.merged = merged_of(facts, own, visit, door.codes())
    held = finding.seen
    row = Reasons().row(held.outcome, held.answers, day_of(visit.counts_at))
    finding.measures = measures_of(visit, finding.merged, registers, row)
    finding.state = FindingState.OPEN


def _record(visit: Visit, made: Sequence[Decision], by: Actor) -> None:
    if made:
        record_many(FactVerb.FACT_DECIDED, [_line(visit, decision) for decision in made], by=by)
    else:
        facts: Mapping[str, str] = {"visit": visit.code, "chosen": _("各份所报已一致")}
        record(FactVerb.VISIT_DECIDED, Line(visit.area, subject=visit.subject_id, data=dict(facts)), by=by)
    hint("inbox", visit.area)


def _line(visit: Visit, decision: Decision) -> Line:
    """Values stay in the visits: some are personal."""
    data = {
        "visit": visit.code, "field": decision.field, "label": label_of(visit, decision.field), "chosen": decision.chosen.code,
        "reason": decision.why,
    }  # fmt: skip
    return Line(visit.area, visit.subject_id, "", data)
