"""How far each goal is reached, and what its shares are proposed by: grouped counts, one or two queries a goal.

Each count keeps to the definition shipped with the room (goals.json) and shown on the page. Nothing here counts fines
or penalties (行政处罚法 第74条), and nobody's visits are counted by person (国办函〔2026〕12号).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Substr

from grid.calendar.now import end_of
from grid.registers.standing import held_on
from grid.scope import in_area
from grid.subjects.models import EMPLOYERS, Standing, Subject, SubjectKind
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.models import Span
from tasks.coverage.states import CoverState
from tasks.visits.models import Outcome, Visit
from workflows.cases.models import Case
from workflows.duties.targets.queries.gains import gains
from workflows.duties.targets.rules import Gained

DAY = timedelta(days=1)
SETTLED_SITE = (CoverState.COMPLIANT, CoverState.RECTIFIED)


@dataclass
class Frame:
    """What is counted: an area, split at codes of `depth` digits, over one year up to today.

    Where a subject was, of what kind and in what state, is read as of the last day: a year gone by stays as it was.
    """

    area: str
    depth: int
    year: int
    today: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return min(date(self.year, 12, 31), self.today)

    def moments(self) -> tuple[datetime, datetime]:
        """The year as moments, the end not included."""
        return end_of(self.first - DAY), end_of(self.last)

    @property
    def is_running(self) -> bool:
        return self.last == self.today

    @cached_property
    def gains(self) -> list[tuple[str, Gained]]:
        """(area, what it gained) of every unit."""
        return gains(self.area, self.year, self.last, self.today)


Counts = dict[str, int]


def measured(formula: str, frame: Frame) -> Counts:
    """How many, by the codes below the area (a pool above them carries its own, shorter code)."""
    return FORMULAS[formula](frame)


def weights(weighed_by: str, area: str, parts: Iterable[str]) -> Counts:
    """What each part weighs, in the order of codes; parts without a subject weigh nothing."""
    codes = sorted(parts)
    depth = len(codes[0]) if codes else len(area)
    found = _grouped(WEIGHED_BY[weighed_by](area), "area", depth)
    return {code: found.get(code, 0) for code in codes}


def _grouped(rows: QuerySet[Model], field: str, depth: int, what: str = "pk") -> Counts:
    parts = rows.order_by().values(part=Substr(field, 1, depth)).annotate(n=Count(what, distinct=True))
    return dict(parts.values_list("part", "n"))


def _new_units(frame: Frame) -> Counts:
    return _summed(frame, ((area, int(gain.is_new)) for area, gain in frame.gains))


def _new_people(frame: Frame) -> Counts:
    return _summed(frame, ((area, gain.heads) for area, gain in frame.gains))


def _summed(frame: Frame, rows: Iterable[tuple[str, int]]) -> Counts:
    found: Counts = {}
    for area, n in rows:
        if n:
            part = area[: frame.depth]
            found[part] = found.get(part, 0) + n
    return found


def _leads(frame: Frame) -> Counts:
    first, last = frame.moments()
    rows = Lead.objects.filter(in_area(frame.area), verified_at__gte=first, verified_at__lt=last)
    return _grouped(rows, "area", frame.depth)


def _rectified(frame: Frame) -> Counts:
    rows = Case.objects.filter(in_area(frame.area), healed_on__range=(frame.first, frame.last))
    return _grouped(rows, "area", frame.depth)


def _doors(frame: Frame) -> Counts:
    first, last = frame.moments()
    seen = Visit.objects.filter(counts_at__gte=first, counts_at__lt=last).exclude(outcome=Outcome.NOBODY_IN)
    if frame.is_running:
        return _grouped(
            seen.filter(in_area(frame.area, "subject__area")), "subject__area", frame.depth, "subject"
        )
    return _grouped(_spans(frame).filter(subject__in=seen.values("subject")), "area", frame.depth, "subject")


def _sites(frame: Frame) -> Counts:
    first, last = frame.moments()
    begun = Q(subject__established_on__range=(frame.first, frame.last))
    begun |= Q(subject__established_on=None, subject__added_at__gte=first, subject__added_at__lt=last)
    sites = _spans(frame).filter(begun, kind=SubjectKind.CONSTRUCTION_SITE, state__in=SETTLED_SITE)
    return _grouped(sites, "area", frame.depth, "subject")


def _spans(frame: Frame) -> QuerySet[Span]:
    """The account of the area on the last day; today's has an index of its own."""
    holding = Q(until=None) if frame.is_running else held_on(frame.last)
    return Span.objects.filter(holding, in_area(frame.area))


def _employers(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), kind__in=EMPLOYERS, standing=Standing.ACTIVE, same_as=None)


def _subjects(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), standing=Standing.ACTIVE, same_as=None)


def _open_leads(area: str) -> QuerySet[Lead]:
    return Lead.objects.filter(in_area(area), state__in=(LeadState.OPEN, LeadState.TASKED))


def _all_sites(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), kind=SubjectKind.CONSTRUCTION_SITE, same_as=None)


FORMULAS: Mapping[str, Callable[[Frame], Counts]] = {
    "new_units": _new_units,
    "new_people": _new_people,
    "leads": _leads,
    "healed": _rectified,
    "doors": _doors,
    "sites": _sites,
}
WEIGHED_BY: Mapping[str, Callable[[str], QuerySet[Any]]] = {
    "employers": _employers,
    "subjects": _subjects,
    "open_leads": _open_leads,
    "sites": _all_sites,
}
