"""What was escalated to a superior, what is stuck."""

from django.db.models import Q, QuerySet

from grid.scope import Actor, Right, require, within
from workflows.clocks.models import Escalation, Snag
from workflows.engine.agenda import still_open


def escalations_to(viewer: Actor) -> QuerySet[Escalation]:
    """Overdue steps told to the posts the viewer holds, and not taken yet; the longest overdue first."""
    mine = Q(pk__in=[])
    for held in viewer.held:
        mine |= Q(role=held.role, superior=held.area)
    rows = Escalation.objects.filter(mine, still_open(), ended_at=None)
    return rows.select_related("case__subject", "round").order_by("due_on", "pk")


def snags_for(viewer: Actor) -> QuerySet[Snag]:
    """What stands still in the viewer's territory, the oldest first. Raises NotYourPost."""
    if not viewer.has(Right.SEE_STUCK):
        require(viewer, Right.SEE_STUCK, viewer.held[0].area if viewer.held else "")
    rows = within(Snag.objects.filter(gone_at=None), viewer, Right.SEE_STUCK)
    return rows.select_related("case__subject", "round").order_by("first_seen", "pk")


def repaired_for(viewer: Actor) -> QuerySet[Snag]:
    """What was repaired by itself, the newest first."""
    rows = within(Snag.objects.filter(repaired_at__isnull=False), viewer, Right.SEE_STUCK)
    return rows.select_related("case", "round").order_by("-repaired_at", "-pk")[:20]
