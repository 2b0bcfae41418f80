"""What stands in the way of each stage of a year, and until when one waits."""

from datetime import date

from grid.calendar.now import day_of, today
from grid.law.queries import the_law
from workflows.assessment import problems as assessment_problems
from workflows.assessment import rules
from workflows.assessment.models import MemberList, Result, Scheme, SchemeState, Stand
from workflows.assessment.queries.digest import digest
from workflows.assessment.rules import packing


def objection_days() -> int:
    return int(the_law(today())["assess.objection_days"].value)


def first_day_to_show(year: int) -> date:
    return rules.closes_from(year, int(the_law(today())["assess.close_after"].value))


def refuse_unfinished(scheme: Scheme) -> None:
    first = first_day_to_show(scheme.year)
    if today() < first:
        raise assessment_problems.YearNotOver(year=scheme.year, first=first)
    if scheme.computed_at is None:
        raise assessment_problems.NotComputed(year=scheme.year)
    if day_of(scheme.computed_at) < first:
        raise assessment_problems.ComputedTooEarly(
            year=scheme.year, when=day_of(scheme.computed_at), first=first
        )


def may_show(scheme: Scheme) -> bool:
    try:
        refuse_unfinished(scheme)
    except (
        assessment_problems.YearNotOver,
        assessment_problems.NotComputed,
        assessment_problems.ComputedTooEarly,
    ):
        return False
    return scheme.state == SchemeState.OPEN


def is_running(scheme: Scheme) -> bool:
    """Whether districts may still answer."""
    return scheme.state == SchemeState.SHOWN and scheme.due_on is not None and today() <= scheme.due_on


def refuse_unanswered(scheme: Scheme) -> None:
    """Raises AssessmentObjectionOpen, ResponsesRunning."""
    states = list(scheme.responses.values_list("state", "showing"))
    if objected := sum(state == Stand.OBJECTED for state, _showing in states):
        raise assessment_problems.AssessmentObjectionOpen(year=scheme.year, count=objected)
    waiting = states.count((Stand.WAITING.value, scheme.showing))
    if waiting and scheme.due_on and today() <= scheme.due_on:
        raise assessment_problems.ResponsesRunning(year=scheme.year, count=waiting, until=scheme.due_on)


def is_settled(scheme: Scheme) -> bool:
    """Whether it may be proposed to be closed, as far as the districts are concerned."""
    try:
        refuse_unanswered(scheme)
    except (assessment_problems.AssessmentObjectionOpen, assessment_problems.ResponsesRunning):
        return False
    return scheme.state == SchemeState.SHOWN


def refuse_touched(scheme: Scheme) -> None:
    if not is_intact(scheme):
        raise assessment_problems.NumbersTouched(year=scheme.year)


def is_intact(scheme: Scheme) -> bool:
    """Whether the stored numbers and members are those whose hash was shown."""
    if digest(scheme) != scheme.hash:
        return False
    results = Result.objects.filter(indicator__scheme=scheme).select_related("members")
    return all(_holds(result) for result in results.iterator())


def _holds(result: Result) -> bool:
    """A list that is gone or cannot be read is not the one it was."""
    try:
        return packing.hash_of(packing.unpack(bytes(result.members.packed))) == result.hash
    except (MemberList.DoesNotExist, ValueError):
        return False
