"""Which proposals wait for a person."""

from django.db.models import QuerySet

from grid.placing.models import Proposal
from grid.scope import Actor, Right, narrowed, within
from grid.subjects.models import Placement


def proposals_waiting(viewer: Actor, area: str = "") -> QuerySet[Proposal]:
    """Where the viewer places, by the area they lead to and the surest first, each with its subject. Of subjects that
    were placed meanwhile none."""
    rows = Proposal.objects.filter(state=Proposal.State.WAITING, subject__placement=Placement.UNPLACED)
    rows = within(within(rows, viewer, Right.PLACE), viewer, Right.PLACE, "subject__area")
    return narrowed(rows, area).select_related("subject").order_by("area", "-sure", "pk")
