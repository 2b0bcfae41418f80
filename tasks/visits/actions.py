"""Taking visits and their evidence. Nothing that can be read is refused; what clashes is kept and decided."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now
from grid.hints import hint
from grid.ledger.actions import Line, record, record_acts
from grid.ledger.bulk import insert_models
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask
from tasks.coverage.actions import mark_state
from tasks.coverage.models import CoverState
from tasks.facts.meeting import met
from tasks.findings.actions import Heard, replace_findings, write_findings
from tasks.forms import tables
from tasks.forms.queries import prefill_of
from tasks.visits import moves, rules, states
from tasks.visits.arriving import Door, Scene, scene_for, tasks_named
from tasks.visits.feed import raise_feeds
from tasks.visits.models import Evidence, Outcome, Route, Visit
from tasks.visits.rules import Arrival, Earlier, Standing, Told

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one visit: accepted, repeated or refused, and where it went."""

    client_id: UUID
    status: str
    route: str = Route.NORMAL.value
    code: str = ""
    message: str = ""
    visit: str = ""
    missing_photos: tuple[str, ...] = ()


@dataclass(slots=True)
class Taken:
    """A visit decided but not yet written."""

    door: Door
    visit: Visit
    standing: Standing


class _AnotherPosting(Exception):
    """A named task belongs to a posting that is not locked yet."""

    def __init__(self, posting_ids: set[int]) -> None:
        self.posting_ids = posting_ids


# --- taking a batch ----------------------------------------------------------------------------------


def record_visits(
    arrivals: Sequence[Arrival], phone_time: datetime | None, held: Held, *, by: Actor
) -> list[Answer]:
    """Takes a batch under the posting `held` and answers each visit, in order.

    A visit that is here already changes nothing. The whole batch is one transaction: after a crash the phone
    sends it again and finds either all of it here or none.
    """
    ask(by, Right.VISIT, held.area)
    postings = {held.posting_id}
    for _attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _record(arrivals, phone_time, held, postings, by)
        except _AnotherPosting as other:
            postings |= other.posting_ids
        except (IntegrityError, OperationalError):
            # The same visit by another phone at the same moment, or a deadlock that chose us: look again.
            if _attempt == _TRIES - 1:
                raise
    raise problems.Busy()


def _record(
    arrivals: Sequence[Arrival], phone_time: datetime | None, held: Held, postings: set[int], by: Actor
) -> list[Answer]:
    feeds = raise_feeds(postings)
    tasks = tasks_named(arrivals, held)
    if strange := {task.posting_id for task in tasks} - feeds.keys():
        raise _AnotherPosting(strange)
    received_at = now()
    skew = rules.skew_of(phone_time, received_at)
    scene = scene_for(arrivals, tasks, held, by.person_id or 0)
    repeated, fresh = _parted(scene, by)
    answers = dict(repeated)
    for wave in rules.waves([door.touched() for door in fresh]):
        taken = [_decided(fresh[place], scene, received_at, skew, held, by) for place in wave]
        _write(taken, scene, feeds, by, held)
        answers |= {one.visit.client_id: _accepted(one) for one in taken}
    return _in_order(arrivals, answers)


def _parted(scene: Scene, by: Actor) -> tuple[dict[UUID, Answer], list[Door]]:
    """Visits that are here already, with their answers, and the new ones."""
    missing = _missing_photos([n for door in scene.doors if (n := door.arrival.client_id) in scene.repeats])
    answers, fresh, seen = {}, [], set()
    for door in scene.doors:
        number = door.arrival.client_id
        if number in scene.repeats:
            answers[number] = _repeated(door.arrival, scene, by, missing.get(number, ()))
        elif number not in seen:
            fresh.append(door)
        seen.add(number)
    return answers, fresh


def _repeated(arrival: Arrival, scene: Scene, by: Actor, missing: Sequence[str]) -> Answer:
    """The former answer again. The same number with other content is a visit of its own that was misnumbered:
    the phone keeps it and gives it a number of its own."""
    here = scene.repeats[arrival.client_id]
    if here.person_id != by.person_id or here.hash != rules.fingerprint(arrival):
        return Answer(arrival.client_id, "refused", code="client-id-reused", message=_(
            "这个编号已用于另一条走访记录，本条仍保存在手机上，请更正后重新发送。"))  # fmt: skip
    return Answer(
        arrival.client_id, "repeated", here.route, message=_("此前已收到，无须重发。"), visit=here.code,
        missing_photos=tuple(missing),
    )  # fmt: skip


def _missing_photos(numbers: Sequence[UUID]) -> dict[UUID, list[str]]:
    if not numbers:
        return {}
    waiting: dict[UUID, list[str]] = {}
    rows = Evidence.objects.filter(visit__client_id__in=numbers, received_at=None).order_by("pk")
    for number, sha256 in rows.values_list("visit__client_id", "sha256"):
        waiting.setdefault(number, []).append(sha256)
    return waiting


def _in_order(arrivals: Sequence[Arrival], answers: dict[UUID, Answer]) -> list[Answer]:
    """One answer for each line sent; a number sent twice in one batch is a repeat the second time."""
    given: list[Answer] = []
    first: dict[UUID, Arrival] = {}
    for arrival in arrivals:
        answer = answers[arrival.client_id]
        if arrival.client_id in first and answer.status == "accepted":
            answer = _second_time(arrival, first[arrival.client_id], answer)
        first.setdefault(arrival.client_id, arrival)
        given.append(answer)
    return given


def _second_time(arrival: Arrival, former: Arrival, answer: Answer) -> Answer:
    if arrival != former:
        return Answer(arrival.client_id, "refused", code="client-id-reused", message=_(
            "这个编号已用于另一条走访记录，本条仍保存在手机上，请更正后重新发送。"))  # fmt: skip
    return Answer(
        answer.client_id, "repeated", answer.route, message=_("此前已收到，无须重发。"), visit=answer.visit,
        missing_photos=answer.missing_photos,
    )  # fmt: skip


# --- deciding one ------------------------------------------------------------------------------------


def _decided(door: Door, scene: Scene, received_at: datetime, skew: int, held: Held, by: Actor) -> Taken:
    arrival, facts = door.arrival, door.facts()
    at = rules.corrected(arrival.recorded_at, skew)
    earlier = scene.earlier.get(door.key, [])
    standing = rules.standing_of(arrival, by.person_id or 0, at, earlier)
    visit = Visit(
        client_id=arrival.client_id,
        code=rules.code_of(arrival.client_id),
        task=door.task,
        subject=door.subject,
        premise=door.premise,
        area=door.area(held.area),
        person_id=by.person_id or 0,
        posting_id=held.posting_id,
        outcome=arrival.outcome,
        answers=arrival.answers,
        form=arrival.form,
        form_version=arrival.form_version,
        recorded_at=arrival.recorded_at,
        received_at=received_at,
        skew_seconds=skew,
        position=arrival.position,
        shown=_shown(door, scene),
        unlisted=_unlisted(arrival),
        come_again_on=arrival.come_again_on,
        replaces_id=standing.replaces.id if standing.replaces else None,
        claim=_claim(door, standing),
        hash=rules.fingerprint(arrival),
    )
    if standing.speaks and facts and rules.meets_others(earlier, visit.person_id, facts.state):
        standing = met(visit, at, standing, earlier, scene.decisions.get(visit.task_id or 0, ()))
    visit.route = _route(door, standing, held, received_at)
    return Taken(door, visit, standing)


def _shown(door: Door, scene: Scene) -> dict[str, Any]:
    """As the phone says; a client that does not say had before it what the registers say."""
    arrival = door.arrival
    if arrival.shown or door.subject is None:
        return dict(arrival.shown)
    registers = scene.registers.get(door.subject.pk, {})
    return {name: one["value"] for name, one in prefill_of(registers, arrival.answers.keys()).items()}


def _unlisted(arrival: Arrival) -> str:
    return json.dumps(asdict(arrival.unlisted), ensure_ascii=False) if arrival.unlisted else ""


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


def _write(taken: Sequence[Taken], scene: Scene, feeds: dict[int, int], by: Actor, held: Held) -> None:
    insert_models([one.visit for one in taken])
    promised = [_evidence(one, photo) for one in taken for photo in one.door.arrival.photos]
    if promised:
        Evidence.objects.bulk_create(promised, ignore_conflicts=True)
    reviewed = [one for one in taken if _is_reviewed(one)]
    spoken = [one.door.task for one in reviewed if one.standing.speaks]
    moved = [task for task in spoken if task and states.takes_visits(task)]
    for task in moved:
        states.move(task, "visit")
    moves.save_visited(moved, feeds)
    _note_next_try(taken, scene, feeds)
    replace_findings([ended for one in reviewed for ended in one.standing.ends])
    _made, found = write_findings([_heard(one, scene) for one in reviewed])
    record_acts([*((Verb.VISIT_RECORDED, _line(one)) for one in taken), *found], by=by, held=held)
    mark_state([task.subject_id for task in moved], CoverState.TO_REVIEW, by=by)
    for area in {one.visit.area for one in taken}:
        hint("inbox", area)
    _remember(taken, scene)


def _note_next_try(taken: Sequence[Taken], scene: Scene, feeds: dict[int, int]) -> None:
    """Nobody was in: the door stays, and says when somebody comes again, as the last visit has it."""
    for one in taken:
        task = one.door.task
        if one.visit.outcome != Outcome.NOBODY_IN or task is None or not states.takes_visits(task):
            continue
        at = rules.corrected(one.visit.recorded_at, one.visit.skew_seconds)
        is_last = all(other.at <= at for other in scene.earlier.get(one.door.key, ()))
        if is_last and task.come_again_on != one.visit.come_again_on:
            task.come_again_on = one.visit.come_again_on
            moves.save_next_try(task, feeds[task.posting_id])


def _is_reviewed(one: Taken) -> bool:
    """Somebody must look at it: a subject is known and somebody or something was met there."""
    met = one.door.subject is not None and one.visit.outcome != Outcome.NOBODY_IN
    return met and not one.door.is_errand


def _evidence(one: Taken, photo: rules.Photo) -> Evidence:
    return Evidence(
        visit=one.visit, sha256=photo.sha256, size=photo.size, kind=photo.kind, question=photo.question
    )


def _heard(one: Taken, scene: Scene) -> Heard:
    registers, standing = scene.registers.get(one.visit.subject_id or 0, {}), one.standing
    return Heard(one.visit, registers, standing.speaks, standing.clash, standing.merged)


def _line(one: Taken) -> Line:
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
    if task:
        data |= {"task": task.pk, "round": task.round.code}
    if visit.claim:
        data["claim"] = visit.claim
    if one.standing.clashes:
        data["fields"] = list(one.standing.clashes)
    if one.standing.merged:
        data["merged"] = one.standing.merged["sources"]
    return Line(visit.area, visit.subject_id, "", data)


def _remember(taken: Iterable[Taken], scene: Scene) -> None:
    """So that the next wave of the same batch meets these visits too."""
    for one in taken:
        visit = one.visit
        claims = UUID(visit.claim["replaces"]) if "replaces" in visit.claim else None
        at = rules.corrected(visit.recorded_at, visit.skew_seconds)
        replaces = one.standing.replaces.client_id if one.standing.replaces else claims
        told = Told(visit.code, visit.form, visit.form_version, visit.answers, visit.shown, replaces)
        seen = Earlier(
            visit.pk,
            visit.client_id,
            visit.person_id,
            visit.outcome,
            at,
            visit.route,
            claims,
            False,
            told,
            waits=one.standing.clash,
        )
        scene.earlier.setdefault(one.door.key, []).append(seen)
        if one.standing.replaces:
            one.standing.replaces.replaced = True
        for other in scene.earlier[one.door.key]:
            other.waits = other.waits and other.id not in one.standing.ends


def _accepted(one: Taken) -> Answer:
    visit, photos = one.visit, one.door.arrival.photos
    known = tables.known(visit.form, visit.form_version) is not None
    return Answer(
        visit.client_id, "accepted", str(visit.route), "" if known else "stale-form-version",
        message=_message(visit) + ("" if known else _("表单版本不明，请更新应用。")), visit=visit.code,
        missing_photos=tuple(dict.fromkeys(photo.sha256 for photo in photos)),
    )  # fmt: skip


def _message(visit: Visit) -> str:
    match visit.route:
        case Route.LATE:
            return _("已收到，虽已过截止日期，照常计入。")
        case Route.HANDED_OVER:
            return _("已收到。此户已转给其他网格员，您的走访照常采用。")
        case Route.RECUT:
            return _("已收到。此户所在网格已调整，记录已转到新网格。")
        case Route.CLOSED_ROUND:
            return _("已收到。本轮摸排已结束，记录转社区复核。")
        case Route.UNKNOWN_TASK:
            return _("已收到。没有对应的核查任务，由社区认领后处理。")
        case Route.CLASH:
            return _("已收到。另有同事走访过此户，所报不一之处由社区核定，两份记录都保留。")
    return _("已收到。")


# --- evidence ----------------------------------------------------------------------------------------


@transaction.atomic
def bind_evidence(visit_client_id: UUID, sha256: str, size: int, kind: str, path: str, *, by: Actor) -> bool:
    """Ties a stored photo to its visit. False while the visit is not here yet; again changes nothing.

    The person must be the one who made the visit, else NotHere: a number guessed opens nothing.
    """
    visit = Visit.objects.filter(client_id=visit_client_id).first()
    if visit is None:
        return False
    if visit.person_id != by.person_id:
        raise problems.NotHere()
    evidence, _new = Evidence.objects.select_for_update().get_or_create(
        visit=visit, sha256=sha256, defaults={"size": size, "kind": kind}
    )
    if evidence.received_at is None:
        evidence.path, evidence.received_at = path, now()
        evidence.save(update_fields=["path", "received_at"])
        facts = {"visit": visit.code, "kind": evidence.kind, "sha256": sha256, "size": size}
        record(Verb.EVIDENCE_BOUND, by=by, area=visit.area, subject=visit.subject_id, data=facts)
    return True
