"""What the ledger's self-check and the keeping of law and offices bring to the inbox: what waits for a second person."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import CITY_TIME, day_of, now, today
from grid.law.queries import versions_to_review
from grid.offices.queries import offices_to_confirm
from grid.scope import Actor, Right
from grid.watch.queries import alarms_waiting, last_finished
from grid.watch.rules import is_silent
from project.inbox_items import LIMIT, Item


class _Row(NamedTuple):
    kind: str
    key: str
    words: str
    since: date


def alarms_and_entries(viewer: Actor) -> list[Item]:
    """Open alarms of the ledger, and that nobody looks any more; offices and versions of the law that wait for a second
    person, a pile for each. One query for all that waits."""
    rows = list(_rows(viewer))
    found = [_alarm(row) for row in rows if row.kind == "alarm"]
    if viewer.can(Right.CLEAR_ALARM, settings.CITY):
        found += _silence()
    for kind in ("office", "law"):
        if pile := [row for row in rows if row.kind == kind]:
            found.append(_pile(kind, pile))
    return found


def _rows(viewer: Actor) -> Iterator[_Row]:
    text = CharField()
    alarms = alarms_waiting(viewer, LIMIT).annotate(
        key_=Cast("pk", text), words_=F("what"), since_=TruncDate("found_at", tzinfo=CITY_TIME)
    )
    offices = offices_to_confirm(viewer).annotate(
        key_=Cast("pk", text), words_=F("name"), since_=F("valid_from")
    )
    versions = versions_to_review(viewer).annotate(key_=F("key"), words_=F("title"), since_=F("valid_from"))
    first, *others = (
        some.order_by().values_list(Value(kind, text), "key_", "words_", "since_")
        for some, kind in ((alarms, "alarm"), (offices, "office"), (versions, "law"))
    )
    return (_Row(*row) for row in first.union(*others, all=True))


def _alarm(row: _Row) -> Item:
    why = _("须由市扩面办和审计各一人分别查明")
    href = reverse("alarm", args=[row.key])
    return Item("alarm", _("台账警报"), row.words, why, settings.CITY, href, row.since, row.since)


def _silence() -> list[Item]:
    last = last_finished()
    if last is None or not is_silent(last, now()):
        return []
    what = _("台账自检自 {on} 起没有完成过").format(on=day_of(last))
    why = _("请系统管理员检查时钟服务（grid-clock）")
    return [Item("alarm", _("台账警报"), what, why, settings.CITY, reverse("watch"), day_of(last))]


def _pile(kind: str, rows: Sequence[_Row]) -> Item:
    since = min(today(), *(row.since for row in rows))
    if kind == "office":
        label, title, href = _("确认机关"), _("{n} 个机关待第二人确认"), reverse("office-confirm")
        why = _("别人录入，确认之后才用于文书")
    else:
        label, title, href = _("法制审核"), _("{n} 项参数待法制审核"), f"{reverse('law')}?unreviewed=1"
        why = _("别人修订，审核之前用到它的地方都有标记")
        if len(rows) == 1:
            href = reverse("law-key", args=[rows[0].key])
    return Item(kind, label, title.format(n=len(rows)), why, settings.CITY, href, since)
