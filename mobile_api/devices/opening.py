"""How many who knock on doors have no phone yet. Reads only; see grid/opening.py."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.opening import Group, Line
from grid.scope import Actor, Right, in_area
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import FIELD_ROLES


def phone_lines(viewer: Actor, city: str) -> list[Line]:
    """Two queries."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    posted = Posting.objects.filter(
        valid_on(today()), in_area(city, "area_id"), role__in=FIELD_ROLES, person__is_active=True
    )
    in_use = Device.objects.filter(posting__person=OuterRef("person"), revoked_at=None)
    everybody = posted.values("person").distinct().count()
    if not everybody:
        return [Line(Group.PHONES, _("网格员的手机"), None, _("还没有网格员"))]
    left = posted.filter(~Exists(in_use)).values("person").distinct().count()
    words = _("{n} 名网格员没有登记手机，由街道、社区出示登记码").format(n=left)
    href = reverse("devices") if viewer.has(Right.ENROL) else ""
    # Without one phone nobody can go to a door at all.
    return [
        Line(
            Group.PHONES, _("网格员的手机"), left, words if left else _("每名网格员都有手机"), href,
            is_blocking=left == everybody,
        )
    ]  # fmt: skip
