"""Personal data that waits to be forgotten."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.personal.queries import undecided_forgettings
from grid.scope import Actor
from grid.waiting import Waiting


def forgettings_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Personal data that somebody asked to be forgotten, for another person to decide."""
    return [
        Waiting(
            "forgetting", _("遗忘个人信息"), forgetting.subject.name,
            _("{who}申请：{why}").format(who=forgetting.asked_by.full_name, why=forgetting.get_reason_display()),
            forgetting.area, reverse("personal-subject", args=[forgetting.subject_id]), day_of(forgetting.asked_at),
        )
        for forgetting in undecided_forgettings(viewer, limit)
    ]  # fmt: skip
