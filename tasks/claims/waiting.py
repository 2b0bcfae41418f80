"""What workers claimed today, for whoever reviews it; what nobody claimed, for those who are asked."""

from django.db.models import Count, Min
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, today
from grid.scope import Actor, Right
from grid.waiting import Waiting
from tasks.claims.models import ClaimState
from tasks.claims.queries import claims_for
from tasks.claims.queries.asking import Asked, asked_in
from tasks.claims.rules import COMMUNITY


def claims_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Today's claims, a line for each community: for its reviewer, and for the street of several."""
    if not any(len(code) > 6 for code in viewer.areas(Right.PLACE)):
        return []
    rows = claims_for(viewer, today(), state=ClaimState.STANDING).order_by()
    counts = rows.annotate(community=Substr("area", 1, COMMUNITY)).values("community")
    found = counts.annotate(count=Count("pk"), since=Min("at")).order_by("community")
    return [
        Waiting(
            "claims", _("当日认领"), _("网格员认领、定格 {n} 户").format(n=row["count"]),
            _("请看一遍，不对的退回"), row["community"],
            f"{reverse('claims')}?area={row['community']}", day_of(row["since"]),
        )
        for row in found[:limit]
    ]  # fmt: skip


def asked_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Subjects nobody claimed, for the communities and streets the viewer answers for."""
    return [_asked_item(asked) for asked in asked_in(viewer)[:limit]]


def _asked_item(asked: Asked) -> Waiting:
    return Waiting(
        "asked", _("归格询问"), _("{n} 户无人认领").format(n=asked.count),
        _("请答复：归入哪个网格、不在本辖区，还是查无此户"), asked.area,
        f"{reverse('claims-asked')}?area={asked.area}", day_of(asked.since),
    )  # fmt: skip
