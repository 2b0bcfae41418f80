"""What the self-check of the ledger puts into somebody's inbox."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, now
from grid.scope import Actor, Right
from grid.waiting import Waiting
from grid.watch.queries import alarms_for, last_finished
from grid.watch.rules import is_silent


def alarms_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Open alarms of the ledger, and that nobody looks any more."""
    if not viewer.can(Right.CLEAR_ALARM, settings.CITY):
        return []
    items = [
        Waiting(
            "alarm", _("台账警报"), one.what, _("须由市扩面办和审计各一人分别查明"), settings.CITY,
            reverse("alarm", args=[one.pk]), day_of(one.found_at), day_of(one.found_at),
        )
        for one in alarms_for(viewer, limit)
    ]  # fmt: skip
    last = last_finished()
    if last is not None and is_silent(last, now()):
        what = _("台账自检自 {on} 起没有完成过").format(on=day_of(last))
        why = _("请系统管理员检查时钟服务（grid-clock）")
        items.append(
            Waiting("alarm", _("台账警报"), what, why, settings.CITY, reverse("watch"), day_of(last))
        )
    return items
