"""Whom each district lacks before it can audit, punish and be reviewed. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.opening import Group, Line
from grid.scope import Actor, in_area
from grid.territory.models import Area, Level
from grid.territory.queries import sees, valid_on
from workflows.certificates.queries import Need, certified, needs, people_posted
from workflows.inspections.models.certificates import CertificateKind

Posted = list[tuple[str, str, int, bool]]


def staff_lines(viewer: Actor, city: str) -> list[Line]:
    """Four queries."""
    if not sees(viewer, city):
        return []
    rows = Area.objects.filter(valid_on(today()), in_area(city, "code"), level=Level.DISTRICT)
    districts = list(rows.order_by("code").values_list("code", "name"))
    posted = people_posted(city)
    shown = certified(person for _role, _area, person, _head in posted)
    return [_line(need, districts, posted, shown) for need in needs()]


def _line(need: Need, districts: list[tuple[str, str]], posted: Posted, shown: set[tuple[int, str]]) -> Line:
    left, parts = 0, []
    for code, name in districts:
        people = {
            person
            for role, area, person, is_head in posted
            if role == need.role
            and (area == code or (not need.is_own and code.startswith(area)))
            and (is_head or not need.is_head)
        }
        able = {person for person in people if not need.kind or (person, need.kind) in shown}
        if len(able) >= need.least:
            continue
        left += need.least - len(able)
        if need.kind and len(people) >= need.least:
            words = _("{name}：{n} 人没有有效证件").format(name=name, n=len(people - able))
            parts.append((words, f"{reverse('certificates')}?area={code}"))
        else:
            words = _("{name}：差 {n} 人").format(name=name, n=need.least - len(able))
            parts.append((words, reverse("posting-new", args=[code])))
    title = _titled(need)
    words = _("差 {n} 人").format(n=left) if left else _("各区都有")
    if not districts:
        return Line(Group.PEOPLE, title, None, _("还没有区"))
    return Line(Group.PEOPLE, title, left, words, parts[0][1] if parts else "", is_blocking=True, parts=parts)


def _titled(need: Need) -> str:
    if need.is_head:
        return _("集体讨论的负责人（每区 {n} 名）").format(n=need.least)
    return _("{role}，持有效{kind}（每区 {n} 名）").format(
        role=need.role.label, kind=CertificateKind(need.kind).label, n=need.least
    )
