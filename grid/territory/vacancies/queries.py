"""Who is missing: areas nobody is posted to, and absences that run or come."""

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid.calendar.now import today
from grid.scope import Actor, Role, in_area
from grid.territory.models import Absence, Area, Level, Posting
from grid.territory.queries import seen, valid_on

# Who is at least posted to an area of each level.
ROLES: dict[int, Role] = {Level.STREET: Role.STREET, Level.COMMUNITY: Role.COMMUNITY, Level.GRID: Role.WORKER}


def vacant(viewer: Actor, code: str) -> QuerySet[Area]:
    """Areas below `code` in whose post nobody is today, streets first."""
    rows = seen(Area.objects.filter(valid_on(today()), in_area(code, "code")), viewer, "code")
    manned = {level: Exists(_posts(role).filter(valid_on(today()))) for level, role in ROLES.items()}
    unmanned = [Q(~held, level=level) for level, held in manned.items()]
    return (
        rows.filter(reduce(or_, unmanned)).select_related("parent").defer("outline").order_by("level", "code")
    )


def _posts(role: Role) -> QuerySet[Posting]:
    return Posting.objects.filter(area=OuterRef("pk"), role=role, person__is_active=True)


def role_words(area: Area) -> str:
    return str(ROLES[area.level].label)


def absences_ahead(viewer: Actor, code: str) -> QuerySet[Absence]:
    """Those that run today or begin later, of posts at or below `code`, the nearest first."""
    rows = Absence.objects.filter(in_area(code, "posting__area_id"), last_day__gte=today())
    rows = seen(rows, viewer, "posting__area_id").filter(posting__person__is_active=True)
    return rows.select_related("posting__person", "posting__area", "cover__person").order_by(
        "first_day", "pk"
    )


def vacancy_lines(viewer: Actor, code: str) -> Iterator[list[object]]:
    for area in vacant(viewer, code):
        yield [
            area.code,
            area.name,
            area.parent.name if area.parent else "",
            role_words(area),
            area.households,
        ]


def absence_lines(viewer: Actor, code: str) -> Iterator[list[object]]:
    for row in absences_ahead(viewer, code):
        post, cover = row.posting, row.cover.person.full_name if row.cover else ""
        yield [
            post.person.full_name,
            str(Role(post.role).label),
            post.area.name,
            row.first_day,
            row.last_day,
            cover,
        ]
