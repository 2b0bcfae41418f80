"""The open matters of a case and where each stands: the case itself, and every proceeding beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grid import problems
from workflows.engine.actions.steps import locked
from workflows.engine.kind import kind_of, kinds_beside, owner_of
from workflows.engine.nodes import StepNode
from workflows.engine.signing.rules import Allowed

# A row of any kind that is registered.
Matter = Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a matter stands: the step of its flow that somebody has to take."""

    matter: Matter
    flow: str
    step: str
    title: str
    node: StepNode

    @property
    def kind(self) -> str:
        """What an address calls it."""
        return kind_of(self.matter).name

    @property
    def area(self) -> str:
        return str(self.matter.area)

    @property
    def case(self) -> Matter:
        return owner_of(self.matter)

    @property
    def allowed(self) -> Allowed | None:
        """How the step may be handled besides taking it."""
        return kind_of(self.matter).ways.get(self.step)


def place_of(matter: Matter) -> Place | None:
    """None where nobody has to act: a term runs, or the matter is closed. No query."""
    kind = kind_of(matter)
    node = kind.node_at(matter.state)
    if node is None or node.task_type != "HUMAN":
        return None
    return Place(matter, kind.flow.__name__, node.name, str(node.task_title), node)


def proceedings_of(case: Matter) -> list[Matter]:
    """What is open beside the case; one query for each kind."""
    found: list[Matter] = []
    for kind in kinds_beside(case):
        found += kind.rows().filter(**{kind.beside: case}).exclude(state__in=kind.ended)
    for proceeding in found:
        setattr(proceeding, kind_of(proceeding).beside, case)
    return found


def places_of(case: Matter, proceedings: Iterable[Matter] | None = None) -> list[Place]:
    """Every step open on the case and its proceedings, which are read unless given."""
    matters = (case, *(proceedings_of(case) if proceedings is None else proceedings))
    return [place for matter in matters if (place := place_of(matter))]


def place_at(case: Matter, kind: str) -> Place:
    """Raises NotHere when nothing of that kind waits for somebody."""
    found = next((place for place in places_of(case) if place.kind == kind), None)
    if found is None:
        raise problems.NotHere()
    return found


def locked_place(place: Place, at: str) -> Place:
    """The same place, locked as whoever takes the step locks it. Raises OutOfOrder when the matter moved on."""
    matter: Matter = locked(type(place.matter), place.matter.pk)
    fresh = place_of(matter)
    if fresh is None or fresh.step != place.step or (at and fresh.step != at):
        state = matter.get_state_display()
        raise problems.OutOfOrder(thing=place.case.code, state=state, act=place.title)
    return fresh
