"""What the acts of a case have in common beside the engine's steps."""

from collections.abc import Iterable

from grid.scope import Actor
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.moves import drop_questions
from workflows.cases.models import Case


def doors_in_question(cases: Iterable[Case]) -> list[int]:
    """Check tasks of doors that these cases, sent back, may still be asking something."""
    tasks = (case.finding.visit.task_id for case in cases if case.returned_to)
    return [task for task in tasks if task is not None]


def release_door(case: Case, *, by: Actor) -> None:
    """Part of an act after which a case that was sent back asks nothing of the door: the phone's list loses it.

    The subject's coverage becomes again what the confirmed visit had made it.
    """
    if drop_questions(doors_in_question([case])):
        mark_state([case.subject_id], CoverState(case.finding.settles), by=by)
