"""Taking one step of an inspection, the same way every time: lock, ask, move, save; the body writes the entry.

Locks are always taken in this order: the case with its process, the inspection's process, the inspection, clocks.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask
from workflows.cases.steps import another_than
from workflows.cases.steps import locked as locked_case
from workflows.clocks.actions import stop_clock
from workflows.clocks.models import Clock
from workflows.engine import procedures
from workflows.engine.steps import follow, misplaced, tell, written
from workflows.inspections import states
from workflows.inspections.models import Inspection, InspectionProcess, Recusal


def locked(inspection_id: int) -> Inspection:
    """The inspection as it stands, locked after its case until the transaction ends; `case` is the locked row."""
    case_id, process_id = Inspection.objects.values_list("case_id", "process_id").get(pk=inspection_id)
    case = locked_case(case_id)
    InspectionProcess.objects.select_for_update().get(pk=process_id)
    fresh = Inspection.objects.select_for_update().get(pk=inspection_id)
    fresh.case = case
    return fresh


@contextmanager
def step_of(
    inspection: Inspection, act: str, *, by: Actor, at: str = "", **facts: str
) -> Iterator[tuple[Inspection, Held | None]]:
    """One act that moves the inspection: yields it in its new state, and the posting acted under.

    `at` is the state the person was looking at; a page that was overtaken is refused.
    Raises AlreadyDone, OutOfOrder, NotHere, NotYourPost.
    """
    if not at and not states.may(inspection, act):
        raise misplaced(inspection, act, states, Right.SEE_CASES, by)
    node = at or inspection.state
    with transaction.atomic():
        case = locked_case(inspection.case_id)
        with procedures.step(inspection.process, node, by=by) as held:
            fresh = Inspection.objects.select_for_update().get(pk=inspection.pk)
            fresh.case = case
            states.move(fresh, act, **facts)
            yield fresh, held
            fresh.save()
            tell(fresh)
    follow(inspection, fresh)


def note_on(
    inspection: Inspection, right: Right, in_states: tuple[str, ...], act: object, *, by: Actor
) -> AbstractContextManager[tuple[Inspection, Held | None]]:
    """Something written on an inspection that stays where it is. Raises OutOfOrder in any other state."""
    return written(inspection, locked, states, right, in_states, act, by)


@contextmanager
def end_of(
    inspection: Inspection, act: str, why: str, right: Right, *, by: Actor, at: str = ""
) -> Iterator[tuple[Inspection, Held | None]]:
    """An act that ends the inspection wherever it stands, and its procedure and terms with it. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of(act))
    ask(by, right, inspection.area)
    with transaction.atomic():
        fresh = locked(inspection.pk)
        held = ask(by, right, fresh.area)
        if at and fresh.state != at:
            raise states.out_of_order(fresh, states.label_of(act))
        states.move(fresh, act)
        fresh.closed_at, fresh.closed_why, fresh.closed_by_id = now(), why.strip(), by.person_id
        stop_terms(fresh, why=states.label_of(act), by=by)
        yield fresh, held
        fresh.save()
        procedures.close_procedure(fresh.process, by=by)
        tell(fresh)
    follow(inspection, fresh)


def not_investigating(inspection: Inspection, by: Actor) -> None:
    """Who proposed, investigates, or was taken out of the matter decides nothing in it (处罚法 第43条).

    Raises SamePersonTwice, OfficerExcluded.
    """
    another_than(by, inspection.proposed_by_id, *inspection.officers)
    ask_not_recused(inspection, by.person_id)


def ask_not_recused(inspection: Inspection, *people: int | None) -> None:
    """Raises OfficerExcluded, naming the first of `people` (person ids) who was taken out of the matter."""
    recused = Recusal.objects.filter(inspection=inspection, person__in=[one for one in people if one])
    if found := recused.select_related("person").first():
        raise problems.OfficerExcluded(name=found.person.full_name)


def running_terms(inspection: Inspection, *kinds: str) -> list[Clock]:
    """The running terms of the inspection, of all kinds unless some are named."""
    running = Clock.objects.filter(case=inspection.case_id, fired_at=None, stopped_at=None)
    return list((running.filter(kind__in=kinds) if kinds else running.filter(kind__in=TERMS)).order_by("pk"))


def stop_terms(inspection: Inspection, *kinds: str, why: str, by: Actor) -> None:
    for clock in running_terms(inspection, *kinds):
        clock.case = inspection.case
        stop_clock(clock, why[:100], by=by)


def note(verb: Verb, inspection: Inspection, by: Actor, held: Held | None, **facts: Any) -> None:
    """The ledger entry of one act on an inspection, with the state the act left behind."""
    case = inspection.case
    data = facts | {"inspection": inspection.code, "stage": str(inspection.state)}
    record(
        verb, by=by, area=inspection.area, subject=case.subject_id, case=case.code,
        data={name: str(value) if isinstance(value, Model) else value for name, value in data.items()}, held=held,
    )  # fmt: skip


# Every term an inspection runs, on the clock of its case.
TERMS = (
    "inspection.filing",
    "inspection.investigation",
    "inspection.outer",
    "order.term",
    "inspection.statement",
    "inspection.hearing_request",
    "inspection.decision",
    "inspection.service",
    "penalty.payment",
    "inspection.remedy",
    "inspection.demand",
    "inspection.court",
)
