"""Reading the territory: areas, and the postings a person holds."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Held, Right, in_area, reaches, within
from grid.territory.models import Absence, Area, Level, Person, Posting, Succession


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows with valid_from/valid_to that are in force on `day`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def held_by(person: Person, on: date | None = None) -> tuple[Held, ...]:
    """Postings `person` may act under on a day: the own ones, and those covered for an absent colleague."""
    day = on or today()
    covering = Q(
        absences__cover__person=person, absences__first_day__lte=day, absences__last_day__gte=day
    ) & valid_on(day, "absences__cover__")
    postings = Posting.objects.filter(Q(person=person) | covering).filter(valid_on(day)).distinct()
    return tuple(Held(p.pk, p.role, p.area_id, p.department) for p in postings.order_by("pk"))


def covers_of(posting_id: int) -> list[Absence]:
    """Every absence `posting_id` covers, over, running or to come, with the absent posting. One query."""
    return list(Absence.objects.filter(cover=posting_id).select_related("posting").order_by("pk"))


def absence_of(viewer: Actor, pk: int) -> Absence:
    """Raises NotHere outside the viewer's territory."""
    found = Absence.objects.select_related("posting__person", "posting__area").filter(pk=pk).first()
    if found is None or not viewer.can(Right.SEE, found.posting.area_id):
        raise problems.NotHere()
    return found


def is_covered_on(absence: Absence, day: date) -> bool:
    """Whether the absence runs on `day` and the absent posting is in force. Expects `posting` at hand."""
    away = absence.posting
    in_force = away.valid_from <= day and (away.valid_to is None or away.valid_to >= day)
    return absence.first_day <= day <= absence.last_day and in_force


def current_area(code: str, on: date | None = None) -> Area:
    """The area with this code, in force. Raises UnknownArea, or AreaNotCurrent naming who took over."""
    area = Area.objects.filter(pk=code).first()
    if area is None:
        raise problems.UnknownArea(area=code)
    day = on or today()
    if area.valid_from > day or (area.valid_to and area.valid_to < day):
        successors = area.successions.select_related("new").order_by("new")
        names = "、".join(s.new.name for s in successors) or str(_("无"))
        raise problems.AreaNotCurrent(
            area=area.name, until=area.valid_to or area.valid_from, successors=names
        )
    return area


def area_of(viewer: Actor, code: str) -> Area:
    """Any area, also one no longer in force, that the viewer may see. Raises NotHere."""
    area = Area.objects.select_related("parent").filter(pk=code).first()
    if area is None or not reaches(viewer, code):
        raise problems.NotHere()
    return area


def areas_below(viewer: Actor, code: str, level: int | None = None) -> QuerySet[Area]:
    """Current areas below `code` that the viewer may see: of one level, or the direct children."""
    rows = within(Area.objects.filter(valid_on(today())), viewer, Right.SEE, "code")
    return rows.filter(in_area(code, "code"), level=level) if level else rows.filter(parent=code)


def tops_of(viewer: Actor) -> list[Area]:
    """The areas where the viewer's territory begins: the entry points of every tree of areas."""
    return list(Area.objects.filter(pk__in=viewer.areas(Right.SEE)).order_by("code"))


def path_of(code: str) -> list[Area]:
    """The area and its ancestors, the city first. One query."""
    codes = [code[:length] for length in (4, 6, 9, 12, 15) if length <= len(code)]
    return list(Area.objects.filter(pk__in=codes).order_by("code"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → readable name ("和平 · 第一网格" for grids). One query."""
    wanted = set(codes)
    rows = Area.objects.filter(pk__in=wanted).values_list("code", "name", "level", "parent__short_name")
    return {
        code: f"{parent} · {name}" if level == Level.GRID and parent and not name.startswith(parent) else name
        for code, name, level, parent in rows
    }


def successors_of(code: str) -> list[str]:
    """Codes that took over from a closed grid, through any number of re-cuts; the code itself while in force."""
    after: dict[str, list[str]] = {}
    for old, new in Succession.objects.filter(in_area(code[:12], "old_id")).values_list("old_id", "new_id"):
        after.setdefault(old, []).append(new)
    found, waiting = [], [code]
    while waiting:
        one = waiting.pop()
        waiting += after.get(one, [])
        if one not in after:
            found.append(one)
    return sorted(set(found))


def postings_in(viewer: Actor, area: str, on: date | None = None) -> QuerySet[Posting]:
    """Postings in force at or below `area`, within the viewer's territory."""
    rows = Posting.objects.filter(valid_on(on or today()), in_area(area, "area_id"))
    return (
        within(rows, viewer, Right.SEE, "area_id")
        .select_related("person", "area")
        .prefetch_related("absences__cover__person")
        .order_by("area", "role", "pk")
    )


def posting_of(viewer: Actor, pk: int) -> Posting:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Posting.objects.select_related("person", "area"), viewer, Right.SEE, "area_id")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def covers_for(posting: Posting, first: date, last: date) -> QuerySet[Posting]:
    """Postings of other people in the same role that are in force from `first` to `last`, nearest area first."""
    rows = Posting.objects.filter(valid_on(first), valid_on(last), role=posting.role)
    near = in_area(posting.area_id[: max(4, len(posting.area_id) - 3)], "area_id")
    return (
        rows.filter(near).exclude(person=posting.person_id).select_related("person", "area").order_by("area")
    )


def person_named(username: str) -> Person:
    """Somebody who may still sign in. Raises PersonUnknown."""
    found = Person.objects.filter(username=username.strip(), is_active=True).first()
    if found is None:
        raise problems.PersonUnknown(name=username)
    return found


def sibling_grids(viewer: Actor, grid: Area) -> list[Area]:
    """The other current grids of a grid's community."""
    return [one for one in areas_below(viewer, grid.parent_id or "") if one.code != grid.code]
