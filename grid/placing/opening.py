"""How many subjects wait for a grid. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.opening import Group, Line
from grid.placing.queries import pool
from grid.scope import Actor, Right, in_area
from grid.subjects.models import Subject


def placing_lines(viewer: Actor, city: str) -> list[Line]:
    """Two queries."""
    if not viewer.can(Right.PLACE, city):
        return []
    left = pool(viewer).filter(in_area(city)).count()
    if not left and not Subject.objects.filter(in_area(city)).exists():
        return [Line(Group.DATA, _("归格"), None, _("还没有对象"))]
    words = _("{n} 户待归格，社区也不知道的要等认领").format(n=left) if left else _("都已归格")
    return [Line(Group.DATA, _("归格"), left, words, reverse("pool"))]
