"""The urging: its issue, its service, and the end of its term."""

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.registers.queries import facts_of
from grid.scope import Actor
from tasks.visits.models import Visit
from workflows.cases.actions.opening import close_unasked
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
from workflows.notices.queries.spans import term_on, term_set


def issue_notice(case: Case, days: int | None = None, *, by: Actor) -> Notice:
    """Issues the 告知书 of an approved case. It moves nothing: the term, of `days` where somebody chose them, begins when
    it is served. Raises DaysOutside."""
    with act_on(case, "urge", by=by) as (fresh, held):
        law, measures = the_law(today()), fresh.measures
        term = term_set(fresh, "urging.term", days, law)
        facts = composing.table_of(facts_of(fresh.subject), measures)
        return issue_document(
            fresh,
            NoticeKind.URGING,
            lambda letter: Urging(
                letter=letter,
                found=composing.found_of(measures),
                asked=composing.asked_of(measures),
                basis=composing.clauses_of(measures),
                term=term,
                facts=facts,
                consequences=composing.consequences_of(measures),
                is_voluntary=composing.is_voluntary(measures),
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
        term = term_on(notice, law["urging.term"])
        start_clock("urging.term", by=by, case=fresh, provision=term, from_day=service.effective_on)
        return service


def escalate_case(clock: Clock, *, by: Actor) -> None:
    """The urging's term is over: the agency and the inspectors take over, but for what the law leaves to the person.
    Nothing when it ended meanwhile."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if may(case, "escalate") and not close_voluntary(case, by=by):
        with step_of(case, "escalate", by=by) as (fresh, held):
            record_on(CaseVerb.CASE_ESCALATED, fresh, by, held, step=str(CaseState.ESCALATED.label))


def close_voluntary(case: Case, *, by: Actor) -> bool:
    """Part of the end of the urging's term: a case in which the law leaves everything to the person (社会保险法
    第十条第二款: 可以) ends with it, for nobody is ordered to join. Whether it did."""
    if not composing.is_voluntary(case.measures):
        return False
    close_unasked(case, _("是否参保由本人自愿决定，告知期满，不作处理"), by=by)
    return True
