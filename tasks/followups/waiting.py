"""What follows from visits and waits for whoever may end it: one line for each kind. Reads only."""

from django.conf import settings
from django.db.models import F, Model, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.calendar.now import CITY_TIME, today
from grid.scope import Actor
from grid.waiting import Pile, Row, Waiting, as_rows
from tasks.followups.models import FollowKind
from tasks.followups.queries import follows_left

_WHY = {
    FollowKind.AGAIN: gettext_lazy("约定的日子到了，没有网格员持有这一户"),
    FollowKind.MERGE: gettext_lazy("走访说与另一户是同一户，请核对后合并或者不办"),
    FollowKind.NOTE: gettext_lazy("走访所见与登记不符，请转市场监管部门或者不办"),
}


def _pile(kind: FollowKind) -> Pile:
    def rows(viewer: Actor, _limit: int) -> QuerySet[Model]:
        left = follows_left(viewer, kind).select_related(None)
        if kind == FollowKind.AGAIN:
            left = left.filter(due_on__lte=today())
        return as_rows(left, "pk", "kind", TruncDate(F("at"), tzinfo=CITY_TIME))

    def lines(_viewer: Actor, found: list[Row]) -> list[Waiting]:
        if not found:
            return []
        title = _("{n} 户：{kind}").format(n=len(found), kind=kind.label)
        since = min(row.since for row in found)
        href = f"{reverse('follow-ups')}?kind={kind.value}"
        return [Waiting("follow", _("走访后续"), title, str(_WHY[kind]), settings.CITY, href, since)]

    return Pile(rows, lines)


AGAIN, MERGERS, NOTES = _pile(FollowKind.AGAIN), _pile(FollowKind.MERGE), _pile(FollowKind.NOTE)
