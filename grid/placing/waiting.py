"""Subjects without a grid, for whoever places them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, today
from grid.scope import Actor, Right, Role, in_areas, within
from grid.subjects.models import Placement, Subject
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from grid.waiting import Waiting

# Who places subjects, below the city.
PLACERS = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)


def pools_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Subjects without a grid: the viewer's own pools, and one line for those below where nobody nearer is posted."""
    own = viewer.areas(Right.PLACE)
    if not own:
        return []
    rows = within(Subject.objects.filter(placement=Placement.UNPLACED), viewer, Right.PLACE)
    pools = list(rows.order_by().values_list("area").annotate(count=Count("pk"), since=Min("added_at")))
    mine = [_pool_item(area, count, since) for area, count, since in pools if area in own]
    below: list[Pool] = [pool for pool in pools if pool[0] not in own]
    left = _unattended(below, own) if below else []
    if left:
        words = _("{n} 处没有在岗的复核员").format(n=len(left))
        whole = min(own, key=len)
        mine.append(
            _pool_item(whole, sum(pool[1] for pool in left), min(pool[2] for pool in left), words, "")
        )
    return mine[:limit]


def _pool_item(area: str, count: int, since: datetime, why: str = "", asked: str | None = None) -> Waiting:
    return Waiting(
        "pool", _("待归格"), _("{count} 户待归格").format(count=count), why or _("地址没有写明社区"), area,
        f"{reverse('pool')}?area={area if asked is None else asked}", day_of(since),
    )  # fmt: skip


# Where, how many wait, since when.
Pool = tuple[str, int, datetime]


def _unattended(pools: list[Pool], own: Iterable[str]) -> list[Pool]:
    """Of the pools below, those without anybody posted nearer than the viewer. One query."""
    nearer = Posting.objects.filter(
        valid_on(today()), in_areas(own, "area_id"), role__in=PLACERS, person__is_active=True
    )
    held = {*nearer.values_list("area_id", flat=True)} - {*own}
    return [pool for pool in pools if not any(pool[0][:length] in held for length in (12, 9, 6))]
