from datetime import date

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Right
from tasks.visits.models import Visit
from tests.workflows.notices.interview.documents import Interview
from tests.workflows.notices.interview.kinds import Kind
from workflows.clocks.actions import start_clock
from workflows.engine.actions.steps import writing_on
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.actions.investigating import inspection_of
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.models import Notice, Service

STATES = (S.INVESTIGATING, S.ORDER_EXPIRED)


def call_interview(inspection: Inspection, on: date, place: str, *, by: Actor) -> Notice:
    act = Kind.INTERVIEW.label
    with writing_on(inspection, Right.INSPECT, STATES, act, by=by) as (fresh, held):
        return issue_document(
            fresh.case,
            Kind.INTERVIEW,
            lambda letter: Interview(
                letter=letter,
                about=[measure["why"] for measure in fresh.case.measures],
                held_on=on,
                place=place,
                term=the_law(today())["inspection.statement"],
                officers=officers_of(fresh),
            ),
            by=by,
            held=held,
        )


def serve_interview(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    with writing_on(inspection_of(notice), Right.SERVE, STATES, Kind.INTERVIEW.label, by=by) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        start_clock(
            "inspection.statement", by=by, case=fresh.case, provision=law["inspection.statement"],
            from_day=service.effective_on,
        )  # fmt: skip
        return service
