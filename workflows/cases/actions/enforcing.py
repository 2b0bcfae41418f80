"""The urging: its issue, its service, and the end of its term."""

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.registers.queries import facts_of
from grid.scope import Actor
from tasks.visits.models import Visit
from workflows.cases.documents import Urging
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may
from workflows.cases.verbs import CaseVerb
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import act_on, locked, record_on, step_of
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import composing
from workflows.notices.models import Notice, NoticeKind, Service


def issue_notice(case: Case, *, by: Actor) -> Notice:
    """Issues the 告知书 of an approved case. It moves nothing: the term begins when it is served."""
    with act_on(case, "urge", by=by) as (fresh, held):
        law, facts = the_law(today()), composing.table_of(facts_of(fresh.subject))
        return issue_document(
            fresh,
            NoticeKind.URGING,
            lambda letter: Urging(
                letter=letter,
                found=composing.found_of(fresh.measures),
                asked=composing.asked_of(fresh.measures),
                basis=composing.clauses_of(fresh.measures),
                term=law["urging.term"],
                facts=facts,
            ),
            by=by,
            held=held,
        )


def serve_urging(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The served urging: its term runs from the day the service counts."""
    with step_of(notice.case, "urge", by=by, at=CaseState.URGING) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.urged_at = service.recorded_at
        record_on(CaseVerb.CASE_URGED, fresh, by, None, way=str(service.get_way_display()))
        start_clock(
            "urging.term", by=by, case=fresh, provision=law["urging.term"], from_day=service.effective_on
        )
        return service


def escalate_case(clock: Clock, *, by: Actor) -> None:
    """The urging's term is over: the agency and the inspectors take over. Nothing when it ended meanwhile."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if may(case, "escalate"):
        with step_of(case, "escalate", by=by) as (fresh, held):
            record_on(CaseVerb.CASE_ESCALATED, fresh, by, held, step=str(CaseState.ESCALATED.label))
