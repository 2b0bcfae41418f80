"""社会公布 that waits for a decision, for its quarter or for an answer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Seldom, Waiting
from workflows.announcements import queries
from workflows.announcements.models import Announcement
from workflows.announcements.rules import quarter_end


def _announcements(viewer: Actor, limit: int) -> list[Waiting]:
    """What to decide on, what to publish this quarter, and objections: one query."""
    if not (viewer.has(Right.DECIDE_DISTRICT) or viewer.has(Right.DECIDE_CITY)):
        return []
    return [_line(row) for row in queries.announcements_waiting(viewer)[:limit]]


def _line(row: Announcement) -> Waiting:
    href = reverse("announcement", args=[row.code])
    label, words, since, due_on = _("决定社会公布"), row.facts, day_of(row.proposed_at), None
    if row.objected_on:
        label, words, since, due_on = _("答复公布异议"), row.objection, row.objected_on, row.objection_due_on
    elif row.decided_at:
        # By the quarter (人社部令第29号), with all that is decided by then.
        label, words, since = _("公布本季度批次"), _("已决定公布，待编入批次"), day_of(row.decided_at)
        due_on, href = quarter_end(since), reverse("announcements")
    return Waiting("announcement", label, f"{row.code} {row.name}", words[:80], row.area, href, since, due_on)


ANNOUNCEMENTS = Seldom(queries.announcements_waiting, _announcements)
