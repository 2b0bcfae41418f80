"""Opening a year's scheme and computing it, with the members behind every number."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from grid.calendar.now import now, today
from grid.hints import hint
from grid.law.rules.mandate import read_shipped
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require
from grid.subjects.models import SORT_OF
from workflows.assessment import rules, states
from workflows.assessment.models import Indicator, MemberList, Result, Scheme
from workflows.assessment.queries import evidence
from workflows.assessment.queries.digest import digest
from workflows.assessment.rules import Member, packing
from workflows.assessment.verbs import AssessmentVerb

DEFAULT = Path(__file__).parent.parent / "scheme.json"


@transaction.atomic
def open_scheme(year: int, city: str, *, by: Actor) -> Scheme:
    """The year's scheme with its indicators, from the shipped default. Opening twice answers the first."""
    require(by, Right.ASSESS, city)
    shipped = read_shipped(DEFAULT)
    indicators = shipped.pop("indicators")
    scheme, is_new = Scheme.objects.get_or_create(year=year, defaults=shipped)
    if is_new:
        Indicator.objects.bulk_create(Indicator(scheme=scheme, **values) for values in indicators)
        record(AssessmentVerb.SCHEME_OPENED, Line(city, data={"year": year, "title": scheme.title}), by=by)
    return scheme


@transaction.atomic
def compute_scheme(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """Computes every indicator of every district anew, up to the year's end or today.

    Raises YearFrozen once the year is closed, OutOfOrder while it is shown.
    """
    require(by, Right.ASSESS, city)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    states.move(scheme, "compute")
    _renew_formulas(scheme)
    scheme.cutoff = rules.cutoff_of(scheme.year, today())
    scheme.law = evidence.law_used(scheme.indicators.values_list("formula", flat=True), scheme.cutoff)
    Result.objects.filter(indicator__scheme=scheme).delete()
    _store(_results(scheme, city))
    scheme.computed_at = now()
    scheme.save(update_fields=["computed_at", "cutoff", "law"])
    facts = {"year": scheme.year, "cutoff": scheme.cutoff, "hash": digest(scheme)}
    record(AssessmentVerb.ASSESSMENT_COMPUTED, Line(city, data=facts), by=by)
    hint("inbox", city)
    return scheme


def _renew_formulas(scheme: Scheme) -> None:
    """A year opened under an earlier version of a formula says by which it is computed now; weights and targets stay."""
    shipped = {row["formula"]: row for row in read_shipped(DEFAULT)["indicators"]}
    for indicator in scheme.indicators.all():
        now = shipped.get(indicator.formula, {})
        if now.get("version", 1) > indicator.version:
            indicator.version, indicator.unit = now["version"], now["unit"]
            indicator.title, indicator.explanation = now["title"], now["explanation"]
            indicator.save()


def _results(scheme: Scheme, city: str) -> Iterable[tuple[Result, list[Member]]]:
    assert scheme.cutoff
    districts = evidence.districts(city, scheme.cutoff)
    for indicator in scheme.indicators.order_by("pk"):
        found = rules.by_district(evidence.members(indicator.formula, city, scheme.year, scheme.cutoff))
        for code in districts:
            own = found.get(code, [])
            yield _result(indicator, code, own), own


def _result(indicator: Indicator, area: str, members: list[Member]) -> Result:
    reached, due = rules.reached_of(members), rules.due_of(members)
    return Result(
        indicator=indicator,
        area=area,
        numerator=reached,
        denominator=due,
        score=rules.score(reached, due, Decimal(indicator.target), Decimal(indicator.weight)),
        sorts=rules.figures(members, SORT_OF),
        hash=packing.hash_of(packing.lines_of(members)),
    )


def _store(found: Iterable[tuple[Result, list[Member]]]) -> None:
    for result, members in found:
        result.save()
        packed = packing.pack(packing.lines_of(members))
        MemberList.objects.create(result=result, packed=packed, count=len(members))
