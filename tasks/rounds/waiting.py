"""Rounds that wait for somebody."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right, in_areas
from grid.waiting import Waiting
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries import APPROVERS


def rounds_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Rounds to approve or to send out, and the viewer's own to be finished."""
    waiting = [
        Q(state=state) & in_areas(viewer.areas(right)) & ~Q(planned_by=viewer.person_id)
        for state, right in APPROVERS.items()
        if viewer.has(right)
    ]
    if viewer.has(Right.DISPATCH):
        waiting.append(Q(state=RoundState.APPROVED) & in_areas(viewer.areas(Right.DISPATCH)))
    if viewer.has(Right.PLAN):
        mine = Q(planned_by=viewer.person_id) & in_areas(viewer.areas(Right.PLAN))
        waiting.append(Q(state__in=(RoundState.PLANNED, RoundState.RETURNED)) & mine)
    if not waiting:
        return []
    rows = (
        Round.objects.filter(reduce(or_, waiting))
        .select_related("planned_by")
        .order_by("due_on", "pk")[:limit]
    )
    return [
        Waiting(
            "round", str(RoundState(row.state).label), row.title, _round_words(row), row.area,
            reverse("round", args=[row.code]), day_of(row.planned_at), row.due_on, state=row.state,
        )
        for row in rows
    ]  # fmt: skip


def _round_words(row: Round) -> str:
    if row.state == RoundState.RETURNED:
        return _("退回理由：{why}").format(why=row.returned_why)
    return _("{who}制定，截止 {due}").format(who=row.planned_by, due=row.due_on)
