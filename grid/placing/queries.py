"""Reading for placing: the prepared index, and the pool of what waits."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.law.queries import the_law
from grid.placing.names.queries import toponyms
from grid.placing.reading.rules.address import Sureness
from grid.placing.rules import Gazetteer, Place, Taught
from grid.scope import Actor, Right, in_area, within
from grid.subjects.models import Alias, Placement, Subject
from grid.territory.models import Area, Level
from grid.territory.queries import names_of, valid_on

SURE: Final = "placing.sure"  # the row of the law: way of placing → percent, and the threshold


def gazetteer(city: str, on: date | None = None) -> Gazetteer:
    """The index over a city's areas current on a day, with what was taught and what its places are called. Five
    queries; build once, use often."""
    areas = Area.objects.filter(valid_on(on or today()), in_area(city, "code"))
    # Of two spellings of one piece the one taught last counts.
    taught = Alias.objects.filter(in_area(city, "district")).order_by("taught_at", "pk")
    return Gazetteer(
        (Place(*row) for row in areas.values_list("code", "name", "short_name", "kind")),
        (Taught(*row) for row in taught.values_list("district", "pattern", "grid")),
        toponyms(city, on),
        sureness(on),
    )


def sureness(on: date | None = None) -> Sureness:
    """How sure each way of placing is, as the law of a day has it. One query."""
    row = the_law(on or today()).some(SURE).get(SURE)
    if row is None:
        return Sureness()
    figures: dict[str, int] = dict(row.value)
    return Sureness(figures.pop("threshold"), figures)


def pool(viewer: Actor, area: str = "", delivery: int | None = None) -> QuerySet[Subject]:
    """Subjects that wait for a grid where the viewer may place them; of one area, those in its own pool alone; of one
    delivery, those it has a line about."""
    waiting = within(Subject.objects.filter(placement=Placement.UNPLACED), viewer, Right.PLACE)
    if delivery is not None:
        waiting = waiting.filter(pk__in=Subject.objects.filter(rows__delivery=delivery))
    return (waiting.filter(area=area) if area else waiting).order_by("area", "pk")


@dataclass(frozen=True)
class Choice:
    code: str
    label: str


def grids_to_choose(viewer: Actor, subject: Subject) -> list[Choice]:
    """Grids below the subject's area into which the viewer may place it, named with their community."""
    grids = Area.objects.filter(
        valid_on(today()), in_area(subject.area, "code"), level=Level.GRID
    ).select_related("parent__parent")
    return [
        Choice(g.code, f"{g.parent.parent.short_name} · {g.parent.short_name} · {g.name}")
        for g in within(grids, viewer, Right.PLACE, "code")
        if g.parent and g.parent.parent
    ]


def waiting_subject(viewer: Actor, pk: int) -> Subject:
    """One of the pool. Raises NotHere outside the viewer's territory, or when it has a grid by now."""
    found = pool(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def would_teach(subject: Subject) -> tuple[str, int]:
    """The piece of address that placing this one by hand would teach, and how many of its pool share it."""
    index = gazetteer(subject.area[:4])
    pieces = index.pieces(subject.address, (subject.credit_code or "")[2:8])
    if not pieces:
        return "", 0
    rows = Subject.objects.filter(in_area(subject.area[:6]), placement=Placement.UNPLACED).exclude(
        pk=subject.pk
    )
    alike = (
        pieces[0] in index.pieces(address, (code or "")[2:8])
        for address, code in rows.values_list("address", "credit_code").iterator()
    )
    return pieces[0], sum(alike)


def counts_by_area(viewer: Actor, delivery: int | None = None) -> list[tuple[str, str, int]]:
    """(code, name, waiting) for each area that holds waiting subjects."""
    rows = pool(viewer, delivery=delivery).order_by("area").values_list("area").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(rows)
    names = names_of(counts)
    return [(code, names.get(code) or code, n) for code, n in counts.items()]
