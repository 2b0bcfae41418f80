"""How far each goal is reached, and what its shares are proposed by: grouped counts, one or two queries a goal.

Each count keeps to the definition shipped beside it (goals.json) and shown on the page. Nothing here counts fines
or penalties (行政处罚法 第74条), and nobody's visits are counted by person (国办函〔2026〕12号).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from grid.calendar.now import CITY_TIME
from grid.registers.models import Delivery, Register, Row
from grid.scope import in_area
from grid.subjects.models import EMPLOYERS, Standing, Subject, SubjectKind
from tasks.comparison.models import Lead, LeadState
from tasks.coverage.states import CoverState
from tasks.visits.models import Outcome, Visit
from workflows.cases.models import Case

DAY = timedelta(days=1)
SETTLED_SITE = (CoverState.COMPLIANT, CoverState.RECTIFIED)


@dataclass
class Frame:
    """What is counted: an area, split at codes of `depth` digits, over one year up to today."""

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
        ends = (self.first, self.last + DAY)
        first, last = (datetime.combine(day, time(), CITY_TIME) for day in ends)
        return first, last

    @cached_property
    def baseline(self) -> date | None:
        """The day of the first social-insurance register: what it holds was there before, and is nobody's success."""
        found = Delivery.objects.filter(register=Register.SOCIAL).aggregate(first=Min("as_of"))
        first: date | None = found["first"]
        return first

    @property
    def since(self) -> date | None:
        """From which day on something new in the social register counts as this year's."""
        return max(self.first - DAY, self.baseline) if self.baseline else None


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


def _grouped(rows: QuerySet[Any], field: str, depth: int, what: str = "pk") -> Counts:
    parts = rows.order_by().values(part=Substr(field, 1, depth)).annotate(n=Count(what, distinct=True))
    return dict(parts.values_list("part", "n"))


def _new_units(frame: Frame) -> Counts:
    if frame.since is None:
        return {}
    rows = _insured(frame).filter(since__gt=frame.since)
    earlier = Row.objects.filter(
        register=Register.SOCIAL, subject=OuterRef("subject"), since__lte=frame.since
    )  # fmt: skip
    return _grouped(rows.filter(~Exists(earlier)), "subject__area", frame.depth, "subject")


def _new_people(frame: Frame) -> Counts:
    """Only units whose line changed since the beginning are read: the others gained nobody."""
    if frame.since is None:
        return {}
    after = _insured(frame).filter(since__gt=frame.since)
    now = after.values_list("subject", "subject__area", "data__insured")
    then = Row.objects.filter(_on(frame.since), register=Register.SOCIAL, subject__in=after.values("subject"))
    before = dict(then.values_list("subject", "data__insured"))
    gained: Counts = {}
    for subject, area, insured in now.iterator(5_000):
        more = max(0, int(insured or 0) - int(before.get(subject) or 0))
        part = area[: frame.depth]
        gained[part] = gained.get(part, 0) + more
    return gained


def _insured(frame: Frame) -> QuerySet[Row]:
    """Lines of employers in the social register on the last day. While the year runs these are the current lines,
    which have an index of their own among ten times as many versions."""
    valid = Q(until=None) if frame.last == frame.today else _on(frame.last)
    rows = Row.objects.filter(valid, in_area(frame.area, "subject__area"), register=Register.SOCIAL)
    return rows.filter(subject__kind__in=EMPLOYERS)


def _on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def _leads(frame: Frame) -> Counts:
    first, last = frame.moments()
    rows = Lead.objects.filter(in_area(frame.area), verified_at__gte=first, verified_at__lt=last)
    return _grouped(rows, "area", frame.depth)


def _healed(frame: Frame) -> Counts:
    rows = Case.objects.filter(in_area(frame.area), healed_on__range=(frame.first, frame.last))
    return _grouped(rows, "area", frame.depth)


def _doors(frame: Frame) -> Counts:
    first, last = frame.moments()
    rows = Visit.objects.filter(in_area(frame.area, "subject__area"), recorded_at__gte=first)
    rows = rows.filter(recorded_at__lt=last).exclude(outcome=Outcome.NOBODY_IN)
    return _grouped(rows, "subject__area", frame.depth, "subject")


def _sites(frame: Frame) -> Counts:
    rows = _all_sites(frame.area).filter(spans__until=None, spans__state__in=SETTLED_SITE)
    first, last = frame.moments()
    begun = Q(established_on__range=(frame.first, frame.last))
    begun |= Q(established_on=None, added_at__gte=first, added_at__lt=last)
    return _grouped(rows.filter(begun), "area", frame.depth)


def _employers(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), kind__in=EMPLOYERS, standing=Standing.ACTIVE, same_as=None)


def _subjects(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), same_as=None)


def _open_leads(area: str) -> QuerySet[Lead]:
    return Lead.objects.filter(in_area(area), state__in=(LeadState.OPEN, LeadState.TASKED))


def _all_sites(area: str) -> QuerySet[Subject]:
    return Subject.objects.filter(in_area(area), kind=SubjectKind.CONSTRUCTION_SITE, same_as=None)


FORMULAS: Mapping[str, Callable[[Frame], Counts]] = {
    "new_units": _new_units,
    "new_people": _new_people,
    "leads": _leads,
    "healed": _healed,
    "doors": _doors,
    "sites": _sites,
}
WEIGHED_BY: Mapping[str, Callable[[str], QuerySet[Any]]] = {
    "employers": _employers,
    "subjects": _subjects,
    "open_leads": _open_leads,
    "sites": _all_sites,
}
