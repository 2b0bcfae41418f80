"""Whose word a finding rests on: those people do not review it."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from grid.calendar.now import CITY_TIME
from grid.territory.models import Person
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tasks.visits.states import FindingState


def confirmed(on: date | None = None) -> Q:
    """Findings that hold; with a day, those that held at its end."""
    if on is None:
        return Q(state=FindingState.CONFIRMED)
    end = datetime.combine(on + timedelta(days=1), time(), CITY_TIME)
    held = Q(state__in=(FindingState.CONFIRMED, FindingState.CORRECTED), reviewed_at__lt=end)
    return held & (Q(corrected_at=None) | Q(corrected_at__gte=end))


def rests_on(person_id: int | None) -> Q:
    """Condition on findings: the person recorded it, or said what holds in it where several were there.

    Asks nothing but columns of the finding itself, so that a list need not join its visits to be cut.
    """
    own = Visit.objects.filter(subject=OuterRef("subject_id"), person=person_id)
    named = own.annotate(sources=Cast(OuterRef("merged__sources"), TextField()))
    quoted = Concat(Value('"'), F("code"), Value('"'))
    holds = Q(Exists(named.filter(sources__contains=quoted)))
    return Q(recorded_by=person_id) | (Q(merged__isnull=False) & holds)


def speakers_of(finding: Finding) -> set[int | None]:
    """Everybody on whose word the finding rests: who recorded it, and whose values hold in it."""
    codes = set(finding.merged["sources"].values()) if finding.merged else set()
    others = Visit.objects.filter(code__in=codes).values_list("person", flat=True) if codes else ()
    return {finding.recorded_by_id, *others}


def speaker_of(finding: Finding, person_id: int | None) -> Person | None:
    """The person, where the finding rests on their word; expects `recorded_by` at hand."""
    if person_id is None or finding.recorded_by_id == person_id:
        return finding.recorded_by if person_id else None
    codes = set(finding.merged["sources"].values()) if finding.merged else set()
    visits = Visit.objects.filter(code__in=codes, person=person_id) if codes else Visit.objects.none()
    spoke = visits.select_related("person").first()
    return spoke.person if spoke else None
