"""Reading for placing: the prepared index, and the pool of what waits."""

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
from grid.territory.choosing.queries import Wanted
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


PLACES = frozenset({Level.STREET.value, Level.COMMUNITY.value, Level.GRID.value})


def placing_wanted(within: str = "") -> Wanted:
    """Where something may be placed: a grid, or the community or street where that is all one knows."""
    return Wanted((Right.PLACE,), PLACES, within)


def pool(viewer: Actor, area: str = "", delivery: int | None = None) -> QuerySet[Subject]:
    """Subjects that wait for a grid where the viewer may place them; of one area, those in its own pool alone; of one
    delivery, those it has a line about."""
    waiting = within(Subject.objects.filter(placement=Placement.UNPLACED), viewer, Right.PLACE)
    if delivery is not None:
        waiting = waiting.filter(pk__in=Subject.objects.filter(rows__delivery=delivery))
    return (waiting.filter(area=area) if area else waiting).order_by("area", "pk")


def waiting_subject(viewer: Actor, pk: int) -> Subject:
    """One of the pool. Raises NotHere outside the viewer's territory, or when it has a grid by now."""
    found = pool(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def counts_by_area(viewer: Actor, delivery: int | None = None) -> list[tuple[str, str, int]]:
    """(code, name, waiting) for each area that holds waiting subjects."""
    rows = pool(viewer, delivery=delivery).order_by("area").values_list("area").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(rows)
    names = names_of(counts)
    return [(code, names.get(code) or code, n) for code, n in counts.items()]
