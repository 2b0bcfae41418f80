"""A year on its way to the end: shown to the districts, proposed to be closed, closed by somebody else.

Order of the country's evaluations: results are shown to those assessed, who may object, before they stand
(乌政〔2020〕17号 六(四); the terms are rows of the law).
"""

from datetime import timedelta

from django.db import transaction

from grid import problems
from grid.calendar.now import now, today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require, require_person
from workflows.assessment import states
from workflows.assessment.models import Response, Result, Scheme
from workflows.assessment.queries import gates
from workflows.assessment.queries.digest import digest, recorded_results
from workflows.assessment.verbs import AssessmentVerb


def locked(scheme: Scheme) -> Scheme:
    return Scheme.objects.select_for_update().get(pk=scheme.pk)


@transaction.atomic
def show_scheme(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """Shows the computed year to the districts, which may object until `due_on`.

    Raises YearNotOver before the year and the days for late registers are over, NotComputed, ComputedTooEarly where
    the numbers are of a time before that, OutOfOrder, YearFrozen.
    """
    require(by, Right.ASSESS, city)
    scheme = locked(scheme)
    states.move(scheme, "show")
    gates.refuse_unfinished(scheme)
    scheme.showing, scheme.shown_at, scheme.hash = scheme.showing + 1, now(), digest(scheme)
    scheme.due_on = today() + timedelta(days=gates.objection_days())
    scheme.save()
    shown = sorted(set(Result.objects.filter(indicator__scheme=scheme).values_list("area", flat=True)))
    Response.objects.bulk_create(Response(scheme=scheme, showing=scheme.showing, area=area) for area in shown)
    facts = {"year": scheme.year, "showing": scheme.showing, "until": scheme.due_on, "hash": scheme.hash}
    record(AssessmentVerb.ASSESSMENT_SHOWN, Line(city, data=facts), by=by)
    for area in shown:
        hint("inbox", area)
    return scheme


@transaction.atomic
def take_back_scheme(scheme: Scheme, city: str, reason: str, *, by: Actor) -> Scheme:
    """The preview is taken back, to be computed and shown anew. Raises ReasonMissing, OutOfOrder, YearFrozen."""
    require(by, Right.ASSESS, city)
    if not reason.strip():
        raise problems.ReasonMissing(act="收回公示")
    scheme = locked(scheme)
    reopen(scheme)
    facts = {"year": scheme.year, "showing": scheme.showing, "reason": reason.strip()}
    record(AssessmentVerb.ASSESSMENT_TAKEN_BACK, Line(city, data=facts), by=by)
    _notify_inboxes(scheme, city)
    return scheme


def reopen(scheme: Scheme) -> None:
    """What was shown is no longer on its way to the end; what districts said of it stays on file."""
    states.move(scheme, "take_back")
    scheme.shown_at = scheme.due_on = scheme.proposed_at = scheme.proposed_by = None
    scheme.hash = ""
    scheme.save()


@transaction.atomic
def propose_freeze(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """The first of two. Raises AssessmentObjectionOpen, ResponsesRunning, NumbersTouched, OutOfOrder, YearFrozen."""
    require(by, Right.ASSESS, city)
    scheme = locked(scheme)
    states.move(scheme, "propose")
    gates.refuse_unanswered(scheme)
    gates.refuse_touched(scheme)
    scheme.proposed_at, scheme.proposed_by_id = now(), require_person(by)
    scheme.save()
    facts = {"year": scheme.year, "showing": scheme.showing, "hash": scheme.hash}
    record(AssessmentVerb.ASSESSMENT_PROPOSED, Line(city, data=facts), by=by)
    _notify_inboxes(scheme, city)
    return scheme


@transaction.atomic
def refuse_freeze(scheme: Scheme, city: str, reason: str, *, by: Actor) -> Scheme:
    """The second says no: the year is shown as before. Raises ReasonMissing, SamePersonTwice, OutOfOrder."""
    require(by, Right.ASSESS, city)
    if not reason.strip():
        raise problems.ReasonMissing(act="退回提请")
    scheme = locked(scheme)
    states.move(scheme, "refuse")
    _another_than_proposed(scheme, by)
    scheme.proposed_at = scheme.proposed_by = None
    scheme.save()
    facts = {"year": scheme.year, "reason": reason.strip()}
    record(AssessmentVerb.ASSESSMENT_FREEZE_REFUSED, Line(city, data=facts), by=by)
    _notify_inboxes(scheme, city)
    return scheme


@transaction.atomic
def freeze_scheme(scheme: Scheme, city: str, *, by: Actor) -> Scheme:
    """The second of two closes the year: its digits, its members and the hash over them stay.

    Raises SamePersonTwice for the first, AssessmentObjectionOpen, ResponsesRunning, NumbersTouched, OutOfOrder, YearFrozen.
    """
    require(by, Right.ASSESS, city)
    scheme = locked(scheme)
    proposed_by = scheme.proposed_by
    states.move(scheme, "freeze")
    second = _another_than_proposed(scheme, by)
    gates.refuse_unanswered(scheme)
    gates.refuse_touched(scheme)
    scheme.frozen_at, scheme.frozen_by_id = now(), second
    scheme.save()
    facts = {
        "year": scheme.year, "hash": scheme.hash, "proposed_by": proposed_by.full_name if proposed_by else "",
        "results": recorded_results(scheme),
    }  # fmt: skip
    record(AssessmentVerb.ASSESSMENT_FROZEN, Line(city, data=facts), by=by)
    _notify_inboxes(scheme, city)
    return scheme


def _another_than_proposed(scheme: Scheme, by: Actor) -> int:
    person_id = require_person(by)
    if scheme.proposed_by_id == person_id:
        raise problems.SamePersonTwice(first=by.name)
    return person_id


def _notify_inboxes(scheme: Scheme, city: str) -> None:
    for area in [city, *scheme.responses.filter(showing=scheme.showing).values_list("area", flat=True)]:
        hint("inbox", area)
