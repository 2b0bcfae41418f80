"""What units gained in a year by the lines of the social register: read once for every count that asks.

A line counts for the month it says it is of, not for the day it came in: what December's line says in January is how
the old year ended and the new one began.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Model, Q, QuerySet

from grid.registers.models import Delivery, Register, Row
from grid.registers.standing import held_on, insured_heads
from grid.scope import in_area
from grid.subjects.models import EMPLOYERS, Standing, Subject
from tasks.coverage.queries import placed_on
from tasks.coverage.states import CoverState
from workflows.duties.targets import rules
from workflows.duties.targets.rules import Gained, Line

CHUNK = 5_000
DAY = timedelta(days=1)


def gains(area: str, year: int, last: date, today: date) -> list[tuple[str, Gained]]:
    """(area, what it gained) of every unit in business on the last day. Six queries, each of a line a unit at most."""
    units, which = _units(area, last, today)
    where: dict[int, str] = dict(units.values_list(which, "area").iterator(CHUNK))
    rows = Row.objects.filter(register=Register.SOCIAL, subject__in=units.values(which))
    eve, known_from = date(year, 1, 1) - DAY, _known_from()
    end = _lines_on(rows, last, today)
    begin = _lines_on(rows, eve, today)
    first = _first_lines(rows) if end.keys() - begin.keys() else {}
    return [
        (where[who], rules.gained(year, begin.get(who), line, first.get(who), known_from))
        for who, line in end.items()
    ]


def _units(area: str, last: date, today: date) -> tuple[QuerySet[Model], str]:
    """Employers in business, and the name of the column that says which: as they are today, or as they were then."""
    if last == today:
        now = Subject.objects.filter(in_area(area), kind__in=EMPLOYERS, standing=Standing.ACTIVE)
        return now.filter(same_as=None), "pk"
    then = placed_on(last).filter(in_area(area), kind__in=EMPLOYERS).exclude(state=CoverState.ENDED)
    return then, "subject"


def _known_from() -> date | None:
    """The day of the first social-insurance register."""
    found = Delivery.objects.filter(register=Register.SOCIAL).aggregate(first=Min("as_of"))
    first: date | None = found["first"]
    return first


def _lines_on(rows: QuerySet[Row], day: date, today: date) -> dict[int, Line]:
    """What was said at the end of `day`, corrected by lines that came in later and say that they are of then."""
    found = _read(rows.filter(Q(until=None) if day == today else held_on(day)))
    if day < today:
        found |= _read(rows.filter(since__gt=day, since__lte=today, data__period__lte=f"{day:%Y-%m}"))
    return found


def _first_lines(rows: QuerySet[Row]) -> dict[int, Line]:
    # In the order of their coming, which is that of their days: an older register is not taken after a newer one.
    firsts = rows.order_by().values("subject").annotate(first=Min("pk")).values("first")
    return _read(Row.objects.filter(pk__in=firsts))


def _read(rows: QuerySet[Row]) -> dict[int, Line]:
    told: Any = rows.order_by("pk").values_list("subject", "since", "data").iterator(CHUNK)
    return {
        who: Line(since, insured_heads(data), data.get("insured_since") or "") for who, since, data in told
    }
