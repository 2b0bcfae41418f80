"""Opening a year's scheme, computing it, freezing it."""

import json
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, ask
from grid.territory.models import Area, Level
from workflows.assessment import evidence, rules
from workflows.assessment.models import Indicator, Result, Scheme

DEFAULT = Path(__file__).parent / "scheme.json"


@transaction.atomic
def open_scheme(year: int, city: str, *, by: Actor) -> Scheme:
    """The year's scheme with its indicators, from the shipped default. Opening twice answers the first."""
    ask(by, Right.ASSESS, city)
    shipped = json.loads(DEFAULT.read_text(encoding="utf8"))
    indicators = shipped.pop("indicators")
    scheme, is_new = Scheme.objects.get_or_create(year=year, defaults=shipped)
    if is_new:
        Indicator.objects.bulk_create(Indicator(scheme=scheme, **values) for values in indicators)
        record(Verb.SCHEME_OPENED, by=by, area=city, data={"year": year})
    return scheme


@transaction.atomic
def compute_scheme(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """Computes every indicator of every district anew. Raises YearFrozen once the year is closed."""
    ask(by, Right.ASSESS, city)
    scheme = _open(scheme)
    Result.objects.filter(indicator__scheme=scheme).delete()
    Result.objects.bulk_create(results(scheme, city))
    scheme.computed_at = now()
    scheme.save(update_fields=["computed_at"])
    record(Verb.ASSESSMENT_COMPUTED, by=by, area=city, data={"year": scheme.year, "hash": digest(scheme)})
    return scheme


def results(scheme: Scheme, city: str) -> list[Result]:
    """The results as the records stand now, unsaved: what computing writes and checking compares."""
    districts = Area.objects.filter(level=Level.DISTRICT, code__startswith=city, valid_to=None)
    codes = list(districts.values_list("code", flat=True).order_by("code"))
    rows = []
    for indicator in scheme.indicators.order_by("pk"):
        shares = evidence.members(indicator.formula, city, scheme.year, today())
        rows += [_result(indicator, code, shares.get(code, rules.share_of({}))) for code in codes]
    return rows


def _result(indicator: Indicator, area: str, share: rules.Share) -> Result:
    return Result(
        indicator=indicator,
        area=area,
        numerator=share.numerator,
        denominator=share.denominator,
        score=rules.score(
            share.numerator, share.denominator, Decimal(indicator.target), Decimal(indicator.weight)
        ),
        evidence={"counted": rules.fingerprint(share.counted), "missed": rules.fingerprint(share.missed)},
    )


@transaction.atomic
def freeze_scheme(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """Closes the year: its digits and the hash over them stay. Raises YearFrozen, NotComputed."""
    ask(by, Right.ASSESS, city)
    scheme = _open(scheme)
    if scheme.computed_at is None:
        raise problems.NotComputed(year=scheme.year)
    scheme.frozen_at, scheme.frozen_by_id, scheme.hash = now(), by.person_id, digest(scheme)
    scheme.save(update_fields=["frozen_at", "frozen_by", "hash"])
    record(Verb.ASSESSMENT_FROZEN, by=by, area=city, data={"year": scheme.year, "hash": scheme.hash})
    return scheme


def _open(scheme: Scheme) -> Scheme:
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.frozen_at:
        raise problems.YearFrozen(year=scheme.year, when=f"{scheme.frozen_at:%Y-%m-%d}")
    return scheme


def points(result: Result) -> str:
    return "" if result.score is None else f"{result.score:.2f}"


def digest(scheme: Scheme, rows: list[Result] | None = None) -> str:
    """SHA-256 over the scheme, its indicators and every digit, in one fixed order."""
    found = rows if rows is not None else list(Result.objects.filter(indicator__scheme=scheme))
    by_indicator: dict[int, list[Result]] = {}
    for result in found:
        by_indicator.setdefault(result.indicator_id, []).append(result)
    content = [
        {
            "formula": i.formula,
            "version": i.version,
            "weight": f"{i.weight:.2f}",
            "target": f"{i.target:.4f}",
            "results": sorted(
                [
                    r.area,
                    r.numerator,
                    r.denominator,
                    points(r),
                    r.evidence["counted"],
                    r.evidence["missed"],
                ]
                for r in by_indicator.get(i.pk, [])
            ),
        }
        for i in scheme.indicators.order_by("formula")
    ]
    text = json.dumps([scheme.year, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
