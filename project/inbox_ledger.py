"""What the ledger's self-check and the care for personal data bring to the inbox."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, now
from grid.personal.queries import forgettings_waiting
from grid.scope import Actor, Right
from grid.watch.queries import alarms_waiting, last_finished
from grid.watch.rules import is_silent
from project.inbox_items import LIMIT, Item


def alarms(viewer: Actor) -> list[Item]:
    """Open alarms of the ledger, and that nobody looks any more."""
    if not viewer.can(Right.CLEAR_ALARM, settings.CITY):
        return []
    items = [
        Item(
            "alarm", _("台账警报"), one.what, _("须由市扩面办和审计各一人分别查明"), settings.CITY,
            reverse("alarm", args=[one.pk]), day_of(one.found_at), day_of(one.found_at),
        )
        for one in alarms_waiting(viewer, LIMIT)
    ]  # fmt: skip
    last = last_finished()
    if last is not None and is_silent(last, now()):
        what = _("台账自检自 {on} 起没有完成过").format(on=day_of(last))
        why = _("请系统管理员检查时钟服务（grid-clock）")
        items.append(Item("alarm", _("台账警报"), what, why, settings.CITY, reverse("watch"), day_of(last)))
    return items


def forgettings(viewer: Actor) -> list[Item]:
    """Personal data that somebody asked to be forgotten, for another person to decide."""
    return [
        Item(
            "forgetting", _("遗忘个人信息"), one.subject.name,
            _("{who}申请：{why}").format(who=one.asked_by.full_name, why=one.get_reason_display()),
            one.area, reverse("personal-subject", args=[one.subject_id]), day_of(one.asked_at),
        )
        for one in forgettings_waiting(viewer, LIMIT)
    ]  # fmt: skip
