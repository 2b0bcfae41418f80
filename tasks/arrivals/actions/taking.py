"""What becomes of one visit, and writing a wave of them: the row, the task it answers, its finding, the account.

Part of taking a batch (actions.py), and of a named person's word on a visit that waited (admitting.py).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grid.calendar.now import day_of
from grid.hints import hint
from grid.ledger.actions import Line, record_acts
from grid.ledger.bulk import insert_models
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held
from tasks.arrivals.queries.batch import BatchContext, ResolvedVisit
from tasks.arrivals.verbs import ArrivalVerb
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors import states
from tasks.doors.actions import moves
from tasks.doors.models import CheckTask, TaskState
from tasks.facts.queries.overlap import merge_with_earlier
from tasks.findings.actions import FindingInput, replace_findings, write_findings
from tasks.findings.rules import ends_duty, lacks_ground
from tasks.followups.actions import Conclusion, day_in, note_again
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.queries import prefill_of
from tasks.visits import rules
from tasks.visits.models import (
    UNGROUNDED,
    AfterEnd,
    Doubt,
    Ending,
    Evidence,
    Ground,
    Outcome,
    Route,
    Verdict,
    Visit,
)
from tasks.visits.rules import Earlier, Precedence, StoredAnswers
from tasks.visits.rules.believing import NEWEST, Receipt, Warrant, believed_try, waits


@dataclass(slots=True)
class DecidedVisit:
    """A visit decided but not yet written. `late` says what is known of a word that came after its authority ended."""

    door: ResolvedVisit
    visit: Visit
    standing: Precedence
    late: AfterEnd | None = None


# --- deciding one ------------------------------------------------------------------------------------


def decided(
    door: ResolvedVisit, context: BatchContext, receipt: Receipt, held: Held, *, by: Actor
) -> DecidedVisit:
    """What becomes of a visit that has just come, under the posting `held`.

    Part of taking a batch.
    """
    visit = _visit(door, receipt, held, context, by)
    ground = receipt.ground_of(door.word)
    taken = _kept_apart(visit, door, held) if waits(ground) else placed(visit, door, context, held)
    taken.late = _late(taken, ground, receipt.warrant) if ground else None
    return taken


def _visit(door: ResolvedVisit, receipt: Receipt, held: Held, context: BatchContext, by: Actor) -> Visit:
    arrival = door.arrival
    return Visit(
        client_id=arrival.client_id,
        code=rules.code_of(arrival.client_id),
        person_id=by.person_id or 0,
        posting_id=held.posting_id,
        outcome=arrival.outcome,
        answers=arrival.answers,
        form=arrival.form,
        form_version=arrival.form_version,
        recorded_at=arrival.recorded_at,
        received_at=receipt.at,
        skew_seconds=receipt.skew,
        counts_at=door.word.at,
        doubt=door.word.doubt,
        position=arrival.position,
        unlisted=json.dumps(asdict(arrival.unlisted), ensure_ascii=False) if arrival.unlisted else "",
        come_again_on=arrival.come_again_on or day_in(arrival.answers),
        hash=rules.fingerprint(arrival),
        marks=_marks(arrival, door, context),
    )


def _marks(arrival: rules.Arrival, door: ResolvedVisit, context: BatchContext) -> str:
    """What could not be kept as it came, and whether it would end the check of its door without a ground."""
    marks = arrival.marks
    if not door.is_errand and _lacks_ground(arrival, door, context):
        marks = (*marks, rules.Mark(UNGROUNDED, "outcome"))
    return json.dumps([asdict(mark) for mark in marks], ensure_ascii=False) if marks else ""


def _lacks_ground(arrival: rules.Arrival, door: ResolvedVisit, context: BatchContext) -> bool:
    said, outcome = arrival.answers, arrival.outcome
    # Nearly every visit ends nothing; only of the others the form is asked.
    if not ends_duty(outcome, said):
        return False
    day = day_of(door.word.at)
    form = context.reasons.form(tables.known(arrival.form, arrival.form_version), said, day)
    judged = judge(form, said, outcome, day)
    return lacks_ground(form, outcome, said, judged, len(arrival.photos))


def placed(visit: Visit, door: ResolvedVisit, context: BatchContext, held: Held) -> DecidedVisit:
    """The visit at its door, among those that are here already. Sets PLACED."""
    earlier = context.earlier.get(door.key, [])
    nth = visit.pk or NEWEST
    standing = rules.precedence_of(door.arrival, visit.person_id, door.word, earlier, nth)
    visit.task, visit.subject, visit.premise = door.task, door.subject, door.premise
    visit.area, visit.shown = door.area(held.area), _shown(door, context)
    visit.replaces_id = standing.replaces.id if standing.replaces else None
    visit.claim = _claim(door, standing)
    facts = door.facts()
    if standing.speaks and facts and rules.meets_others(earlier, visit.person_id, facts.state):
        standing = merge_with_earlier(visit, standing, earlier, context.decisions.get(visit.task_id or 0, ()))
    visit.route = _route(door, standing, held, visit.received_at)
    return DecidedVisit(door, visit, standing)


PLACED = ("task", "subject", "premise", "area", "shown", "replaces", "claim", "route")


def _kept_apart(visit: Visit, door: ResolvedVisit, held: Held) -> DecidedVisit:
    """Belongs to nobody until a named person has said that it counts: nothing that reads doors or subjects meets it."""
    alone, silent = door.apart(), Precedence(speaks=False)
    visit.premise, visit.area, visit.shown = door.premise, door.area(held.area), dict(door.arrival.shown)
    visit.claim, visit.route = _claim(alone, silent), Route.HELD
    return DecidedVisit(alone, visit, silent)


def _late(taken: DecidedVisit, ground: str, warrant: Warrant) -> AfterEnd:
    assert warrant.ended_at is not None
    verdict = Verdict.TAKEN
    if waits(ground):
        is_service = taken.door.arrival.form == rules.SERVICE
        verdict = Verdict.AT_SERVICE if is_service else Verdict.WAITING
    return AfterEnd(
        visit=taken.visit, area=taken.visit.area, ending=warrant.ending, ended_at=warrant.ended_at,
        words=warrant.words[:100], phone=warrant.phone[:120], ground=ground, verdict=verdict,
    )  # fmt: skip


def _shown(door: ResolvedVisit, context: BatchContext) -> dict[str, Any]:
    """As the phone says; a client that does not say had before it what the registers say."""
    arrival = door.arrival
    if arrival.shown or door.subject is None:
        return dict(arrival.shown)
    registers = context.registers.get(door.subject.pk, {})
    return {name: fact["value"] for name, fact in prefill_of(registers, arrival.answers.keys()).items()}


def _route(door: ResolvedVisit, standing: Precedence, held: Held, received_at: datetime) -> str:
    facts = door.facts()
    if door.is_errand:
        return Route.NORMAL
    if standing.clash:
        return Route.CLASH
    if facts:
        return Route(rules.route_of(facts, held.posting_id, day_of(received_at)))
    return Route.NORMAL if door.subject else Route.UNKNOWN_TASK


def _claim(door: ResolvedVisit, standing: Precedence) -> dict[str, object]:
    """What the phone named and is not found in the visit's own columns."""
    arrival = door.arrival
    named: dict[str, object] = {}
    if arrival.task_id is not None and door.task is None:
        named["task"] = arrival.task_id
    if arrival.subject_id is not None and door.subject is None:
        named["subject"] = arrival.subject_id
    if arrival.premise_code and door.premise is None:
        named["premise"] = arrival.premise_code
    if arrival.replaces and (standing.replaces is None or standing.replaces.client_id != arrival.replaces):
        named["replaces"] = str(arrival.replaces)
    if arrival.grid:
        named["grid"] = arrival.grid
    return named


# --- writing a wave ----------------------------------------------------------------------------------


Entry = tuple[Verb, Line]


def write(
    taken: Sequence[DecidedVisit],
    context: BatchContext,
    feeds: dict[int, int],
    entry: Callable[[DecidedVisit], Entry],
    held: Held | None,
    *,
    by: Actor,
) -> None:
    """Writes a wave and all that follows from it; `entry` is what the ledger says of each visit. Part of taking a
    batch, or of accepting a visit that waited."""
    insert_models([decided_visit.visit for decided_visit in taken if decided_visit.visit.pk is None])
    promised = [_evidence(visit, photo) for visit in taken for photo in visit.door.arrival.photos]
    if promised:
        Evidence.objects.bulk_create(promised, ignore_conflicts=True)
    if late := [visit.late for visit in taken if visit.late]:
        AfterEnd.objects.bulk_create(late)
    reviewed = [visit for visit in taken if _is_reviewed(visit)]
    # Who would end the check of a door says on what ground, or the door stays.
    moved = [
        task
        for decided_visit in reviewed
        if (task := _moved(decided_visit))
        and decided_visit.standing.speaks
        and not decided_visit.visit.lacks_ground
    ]
    for task in moved:
        states.move(task, "visit")
    moves.save_visited(moved, feeds)
    _keep_open([decided_visit for decided_visit in reviewed if decided_visit.visit.lacks_ground], feeds, by)
    _note_next_try(taken, context, feeds)
    replace_findings([ended for visit in reviewed for ended in visit.standing.ends])
    _made, found = write_findings([_finding_input(visit, context) for visit in reviewed])
    again = note_again(_unreviewed(taken, context))
    record_acts([*(entry(visit) for visit in taken), *found, *again], by=by, held=held)
    mark_state([task.subject_id for task in moved], CoverState.TO_REVIEW, by=by)
    for area in {decided_visit.visit.area for decided_visit in taken}:
        hint("inbox", area)
    _remember(taken, context)


def _keep_open(taken: Sequence[DecidedVisit], feeds: dict[int, int], by: Actor) -> None:
    """A door stands as the visit that speaks for it has it, whichever came first: where that one concludes nothing,
    somebody has to go there still. The phone, which took it for done, hears so."""
    tasks = [(visit, task) for visit in taken if (task := _moved(visit))]
    speaking = [task for visit, task in tasks if visit.standing.speaks]
    for task in speaking:
        if task.state == TaskState.VISITED:
            states.move(task, "reopen")
    moves.show_again([task for _visit, task in tasks], feeds)
    mark_state([task.subject_id for task in speaking], CoverState.TO_CHECK, by=by)


def _note_next_try(taken: Sequence[DecidedVisit], context: BatchContext, feeds: dict[int, int]) -> None:
    """Nobody was in: the door stays, and says when somebody comes again, as the last visit has it."""
    for decided_visit in taken:
        task = decided_visit.door.task
        if decided_visit.visit.outcome != Outcome.NOBODY_IN or task is None or not states.takes_visits(task):
            continue
        number, others = decided_visit.visit.client_id, context.earlier.get(decided_visit.door.key, ())
        stands = rules.placed(number, decided_visit.door.word, decided_visit.visit.pk, others)
        again = believed_try(decided_visit.visit.come_again_on, day_of(decided_visit.visit.counts_at))
        if max(stands.values()) == stands[number] and task.come_again_on != again:
            task.come_again_on = again
            moves.save_next_try(task, feeds[task.posting_id])


def _unreviewed(taken: Sequence[DecidedVisit], context: BatchContext) -> Iterator[Conclusion]:
    """Those with a reason that nobody reviews: what follows from it follows at once."""
    for decided_visit in taken:
        visit = decided_visit.visit
        if visit.outcome != Outcome.NOBODY_IN or decided_visit.door.subject is None:
            continue
        if row := context.reasons.row(visit.outcome, visit.answers, day_of(visit.counts_at)):
            yield Conclusion(visit, row, visit.answers)


def _is_reviewed(decided_visit: DecidedVisit) -> bool:
    """Somebody must look at it: a subject is known and somebody or something was met there."""
    met = decided_visit.door.subject is not None and decided_visit.visit.outcome != Outcome.NOBODY_IN
    return met and not decided_visit.door.is_errand


def _moved(visit: DecidedVisit) -> CheckTask | None:
    """The task the visit answers; None where a visit can no longer change its state."""
    task = visit.door.task
    return task if task is not None and states.takes_visits(task) else None


def _evidence(decided_visit: DecidedVisit, photo: rules.Photo) -> Evidence:
    return Evidence(
        visit=decided_visit.visit,
        sha256=photo.sha256,
        size=photo.size,
        kind=photo.kind,
        question=photo.question,
    )


def _finding_input(decided_visit: DecidedVisit, context: BatchContext) -> FindingInput:
    registers, standing = (
        context.registers.get(decided_visit.visit.subject_id or 0, {}),
        decided_visit.standing,
    )
    visit, merged = decided_visit.visit, standing.merged
    outcome = merged["outcome"] if merged else visit.outcome
    answers = merged["answers"] if merged else visit.answers
    row = context.reasons.row(outcome, answers, day_of(visit.counts_at))
    return FindingInput(visit, registers, standing.speaks, standing.clash, merged, row)


def recorded(decided_visit: DecidedVisit) -> Entry:
    """What the ledger says of a visit that has come."""
    visit, task = decided_visit.visit, decided_visit.door.task
    data: dict[str, object] = {
        "visit": visit.code,
        "outcome": str(visit.outcome),
        "outcome_name": str(Outcome(visit.outcome).label),
        "route": str(visit.route),
        "form": visit.form,
        "version": visit.form_version,
        "recorded_at": visit.recorded_at.isoformat(),
        "skew": visit.skew_seconds,
        "sha256": visit.hash,
    }
    if visit.route != Route.NORMAL:
        data["route_name"] = str(Route(visit.route).label)
    if visit.doubt:
        data |= {"counts_at": visit.counts_at.isoformat(), "doubt": str(Doubt(visit.doubt).label)}
    if decided_visit.late:
        data |= {
            "ending": str(Ending(decided_visit.late.ending).label),
            "ground": str(Ground(decided_visit.late.ground).label),
        }
    if task:
        data |= {"task": task.pk, "round": task.round.code}
    if visit.claim:
        data["claim"] = visit.claim
    return ArrivalVerb.VISIT_RECORDED, Line(
        visit.area, visit.subject_id, "", data | fields_answered(decided_visit)
    )


def fields_answered(visit: DecidedVisit) -> dict[str, object]:
    """The fields in which it clashes with others, and from whose visits the facts of its door come."""
    told: dict[str, object] = {}
    if visit.standing.clashes:
        told["fields"] = list(visit.standing.clashes)
    if visit.standing.merged:
        told["merged"] = visit.standing.merged["sources"]
    return told


def _remember(taken: Iterable[DecidedVisit], context: BatchContext) -> None:
    """So that the next wave of the same batch meets these visits too."""
    for decided_visit in taken:
        visit = decided_visit.visit
        claims = UUID(visit.claim["replaces"]) if "replaces" in visit.claim else None
        replaces = decided_visit.standing.replaces.client_id if decided_visit.standing.replaces else claims
        told = StoredAnswers(visit.code, visit.form, visit.form_version, visit.answers, visit.shown, replaces)
        seen = Earlier(
            id=visit.pk,
            client_id=visit.client_id,
            person_id=visit.person_id,
            outcome=visit.outcome,
            at=visit.counts_at,
            route=visit.route,
            claims=claims,
            replaced=False,
            stored=told,
            waits=decided_visit.standing.clash,
            doubted=bool(visit.doubt),
        )
        context.earlier.setdefault(decided_visit.door.key, []).append(seen)
        if decided_visit.standing.replaces:
            decided_visit.standing.replaces.replaced = True
        for other in context.earlier[decided_visit.door.key]:
            other.waits = other.waits and other.id not in decided_visit.standing.ends
