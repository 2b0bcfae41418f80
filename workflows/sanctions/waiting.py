"""Measures asked of a department that wait for it, and for the city where it gave no answer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Waiting
from workflows.sanctions import queries
from workflows.sanctions.models import SanctionOrder


def sanctions_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Measures the viewer's department has to carry out or to lift, and to the city those that went unanswered
    past their term: one query."""
    if not (viewer.has(Right.ANSWER_REFERRAL) or viewer.has(Right.DECIDE_CITY)):
        return []
    return [
        Waiting(
            "sanction", _("解除惩戒措施") if row.lift_at else _("反馈惩戒措施"),
            f"{row.sanction.title} · {row.listing.subject.name}", _sanction_words(row, viewer), row.area,
            reverse("sanction-order", args=[row.pk]), day_of(row.lift_at or row.ordered_at), row.last_day,
        )
        for row in queries.orders_waiting(viewer)[:limit]
    ]  # fmt: skip


def _sanction_words(row: SanctionOrder, viewer: Actor) -> str:
    if row.escalated_on and viewer.can(Right.DECIDE_CITY, row.area):
        return _("{name}逾期未反馈，请督办").format(name=row.department)
    return str(row.lift_why or row.basis)
