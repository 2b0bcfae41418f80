"""Steps below that are past their local limit, for their superior."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.clocks.models import Escalation
from workflows.clocks.rules.posts import CODE_LENGTHS
from workflows.engine.queries import escalations_to


def _escalations(viewer: Actor, limit: int) -> list[Waiting]:
    """Told to the superior once, here until they are taken."""
    if not any(held.role in CODE_LENGTHS for held in viewer.held):
        return []
    return [_escalation(row) for row in escalations_to(viewer)[:limit]]


def _escalation(row: Escalation) -> Waiting:
    if row.case:
        title, href = f"{row.case.code} {row.case.subject.name}", reverse("case", args=[row.case.code])
    else:
        assert row.round is not None
        title, href = row.round.title, reverse("round", args=[row.round.code])
    why = _("“{step}”应于 {due} 前办理，请督办").format(step=row.title, due=row.due_on)
    return Waiting("escalation", _("超时督办"), title, why, row.area, href, day_of(row.at), row.due_on)


ESCALATIONS = Seldom(escalations_to, _escalations)
