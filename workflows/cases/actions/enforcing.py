"""The urging, the service of every document, and the step that waits for it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.ledger.verbs import Verb
from grid.registers.queries import facts_of
from grid.scope import Actor, Right
from tasks.visits.models import Visit
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.engine.steps import locked, note, note_on, step_of
from workflows.notices import composing
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.models import Notice, NoticeKind, Service


def issue_notice(case: Case, kind: str, *, by: Actor) -> Notice:
    """Issues the document of `kind` that is next for the case."""
    if kind == NoticeKind.URGING:
        return _issue_urging(case, by)
    issue = PAPERS[kind].issue
    assert issue is not None  # the others are issued by the act that decides them
    return issue(case, by=by)


def _issue_urging(case: Case, by: Actor) -> Notice:
    """The 告知书 of an approved case. It moves nothing: the term begins when it is served."""
    act = NoticeKind.URGING.label
    with note_on(case, Right.SERVE, (CaseState.URGING,), act, by=by) as (fresh, held):
        law, facts = the_law(today()), composing.table_of(facts_of(fresh.subject))
        return issue_document(
            fresh,
            NoticeKind.URGING,
            lambda letter: composing.urging(letter, fresh.measures, law, facts),
            by=by,
            held=held,
        )


# --- service -----------------------------------------------------------------------------------

Serve = Callable[..., Service]
_STEPS = "workflows.cases.actions.enforcing.take_step"
_INSPECTION = "workflows.inspections.actions"
_AUDIT = "workflows.audits.actions"
# Which room waits for the service of a document: (notice, receipt, *, by, visit) -> Service. By name, because
# those rooms issue documents themselves. A kind that is not here is kept on file: nothing follows its service.
SERVED_BY: dict[str, str] = {
    "urging": _STEPS,
    "listing_notice": _STEPS,
    "listing_decision": _STEPS,
    "audit_notice": f"{_AUDIT}.serve_notice",
    "audit_findings": f"{_AUDIT}.serve_findings",
    "audit_opinion": f"{_AUDIT}.serve_opinion",
    "audit_clear": f"{_AUDIT}.serve_result",
    "order": f"{_INSPECTION}.serve_order",
    "penalty_notice": f"{_INSPECTION}.serve_penalty_notice",
    "hearing_notice": f"{_INSPECTION}.serve_hearing_notice",
    "penalty_decision": f"{_INSPECTION}.serve_decision",
    "demand": f"{_INSPECTION}.serve_demand",
}


def record_service(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """Records how a document reached its addressee, and takes the step that waits for it. `visit` is the one at
    which a grid worker handed it over.

    Terms run from the day the service counts, which a public notice puts thirty days ahead.
    """
    path = None if notice.corrects_served else SERVED_BY.get(notice.kind)
    serve: Serve = import_string(path) if path else keep_service
    return serve(notice, receipt, by=by, visit=visit)


def keep_service(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """A service nothing follows: the removal of an entry that has left the list, the end of an inspection."""
    act = _("登记送达")
    with note_on(notice.case, Right.SERVE, tuple(CaseState), act, by=by) as (_fresh, held):
        return file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)


def take_step(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """A service that moves the case itself."""
    paper = PAPERS[notice.kind]
    with step_of(notice.case, paper.act, by=by, at=paper.at) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        paper.then(fresh, service, law, by)
        return service


def _urged(case: Case, service: Service, law: Law, by: Actor) -> None:
    case.urged_at = service.recorded_at
    note(Verb.CASE_URGED, case, by, None, way=str(service.get_way_display()))
    start_clock("urging.term", by=by, case=case, provision=law["urging.term"], from_day=service.effective_on)


@dataclass(frozen=True)
class Paper:
    """A document with whose service the case moves: by this act, from this state, and what follows. `issue` where it is
    an act by itself."""

    act: str
    at: str
    then: Callable[[Case, Service, Law, Actor], None]
    issue: Callable[..., Notice] | None = None


# Of this room; others add theirs (performing.join_page).
PAPERS: dict[str, Paper] = {NoticeKind.URGING: Paper("urge", CaseState.URGING, _urged)}


def escalate_case(clock: Clock, *, by: Actor) -> None:
    """The urging's term is over: the agency and the inspectors take over. Nothing when it ended meanwhile."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if may(case, "escalate"):
        with step_of(case, "escalate", by=by) as (fresh, held):
            note(Verb.CASE_ESCALATED, fresh, by, held, step=str(CaseState.ESCALATED.label))
