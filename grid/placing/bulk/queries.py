"""Reading for placing many at once: alike addresses together, and the areas one may name in a table."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet

from grid.calendar.now import today
from grid.placing import problems as placing_problems
from grid.placing.batches.rules import CITY, DISTRICT, shared_area
from grid.placing.bulk.rules import Kind, Road, Trait, road_of, stretch_of, traits_of
from grid.placing.queries import gazetteer, pool
from grid.placing.reading.rules.parts import Parts
from grid.placing.rules import Gazetteer
from grid.scope import Actor, Right, in_area, narrowed, within
from grid.subjects.models import Placement, Subject
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on

MOST_GROUPS: Final = 50
MOST_LISTED: Final = 300  # of one group on its page; once they are placed, the next follow
MOST_DRAWN: Final = 800
HEAD: Final = ("编号", "名称", "代码", "地址", "未能归格的原因", "归入网格")
_CODE: Final = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{12}|[0-9]{9})(?![0-9])")


@dataclass(slots=True)
class Group:
    """Subjects of the pool whose addresses share a trait; by `road` where on it each of them is."""

    district: str
    kind: Kind
    piece: str
    subjects: list[int] = field(default_factory=list)
    roads: dict[int, Road | None] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    example: str = ""

    @property
    def key(self) -> str:
        return f"{self.district}:{self.kind}:{self.piece}"

    @property
    def count(self) -> int:
        return len(self.subjects)

    @property
    def is_taught(self) -> bool:
        """Whether what it shares means one place: a road runs through many."""
        return self.kind != Kind.ROAD

    @property
    def area(self) -> str:
        """The narrowest in which all of them wait."""
        return shared_area(self.areas)


def waiting_in(viewer: Actor, area: str) -> QuerySet[Subject]:
    """The pool at or below an area, or wherever the viewer places."""
    return narrowed(pool(viewer), area)


def groups_of(viewer: Actor, area: str, kind: str = "") -> list[Group]:
    """The groups of the pool, the largest first: each subject by what tells most of it and is shared with others, or by
    what it has of one kind. Reads the pool's addresses once."""
    reads = [*read_addresses(waiting_in(viewer, area))]
    shared = Counter((read.district, trait) for read in reads for trait in read.traits)
    found: dict[tuple[str, Trait], Group] = {}
    for read in reads:
        traits = [trait for trait in read.traits if kind in ("", trait.kind)]
        trait = next(
            (trait for trait in traits if shared[read.district, trait] > 1), traits[0] if traits else None
        )
        if trait:
            _enter(found.setdefault((read.district, trait), Group(read.district, *trait)), read)
    return sorted(found.values(), key=lambda group: (-group.count, group.key))


def group_of(viewer: Actor, area: str, key: str, stretch: str = "") -> Group | None:
    """One group, whatever tells more of its subjects; of a road the part that was asked for. None where nobody waits."""
    district, kind, piece = (*key.split(":", 2), "", "")[:3]
    if kind not in {known.value for known in Kind}:
        return None
    group = Group(district, Kind(kind), piece)
    trait = Trait(group.kind, piece)
    rows = narrowed(waiting_in(viewer, area), district)
    # An address has the first character as it stands, whatever became of digits and blanks behind it.
    for read in read_addresses(rows.filter(address__contains=piece[:1])):
        if trait in read.traits and (not stretch or stretch_of(road_of(read.parts)).key == stretch):
            _enter(group, read)
    return group if group.subjects else None


def _enter(group: Group, read: "Read") -> None:
    group.subjects.append(read.pk)
    group.roads[read.pk] = road_of(read.parts)
    group.areas.add(read.area)
    group.example = group.example or read.address


@dataclass(frozen=True, slots=True)
class Read:
    """An address of the pool as it is grouped."""

    pk: int
    area: str
    address: str
    parts: Parts
    traits: Sequence[Trait]

    @property
    def district(self) -> str:
        return self.area[:DISTRICT]


def read_addresses(rows: QuerySet[Subject]) -> Iterator[Read]:
    """Those that name their district. One index for each city."""
    indexes: dict[str, Gazetteer] = {}
    for pk, area, address, code in rows.values_list("pk", "area", "address", "credit_code").iterator():
        index = indexes.get(area[:CITY]) or indexes.setdefault(area[:CITY], gazetteer(area[:CITY]))
        if len(area) >= DISTRICT:
            parts = index.parts(address, (code or "")[2:8])
            yield Read(pk, area, address, parts, traits_of(parts))


def with_trait(subjects: Sequence[Subject], trait: Trait) -> list[Subject]:
    """Those of them whose address shares it, as it stands now."""
    indexes = {city: gazetteer(city) for city in {subject.area[:CITY] for subject in subjects}}

    def parts(subject: Subject) -> Parts:
        return indexes[subject.area[:CITY]].parts(subject.address, (subject.credit_code or "")[2:8])

    return [subject for subject in subjects if trait in traits_of(parts(subject))]


def listed_of(viewer: Actor, group: Group) -> list[tuple[Subject, Road | None]]:
    """The first of a group, in the order one walks the road. One query."""

    def place(pk: int) -> tuple[str, int, int]:
        road = group.roads[pk]
        return (road.side, road.number or 0, pk) if road else ("", 0, pk)

    pks = sorted(group.subjects, key=place)[:MOST_LISTED]
    found = waiting_in(viewer, "").in_bulk(pks)
    return [(found[pk], group.roads[pk]) for pk in pks if pk in found]


def grids_on_map(viewer: Actor, area: str) -> list[Area]:
    """The grids with an outline into which the viewer may place, below an area. One query."""
    rows = Area.objects.filter(valid_on(today()), level=Level.GRID, outline__isnull=False)
    grids = within(rows.select_related("parent__parent"), viewer, Right.PLACE, "code")
    grids = grids.filter(in_area(area, "code")) if area else grids
    return list(grids.defer("parent__outline", "parent__parent__outline").order_by("code")[:MOST_DRAWN])


@dataclass(frozen=True, slots=True)
class Alike:
    """The piece of address that placing one by hand would teach, and who would go along: the first of those the viewer
    may see, how many more of them there are, and how many wait beyond, in the district's pool."""

    piece: str = ""
    seen: Sequence[Subject] = ()
    more: int = 0
    beyond: int = 0

    @property
    def count(self) -> int:
        return len(self.seen) + self.more + self.beyond


def alike_of(viewer: Actor, subject: Subject) -> Alike:
    """Four queries, however many they are."""
    index = gazetteer(subject.area[:CITY])
    pieces = index.pieces(subject.address, (subject.credit_code or "")[2:8])
    if not pieces:
        return Alike()
    district = narrowed(Subject.objects.filter(placement=Placement.UNPLACED), subject.area[:DISTRICT])
    rows = district.exclude(pk=subject.pk).filter(address__contains=pieces[0][:1]).order_by("pk")
    alike = [
        (pk, area)
        for pk, area, address, code in rows.values_list("pk", "area", "address", "credit_code").iterator()
        if pieces[0] in index.pieces(address, (code or "")[2:8])
    ]
    seen = [pk for pk, area in alike if viewer.can(Right.PLACE, area)]
    found = district.in_bulk(seen[:MOST_LISTED])
    shown = [found[pk] for pk in seen[:MOST_LISTED] if pk in found]
    return Alike(pieces[0], shown, len(seen) - len(shown), len(alike) - len(seen))


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The areas a viewer may place into, by everything they may be called in a table."""

    grids: Mapping[str, set[str]]
    wider: Mapping[str, set[str]]

    def place(self, text: str) -> str:
        """The code of what was written: a grid, what has one grid only, or else a community or street. Raises
        PlaceUnclear."""
        wanted = text.strip()
        codes = _CODE.findall(wanted)
        word = codes[-1] if codes else wanted
        if len(self.wider.get(word, set())) > 1:  # a street and a community of one name
            raise placing_problems.PlaceUnclear(text=wanted[:60])
        for known in (self.grids, self.wider):
            found = known.get(word, set())
            if len(found) == 1:
                return next(iter(found))
        raise placing_problems.PlaceUnclear(text=wanted[:60])


def place_names(viewer: Actor) -> PlaceNames:
    """One query."""
    levels = (Level.STREET, Level.COMMUNITY, Level.GRID)
    rows = within(Area.objects.filter(valid_on(today()), level__in=levels), viewer, Right.PLACE, "code")
    columns = ("code", "name", "short_name", "level", "parent_id", "parent__name", "parent__short_name")
    grids: dict[str, set[str]] = {}
    wider: dict[str, set[str]] = {}
    for code, name, short, level, parent, parents_name, parents_short in rows.values_list(*columns):
        if level == Level.GRID:
            words = [code, f"{parents_short} · {name}", parent, parents_name, parents_short]
            for word in words:
                grids.setdefault(word or "", set()).add(code)
        else:
            for word in (code, name, short):
                wider.setdefault(word, set()).add(code)
    return PlaceNames(grids, wider)


def table_of(rows: QuerySet[Subject]) -> Iterator[Sequence[object]]:
    """The pool as a table to be filled in: its last column comes back as where each belongs."""
    yield HEAD
    for subject in rows.iterator():
        yield (
            str(subject.pk), subject.name, subject.code, subject.address, subject.placement_why, "",
        )  # fmt: skip
