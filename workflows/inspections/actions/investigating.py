"""From the investigation to the heard party: the order to correct, the notice of the penalty, statement, hearing."""

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.law.queries import Law, the_law
from grid.offices.queries import office_at
from grid.registers.queries import facts_of
from grid.scope import Actor
from tasks.visits.models import Visit
from workflows.cases.verbs import CaseVerb
from workflows.clocks import problems as clocks_problems
from workflows.clocks.actions import extend_clock, start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import Whose, name_of, term_of
from workflows.engine.actions.overdue import report_term
from workflows.engine.actions.steps import act_on, another_than, locked, record_on, running_terms, step_of
from workflows.engine.acts import require_lawful, word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.actions.punishing import require_punishable, tax_order_words
from workflows.inspections.documents import InspectionOrder, PenaltyNotice
from workflows.inspections.models import ENDED, Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import offences, weighing
from workflows.inspections.queries.dues import kept, shorts_in, table_of
from workflows.inspections.records.queries import evidence_of
from workflows.inspections.rules.offences import Offence
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Letterhead, composing
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.notices.queries.spans import term_on, term_set


def inspection_of(notice: Notice) -> Inspection:
    """The open inspection a document of its case belongs to. Raises OutOfOrder where there is none."""
    found = Inspection.objects.filter(case=notice.case).exclude(state__in=ENDED).first()
    if found is None:
        raise problems.OutOfOrder(
            thing=notice.case.code, state=notice.case.get_state_display(), act=notice.get_kind_display()
        )
    return found


# --- the order to correct -----------------------------------------------------------------------


def issue_order(inspection: Inspection, violation: str = "", days: int | None = None, *, by: Actor) -> Notice:
    """限期改正指令书 of the two officers, for the violation that was filed unless they found another (监察条例18条). It moves
    nothing: its term, of `days` where they chose them, begins when it is served. Raises NoViolation, ViolationUnfit,
    DaysOutside."""
    with act_on(inspection, "order", by=by) as (fresh, held):
        require_lawful(fresh, "order")
        case, law = fresh.case, the_law(today())
        offence = offences.chosen_in(case, violation or fresh.violation, law)
        fresh.violation = fresh.ordered_for = offence.key
        term = term_set(case, "order.term", days, law)
        office = office_at(fresh.area, today())
        facts = composing.table_of(facts_of(case.subject), offences.bearing_in(case, offence))
        notice = issue_document(
            case,
            NoticeKind.ORDER,
            lambda letter: InspectionOrder(
                letter=letter,
                found=offences.found_in(case, offence),
                breached=offence.breached,
                basis=offence.order,
                orders=offence.orders,
                term=term,
                officers=officers_of(fresh),
                facts=facts,
                remedies=composing.remedies_of(law, office),
            ),
            by=by,
            held=held,
        )
        record_on(
            InspectionVerb.INSPECTION_ORDERED, fresh, by, held, number=notice.number,
            violation=str(Violation(offence.key).label),
        )  # fmt: skip
        return notice


def serve_order(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The served order: its term runs from the day the service counts."""
    with step_of(inspection_of(notice), "order", by=by, at=S.INVESTIGATING) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.ordered_on = service.effective_on
        term = term_on(notice, law["order.term"])
        start_clock("order.term", by=by, case=fresh.case, provision=term, from_day=service.effective_on)
        return service


def expire_order(clock: Clock, *, by: Actor) -> None:
    """The order's term is over: a penalty may be told; or the register showed within it that it was met, and the head
    withdraws the filing (监察条例18条). Nothing when it ended meanwhile."""
    inspection = open_of(clock)
    if inspection is None or not states.may(inspection, "expire_order"):
        return
    healed_on = inspection.case.healed_on
    if healed_on is not None and healed_on <= clock.due_on:
        with step_of(inspection, "meet_order", by=by) as (fresh, held):
            fresh.order_met_on = healed_on
            record_on(InspectionVerb.ORDER_MET, fresh, by, held, on=healed_on.isoformat())
    else:
        with step_of(inspection, "expire_order", by=by) as (fresh, held):
            fresh.order_expired_on = clock.due_on
            record_on(CaseVerb.CASE_ESCALATED, fresh, by, held, step=str(S.ORDER_EXPIRED.label))


def open_of(clock: Clock) -> Inspection | None:
    """The inspection whose term this is, locked; None when it has ended."""
    found = (
        Inspection.objects.filter(case=clock.case_id).exclude(state__in=ENDED).values_list("pk", flat=True)
    )
    return locked(Inspection, found[0]) if found else None


def note_overdue(clock: Clock, *, by: Actor) -> None:
    """A term of the office's own work, or of the party's payment, ran out: the ledger says so, the inbox shows it, and
    of the office's own the superior is told."""
    inspection = open_of(clock)
    if inspection is None:
        return
    record_on(InspectionVerb.INSPECTION_OVERDUE, inspection, by, None, term_name=name_of(clock.kind))
    if term_of(clock.kind).whose == Whose.OFFICE:
        report_term("inspection", inspection.process_id, clock)


# --- what it will cost --------------------------------------------------------------------------


def issue_penalty_notice(inspection: Inspection, found: weighing.Found, *, by: Actor, at: str = "") -> Notice:
    """行政处罚事先告知书: facts, reckoning, the fine meant and the rights (行政处罚法44、63条). Served, it opens the
    terms to be heard.

    Raises OrderFirst, EvidenceMissing, ViolationUnfit, HeavierAfterStatement, AmountMissing, NoTier, OutsideTier, and
    what `require_punishable` raises.
    """
    with act_on(inspection, "notice", by=by) as (fresh, held):
        if at and fresh.state != at:
            raise states.out_of_order(fresh, word_of(fresh, "notice"))
        require_lawful(fresh, "notice")
        law = the_law(today())
        offence = offences.chosen_in(fresh.case, found.violation, law, after_order=True)
        require_punishable(fresh, found, offence)
        weighed = weighing.weigh(found, law, today(), is_person=fresh.case.subject.is_person)
        same_facts = found.facts.strip() == fresh.facts
        if fresh.statement_on and same_facts and rules.is_heavier(weighed.fine, fresh.noticed_fine):
            raise inspections_problems.HeavierAfterStatement(told=fresh.noticed_fine)
        _keep(fresh, found, weighed)
        notice = issue_document(
            fresh.case,
            NoticeKind.PENALTY_NOTICE,
            lambda letter: _notice_letter(letter, fresh, offence, law),
            by=by,
            held=held,
        )
        record_on(
            InspectionVerb.PENALTY_WEIGHED, fresh, by, held, violation=str(Violation(found.violation).label),
            arrears=str(found.arrears), tier=weighed.tier.title, fine=str(weighed.fine),
        )  # fmt: skip
        return notice


def _keep(inspection: Inspection, found: weighing.Found, weighed: weighing.Weighed) -> None:
    inspection.facts, inspection.violation = found.facts.strip(), found.violation
    inspection.circumstances = found.circumstances
    inspection.arrears, inspection.arrears_since = found.arrears, found.since
    inspection.dues, inspection.roster = kept(found.dues) or None, found.roster.strip() or None
    inspection.tier, inspection.times = weighed.tier.title, weighed.times
    inspection.fine, inspection.late_fee = weighed.fine, weighed.late_fee
    inspection.hearing_owed, inspection.reckoning = weighed.hearing_owed, weighed.lines
    tax = found.tax
    inspection.tax_number = tax.number if tax else ""
    inspection.tax_served_on, inspection.tax_due_on = (tax.served_on, tax.due_on) if tax else (None, None)


def _notice_letter(letter: Letterhead, inspection: Inspection, offence: Offence, law: Law) -> PenaltyNotice:
    return PenaltyNotice(
        letter=letter,
        found=(inspection.facts,),
        evidence=(*evidence_of(inspection), *tax_order_words(inspection)),
        breached=offence.breached,
        proposed=(imposed_words(inspection),),
        statement=law["inspection.statement"],
        hearing=law["inspection.hearing_request"] if inspection.hearing_owed else None,
        officers=officers_of(inspection),
        calculation=weighing.calculation_of(inspection, law),
        basis=offences.power_to_punish(offence),
        sums=table_of(shorts_in(inspection.dues), inspection.roster),
    )


def imposed_words(inspection: Inspection) -> str:
    return _("罚款人民币 {fine} 元").format(fine=f"{inspection.fine:,.2f}")


def serve_penalty_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The told party may state its case and, where one is owed, ask for a hearing, each within its term."""
    inspection = inspection_of(notice)
    at = S.INVESTIGATING if inspection.state == S.INVESTIGATING else S.ORDER_EXPIRED
    with step_of(inspection, "give_notice", by=by, at=at) as (fresh, held):
        require_lawful(fresh, "serve-notice")
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.noticed_on, fresh.noticed_fine = service.effective_on, fresh.fine
        fresh.statement_closed_on, fresh.returned_why = None, ""
        # What ends the investigation is written on what the party was told last.
        fresh.reported_on = None
        fresh.hearing_asked_on = fresh.hearing_on = fresh.hearing_noticed_on = fresh.hearing_held_on = None
        kinds = ["inspection.statement"] + ["inspection.hearing_request"] * fresh.hearing_owed
        clocks = [
            start_clock(kind, by=by, case=fresh.case, provision=law[kind], from_day=service.effective_on)
            for kind in kinds
        ]
        until = max(clock.due_on for clock in clocks)
        record_on(InspectionVerb.PENALTY_NOTICED, fresh, by, held, until=until.isoformat())
        return service


def extend_investigation(inspection: Inspection, why: str, *, by: Actor) -> Inspection:
    """Thirty more working days, once, by the head (监察条例17条).

    Raises ReasonMissing, SamePersonTwice, ClockExtended.
    """
    with act_on(inspection, "extend", by=by) as (fresh, held):
        another_than(by, *fresh.officers)
        running = running_terms(fresh, "inspection.investigation")
        if not running:
            raise states.out_of_order(fresh, word_of(fresh, "extend"))
        if fresh.extended_by:
            raise clocks_problems.ClockExtended(
                term=name_of("inspection.investigation"), who=fresh.extended_by
            )
        most = int(the_law(today())["inspection.extension"].value)
        extend_clock(running[0], most, why, by=by)
        running[0].refresh_from_db()
        fresh.extended_on, fresh.extended_by_id = today(), by.person_id
        until = running[0].due_on.isoformat()
        record_on(InspectionVerb.INVESTIGATION_EXTENDED, fresh, by, held, until=until, reason=why)
    return inspection
