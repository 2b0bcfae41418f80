"""Which offices the papers of a city will ask for and not find. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.offices.queries import offices_missing
from grid.opening import Group, Line
from grid.scope import Actor, Right

SHOWN = 12


def office_lines(viewer: Actor, city: str) -> list[Line]:
    """Two queries."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    lacking = offices_missing(city, today())
    words = _("{n} 个机关没有登记或待核定，其文书发不出").format(n=len(lacking)) if lacking else _("都已核定")
    parts = [
        (f"{office.area_name} {office.title}" + (_("（待核定）") if office.waits else ""), reverse("offices"))
        for office in lacking[:SHOWN]
    ]
    title = _("文书上的机关")
    return [Line(Group.LAW, title, len(lacking), words, reverse("offices"), is_blocking=True, parts=parts)]
