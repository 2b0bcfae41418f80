"""The open matters of a case and where each stands: the case itself, its inspection, its audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grid import problems
from workflows.audits.models import ENDED as AUDIT_ENDED
from workflows.audits.models import Audit
from workflows.cases.models import Case
from workflows.cases.steps import locked
from workflows.flows import AuditFlow, CaseFlow, InspectionFlow
from workflows.inspections.models import ENDED as INSPECTION_ENDED
from workflows.inspections.models import Inspection

Proceeding = Inspection | Audit
Matter = Case | Proceeding
FLOWS: dict[type[Any], Any] = {Case: CaseFlow, Inspection: InspectionFlow, Audit: AuditFlow}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a matter stands: the step of its flow that somebody has to take."""

    matter: Matter
    flow: str
    step: str
    title: str
    node: Any

    @property
    def kind(self) -> str:
        """What an address calls it."""
        return self.flow.removesuffix("Flow").lower()

    @property
    def area(self) -> str:
        return self.matter.area

    @property
    def case(self) -> Case:
        return self.matter if isinstance(self.matter, Case) else self.matter.case


def place_of(matter: Matter) -> Place | None:
    """None where nobody has to act: a term runs, or the matter is closed. No query."""
    flow = FLOWS[type(matter)]
    standing = (node for node in flow.instance.nodes() if matter.state in getattr(node, "at", ()))
    node = next(standing, None)
    if node is None or node.task_type != "HUMAN":
        return None
    return Place(matter, flow.__name__, node.name, str(node.task_title), node)


def proceedings_of(case: Case) -> list[Proceeding]:
    """What is open beside the case; two queries."""
    found: list[Proceeding] = [
        *Inspection.objects.filter(case=case).exclude(state__in=INSPECTION_ENDED),
        *Audit.objects.filter(case=case).exclude(state__in=AUDIT_ENDED),
    ]
    for proceeding in found:
        proceeding.case = case
    return found


def places_of(case: Case, proceedings: Iterable[Proceeding] | None = None) -> list[Place]:
    """Every step open on the case and its proceedings, which are read unless given."""
    matters = (case, *(proceedings_of(case) if proceedings is None else proceedings))
    return [place for matter in matters if (place := place_of(matter))]


def place_at(case: Case, kind: str) -> Place:
    """Raises NotHere when nothing of that kind waits for somebody."""
    found = next((place for place in places_of(case) if place.kind == kind), None)
    if found is None:
        raise problems.NotHere()
    return found


def locked_place(place: Place, at: str) -> Place:
    """The same place, locked as whoever takes the step locks it. Raises OutOfOrder when the matter moved on."""
    model = type(place.matter)
    locked(place.case.pk)
    process: Any = model._meta.get_field("process").related_model
    process.objects.select_for_update().get(pk=place.matter.process_id)
    matter = model.objects.get(pk=place.matter.pk)
    fresh = place_of(matter)
    if fresh is None or fresh.step != place.step or (at and fresh.step != at):
        state = matter.get_state_display()
        raise problems.OutOfOrder(thing=place.case.code, state=state, act=place.title)
    return fresh
