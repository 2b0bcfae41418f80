"""Documents carried to a door whose service waits for a named person."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor, Right
from grid.waiting import Waiting
from tasks.arrivals.waiting import nearest
from workflows.notices.queries import reason_words, waiting_services


def services_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """A line for each, for whoever reviews nearest and did not carry it."""
    if not (viewer.areas(Right.SERVE) and viewer.areas(Right.REVIEW)):
        return []
    rows = waiting_services(viewer).filter(nearest(viewer)).exclude(visit__person=viewer.person_id)[:limit]
    return [
        Waiting(
            "service", _("核定上门送达"), row.notice.number if row.notice else _("文号不明的文书"),
            reason_words(row), row.area, reverse("door-service", args=[row.visit.code]), day_of(row.taken_at),
        )
        for row in rows
    ]  # fmt: skip
