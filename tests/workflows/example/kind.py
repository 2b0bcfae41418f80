"""What an example is to the engine."""

from django.urls import reverse

from grid.calendar.now import today
from grid.scope import Actor, Right, within
from grid.waiting import Waiting
from tests.workflows.example import states
from tests.workflows.example.flow import ExampleFlow
from tests.workflows.example.models import ENDED, Example, ExampleState
from workflows.engine.kind import Kind
from workflows.engine.signing.rules import DECISION, HANDLING


def _waiting(viewer: Actor, limit: int) -> list[Waiting]:
    rows = within(Example.objects.filter(state=ExampleState.DRAFTED), viewer, Right.INSPECT)
    return [
        Waiting(
            "example", "示范", row.code, "待提出", row.area, reverse("case", args=[row.case.code]), today()
        )
        for row in rows.select_related("case")[:limit]
    ]


EXAMPLE = Kind(
    name="example",
    flow=ExampleFlow,
    first=ExampleState.DRAFTED,
    model=Example,
    states=ExampleState,
    ended=ENDED,
    path=states,
    beside="case",
    facts=lambda example: {"example": example.code, "stage": str(example.state)},
    ways={"drafted": HANDLING, "proposed": DECISION},
    waiting=(_waiting,),
)
