"""Coverage of an area on a day: one grouped read of the spans, whatever the level."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, in_area, reaches, within
from grid.subjects.models import Subject
from grid.territory.models import Area
from tasks.coverage import rules
from tasks.coverage.models import CoverState, Span

CODE_LENGTHS = {1: 4, 2: 6, 3: 9, 4: 12, 5: 15}


@dataclass
class Line:
    """One child area's account. `unplaced` counts subjects that wait in a pool above any grid."""

    code: str
    name: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return rules.total(self.counts)

    @property
    def share(self) -> float:
        return rules.share(self.counts)

    @property
    def shade(self) -> int:
        return rules.shade(self.share)

    @property
    def percent(self) -> str:
        return f"{self.share * 100:.1f}"

    def cells(self) -> Iterator[tuple[str, int]]:
        for state in CoverState:
            yield state.value, self.counts.get(state, 0)


def on_day(day: date) -> Q:
    """Spans that hold at the end of `day`."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def area_in_reach(viewer: Actor, code: str) -> Area:
    """The area, or NotHere when it does not exist or lies outside the viewer's territory."""
    area = Area.objects.filter(pk=code).first()
    if area is None or not reaches(viewer, code):
        raise problems.NotHere()
    return area


def coverage(viewer: Actor, area: Area, day: date | None = None) -> tuple[Line, list[Line]]:
    """The whole account of `area` and its lines by child area (at a grid: the grid itself)."""
    depth = CODE_LENGTHS[min(area.level + 1, 5)]
    names = dict(Area.objects.filter(in_area(area.code, "code")).values_list("code", "name"))
    lines: dict[str, Line] = {}
    whole = Line(area.code, area.name)
    for code, state, n in _counts(viewer, area, day or today()):
        part = code[:depth]
        # Subjects of the area's own pool carry its own code: shorter than a child's.
        name = names.get(part, part) if len(part) > len(area.code) else f"{area.name}·待归格"
        for line in (whole, lines.setdefault(part, Line(part, name))):
            line.counts[state] = line.counts.get(state, 0) + n
    return whole, [lines[part] for part in sorted(lines)]


def _counts(viewer: Actor, area: Area, day: date) -> Iterable[tuple[str, str, int]]:
    """(grid or pool, state, how many). Grouped by whole codes, the order of the index, so that the database
    counts as it reads; folding the few thousand groups into child areas costs next to nothing here."""
    spans = within(Span.objects.filter(in_area(area.code), on_day(day)), viewer)
    return spans.values_list("area", "state").annotate(n=Count("id")).order_by("area", "state")


def register_size(viewer: Actor, area: Area) -> int:
    """Subjects in the register today, counted from the register itself: what the account must add up to."""
    return within(Subject.objects.filter(in_area(area.code)), viewer).count()


def grid_shades(viewer: Actor, area: Area, day: date | None = None) -> list[tuple[Area, Line]]:
    """Every grid with an outline below `area`, with its account: for the map."""
    grids = within(
        Area.objects.filter(in_area(area.code, "code"), level=5, outline__isnull=False, valid_to=None),
        viewer,
        field="code",
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for code, state, n in _counts(viewer, area, day or today()):
        counts[code][state] = n
    return [(grid, Line(grid.code, grid.name, counts[grid.code])) for grid in grids.order_by("code")]


def subjects_in(viewer: Actor, area: Area, state: str, pool: bool = False) -> QuerySet[Subject]:
    """The subjects behind one number of today's account; `pool` leaves out those placed below `area`."""
    where = Q(area=area.code) if pool else in_area(area.code)
    held = Subject.objects.filter(where, spans__until=None, spans__state=state)
    return within(held, viewer).annotate(since=F("spans__since")).order_by("area", "name")


def top_area(viewer: Actor) -> str:
    """Where a viewer's look at coverage begins: the widest area held."""
    codes = sorted(viewer.areas(Right.SEE), key=len)
    if not codes:
        raise problems.NotHere()
    return codes[0]
