"""Coverage of an area on a day: one grouped read of the spans, whatever the level."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.registers.standing import held_on
from grid.scope import Actor, Right, in_area, in_areas, reaches, within
from grid.subjects.models import KINDS_OF, SORT_OF, Placement, Sort, Standing, Subject
from grid.territory.models import Area, Level
from tasks.coverage import rules
from tasks.coverage.models import Span
from tasks.coverage.states import CoverState

CODE_LENGTHS = {1: 4, 2: 6, 3: 9, 4: 12, 5: 15}


@dataclass
class Line:
    """One account: of a part of an area, or of one sort of subjects."""

    code: str
    name: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return rules.total(self.counts)

    @property
    def due(self) -> int:
        return rules.due(self.counts)

    @property
    def share(self) -> float:
        return rules.share(self.counts)

    @property
    def shade(self) -> int:
        return rules.shade(self.share)

    @property
    def percent(self) -> str:
        return rules.percent(self.counts)

    def cells(self) -> Iterator[tuple[CoverState, int]]:
        for state in CoverState:
            yield state, self.counts.get(state, 0)


@dataclass(frozen=True)
class Account:
    """The account of an area on a day: (grid or pool, sort, state, how many). Every figure of a page comes from one
    read. `sort` "" asks for all sorts together: that adds up to the register, and is no rate."""

    area: Area
    cells: list[tuple[str, str, str, int]]

    def whole(self, sort: str = "") -> Line:
        return Line(self.area.code, self.area.name, self._summed(sort, lambda code: "").get("", {}))

    def sorts(self) -> list[Line]:
        """A line for each sort there is, in their order."""
        held = {sort for _code, sort, _state, _n in self.cells}
        return [Line(sort, str(sort.label), self.whole(sort).counts) for sort in Sort if sort in held]

    def parts(self, names: Mapping[str, str], sort: str = "") -> list[Line]:
        """Lines by child area (at a grid: the grid itself), in the order of codes."""
        depth = CODE_LENGTHS[min(self.area.level + 1, 5)]
        found = self._summed(sort, lambda code: code[:depth])
        return [Line(code, self._name(code, names), found[code]) for code in sorted(found)]

    def by_grid(self, sort: str = "") -> dict[str, dict[str, int]]:
        return self._summed(sort, lambda code: code)

    def _summed(self, sort: str, key: Callable[[str], str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for code, own, state, n in self.cells:
            if sort in ("", own):
                counts = found.setdefault(key(code), {})
                counts[state] = counts.get(state, 0) + n
        return found

    def _name(self, code: str, names: Mapping[str, str]) -> str:
        # Subjects of the area's own pool carry its own code: shorter than a child's.
        pooled = len(code) <= len(self.area.code) and self.area.level < Level.GRID
        return f"{self.area.name}·待归格" if pooled else names.get(code, code)


def area_in_reach(viewer: Actor, code: str) -> Area:
    """The area, or NotHere when it does not exist or lies outside the viewer's territory."""
    area = Area.objects.filter(pk=code).first()
    if area is None or not reaches(viewer, code):
        raise problems.NotHere()
    return area


def account_of(viewer: Actor, area: Area, day: date | None = None) -> Account:
    """Grouped by whole codes, the order of the index, so that the database counts as it reads; folding the groups
    into child areas and sorts costs next to nothing here. Today's spans have an index of their own, without those
    that ended."""
    holding = Q(until=None) if day is None or day == today() else held_on(day)
    spans = within(Span.objects.filter(holding, in_area(area.code)), viewer)
    # Counting rows and not ids: the index holds no ids.
    grouped = spans.values_list("area", "kind", "state").annotate(n=Count("*"))
    rows = grouped.order_by("area", "kind", "state")
    return Account(area, [(code, SORT_OF[kind], state, n) for code, kind, state, n in rows])


def placed_on(day: date) -> QuerySet[Span]:
    """Where each subject was, and of what kind, at the end of `day`: its span then, or its first where it came into the
    account only later, as whoever is in a register of that day that was delivered after it."""
    earlier = Span.objects.filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    return Span.objects.filter(held_on(day) | Q(since__gt=day) & ~Exists(earlier))


def closed_for_good(ground: Sequence[str]) -> QuerySet[Span]:
    """What visits found closed for good, below these areas, by `subject`: it is not sent out any more."""
    return Span.objects.filter(in_areas(ground), until=None, state=CoverState.GONE)


def names_below(area: Area) -> dict[str, str]:
    """Of its children alone: a city has hundreds of grids that its page does not name."""
    depth = min(area.level + 1, 5)
    return dict(Area.objects.filter(in_area(area.code, "code"), level=depth).values_list("code", "name"))


def register_size(viewer: Actor, area: Area) -> int:
    """Subjects in the register today, counted from the register itself: what the account must add up to."""
    return within(Subject.objects.filter(in_area(area.code)), viewer).count()


def grid_shades(viewer: Actor, account: Account, sort: str) -> list[tuple[Area, Line]]:
    """Every grid with an outline below the account's area, with its own account: for the map."""
    below = in_area(account.area.code, "code")
    grids = Area.objects.filter(below, level=Level.GRID, outline__isnull=False, valid_to=None)
    counts = account.by_grid(sort)
    found = within(grids, viewer, field="code").only("code", "name", "outline").order_by("code")
    return [(grid, Line(grid.code, grid.name, counts.get(grid.code, {}))) for grid in found]


def subjects_in(
    viewer: Actor, area: Area, state: str, sort: str = "", pool: bool = False
) -> QuerySet[Subject]:
    """The subjects behind one number of today's account; `pool` leaves out those placed below `area`."""
    where = Q(area=area.code) if pool else in_area(area.code)
    held = Subject.objects.filter(where, spans__until=None, spans__state=state)
    if sort:
        held = held.filter(kind__in=KINDS_OF[sort])
    return within(held, viewer).annotate(since=F("spans__since")).order_by("area", "name")


def waiting_for_grid(viewer: Actor, area: Area, sort: str) -> list[tuple[str, int]]:
    """How many of today's account wait for a grid, by how far it is known where they lie; nothing where none waits. One
    query."""
    rows = Subject.objects.filter(in_area(area.code), placement=Placement.UNPLACED, same_as=None)
    rows = within(rows.filter(kind__in=KINDS_OF[sort], standing=Standing.ACTIVE), viewer)
    counts = dict(rows.order_by().annotate(digits=Length("area")).values_list("digits").annotate(Count("pk")))
    known = [(str(words), counts.get(digits, 0)) for digits, words in _KNOWN]
    return [(words, count) for words, count in known if count]


# By the digits of the code of what is known.
_KNOWN = (
    (12, _("社区已知，只差网格（可派发）")), (9, _("只知道街道（待认领）")), (6, _("只知道区（待认领）")),
    (4, _("区也不明")),
)  # fmt: skip


def top_area(viewer: Actor) -> str:
    """Where a viewer's look at coverage begins: the widest area held."""
    codes = sorted(viewer.areas(Right.SEE), key=len)
    if not codes:
        raise problems.NotHere()
    return codes[0]
