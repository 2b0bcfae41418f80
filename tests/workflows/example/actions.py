"""Every write on an example."""

from grid.scope import Actor
from tests.workflows.example.models import Example
from workflows.engine.actions.steps import end_of, record_on, step_of
from workflows.inspections.verbs import InspectionVerb


def propose_example(example: Example, *, by: Actor, at: str = "") -> None:
    with step_of(example, "propose", by=by, at=at) as (fresh, held):
        fresh.proposed_by_id = by.person_id
        record_on(InspectionVerb.INSPECTION_PROPOSED, fresh, by, held, officers=[], reason="示范")


def decide_example(example: Example, *, by: Actor, at: str = "") -> None:
    with step_of(example, "decide", by=by, at=at) as (fresh, held):
        record_on(InspectionVerb.INSPECTION_FILED, fresh, by, held)


def withdraw_example(example: Example, why: str, *, by: Actor, at: str = "") -> None:
    with end_of(example, "withdraw", by=by, at=at, why=why) as (fresh, held):
        record_on(InspectionVerb.INSPECTION_WITHDRAWN, fresh, by, held, reason=why)
