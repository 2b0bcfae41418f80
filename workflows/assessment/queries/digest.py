"""One hash for a whole year: its scheme, the law it used, every digit, and whom each was made of."""

import json
from hashlib import sha256

from workflows.assessment.models import Result, Scheme


def points(result: Result) -> str:
    return "" if result.score is None else f"{result.score:.2f}"


def recorded_results(scheme: Scheme) -> list[list[str | int | None]]:
    """[formula, area, numerator, denominator, points, hash of the members] in one fixed order: with it in the ledger,
    every number and whom it was made of can be proved without the tables."""
    rows = Result.objects.filter(indicator__scheme=scheme).select_related("indicator")
    return sorted([r.indicator.formula, r.area, r.numerator, r.denominator, points(r), r.hash] for r in rows)


def digest(scheme: Scheme) -> str:
    """SHA-256 over the scheme, its indicators, the law used, every digit and the members' hashes."""
    indicators = [
        [i.formula, i.version, f"{i.weight:.2f}", f"{i.target:.4f}"]
        for i in scheme.indicators.order_by("formula")
    ]
    cutoff = str(scheme.cutoff) if scheme.cutoff else ""
    content = [scheme.year, cutoff, scheme.law, indicators, recorded_results(scheme)]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
