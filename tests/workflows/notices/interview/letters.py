from datetime import timedelta

from django.http import QueryDict

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right
from tests.workflows.notices.interview.actions import call_interview, serve_interview
from tests.workflows.notices.interview.documents import Interview
from tests.workflows.notices.interview.kinds import Kind
from workflows.cases.models import Case
from workflows.inspections.models import Inspection
from workflows.notices.letters import Act, Letter, Page


def _run(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    newest = case.inspections.order_by("-pk").first()
    if newest is None:
        raise problems.NotHere()
    return call_interview(newest, today() + timedelta(days=7), given.get("place", ""), by=by)


# In the product this is PAGE of the room, whose acts are those its acts.py declares.
PAGE = Page("interviews", ("interview",), _run)

LETTERS = (
    Letter(
        kind=Kind.INTERVIEW, word="约谈", shape=Interview, right=Right.INSPECT,
        issued_by=Act(PAGE, "interview"), follows=serve_interview, falls_with=Inspection,
    ),
)  # fmt: skip
