"""Rounds that wait for somebody."""

from functools import reduce
from operator import or_

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right, in_areas
from grid.waiting import Waiting
from tasks.doors.models import CheckTask
from tasks.rounds.approving.queries import to_approve
from tasks.rounds.models import Round, RoundState
from tasks.rounds.queries import APPROVERS
from tasks.rounds.queries.drafting import TO_VISIT


def rounds_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Rounds to approve or to send out, and the viewer's own to be finished."""
    waiting = [to_approve(viewer)] if any(map(viewer.has, APPROVERS.values())) else []
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


def reminders_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """To a worker: rounds about to end of which doors are left, once somebody was reminded of them."""
    postings = [held.posting_id for held in viewer.held if held.grants(Right.VISIT)]
    if not postings:
        return []
    rows = CheckTask.objects.filter(posting__in=postings, state__in=TO_VISIT, reminded_on__isnull=False)
    of = rows.values("round__title", "round__due_on", "posting__area")
    found = of.annotate(doors=Count("pk"), since=Min("reminded_on")).order_by(
        "round__due_on", "posting__area"
    )
    return [
        Waiting(
            "round", _("轮次将截止"), row["round__title"], _("还有 {n} 户未走访").format(n=row["doors"]), row["posting__area"],
            reverse("phone"), row["since"], row["round__due_on"],
        )
        for row in found[:limit]
    ]  # fmt: skip
