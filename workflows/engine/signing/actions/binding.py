"""Bringing a colleague into a step, answering, and taking it back.

Locks: the case with its process, the process of the step, the move, then the case's clock, as everywhere.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.law.queries import the_law
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, machine, require, require_person
from grid.territory.models import Person
from workflows.clocks.models import Clock
from workflows.clocks.rules import unit_of
from workflows.engine import problems as engine_problems
from workflows.engine.actions.steps import locked, notify_pages
from workflows.engine.signing import rules, states
from workflows.engine.signing.actions import gate
from workflows.engine.signing.actions.opinions import TERM, start_term, stop_term
from workflows.engine.signing.models import Answer, Move, MoveState
from workflows.engine.signing.queries import may_recall, node_of
from workflows.engine.signing.queries.matters import Place, locked_place
from workflows.engine.signing.rules import HANDS, OPINIONS, WORDS, Way
from workflows.engine.verbs import EngineVerb

SWEEP = machine(_("岗位变动"))
ASKING = {
    Way.HAND_OVER: EngineVerb.STEP_HANDED_OVER,
    Way.DELEGATE: EngineVerb.STEP_DELEGATED,
    Way.SIGNER: EngineVerb.SIGNER_ASKED,
    Way.COUNTERSIGN: EngineVerb.COUNTERSIGN_ASKED,
}


def hand_over_step(place: Place, to: int, why: str, *, by: Actor, at: str = "") -> Move:
    """转办: the step is in the hands of `to`, who holds its right there too; others see to whom."""
    return _bring_in(place, Way.HAND_OVER, [to], why, by, at)[0]


def delegate_step(place: Place, to: int, what: str, *, by: Actor, at: str = "") -> Move:
    """委派: `to` prepares, the delegator finishes."""
    return _bring_in(place, Way.DELEGATE, [to], what, by, at)[0]


def ask_signer(place: Place, to: int, question: str, *, by: Actor, at: str = "") -> Move:
    """加签: the step waits for the opinion of `to`."""
    return _bring_in(place, Way.SIGNER, [to], question, by, at)[0]


def ask_countersigners(
    place: Place, people: Sequence[int], question: str, *, by: Actor, at: str = ""
) -> list[Move]:
    """会签: the step waits until all of `people` agree; one who refuses leaves only the way back."""
    return _bring_in(place, Way.COUNTERSIGN, people, question, by, at)


def _bring_in(place: Place, way: Way, people: Sequence[int], question: str, by: Actor, at: str) -> list[Move]:
    """Raises MoveNotAllowed, NotForOneself, AskedAlready, UnfitColleague, StepHandedOver, ReasonMissing."""
    asker = require_person(by)
    if not question.strip() or not people:
        raise problems.ReasonMissing(act=WORDS[way])
    with transaction.atomic():
        place = locked_place(place, at)
        held = place.node.require(by, place.area)
        if why := rules.why_not(place.allowed, way):
            raise engine_problems.MoveNotAllowed(step=place.title, move=WORDS[way], why=why)
        moves = gate.require_holder(place.matter.process_id, place.node, place.area, by)
        asked = _fit(place, way, people, asker, _passed_on(moves, way, by))
        due = _due() if way in OPINIONS else None
        made = [
            Move.objects.create(
                case=place.case, process_id=place.matter.process_id, flow=place.flow, step=place.step,
                title=place.title, way=way, asked_by_id=asker, asked=person, question=question,
                asked_at=now(), due_on=due,
            )
            for person in asked
        ]  # fmt: skip
        names = "、".join(person.full_name for person in asked)
        _record(ASKING[way], made[0], by, held, to=names, reason=question)
        if due:
            start_term(place.case, by=by)
        notify_pages(place.case)
    return made


def _passed_on(moves: list[Move], way: Way, by: Actor) -> list[Move]:
    """Whoever the step was handed to may hand it on: then it is no longer theirs. The moves that stay."""
    mine = [m for m in moves if way in HANDS and m.way == Way.HAND_OVER and m.asked_id == by.person_id]
    for move in mine:
        _end(move, MoveState.DONE, by, _("已转交"))
    return [move for move in moves if move not in mine]


def _fit(place: Place, way: Way, people: Sequence[int], asker: int, moves: list[Move]) -> list[Person]:
    """The people as they may be brought in, each once."""
    if asker in people:
        raise engine_problems.NotForOneself()
    for move in moves:
        if move.asked_id in people or (way in HANDS and move.way in HANDS):
            raise engine_problems.AskedAlready(who=move.asked.full_name)
    found = list(Person.objects.filter(pk__in=set(people), is_active=True).order_by("pk"))
    if len(found) < len(set(people)):
        raise problems.NotHere()
    for person in found:
        if way == Way.HAND_OVER and not gate.holds(person, place.node, place.area):
            raise engine_problems.UnfitColleague(who=person.full_name, right=place.title)
        if not gate.sees(person, place.area):
            raise engine_problems.UnfitColleague(who=person.full_name, right=Right.SEE_CASES.value)
    return found


def _due() -> date | None:
    provision = the_law(today())[TERM]
    return due_on(today(), int(str(provision.value)), unit_of(provision.unit), workdays())


# --- answering ---------------------------------------------------------------------------------


@transaction.atomic
def give_opinion(move: Move, answer: str, words: str, *, by: Actor) -> Move:
    """What a signer or a countersigner says. Raises NotAsked, OutOfOrder, ReasonMissing for a refusal without one."""
    fresh, held = _mine(move, by)
    if answer == Answer.REFUSE and not words.strip():
        raise problems.ReasonMissing(act=Answer.REFUSE.label)
    if fresh.way not in OPINIONS or answer not in (Answer.AGREE, Answer.REFUSE):
        raise engine_problems.MoveNotAllowed(step=fresh.title, move=_("答复"), why=_("没有征求意见"))
    _answer(fresh, answer, words)
    _record(EngineVerb.SIGNER_ANSWERED, fresh, by, held, answer=Answer(answer).label, reason=words)
    stop_term(fresh.case, by=by)
    notify_pages(fresh.case)
    return fresh


@transaction.atomic
def prepare_step(move: Move, words: str, *, by: Actor) -> Move:
    """The delegate hands in what was prepared; the text is kept with the step. Raises NotAsked, OutOfOrder, ReasonMissing."""
    fresh, held = _mine(move, by)
    if not words.strip():
        raise problems.ReasonMissing(act=_("交回"))
    if fresh.way != Way.DELEGATE:
        raise engine_problems.MoveNotAllowed(step=fresh.title, move=_("交回"), why=_("没有委派"))
    _answer(fresh, Answer.PREPARED, words)
    _record(EngineVerb.STEP_PREPARED, fresh, by, held, reason=words)
    notify_pages(fresh.case)
    return fresh


def _mine(move: Move, by: Actor) -> tuple[Move, Held | None]:
    fresh = _locked(move.pk)
    held = require(by, Right.SEE_CASES, fresh.case.area)
    if fresh.asked_id != by.person_id:
        raise engine_problems.NotAsked(who=fresh.asked.full_name)
    return fresh, held


def _answer(move: Move, answer: str, words: str) -> None:
    states.move_to(move, "answer")
    move.answer, move.words, move.answered_at = Answer(answer), words.strip(), now()
    move.save()


# --- taking back ---------------------------------------------------------------------------------


@transaction.atomic
def recall_move(move: Move, why: str, *, by: Actor) -> Move:
    """收回: by who asked, by who was handed the step and gives it back, or by a superior. An answer given stays.

    Where one of the two left the post, whoever holds the step's right may. Raises ReasonMissing, NotYourPost, OutOfOrder.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=_("收回"))
    fresh = _locked(move.pk)
    held = require(by, Right.SEE_CASES, fresh.case.area)
    if not may_recall(fresh, by):
        raise problems.NotYourPost(right=_("收回"))
    states.move_to(fresh, "recall")
    _end(fresh, MoveState.RECALLED, by, why)
    _record(
        EngineVerb.MOVE_RECALLED,
        fresh,
        by,
        held,
        way_name=WORDS[Way(fresh.way)],
        to=fresh.asked.full_name,
        reason=why,
    )
    stop_term(fresh.case, by=by)
    notify_pages(fresh.case)
    return fresh


# --- what time and postings do -------------------------------------------------------------------


def lapse_opinions(clock: Clock, *, by: Actor) -> int:
    """The term for opinions is over: a signer who said nothing has none; a countersigner is still waited for."""
    assert clock.case is not None  # the term is only ever a case's
    late = Move.objects.filter(case=clock.case, state=MoveState.WAITING, way=Way.SIGNER, due_on__lt=today())
    lapsed = list(late.select_related("case", "asked"))
    for move in lapsed:
        states.move_to(move, "lapse")
        _end(move, MoveState.LAPSED, by, _("逾期未答复"))
        _record(EngineVerb.SIGNER_LAPSED, move, by, None, to=move.asked.full_name)
    start_term(clock.case, by=by)
    notify_pages(clock.case)
    return len(lapsed)


def release_vacated(limit: int = 500) -> int:
    """Whoever was asked and left the post is no longer waited for: the step falls back to those who hold its right.

    A countersigner's place is not given up by itself: who asked, or whoever holds the right, asks somebody else.
    """
    waiting = Move.objects.filter(state=MoveState.WAITING).exclude(way=Way.COUNTERSIGN)
    ids = waiting.order_by("pk").values_list("pk", flat=True)[:limit]
    return sum(_release(pk) for pk in list(ids))


@transaction.atomic
def _release(pk: int) -> bool:
    move = _locked(pk)
    area = move.case.area
    stays = (
        gate.holds(move.asked, node_of(move), area)
        if move.way == Way.HAND_OVER
        else gate.sees(move.asked, area)
    )
    if stays or move.state != MoveState.WAITING:
        return False
    states.move_to(move, "vacate")
    _end(move, MoveState.VACATED, SWEEP, _("被请的人已离岗"))
    _record(
        EngineVerb.MOVE_VACATED, move, SWEEP, None, way_name=WORDS[Way(move.way)], to=move.asked.full_name
    )
    stop_term(move.case, by=SWEEP)
    notify_pages(move.case)
    return True


# --- shared ------------------------------------------------------------------------------------


def _locked(pk: int) -> Move:
    """The move, its process locked first, as whoever takes the step does."""
    move = Move.objects.select_related("case").get(pk=pk)
    locked(type(move.case), move.case_id)
    process: Any = Move._meta.get_field("process").related_model
    process.objects.select_for_update().get(pk=move.process_id)
    rows = Move.objects.select_for_update(of=("self",)).select_related("case", "asked", "asked_by")
    return rows.get(pk=pk)


def _end(move: Move, state: MoveState, by: Actor, why: str) -> None:
    move.state, move.ended_at, move.ended_by_id, move.ended_why = state, now(), by.person_id, why
    move.save()


def _record(verb: Verb, move: Move, by: Actor, held: Held | None, **facts: object) -> None:
    case = move.case
    data = {"step": move.title, "move": move.pk} | {name: str(value) for name, value in facts.items()}
    record(verb, Line(case.area, subject=case.subject_id, case=case.code, data=data), by=by, held=held)
