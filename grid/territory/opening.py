"""What a city still lacks in divisions, grids and people. Reads only; see grid/opening.py."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.opening import Group, Line
from grid.scope import Actor, Right, Role, in_area
from grid.territory.grids.queries import communities_without_grid, files_waiting
from grid.territory.models import Area, Level, Posting
from grid.territory.queries import sees, valid_on

SOME = 5  # of what is left, by name
# Who has to be posted at each level; a grid without a worker of its own falls to its community's.
POSTS = (
    (Level.DISTRICT, Role.DISTRICT, True),
    (Level.DISTRICT, Role.LEGAL, True),
    (Level.STREET, Role.STREET, True),
    (Level.COMMUNITY, Role.COMMUNITY, True),
    (Level.GRID, Role.WORKER, False),
)
# Of the city itself, how many at least: two persons for what one enters and another confirms, and no step of a
# proceeding twice by the same hand.
CITY_POSTS = (
    (Role.CITY, 2), (Role.LEGAL, 1), (Role.EXAMINER, 2), (Role.INSPECTOR, 2), (Role.PERSONNEL, 1),
    (Role.AUDITOR, 1), (Role.LIAISON, 1),
)  # fmt: skip


def land_lines(viewer: Actor, city: str) -> list[Line]:
    """Divisions and grids, for who may change them. Some seven queries."""
    if not viewer.can(Right.RECUT, city):
        return []
    current = Area.objects.filter(valid_on(today()), in_area(city, "code"))
    counts = current.filter(level=Level.GRID).aggregate(
        grids=Count("pk"),
        bare=Count("pk", filter=Q(outline__isnull=True)),
        provisional=Count("pk", filter=Q(is_provisional=True)),
    )
    return [
        _divisions(current, city), _without_grid(city), *_grids(counts, current, city), _files(viewer, city),
    ]  # fmt: skip


def _divisions(current: QuerySet[Area], city: str) -> Line:
    levels = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)
    there = set(current.filter(level__in=levels).values_list("level", flat=True).distinct())
    lacking = [str(level.label) for level in levels if level not in there]
    words = _("还没有{levels}").format(levels="、".join(lacking)) if lacking else _("市、区、街道、社区都有")
    href = reverse("divisions-import", args=[city])
    return Line(Group.LAND, _("行政区划"), len(lacking), words, href, is_blocking=True)


def _without_grid(city: str) -> Line:
    rows = communities_without_grid(city)
    left = rows.count()
    words = _("{n} 个社区没有网格").format(n=left) if left else _("每个社区都有网格")
    return Line(
        Group.LAND, _("网格"), left, words, reverse("grids-import", args=[city]), is_blocking=True,
        parts=_areas(rows, "area"),
    )  # fmt: skip


def _grids(counts: dict[str, int], current: QuerySet[Area], city: str) -> list[Line]:
    if not counts["grids"]:
        return [Line(Group.LAND, _("网格边界"), None, _("还没有网格"))]
    grids = current.filter(level=Level.GRID)
    bare, provisional = counts["bare"], counts["provisional"]
    of = _("{n} 个网格没有边界，地图上画不出").format(n=bare) if bare else _("每个网格都有边界")
    yet = _("{n} 个网格是暂定的").format(n=provisional) if provisional else _("没有暂定的网格")
    href = reverse("grids-import", args=[city])
    return [
        Line(Group.LAND, _("网格边界"), bare, of, href, parts=_areas(grids.filter(outline__isnull=True), "grid-change")),
        Line(
            Group.LAND, _("暂定网格"), provisional, yet, href,
            parts=_areas(grids.filter(is_provisional=True), "grid-change"),
        ),
    ]  # fmt: skip


def _files(viewer: Actor, city: str) -> Line:
    waiting = [
        (file.name, reverse("area-file", args=[file.pk])) for file in files_waiting(viewer, city)[: 2 * SOME]
    ]
    words = _("{n} 份文件没有确认").format(n=len(waiting)) if waiting else _("没有待确认的文件")
    href = waiting[0][1] if waiting else ""
    return Line(Group.LAND, _("区划文件"), len(waiting), words, href, parts=waiting[:SOME])


def _areas(rows: QuerySet[Area], page: str) -> list[tuple[str, str]]:
    found = rows.order_by("code").values_list("code", "name", "parent__short_name")[:SOME]
    return [
        (f"{above} · {name}" if above else name, reverse(page, args=[code])) for code, name, above in found
    ]


def people_lines(viewer: Actor, city: str) -> list[Line]:
    """Posts that nobody holds, for who sees posts. Some ten queries."""
    if not sees(viewer, city):
        return []
    return [_city_posts(city), *(_posts(city, *post) for post in POSTS)]


def _city_posts(city: str) -> Line:
    rows = Posting.objects.filter(valid_on(today()), in_area(city, "area_id"), person__is_active=True)
    counts = dict(rows.order_by().values_list("role").annotate(n=Count("person", distinct=True)))
    lacking = [(role, most - counts.get(role, 0)) for role, most in CITY_POSTS if counts.get(role, 0) < most]
    told = "、".join(_("{role}差 {n} 人").format(role=role.label, n=n) for role, n in lacking)
    words = told or _("全市的岗位都有人")
    href = reverse("area", args=[city])
    return Line(
        Group.PEOPLE, _("市级和专门岗位"), sum(n for _role, n in lacking), words, href, is_blocking=True
    )


def _posts(city: str, level: Level, role: Role, is_blocking: bool) -> Line:
    day = today()
    held = Posting.objects.filter(valid_on(day), area=OuterRef("pk"), role=role, person__is_active=True)
    areas = Area.objects.filter(valid_on(day), in_area(city, "code"), level=level)
    left = areas.filter(~Exists(held)).count()
    if not left and not areas.exists():
        return Line(Group.PEOPLE, str(role.label), None, _("还没有{level}").format(level=level.label))
    words = _("{n} 个{level}没有{role}") if left else _("每个{level}都有{role}")
    parts = _areas(areas.filter(~Exists(held)), "posting-new") if left else []
    href = parts[0][1] if parts else ""
    words = words.format(n=left, level=level.label, role=role.label)
    return Line(Group.PEOPLE, str(role.label), left, words, href, is_blocking=is_blocking, parts=parts)
