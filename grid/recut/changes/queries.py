"""Reading changes of divisions, and what may be chosen for one."""

from django.db.models import Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.recut.changes.models import AreaChange, ChangeKind, ChangeState
from grid.recut.rehearsal.actions import Line, lines_of
from grid.scope import Actor, Right, in_area, within
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on
from grid.territory.rules import parent_of

WAITING = (ChangeState.DRAFT, ChangeState.FAILED)


def changes(viewer: Actor) -> QuerySet[AreaChange]:
    rows = within(AreaChange.objects.all(), viewer, Right.RECUT)
    return rows.select_related("made_by", "decided_by").order_by("-pk")


def change_of(viewer: Actor, pk: int) -> AreaChange:
    """Raises NotHere."""
    found = changes(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def changes_to_decide(viewer: Actor) -> QuerySet[AreaChange]:
    return within(AreaChange.objects.filter(state__in=WAITING), viewer, Right.RECUT)


def touched_of(change: AreaChange) -> list[Line]:
    """What was rehearsed beside what came out."""
    return lines_of(_touched(change.rehearsal), _touched(change.result))


def _touched(told: dict[str, dict[str, int]] | None) -> dict[str, int]:
    return told["touched"] if told else {}


def kinds_at(viewer: Actor, area: Area) -> list[ChangeKind]:
    """The changes the viewer may draft on an area's page."""
    offered: dict[int, tuple[ChangeKind, ...]] = {
        Level.DISTRICT: (ChangeKind.FOUND,),
        Level.STREET: tuple(ChangeKind),
        Level.COMMUNITY: (ChangeKind.RENAME, ChangeKind.MERGE, ChangeKind.TRANSFER, ChangeKind.CLOSE),
    }
    kinds = offered.get(area.level, ())
    if viewer.can(Right.RECUT, area.code[:6]):
        return list(kinds)
    may_take = area.level == Level.COMMUNITY and viewer.can(Right.RECUT, parent_of(area.code))
    return [kind for kind in kinds if kind == ChangeKind.TRANSFER and may_take]


def others_of(area: Area) -> list[tuple[str, str]]:
    """What it may be put into: the other areas of its level in the district."""
    return _choices(Q(in_area(area.code[:6], "code"), level=area.level), area.code)


def parts_for(area: Area, kind: str) -> list[tuple[str, str]]:
    """What may come under it, or under a new area beneath it: communities of the district, grids of the street."""
    level = area.level + (2 if kind == ChangeKind.FOUND else 1)
    around = area.code[:6] if level == Level.COMMUNITY else area.code[:9]
    rows = Q(in_area(around, "code"), level=level)
    return _choices(rows if kind == ChangeKind.FOUND else rows & ~Q(parent=area.code))


def _choices(rows: Q, but: str = "") -> list[tuple[str, str]]:
    found = Area.objects.filter(valid_on(today()), rows).exclude(pk=but).order_by("code")
    named = found.values_list("code", "name", "parent__short_name")
    return [(code, f"{parent} · {name}") for code, name, parent in named]
