"""What the self-check of the ledger puts into the inbox: its open alarms, and that it has fallen silent."""

from django.conf import settings
from django.db.models import Model, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME, day_of, now
from grid.scope import Actor, Right
from grid.waiting import Pile, Row, Waiting, as_rows
from grid.watch.queries import alarms_waiting, last_finished
from grid.watch.rules import is_silent


def _alarms(viewer: Actor, limit: int) -> QuerySet[Model]:
    found_on = TruncDate("found_at", tzinfo=CITY_TIME)
    return as_rows(alarms_waiting(viewer, limit), "pk", "what", found_on)


def _lines(viewer: Actor, rows: list[Row]) -> list[Waiting]:
    lines = [_alarm(row) for row in rows]
    return lines + _silence() if viewer.can(Right.CLEAR_ALARM, settings.CITY) else lines


def _alarm(row: Row) -> Waiting:
    why = _("须由市扩面办和审计各一人分别查明")
    href = reverse("alarm", args=[row.key])
    return Waiting("alarm", _("台账警报"), row.words, why, settings.CITY, href, row.since, row.since)


def _silence() -> list[Waiting]:
    last = last_finished()
    if last is None or not is_silent(last, now()):
        return []
    what = _("台账自检自 {on} 起没有完成过").format(on=day_of(last))
    why = _("请系统管理员检查时钟服务（grid-clock）")
    return [Waiting("alarm", _("台账警报"), what, why, settings.CITY, reverse("watch"), day_of(last))]


ALARMS = Pile(_alarms, _lines)
