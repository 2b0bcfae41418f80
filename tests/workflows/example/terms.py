"""The term an example waits for, on the clock of its case."""

from grid.scope import Actor
from tests.workflows.example.models import Example, ExampleState
from workflows.clocks.models import Clock
from workflows.clocks.terms import Term, Whose
from workflows.clocks.verbs import ClockVerb
from workflows.engine.actions.steps import record_on, step_of


def term_over(clock: Clock, *, by: Actor) -> None:
    """Now it may be decided. Nothing when it ended meanwhile."""
    example = Example.objects.filter(case=clock.case_id, state=ExampleState.WAITING).first()
    if example:
        with step_of(example, "expire", by=by) as (fresh, held):
            record_on(ClockVerb.TERM_EXPIRED, fresh, by, held, term_name=clock.name)


TERMS = (
    Term(
        key="example.term", matter="example", whose=Whose.PARTY, handler=term_over, law="urging.term",
        title="示范等待期", awaited_at=ExampleState.WAITING,
    ),
)  # fmt: skip
