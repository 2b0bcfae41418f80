"""Reading the assessment: a district sees its own line and the ranking, the city sees all evidence."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right, reaches
from grid.subjects.models import Subject
from grid.territory.models import Area
from workflows.assessment import actions, evidence, rules
from workflows.assessment.models import Indicator, Result, Scheme
from workflows.cases.models import Case


@dataclass
class Ranked:
    area: Area
    results: list[Result]
    total: Decimal
    place: int = 0
    is_mine: bool = False


def scheme_of(year: int) -> Scheme:
    scheme = Scheme.objects.filter(year=year).first()
    if scheme is None:
        raise problems.NotHere()
    return scheme


def ranking(viewer: Actor, scheme: Scheme) -> list[Ranked]:
    """Districts by total score; equal totals share a place."""
    if not viewer.has(Right.SEE_CASES):
        raise problems.NotHere()
    found: dict[str, list[Result]] = {}
    for result in (
        Result.objects.filter(indicator__scheme=scheme).select_related("indicator").order_by("indicator_id")
    ):
        found.setdefault(result.area, []).append(result)
    areas = Area.objects.in_bulk(found)
    lines = [
        Ranked(areas[code], rows, _total(rows), is_mine=reaches(viewer, code)) for code, rows in found.items()
    ]
    lines.sort(key=lambda line: (-line.total, line.area.code))
    for line in lines:
        line.place = 1 + sum(other.total > line.total for other in lines)
    return lines


def _total(rows: list[Result]) -> Decimal:
    return rules.total((row.score, row.indicator.weight) for row in rows)


@dataclass
class Opened:
    """One number with its members, read again from the records; `is_same` when they are those it was made of."""

    result: Result
    counted: list[tuple[str, str]]
    missed: list[tuple[str, str]]
    is_same: bool


MOST = 500


def open_result(viewer: Actor, pk: int) -> Opened:
    result = Result.objects.select_related("indicator__scheme").filter(pk=pk).first()
    if result is None or not reaches(viewer, result.area, Right.SEE_CASES):
        raise problems.NotHere()
    indicator: Indicator = result.indicator
    shares = evidence.members(indicator.formula, result.area[:4], indicator.scheme.year, today())
    share = shares.get(result.area, rules.share_of({}))
    same = result.evidence == {
        "counted": rules.fingerprint(share.counted),
        "missed": rules.fingerprint(share.missed),
    }
    return Opened(result, _named(share.counted), _named(share.missed), same)


def _named(members: frozenset[str]) -> list[tuple[str, str]]:
    """(name, case number or empty) of at most MOST members, in order."""
    chosen = sorted(members)[:MOST]
    codes = [m for m in chosen if "-" in m and "@" not in m]
    ids = {m: int(m.split("@")[0]) for m in chosen if m not in codes}
    names = dict(Subject.objects.filter(pk__in=ids.values()).values_list("pk", "name"))
    by_case = dict(Case.objects.filter(Q(code__in=codes)).values_list("code", "subject__name"))
    return [(by_case.get(m, m), m) if m in codes else (names.get(ids[m], m), "") for m in chosen]


def is_reproducible(scheme: Scheme, city: str) -> bool:
    """Whether computing again from the records gives the very same digits."""
    rows = actions.results(scheme, city)
    return actions.digest(scheme, rows) == (scheme.hash or actions.digest(scheme))
