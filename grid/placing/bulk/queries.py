"""Reading for placing many at once: alike addresses together, and the grids one may say by name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet

from grid.calendar.now import today
from grid.placing import problems as placing_problems
from grid.placing.queries import Choice, gazetteer, pool
from grid.placing.rules import Gazetteer
from grid.scope import Actor, Right, in_area, narrowed, within
from grid.subjects.models import Subject
from grid.territory.models import Area, Level
from grid.territory.queries import valid_on

MOST_GROUPS: Final = 50
DISTRICT, COMMUNITY, CITY = 6, 12, 4  # digits
HEAD: Final = ("编号", "名称", "代码", "地址", "未能归格的原因", "归入网格")
_CODE: Final = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{12})(?![0-9])")


@dataclass(slots=True)
class Group:
    """Subjects of the pool that share the most telling piece of their address."""

    district: str
    piece: str
    subjects: list[int] = field(default_factory=list)
    example: str = ""

    @property
    def key(self) -> str:
        return f"{self.district}:{self.piece}"

    @property
    def count(self) -> int:
        return len(self.subjects)


def waiting_in(viewer: Actor, area: str) -> QuerySet[Subject]:
    """The pool at or below an area, or wherever the viewer places."""
    return narrowed(pool(viewer), area)


def groups_of(viewer: Actor, area: str) -> list[Group]:
    """The groups of the pool, the largest first. Reads the pool's addresses once."""
    found: dict[tuple[str, str], Group] = {}
    for pk, district, address, pieces in read_addresses(waiting_in(viewer, area)):
        if pieces:
            group = found.setdefault((district, pieces[0]), Group(district, pieces[0], example=address))
            group.subjects.append(pk)
    return sorted(found.values(), key=lambda group: (-group.count, group.key))


def read_addresses(rows: QuerySet[Subject]) -> Iterator[tuple[int, str, str, Sequence[str]]]:
    """(subject, district, address, pieces) of each that names its district. One index for each city."""
    indexes: dict[str, Gazetteer] = {}
    for pk, area, address, code in rows.values_list("pk", "area", "address", "credit_code").iterator():
        index = indexes.get(area[:CITY]) or indexes.setdefault(area[:CITY], gazetteer(area[:CITY]))
        if len(area) >= DISTRICT:
            yield pk, area[:DISTRICT], address, index.pieces(address, (code or "")[2:8])


@dataclass(frozen=True, slots=True)
class GridNames:
    """The grids a viewer may place into, by everything they may be called."""

    choices: list[Choice]
    by_word: dict[str, set[str]]

    def grid(self, text: str) -> str:
        """The code of what was chosen or typed: a label, a grid's code, or a community that has one grid only.
        Raises PlaceUnclear."""
        wanted = text.strip()
        codes = _CODE.findall(wanted)
        found = self.by_word.get(codes[-1] if codes else wanted, set())
        if len(found) != 1:
            raise placing_problems.PlaceUnclear(text=wanted[:60])
        return next(iter(found))


def grid_names(viewer: Actor, area: str = "") -> GridNames:
    """One query."""
    rows = within(Area.objects.filter(valid_on(today()), level=Level.GRID), viewer, Right.PLACE, "code")
    rows = (
        (rows.filter(in_area(area, "code")) if area else rows)
        .select_related("parent__parent")
        .order_by("code")
    )
    choices: list[Choice] = []
    words: dict[str, set[str]] = {}
    for grid in rows.defer("outline", "parent__outline", "parent__parent__outline"):
        community = grid.parent
        if community is None or community.parent is None:
            continue
        label = f"{community.parent.short_name} · {community.short_name} · {grid.name}（{grid.code}）"
        choices.append(Choice(grid.code, label))
        for word in (label, grid.code, community.code, community.name, community.short_name):
            words.setdefault(word, set()).add(grid.code)
    return GridNames(choices, words)


def table_of(rows: QuerySet[Subject]) -> Iterator[Sequence[object]]:
    """The pool as a table to be filled in: its last column comes back as where each belongs."""
    yield HEAD
    for subject in rows.iterator():
        yield (
            str(subject.pk), subject.name, subject.code, subject.address, subject.placement_why, "",
        )  # fmt: skip
