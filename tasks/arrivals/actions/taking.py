"""What becomes of one visit, and writing a wave of them: the row, the task it answers, its finding, the account.

Part of taking a batch (actions.py), and of a named person's word on a visit that waited (admitting.py).
"""

import json
from collections.abc import Callable, Iterable, Sequence
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
from tasks.arrivals.queries.scene import Door, Scene
from tasks.arrivals.verbs import ArrivalVerb
from tasks.coverage.actions import mark_state
from tasks.coverage.models import CoverState
from tasks.doors import moves, states
from tasks.doors.models import CheckTask, TaskState
from tasks.facts.meeting import met
from tasks.findings.actions import Heard, replace_findings, write_findings
from tasks.findings.rules import ends_duty, lacks_ground
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
from tasks.visits.rules import Earlier, Standing, Told
from tasks.visits.rules.believing import NEWEST, Receipt, Warrant, believed_try, waits


@dataclass(slots=True)
class Taken:
    """A visit decided but not yet written. `late` says what is known of a word that came after its authority ended."""

    door: Door
    visit: Visit
    standing: Standing
    late: AfterEnd | None = None


# --- deciding one ------------------------------------------------------------------------------------


def decided(door: Door, scene: Scene, receipt: Receipt, held: Held, *, by: Actor) -> Taken:
    """What becomes of a visit that has just come, under the posting `held`.

    Part of taking a batch.
    """
    visit = _visit(door, receipt, held, by)
    ground = receipt.ground_of(door.word)
    taken = _kept_apart(visit, door, held) if waits(ground) else placed(visit, door, scene, held)
    taken.late = _late(taken, ground, receipt.warrant) if ground else None
    return taken


def _visit(door: Door, receipt: Receipt, held: Held, by: Actor) -> Visit:
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
        come_again_on=arrival.come_again_on,
        hash=rules.fingerprint(arrival),
        marks=_marks(arrival, door),
    )


def _marks(arrival: rules.Arrival, door: Door) -> str:
    """What could not be kept as it came, and whether it would end the check of its door without a ground."""
    marks = arrival.marks
    if not door.is_errand and _lacks_ground(arrival, door):
        marks = (*marks, rules.Mark(UNGROUNDED, "outcome"))
    return json.dumps([asdict(mark) for mark in marks], ensure_ascii=False) if marks else ""


def _lacks_ground(arrival: rules.Arrival, door: Door) -> bool:
    said, outcome = arrival.answers, arrival.outcome
    # Nearly every visit ends nothing; only of the others the form is asked.
    if not ends_duty(outcome, said):
        return False
    form = tables.known(arrival.form, arrival.form_version)
    judged = judge(form, said, outcome, day_of(door.word.at))
    return lacks_ground(form, outcome, said, judged, len(arrival.photos))


def placed(visit: Visit, door: Door, scene: Scene, held: Held) -> Taken:
    """The visit at its door, among those that are here already. Sets PLACED."""
    earlier = scene.earlier.get(door.key, [])
    nth = visit.pk or NEWEST
    standing = rules.standing_of(door.arrival, visit.person_id, door.word, earlier, nth)
    visit.task, visit.subject, visit.premise = door.task, door.subject, door.premise
    visit.area, visit.shown = door.area(held.area), _shown(door, scene)
    visit.replaces_id = standing.replaces.id if standing.replaces else None
    visit.claim = _claim(door, standing)
    facts = door.facts()
    if standing.speaks and facts and rules.meets_others(earlier, visit.person_id, facts.state):
        standing = met(visit, standing, earlier, scene.decisions.get(visit.task_id or 0, ()))
    visit.route = _route(door, standing, held, visit.received_at)
    return Taken(door, visit, standing)


PLACED = ("task", "subject", "premise", "area", "shown", "replaces", "claim", "route")


def _kept_apart(visit: Visit, door: Door, held: Held) -> Taken:
    """Belongs to nobody until a named person has said that it counts: nothing that reads doors or subjects meets it."""
    alone, silent = door.apart(), Standing(speaks=False)
    visit.premise, visit.area, visit.shown = door.premise, door.area(held.area), dict(door.arrival.shown)
    visit.claim, visit.route = _claim(alone, silent), Route.HELD
    return Taken(alone, visit, silent)


def _late(taken: Taken, ground: str, warrant: Warrant) -> AfterEnd:
    assert warrant.ended_at is not None
    verdict = Verdict.TAKEN
    if waits(ground):
        verdict = Verdict.AT_SERVICE if taken.door.is_errand else Verdict.WAITING
    return AfterEnd(
        visit=taken.visit, area=taken.visit.area, ending=warrant.ending, ended_at=warrant.ended_at,
        words=warrant.words[:100], phone=warrant.phone[:120], ground=ground, verdict=verdict,
    )  # fmt: skip


def _shown(door: Door, scene: Scene) -> dict[str, Any]:
    """As the phone says; a client that does not say had before it what the registers say."""
    arrival = door.arrival
    if arrival.shown or door.subject is None:
        return dict(arrival.shown)
    registers = scene.registers.get(door.subject.pk, {})
    return {name: one["value"] for name, one in prefill_of(registers, arrival.answers.keys()).items()}


def _route(door: Door, standing: Standing, held: Held, received_at: datetime) -> str:
    facts = door.facts()
    if door.is_errand:
        return Route.NORMAL
    if standing.clash:
        return Route.CLASH
    if facts:
        return Route(rules.route_of(facts, held.posting_id, day_of(received_at)))
    return Route.NORMAL if door.subject else Route.UNKNOWN_TASK


def _claim(door: Door, standing: Standing) -> dict[str, Any]:
    """What the phone named and is not found in the visit's own columns."""
    arrival = door.arrival
    named: dict[str, Any] = {}
    if arrival.task_id is not None and door.task is None:
        named["task"] = arrival.task_id
    if arrival.subject_id is not None and door.subject is None:
        named["subject"] = arrival.subject_id
    if arrival.premise_code and door.premise is None:
        named["premise"] = arrival.premise_code
    if arrival.replaces and (standing.replaces is None or standing.replaces.client_id != arrival.replaces):
        named["replaces"] = str(arrival.replaces)
    return named


# --- writing a wave ----------------------------------------------------------------------------------


Entry = tuple[Verb, Line]


def write(
    taken: Sequence[Taken],
    scene: Scene,
    feeds: dict[int, int],
    entry: Callable[[Taken], Entry],
    held: Held | None,
    *,
    by: Actor,
) -> None:
    """Writes a wave and all that follows from it; `entry` is what the ledger says of each visit. Part of taking a
    batch, or of accepting a visit that waited."""
    insert_models([one.visit for one in taken if one.visit.pk is None])
    promised = [_evidence(one, photo) for one in taken for photo in one.door.arrival.photos]
    if promised:
        Evidence.objects.bulk_create(promised, ignore_conflicts=True)
    if late := [one.late for one in taken if one.late]:
        AfterEnd.objects.bulk_create(late)
    reviewed = [one for one in taken if _is_reviewed(one)]
    # Who would end the check of a door says on what ground, or the door stays.
    moved = [
        task
        for one in reviewed
        if (task := _moved(one)) and one.standing.speaks and not one.visit.lacks_ground
    ]
    for task in moved:
        states.move(task, "visit")
    moves.save_visited(moved, feeds)
    _keep_open([one for one in reviewed if one.visit.lacks_ground], feeds, by)
    _note_next_try(taken, scene, feeds)
    replace_findings([ended for one in reviewed for ended in one.standing.ends])
    _made, found = write_findings([_heard(one, scene) for one in reviewed])
    record_acts([*(entry(one) for one in taken), *found], by=by, held=held)
    mark_state([task.subject_id for task in moved], CoverState.TO_REVIEW, by=by)
    for area in {one.visit.area for one in taken}:
        hint("inbox", area)
    _remember(taken, scene)


def _keep_open(taken: Sequence[Taken], feeds: dict[int, int], by: Actor) -> None:
    """A door stands as the visit that speaks for it has it, whichever came first: where that one concludes nothing,
    somebody has to go there still. The phone, which took it for done, hears so."""
    tasks = [(one, task) for one in taken if (task := _moved(one))]
    speaking = [task for one, task in tasks if one.standing.speaks]
    for task in speaking:
        if task.state == TaskState.VISITED:
            states.move(task, "reopen")
    moves.show_again([task for _one, task in tasks], feeds)
    mark_state([task.subject_id for task in speaking], CoverState.TO_CHECK, by=by)


def _note_next_try(taken: Sequence[Taken], scene: Scene, feeds: dict[int, int]) -> None:
    """Nobody was in: the door stays, and says when somebody comes again, as the last visit has it."""
    for one in taken:
        task = one.door.task
        if one.visit.outcome != Outcome.NOBODY_IN or task is None or not states.takes_visits(task):
            continue
        number, others = one.visit.client_id, scene.earlier.get(one.door.key, ())
        stands = rules.placed(number, one.door.word, one.visit.pk, others)
        again = believed_try(one.visit.come_again_on, day_of(one.visit.counts_at))
        if max(stands.values()) == stands[number] and task.come_again_on != again:
            task.come_again_on = again
            moves.save_next_try(task, feeds[task.posting_id])


def _is_reviewed(one: Taken) -> bool:
    """Somebody must look at it: a subject is known and somebody or something was met there."""
    met = one.door.subject is not None and one.visit.outcome != Outcome.NOBODY_IN
    return met and not one.door.is_errand


def _moved(one: Taken) -> CheckTask | None:
    """The task it answers, where a visit moves that."""
    task = one.door.task
    return task if task is not None and states.takes_visits(task) else None


def _evidence(one: Taken, photo: rules.Photo) -> Evidence:
    return Evidence(
        visit=one.visit, sha256=photo.sha256, size=photo.size, kind=photo.kind, question=photo.question
    )


def _heard(one: Taken, scene: Scene) -> Heard:
    registers, standing = scene.registers.get(one.visit.subject_id or 0, {}), one.standing
    return Heard(one.visit, registers, standing.speaks, standing.clash, standing.merged)


def recorded(one: Taken) -> Entry:
    """What the ledger says of a visit that has come."""
    visit, task = one.visit, one.door.task
    data: dict[str, Any] = {
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
    if one.late:
        data |= {"ending": str(Ending(one.late.ending).label), "ground": str(Ground(one.late.ground).label)}
    if task:
        data |= {"task": task.pk, "round": task.round.code}
    if visit.claim:
        data["claim"] = visit.claim
    return ArrivalVerb.VISIT_RECORDED, Line(visit.area, visit.subject_id, "", data | fields_told(one))


def fields_told(one: Taken) -> dict[str, Any]:
    """The fields in which it clashes with others, and from whose visits the facts of its door come."""
    told: dict[str, Any] = {}
    if one.standing.clashes:
        told["fields"] = list(one.standing.clashes)
    if one.standing.merged:
        told["merged"] = one.standing.merged["sources"]
    return told


def _remember(taken: Iterable[Taken], scene: Scene) -> None:
    """So that the next wave of the same batch meets these visits too."""
    for one in taken:
        visit = one.visit
        claims = UUID(visit.claim["replaces"]) if "replaces" in visit.claim else None
        replaces = one.standing.replaces.client_id if one.standing.replaces else claims
        told = Told(visit.code, visit.form, visit.form_version, visit.answers, visit.shown, replaces)
        seen = Earlier(
            id=visit.pk,
            client_id=visit.client_id,
            person_id=visit.person_id,
            outcome=visit.outcome,
            at=visit.counts_at,
            route=visit.route,
            claims=claims,
            replaced=False,
            told=told,
            waits=one.standing.clash,
            doubted=bool(visit.doubt),
        )
        scene.earlier.setdefault(one.door.key, []).append(seen)
        if one.standing.replaces:
            one.standing.replaces.replaced = True
        for other in scene.earlier[one.door.key]:
            other.waits = other.waits and other.id not in one.standing.ends
