"""Whether each register came once. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.opening import Group, Line
from grid.registers.models import Delivery, DeliveryState, Register
from grid.registers.queries import waiting_for
from grid.scope import Actor, Right, in_area


def register_lines(viewer: Actor, city: str) -> list[Line]:
    """Two queries."""
    if not viewer.can(Right.IMPORT, city):
        return []
    rows = Delivery.objects.filter(in_area(city), state=DeliveryState.DONE)
    taken = set(rows.order_by().values_list("register", flat=True).distinct())
    lines = [_line(register, register.value in taken) for register in Register]
    waiting = waiting_for(viewer).count()
    words = _("{n} 批名册等人确认").format(n=waiting) if waiting else _("没有等人确认的名册")
    return [*lines, Line(Group.DATA, _("待确认的名册"), waiting, words, reverse("registers"))]


def _line(register: Register, is_there: bool) -> Line:
    words = _("已有采用的名册") if is_there else _("还没有采用过一批")
    href = reverse("registers") if is_there else reverse("register-upload")
    return Line(Group.DATA, str(register.label), int(not is_there), words, href, is_blocking=True)
