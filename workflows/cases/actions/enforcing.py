"""From the urging to the penalty: documents, their service, and what follows when a term is over."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.ledger.verbs import Verb
from grid.registers.queries import facts_of
from grid.scope import Actor, Right
from tasks.visits.models import Visit
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may
from workflows.cases.steps import locked, note, note_on, step_of
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.listing.actions import decision_served, give_listing_notice, notice_served
from workflows.notices import composing
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Officer
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.notices.offices import office_at

OFFICERS = 2


def issue_notice(case: Case, kind: str, *, by: Actor) -> Notice:
    """Issues the document of `kind` that is next for the case: the urging's or the listing's notice."""
    return give_listing_notice(case, by=by) if kind == NoticeKind.LISTING_NOTICE else _issue_urging(case, by)


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


def order_inspection(case: Case, officers: tuple[Officer, ...], *, by: Actor) -> Notice:
    """责令改正: the inspectors' order for a case whose urging was in vain. Raises OfficersMissing."""
    named = tuple(o for o in officers if o.name.strip() and o.certificate.strip())
    if len(named) < OFFICERS:
        raise problems.OfficersMissing()
    act = NoticeKind.ORDER.label
    with note_on(case, Right.INSPECT, (CaseState.ESCALATED,), act, by=by) as (fresh, held):
        law, office = the_law(today()), office_at(fresh.area)
        facts = composing.table_of(facts_of(fresh.subject))
        notice = issue_document(
            fresh,
            NoticeKind.ORDER,
            lambda letter: composing.order(letter, fresh.measures, named, law, office, facts),
            by=by,
            held=held,
        )
        note(Verb.INSPECTION_ORDERED, fresh, by, held, number=notice.number)
        return notice


def record_service(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """Records how a document reached its addressee, and takes the step that waits for it. `visit` is the one at
    which a grid worker handed it over.

    Terms run from the day the service counts, which a public notice puts thirty days ahead.
    """
    case = notice.case
    if notice.kind == NoticeKind.REMOVAL:
        return _serve_removal(notice, receipt, by)
    act, at = SERVED[notice.kind]
    with step_of(case, act, by=by, at=at) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        AFTER[notice.kind](fresh, service, law, by)
        return service


def _serve_removal(notice: Notice, receipt: Receipt, by: Actor) -> Service:
    """Nothing follows: the entry has left the list, and its case is closed."""
    act = _("登记移出决定书送达")
    with note_on(notice.case, Right.SERVE, (CaseState.REMOVED,), act, by=by) as (_fresh, held):
        return file_service(notice, receipt, the_law(today()), by=by, held=held)


def _urged(case: Case, service: Service, law: Law, by: Actor) -> None:
    case.urged_at = service.recorded_at
    note(Verb.CASE_URGED, case, by, None, way=str(service.get_way_display()))
    start_clock("urging.term", by=by, case=case, provision=law["urging.term"], from_day=service.effective_on)


def _ordered(case: Case, service: Service, law: Law, by: Actor) -> None:
    start_clock("order.term", by=by, case=case, provision=law["order.term"], from_day=service.effective_on)


# What is served takes this act, in this state.
SERVED: dict[str, tuple[str, str]] = {
    NoticeKind.URGING: ("urge", CaseState.URGING),
    NoticeKind.ORDER: ("order", CaseState.ESCALATED),
    NoticeKind.LISTING_NOTICE: ("give_notice", CaseState.LISTING_PROPOSED),
    NoticeKind.LISTING_DECISION: ("serve_decision", CaseState.LISTING_SERVICE),
}
AFTER: dict[str, Callable[[Case, Service, Law, Actor], None]] = {
    NoticeKind.URGING: _urged,
    NoticeKind.ORDER: _ordered,
    NoticeKind.LISTING_NOTICE: notice_served,
    NoticeKind.LISTING_DECISION: decision_served,
}


def escalate_case(clock: Clock, *, by: Actor) -> None:
    """The urging's term is over: the case is the inspectors' now. Nothing when it ended meanwhile."""
    case = _case_of(clock)
    if may(case, "escalate"):
        with step_of(case, "escalate", by=by) as (fresh, held):
            note(Verb.CASE_ESCALATED, fresh, by, held, step=str(_("劳动监察")))


def expire_order(clock: Clock, *, by: Actor) -> None:
    """The order's term is over: a penalty may follow."""
    case = _case_of(clock)
    if may(case, "expire_order"):
        with step_of(case, "expire_order", by=by) as (fresh, held):
            note(Verb.CASE_ESCALATED, fresh, by, held, step=str(_("行政处罚")))


def _case_of(clock: Clock) -> Case:
    assert clock.case_id is not None
    return locked(clock.case_id)


def record_penalty(
    case: Case, *, number: str, decided_on: date, amount: Decimal, facts: str, by: Actor, at: str = ""
) -> Case:
    """Enters the penalty decided by the inspectors' own procedure, and issues the record of it for the file.
    `amount` in yuan; zero for a warning.

    Raises PenaltyIncomplete.
    """
    if not number.strip() or not facts.strip() or decided_on > today() or amount < 0:
        raise problems.PenaltyIncomplete()
    with step_of(case, "penalise", by=by, at=at) as (fresh, held):
        fresh.penalty = penalty = {
            "number": number.strip(),
            "decided_on": decided_on.isoformat(),
            "amount": str(amount),
            "facts": facts,
        }
        law, office = the_law(today()), office_at(fresh.area)
        beside = composing.table_of(facts_of(fresh.subject))
        issue_document(
            fresh,
            NoticeKind.PENALTY,
            lambda letter: composing.penalty_record(letter, penalty, fresh.measures, law, office, beside),
            by=by,
            held=held,
        )
        note(
            Verb.PENALTY_RECORDED, fresh, by, held,
            number=number, amount=str(amount), decided_on=decided_on.isoformat(),
        )  # fmt: skip
    return case
