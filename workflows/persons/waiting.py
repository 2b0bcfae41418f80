"""What responsible persons put into somebody's inbox."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.scope import Actor
from grid.waiting import Seldom, Waiting
from workflows.persons.queries import waiting_for


def _lines(viewer: Actor, limit: int) -> list[Waiting]:
    return [
        Waiting(
            "person", _("责任人员处罚"), f"{row.inspection.code} {row.inspection.case.subject.name}",
            f"{row.get_role_display()}：{row.stands}", row.area,
            reverse("person", args=[row.inspection.case.code, row.pk]), day_of(row.named_at), row.due_on,
        )
        for row in waiting_for(viewer)[:limit]
    ]  # fmt: skip


PERSONS = Seldom(waiting_for, _lines)
