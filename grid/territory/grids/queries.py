"""Reading for grids: the ground a plan stands on, files that wait, what may be exported."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from shapely import union_all

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, in_area, within
from grid.territory.grids import rules
from grid.territory.grids.models import AreaFile
from grid.territory.grids.reading.datum import GCJ02
from grid.territory.grids.rules import Community, Grid, Ground, Shown
from grid.territory.models import Area, Level
from grid.territory.outlines.rules import written
from grid.territory.queries import valid_on

CITY = 4  # digits of a city's code


def ground_of(area: str) -> Ground:
    """What is there below an area before a file is taken. Outlines are those of the whole city: neighbours across a
    border count, too. Two queries."""
    rows = list(Area.objects.filter(in_area(area[:CITY], "code"), Q(valid_to=None) | Q(level=Level.GRID)))
    day = today()
    current = [row for row in rows if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)]
    communities = {
        row.code: _community(row)
        for row in current
        if row.level == Level.COMMUNITY and row.code.startswith(area)
    }
    grids = {
        row.code: _grid(row) for row in rows if row.level == Level.GRID and row.code.startswith(area[:12])
    }
    settled = [row for row in current if row.level == Level.GRID and not row.is_provisional]
    around = [_shown(row) for row in settled if row.outline]
    return Ground(communities, grids, around, _place(current, around))


def _community(row: Area) -> Community:
    outline = rules.geometry_of(row.outline) if row.outline else None
    return Community(
        row.code,
        frozenset({row.name, row.short_name}),
        row.name,
        outline,
        bool(row.outline and is_drawn(row)),
    )


def _grid(row: Area) -> Grid:
    is_over = row.valid_to is not None and row.valid_to < today()
    return Grid(
        row.code, row.name, row.kind, row.households, row.outline,
        f"{row.valid_to:%Y-%m-%d}" if is_over else "", row.is_provisional,
    )  # fmt: skip


def is_drawn(row: Area) -> bool:
    """Whether its outline was drawn for show, and gives way to a surveyed one."""
    return row.is_sample or bool((row.outline or {}).get("drawn"))


def _shown(row: Area) -> Shown:
    return Shown(row.code, row.name, rules.geometry_of(row.outline or {}), is_drawn(row))


def _place(current: Sequence[Area], grids: Sequence[Shown]) -> Shown | None:
    """Everything of the city that has an outline, as one box around it; None while nothing has."""
    divisions = [rules.geometry_of(a.outline) for a in current if a.outline and a.level < Level.GRID]
    known = divisions or [shown.outline for shown in grids]
    if not known:
        return None
    city = next((area.name for area in current if area.level == Level.CITY), "")
    return Shown("", city, union_all(known).envelope)


def grids_below(viewer: Actor, area: str) -> QuerySet[Area]:
    """Current grids at or below an area that the viewer may change."""
    rows = Area.objects.filter(valid_on(today()), in_area(area, "code"), level=Level.GRID)
    return within(rows, viewer, Right.RECUT, "code").select_related("parent").order_by("code")


def communities_without_grid(area: str) -> QuerySet[Area]:
    """Current communities at or below an area that have no grid in force."""
    day = today()
    below = Area.objects.filter(valid_on(day), level=Level.GRID, parent=OuterRef("pk"))
    rows = Area.objects.filter(valid_on(day), in_area(area, "code"), level=Level.COMMUNITY)
    return rows.filter(~Exists(below)).order_by("code")


def file_of(viewer: Actor, pk: int) -> AreaFile:
    """Raises NotHere outside the viewer's territory."""
    found = within(AreaFile.objects.select_related("by", "ended_by"), viewer, Right.RECUT).filter(pk=pk).first()  # fmt: skip
    if found is None:
        raise problems.NotHere()
    return found


def files_waiting(viewer: Actor, area: str) -> QuerySet[AreaFile]:
    """Files somebody handed in for an area, or one below it, that nobody took or dropped yet."""
    rows = AreaFile.objects.filter(in_area(area), state=AreaFile.State.WAITING).select_related("by")
    return within(rows, viewer, Right.RECUT).defer("lines", "outcome").order_by("-at")


HEAD = ("网格代码", "社区代码", "社区名称", "网格名称", "户数", "类型")


def table_of(grids: QuerySet[Area]) -> Iterator[Sequence[object]]:
    """The grids in the columns their import reads: what is sent out may come back."""
    yield HEAD
    for grid in grids:
        yield (
            grid.code, grid.parent_id or "", grid.parent.name if grid.parent else "", grid.name,
            grid.households, grid.kind,
        )  # fmt: skip


def geojson_of(grids: QuerySet[Area]) -> Mapping[str, object]:
    """The same as a FeatureCollection, as RFC 7946 turns its rings; in GCJ-02, as each geometry says itself."""
    rows = list(table_of(grids))[1:]
    outlines = [written(grid.outline, GCJ02) if grid.outline else None for grid in grids]
    features = [
        {"type": "Feature", "properties": dict(zip(HEAD, row, strict=True)), "geometry": outline}
        for row, outline in zip(rows, outlines, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
