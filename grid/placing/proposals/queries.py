"""Which proposals wait for a person."""

from dataclasses import dataclass

from django.db.models import QuerySet

from grid.placing.models import Proposal
from grid.scope import Actor, Right, narrowed, within
from grid.subjects.models import Placement
from grid.territory.queries import names_of


def proposals_waiting(viewer: Actor, area: str = "") -> QuerySet[Proposal]:
    """Where the viewer places, by the area they lead to and the surest first, each with its subject. Of subjects that
    were placed meanwhile none."""
    rows = Proposal.objects.filter(state=Proposal.State.WAITING, subject__placement=Placement.UNPLACED)
    rows = within(within(rows, viewer, Right.PLACE), viewer, Right.PLACE, "subject__area")
    return narrowed(rows, area).select_related("subject").order_by("area", "-sure", "pk")


AT_A_TIME = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as a line of the page, `name` what its area is called."""

    row: Proposal
    name: str


def next_proposals(viewer: Actor, area: str, after: int = 0) -> list[Shown]:
    """The next ten behind `after`, in the order in which they were made. Two queries."""
    rows = list(proposals_waiting(viewer, area).filter(pk__gt=after).order_by("pk")[:AT_A_TIME])
    names = names_of({row.area for row in rows})
    return [Shown(row, names.get(row.area, row.area)) for row in rows]
