"""Reading the gazetteer: the rows in force as the placer takes them, and the table a person sees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from grid.calendar.now import today
from grid.placing.models import PlaceName
from grid.placing.names.rules import KINDS, Ground, Key, Row
from grid.placing.reading.rules.toponyms import EVEN, ODD, Toponym, narrowest
from grid.scope import Actor, Right, in_area, in_areas
from grid.territory.models import Area, Level, Succession
from grid.territory.queries import valid_on

HEAD: Final = (
    "类别", "区", "名称", "归属", "现名", "侧", "单双号", "起号", "止号", "启用", "停用", "依据",
)  # fmt: skip
CALLED: Final = {kind: word for word, kind in KINDS.items()}
PARITY_WORDS: Final = {"": "", ODD: "单", EVEN: "双"}


def toponyms(city: str, on: date | None = None) -> list[Toponym]:
    """The rows of a city in force on a day. What lay in an area that was re-cut or merged lies in its successor, or in
    what its successors share. Two queries."""
    rows = PlaceName.objects.filter(valid_on(on or today()), in_area(city, "district"))
    after = _successors(city)
    found = (Toponym(*row) for row in rows.values_list(*Toponym._fields))
    return [row._replace(area=_today(row.area, after)) if row.area in after else row for row in found]


def _successors(city: str) -> dict[str, set[str]]:
    after: dict[str, set[str]] = {}
    for old, new in Succession.objects.filter(in_area(city, "old_id")).values_list("old_id", "new_id"):
        after.setdefault(old, set()).add(new)
    return after


def _today(area: str, after: Mapping[str, set[str]]) -> str:
    """Through any number of changes; a closed area is never in force again, so the way ends."""
    found = {area}
    while closed := found & after.keys():
        found = (found - closed).union(*(after[code] for code in closed))
    return narrowest(found, "")


def ground_of(area: str) -> Ground:
    """What a table about an area is held against. Two queries."""
    city = area[:4]
    areas = Area.objects.filter(valid_on(today()), in_area(city, "code"), level__gt=Level.CITY)
    names: dict[str, tuple[str, ...]] = {
        code: (name, short) for code, name, short in areas.values_list("code", "name", "short_name")
    }
    return Ground(area, names, rows_by_key(PlaceName.objects.filter(in_area(city, "district"))), today())


def rows_by_key(rows: Iterable[PlaceName]) -> dict[Key, Row]:
    made = (row_of(row) for row in rows)
    return {row.key: row for row in made}


def row_of(name: PlaceName) -> Row:
    return Row(*(getattr(name, field) for field in Row._fields))


def names_seen(viewer: Actor, text: str = "", kind: str = "") -> QuerySet[PlaceName]:
    """The rows of the districts in which the viewer places, by a part of their name."""
    districts = {area[:6] for area in viewer.areas(Right.PLACE)}
    rows = PlaceName.objects.filter(in_areas(districts, "district"))
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(current__contains=text))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("district", "kind", "name", "first", "pk")


def table_of(rows: QuerySet[PlaceName]) -> Iterator[Sequence[object]]:
    """The gazetteer in the columns its import reads."""
    yield HEAD
    for row in rows.iterator():
        yield (
            CALLED[row.kind], row.district, row.name, row.area, row.current, row.side, PARITY_WORDS[row.parity],
            row.first or "", row.last or "", row.valid_from, row.valid_to or "", row.basis,
        )  # fmt: skip
