"""From the investigation to the heard party: the order to correct, the notice of the penalty, statement, hearing."""

from datetime import date

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.law.queries import Law, the_law
from grid.ledger.verbs import Verb
from grid.registers.queries import facts_of
from grid.scope import Actor, Right
from grid.territory.models import Person
from tasks.visits.models import Visit
from workflows.cases.steps import another_than
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.rules import name_of
from workflows.inspections import rules, states, weighing
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.models import ENDED, Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.inspections.steps import (
    locked,
    note,
    note_on,
    running_terms,
    step_of,
    stop_terms,
)
from workflows.notices import composing, composing_penalty
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.documents import Letter, PenaltyNotice
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.notices.offices import office_at

BASES = {
    Violation.UNREGISTERED: "社会保险法第八十四条",
    Violation.UNPAID: "社会保险法第八十六条",
    Violation.CONCEALED: "劳动保障监察条例第二十七条",
    Violation.OBSTRUCTION: "劳动保障监察条例第三十条",
}


def inspection_of(notice: Notice) -> Inspection:
    """The open inspection a document of its case belongs to. Raises OutOfOrder where there is none."""
    found = Inspection.objects.filter(case=notice.case).exclude(state__in=ENDED).first()
    if found is None:
        raise problems.OutOfOrder(
            thing=notice.case.code, state=notice.case.get_state_display(), act=notice.get_kind_display()
        )
    return found


# --- the order to correct -----------------------------------------------------------------------


def issue_order(inspection: Inspection, *, by: Actor) -> Notice:
    """责令改正指令书 of the two officers (社会保险法84条). It moves nothing: its term begins when it is served."""
    act = NoticeKind.ORDER.label
    with note_on(inspection, Right.INSPECT, (S.INVESTIGATING,), act, by=by) as (fresh, held):
        if not states.may(fresh, "order"):
            raise states.out_of_order(fresh, act)
        case, law = fresh.case, the_law(today())
        office, facts = office_at(fresh.area), composing.table_of(facts_of(case.subject))
        notice = issue_document(
            case,
            NoticeKind.ORDER,
            lambda letter: composing.order(letter, case.measures, officers_of(fresh), law, office, facts),
            by=by,
            held=held,
        )
        note(Verb.INSPECTION_ORDERED, fresh, by, held, number=notice.number)
        return notice


def serve_order(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The served order: its term runs from the day the service counts."""
    with step_of(inspection_of(notice), "order", by=by, at=S.INVESTIGATING) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.ordered_on = service.effective_on
        start_clock(
            "order.term", by=by, case=fresh.case, provision=law["order.term"], from_day=service.effective_on
        )
        return service


def expire_order(clock: Clock, *, by: Actor) -> None:
    """The order's term is over: a penalty may be told. Nothing when it ended meanwhile."""
    inspection = _open_of(clock)
    if inspection is not None and states.may(inspection, "expire_order"):
        with step_of(inspection, "expire_order", by=by) as (fresh, held):
            fresh.order_expired_on = clock.due_on
            note(Verb.CASE_ESCALATED, fresh, by, held, step=str(S.ORDER_EXPIRED.label))


def _open_of(clock: Clock) -> Inspection | None:
    found = (
        Inspection.objects.filter(case=clock.case_id).exclude(state__in=ENDED).values_list("pk", flat=True)
    )
    return locked(found[0]) if found else None


def note_overdue(clock: Clock, *, by: Actor) -> None:
    """A term of the office's own work, or of the party's payment, ran out: the ledger says so, the inbox shows it."""
    inspection = _open_of(clock)
    if inspection is not None:
        note(Verb.INSPECTION_OVERDUE, inspection, by, None, term_name=name_of(clock.kind))


# --- what it will cost --------------------------------------------------------------------------


def issue_penalty_notice(inspection: Inspection, found: weighing.Found, *, by: Actor, at: str = "") -> Notice:
    """行政处罚事先告知书: facts, reckoning, the fine meant and the rights (行政处罚法44、63条). Served, it opens the
    terms to be heard.

    Raises OrderFirst, HeavierAfterStatement, AmountMissing, NoTier, OutsideTier.
    """
    act, before = NoticeKind.PENALTY_NOTICE.label, (S.INVESTIGATING, S.ORDER_EXPIRED)
    with note_on(inspection, Right.INSPECT, before, act, by=by) as (fresh, held):
        if at and fresh.state != at:
            raise states.out_of_order(fresh, act)
        if fresh.order_expired_on is None:
            raise problems.OrderFirst(inspection=fresh.code)
        law = the_law(today())
        weighed = weighing.weigh(found, law, today(), is_person=fresh.case.subject.is_person)
        same_facts = found.facts.strip() == fresh.facts
        if fresh.statement_on and same_facts and rules.is_heavier(weighed.fine, fresh.noticed_fine):
            raise problems.HeavierAfterStatement(told=fresh.noticed_fine)
        _keep(fresh, found, weighed)
        notice = issue_document(
            fresh.case, NoticeKind.PENALTY_NOTICE, lambda letter: _told(letter, fresh, law), by=by, held=held
        )
        note(
            Verb.PENALTY_WEIGHED, fresh, by, held, violation=str(Violation(found.violation).label),
            arrears=str(found.arrears), tier=weighed.tier.title, fine=str(weighed.fine),
        )  # fmt: skip
        return notice


def _keep(inspection: Inspection, found: weighing.Found, weighed: weighing.Weighed) -> None:
    inspection.facts, inspection.violation = found.facts.strip(), found.violation
    inspection.circumstances = found.circumstances
    inspection.arrears, inspection.arrears_since = found.arrears, found.since
    inspection.tier, inspection.times = weighed.tier.title, weighed.times
    inspection.fine, inspection.late_fee = weighed.fine, weighed.late_fee
    inspection.hearing_owed, inspection.reckoning = weighed.hearing_owed, weighed.lines


def _told(letter: Letter, inspection: Inspection, law: Law) -> PenaltyNotice:
    measures = inspection.case.measures
    return composing_penalty.penalty_notice(
        letter,
        found=(inspection.facts,),
        evidence=evidence_of(inspection),
        breached=composing.clauses_of(measures),
        proposed=(imposed_words(inspection),),
        statement=law["inspection.statement"],
        hearing=law["inspection.hearing_request"] if inspection.hearing_owed else None,
        officers=officers_of(inspection),
        calculation=weighing.calculation_of(inspection, law),
        basis=(BASES[Violation(inspection.violation)],),
    )


def imposed_words(inspection: Inspection) -> str:
    return _("罚款人民币 {fine} 元").format(fine=f"{inspection.fine:,.2f}")


def evidence_of(inspection: Inspection) -> tuple[str, ...]:
    """What the facts rest on: the confirmed visit, the registers, the documents served before."""
    finding = inspection.case.finding
    seen = _("{on} 上门核查记录，{who} 登记，{by} 复核").format(
        on=finding.made_at.date(), who=finding.recorded_by, by=finding.reviewed_by
    )
    served = inspection.case.notices.filter(withdrawn_at=None, service__isnull=False).order_by("pk")
    papers = [f"《{notice.get_kind_display()}》{notice.number}及送达回证" for notice in served]
    return (seen, _("市场监管、社会保险、税务登记信息"), *papers)


def serve_penalty_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The told party may state its case and, where one is owed, ask for a hearing, each within its term."""
    inspection = inspection_of(notice)
    at = S.INVESTIGATING if inspection.state == S.INVESTIGATING else S.ORDER_EXPIRED
    with step_of(inspection, "give_notice", by=by, at=at) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.noticed_on, fresh.noticed_fine = service.effective_on, fresh.fine
        fresh.statement_closed_on, fresh.returned_why = None, ""
        fresh.hearing_asked_on = fresh.hearing_on = fresh.hearing_noticed_on = fresh.hearing_held_on = None
        kinds = ["inspection.statement"] + ["inspection.hearing_request"] * fresh.hearing_owed
        clocks = [
            start_clock(kind, by=by, case=fresh.case, provision=law[kind], from_day=service.effective_on)
            for kind in kinds
        ]
        until = max(clock.due_on for clock in clocks)
        note(Verb.PENALTY_NOTICED, fresh, by, held, until=until.isoformat())
        return service


# --- being heard --------------------------------------------------------------------------------

HEARD = (S.NOTICED, S.HEARING)


def record_statement(inspection: Inspection, text: str, *, by: Actor) -> Inspection:
    """Keeps what the party said (行政处罚法45条). Raises ReasonMissing, StatementRecorded."""
    act = _("记录陈述申辩")
    if not text.strip():
        raise problems.ReasonMissing(act=act)
    with note_on(inspection, Right.INSPECT, HEARD, act, by=by) as (fresh, held):
        assert fresh.noticed_on is not None
        if fresh.statement_on and fresh.statement_on >= fresh.noticed_on:
            raise problems.StatementRecorded(on=fresh.statement_on)
        # What was said on an earlier notice stays; what is said on a new one comes after it.
        fresh.statement = "\n".join(part for part in (fresh.statement, text.strip()) if part)
        fresh.statement_on, fresh.statement_answer = today(), ""
        note(Verb.STATEMENT_RECORDED, fresh, by, held)
    return inspection


def answer_statement(inspection: Inspection, text: str, *, by: Actor) -> Inspection:
    """Goes into what the party said, and answers it. Raises ReasonMissing, StatementMissing."""
    act = _("复核答复")
    if not text.strip():
        raise problems.ReasonMissing(act=act)
    answering = (*HEARD, S.LEGAL_REVIEW, S.INVESTIGATING)
    with note_on(inspection, Right.INSPECT, answering, act, by=by) as (fresh, held):
        if not fresh.statement_on:
            raise problems.StatementMissing()
        fresh.statement_answer = text.strip()
        note(Verb.STATEMENT_ANSWERED, fresh, by, held)
    return inspection


def statement_over(clock: Clock, *, by: Actor) -> None:
    """A term to be heard is over. When the last one is, the file goes to review; nothing if it went elsewhere."""
    inspection = _open_of(clock)
    if inspection is None or not states.may(inspection, "close_statement"):
        return
    if not running_terms(inspection, "inspection.statement", "inspection.hearing_request"):
        _to_review(inspection, "close_statement", clock.due_on, by)


def close_statement(inspection: Inspection, *, by: Actor, at: str = "") -> Inspection:
    """Sends a file that came back to `noticed` to review again. Raises StatementTermRuns, StatementUnanswered."""
    running = running_terms(inspection, "inspection.statement", "inspection.hearing_request")
    if running and states.may(inspection, "close_statement"):
        raise problems.StatementTermRuns(on=max(clock.due_on for clock in running))
    if inspection.statement_on and not inspection.statement_answer:
        raise problems.StatementUnanswered()
    _to_review(inspection, "close_statement", today(), by, at)
    return inspection


def _to_review(inspection: Inspection, act: str, closed_on: date, by: Actor, at: str = "") -> None:
    """调查终结: what is left is to be decided within its own term (若干规定37条)."""
    with step_of(inspection, act, by=by, at=at) as (fresh, held):
        fresh.statement_closed_on = fresh.statement_closed_on or closed_on
        fresh.returned_why = ""
        begin_deciding(fresh, by)
        note(Verb.STATEMENT_CLOSED, fresh, by, held, heard=_("有") if fresh.statement_on else _("无"))


def begin_deciding(inspection: Inspection, by: Actor) -> None:
    """Part of the step that ends the investigation: its term ends, that of the decision begins."""
    stop_terms(inspection, "inspection.investigation", "inspection.statement", "inspection.hearing_request",
               why=_("调查终结"), by=by)  # fmt: skip
    law = the_law(today())
    start_clock(
        "inspection.decision", by=by, case=inspection.case, provision=law["inspection.decision"],
        from_day=today(),
    )  # fmt: skip


# --- the hearing --------------------------------------------------------------------------------


def request_hearing(inspection: Inspection, text: str, on: date, *, by: Actor) -> Inspection:
    """The party asked for a hearing on `on`, within its term (行政处罚法63、64条).

    Raises HearingNotOwed, HearingTermOver.
    """
    with step_of(inspection, "ask_hearing", by=by) as (fresh, held):
        if not fresh.hearing_owed:
            raise problems.HearingNotOwed()
        law = the_law(today())
        term = law["inspection.hearing_request"]
        assert fresh.noticed_on is not None
        last = due_on(fresh.noticed_on, int(term.value), "wd", workdays())
        if on > today() or last is None or on > last:
            raise problems.HearingTermOver(days=term.value)
        fresh.hearing_asked_on, fresh.hearing_asked = on, text.strip()
        stop_terms(fresh, "inspection.hearing_request", why=states.label_of("ask_hearing"), by=by)
        note(Verb.HEARING_ASKED, fresh, by, held, on=on.isoformat())
    return inspection


def call_hearing(
    inspection: Inspection, on: date, place: str, chair: int, clerk: str, *, by: Actor, hour: str = ""
) -> Notice:
    """听证通知书: day, place, and a chair (person id) who did not investigate (行政处罚法64条).

    Raises HearingTooSoon, ReasonMissing, SamePersonTwice, OfficersMissing.
    """
    act = NoticeKind.HEARING_NOTICE.label
    if not place.strip():
        raise problems.ReasonMissing(act=act)
    with note_on(inspection, Right.INSPECT, (S.HEARING,), act, by=by) as (fresh, held):
        host = Person.objects.filter(pk=chair, is_active=True).first()
        if host is None:
            raise problems.OfficersMissing()
        if chair in (*fresh.officers, fresh.proposed_by_id):
            raise problems.SamePersonTwice(first=host.full_name)
        _ahead(today(), on)
        fresh.hearing_on, fresh.hearing_place, fresh.hearing_chair = on, place.strip(), host
        notice = issue_document(
            fresh.case,
            NoticeKind.HEARING_NOTICE,
            lambda letter: composing_penalty.hearing_notice(
                letter,
                about=str(Violation(fresh.violation).label),
                requested_on=fresh.hearing_asked_on or today(),
                held_at=f"{on:%Y年%m月%d日}{hour}",
                place=place.strip(),
                host=host.full_name,
                clerk=clerk,
                officers=officers_of(fresh),
            ),
            by=by,
            held=held,
        )
        note(Verb.HEARING_CALLED, fresh, by, held, on=on.isoformat(), place=place, chair=host.full_name)
        return notice


def _ahead(told_on: date, on: date) -> None:
    """Raises HearingTooSoon when fewer working days than the law asks lie between."""
    term = the_law(today())["inspection.hearing_notice"]
    earliest = due_on(told_on, int(term.value), "wd", workdays())
    if earliest is None or not rules.hearing_may_be(on, earliest):
        raise problems.HearingTooSoon(on=earliest)


def serve_hearing_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The party knows of the hearing in time; too late, another day has to be set. Raises HearingTooSoon."""
    inspection, act = inspection_of(notice), NoticeKind.HEARING_NOTICE.label
    with note_on(inspection, Right.INSPECT, (S.HEARING,), act, by=by) as (fresh, held):
        service = file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)
        assert fresh.hearing_on is not None
        _ahead(service.effective_on, fresh.hearing_on)
        fresh.hearing_noticed_on = service.effective_on
        note(Verb.HEARING_NOTICED, fresh, by, held)
        return service


def hold_hearing(inspection: Inspection, report: str, *, by: Actor, at: str = "") -> Inspection:
    """听证报告: what was said before somebody who did not investigate; the file goes to review.

    Raises ReasonMissing, HearingUnready, StatementUnanswered.
    """
    if not report.strip():
        raise problems.ReasonMissing(act=states.label_of("hold_hearing"))
    with step_of(inspection, "hold_hearing", by=by, at=at) as (fresh, held):
        if fresh.hearing_noticed_on is None or fresh.hearing_on is None or fresh.hearing_on > today():
            raise problems.HearingUnready()
        if fresh.statement_on and not fresh.statement_answer:
            raise problems.StatementUnanswered()
        fresh.hearing_held_on, fresh.hearing_report = today(), report.strip()
        fresh.statement_closed_on = today()
        begin_deciding(fresh, by)
        note(Verb.HEARING_HELD, fresh, by, held)
    return inspection


def extend_investigation(inspection: Inspection, why: str, *, by: Actor) -> Inspection:
    """Thirty more working days, once, by the head (监察条例17条). Raises ReasonMissing, AlreadyExtended."""
    from workflows.clocks.actions import extend_clock

    act, going = _("延长调查期限"), (S.INVESTIGATING, S.ORDERED, S.ORDER_EXPIRED, S.NOTICED, S.HEARING)
    with note_on(inspection, Right.APPROVE_DISTRICT, going, act, by=by) as (fresh, held):
        another_than(by, *fresh.officers)
        running = running_terms(fresh, "inspection.investigation")
        if not running:
            raise states.out_of_order(fresh, act)
        law = the_law(today())
        clock = extend_clock(running[0], law["inspection.extension"], why, by=by)
        fresh.extended_on, fresh.extended_by_id = today(), by.person_id
        note(Verb.INVESTIGATION_EXTENDED, fresh, by, held, until=clock.due_on.isoformat(), reason=why)
    return inspection
