"""What a district says of the numbers it was shown, and what the city answers."""

from django.db import transaction

from grid import problems
from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require, require_person
from workflows.assessment import problems as assessment_problems
from workflows.assessment import states
from workflows.assessment.actions.closing import locked, reopen
from workflows.assessment.models import Indicator, Response, SchemeState
from workflows.assessment.queries import gates
from workflows.assessment.verbs import AssessmentVerb


@transaction.atomic
def agree_result(response: Response, *, by: Actor) -> Response:
    """The district has no objection. Raises NotHere/NotYourPost, ResponseOver, OutOfOrder."""
    held = require(by, Right.ANSWER_ASSESSMENT, response.area)
    response = _within_term(response)
    states.respond(response, "agree")
    response.given_by_id, response.given_at = require_person(by), now()
    response.save()
    record(AssessmentVerb.ASSESSMENT_AGREED, Line(response.area, data=_facts(response)), by=by, held=held)
    _notify_inboxes(response)
    return response


@transaction.atomic
def object_to_result(
    response: Response, reason: str, indicator: Indicator | None = None, *, by: Actor
) -> Response:
    """The district objects, to one of its numbers or to the whole. Raises ReasonMissing, ResponseOver, OutOfOrder."""
    held = require(by, Right.ANSWER_ASSESSMENT, response.area)
    if not reason.strip():
        raise problems.ReasonMissing(act="提出异议")
    response = _within_term(response)
    if indicator is not None and indicator.scheme_id != response.scheme_id:
        raise problems.NotHere()
    states.respond(response, "object")
    response.indicator, response.reason = indicator, reason.strip()[:1000]
    response.given_by_id, response.given_at = require_person(by), now()
    response.save()
    facts = _facts(response) | {"reason": response.reason, "indicator": indicator.title if indicator else ""}
    record(AssessmentVerb.ASSESSMENT_OBJECTED, Line(response.area, data=facts), by=by, held=held)
    _notify_inboxes(response)
    return response


def _within_term(response: Response) -> Response:
    """Locks the year, so that nobody proposes its end meanwhile."""
    scheme = locked(response.scheme)
    fresh = Response.objects.select_for_update().get(pk=response.pk)
    fresh.scheme = scheme
    if not gates.is_running(scheme) or fresh.showing != scheme.showing:
        raise assessment_problems.ResponseOver(year=scheme.year)
    return fresh


@transaction.atomic
def answer_objection(response: Response, city: str, answer: str, *, uphold: bool, by: Actor) -> Response:
    """Upheld, the year goes back to be computed and shown anew; not upheld, the answer says why.

    Objections to an earlier showing are answered as well: none is left over when the year is closed.
    Raises ReasonMissing, OutOfOrder, YearFrozen.
    """
    held = require(by, Right.ASSESS, city)
    if not answer.strip():
        raise problems.ReasonMissing(act="答复异议")
    scheme = locked(response.scheme)
    response = Response.objects.select_for_update().get(pk=response.pk)
    response.scheme = scheme
    states.respond(response, "uphold" if uphold else "reject")
    response.answer, response.answered_by_id, response.answered_at = (
        answer.strip()[:1000],
        require_person(by),
        now(),
    )
    response.save()
    if uphold and scheme.state != SchemeState.OPEN:
        reopen(scheme)
    facts = _facts(response) | {"answer": response.answer, "outcome": str(response.get_state_display())}
    record(AssessmentVerb.ASSESSMENT_ANSWERED, Line(response.area, data=facts), by=by, held=held)
    _notify_inboxes(response)
    return response


def _facts(response: Response) -> dict[str, object]:
    return {"year": response.scheme.year, "showing": response.showing}


def _notify_inboxes(response: Response) -> None:
    for area in (response.area, response.area[:4]):
        hint("inbox", area)
