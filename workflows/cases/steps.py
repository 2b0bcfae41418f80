"""Taking one step of a case, the same way every time: lock, ask, move, save; the body writes the entry.

Locks are always taken in this order: the engine's process, the case, its clocks, numbers, subjects. A step locks
the process itself; whatever else touches a case calls `locked` first.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction

from grid import problems
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask
from tasks.coverage.actions import mark_state
from tasks.coverage.models import CoverState
from tasks.visits.moves import drop_questions
from workflows.cases import states
from workflows.cases.models import Case, CaseProcess
from workflows.engine import procedures
from workflows.engine.steps import follow, misplaced, tell, written


def locked(case_id: int) -> Case:
    """The case as it stands, locked together with its process until the transaction ends."""
    process_id = Case.objects.values_list("process_id", flat=True).get(pk=case_id)
    CaseProcess.objects.select_for_update().get(pk=process_id)
    return _row(case_id)


def _row(case_id: int) -> Case:
    """The case, locked; its process is locked already."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("subject", "finding")
    return rows.get(pk=case_id)


@contextmanager
def step_of(
    case: Case, act: str, *, by: Actor, at: str = "", **facts: str
) -> Iterator[tuple[Case, Held | None]]:
    """One act that moves the case: yields it in its new state, and the posting acted under.

    `at` is the state the person was looking at. A page that was overtaken is refused with who and when,
    instead of deciding the next step unread.
    Raises AlreadyDone, OutOfOrder, NotHere, NotYourPost.
    """
    if not at and not states.may(case, act):
        raise misplaced(case, act, states, Right.SEE, by)
    node = at or case.state
    with transaction.atomic(), procedures.step(case.process, node, by=by) as held:
        fresh = _row(case.pk)
        states.move(fresh, act, **facts)
        yield fresh, held
        fresh.save()
        tell(fresh)
    follow(case, fresh)


def note_on(
    case: Case, right: Right, in_states: tuple[str, ...], act: object, *, by: Actor
) -> AbstractContextManager[tuple[Case, Held | None]]:
    """Something written on a case that stays where it is. Raises OutOfOrder in any other state."""
    return written(case, locked, states, right, in_states, act, by)


@contextmanager
def end_of(
    case: Case, act: str, right: Right, *, by: Actor, at: str = ""
) -> Iterator[tuple[Case, Held | None]]:
    """An act that ends the case wherever it stands, and its procedure with it."""
    ask(by, right, case.area)
    with transaction.atomic():
        fresh = locked(case.pk)
        held = ask(by, right, fresh.area)
        if at and fresh.state != at:
            raise states.out_of_order(fresh, states.label_of(act))
        states.move(fresh, act)
        yield fresh, held
        fresh.save()
        procedures.close_procedure(fresh.process, by=by)
        tell(fresh)
    follow(case, fresh)


def asked_doors(cases: Iterable[Case]) -> list[int]:
    """Check tasks of doors that these cases, sent back, may still be asking something."""
    tasks = (case.finding.visit.task_id for case in cases if case.returned_to)
    return [task for task in tasks if task is not None]


def spare_door(case: Case, *, by: Actor) -> None:
    """The case was sent back to the door, and asks nothing of it any more: the phone's list loses it.

    The subject's coverage becomes again what the confirmed visit had made it.
    """
    if drop_questions(asked_doors([case])):
        mark_state([case.subject_id], CoverState(case.finding.settles), by=by)


def note(verb: Verb, case: Case, by: Actor, held: Held | None, **facts: Any) -> None:
    """The ledger entry of one act on a case, with the state the act left behind."""
    data = facts | {"state": str(case.state)}
    record(verb, by=by, area=case.area, subject=case.subject_id, case=case.code, data=data, held=held)


def another_than(by: Actor, *before: int | None) -> None:
    """Four eyes: nobody decides on what they themselves did before. Raises SamePersonTwice."""
    if by.person_id is not None and by.person_id in before:
        raise problems.SamePersonTwice(first=by.name)
