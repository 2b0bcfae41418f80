"""The party is heard: its statement, and the hearing where one is owed (行政处罚法45、63、64条)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import due_on
from grid.law.queries import the_law
from grid.scope import Actor, Held
from grid.territory.models import Person
from tasks.visits.models import Visit
from workflows.clocks.models import Clock
from workflows.clocks.rules import unit_of
from workflows.engine import procedures
from workflows.engine.actions.steps import act_on, record_on, running_terms, step_of, stop_terms
from workflows.engine.acts import require_lawful, word_of
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.filing import officers_of
from workflows.inspections.actions.investigating import inspection_of, open_of
from workflows.inspections.actions.steps import forget_review, require_not_recused
from workflows.inspections.actions.timing import begin_deciding
from workflows.inspections.documents import HearingNotice
from workflows.inspections.models import Inspection, Violation
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import chairs_at
from workflows.inspections.verbs import InspectionVerb
from workflows.notices import problems as notices_problems
from workflows.notices.actions import Receipt, file_service, issue_document, withdraw_documents
from workflows.notices.models import Notice, NoticeKind, Service


def record_statement(inspection: Inspection, text: str, *, by: Actor) -> Inspection:
    """Keeps what the party said, whenever it is said before the decision (行政处罚法45条: 必须充分听取). Said after the
    review, it goes before the reviewer again. Raises ReasonMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(inspection, "statement"))
    with act_on(inspection, "statement", by=by) as (fresh, held):
        if fresh.state in (S.COLLECTIVE, S.DECIDING):
            _review_again(fresh, by)
        # What was said before stays; what is added comes after it, and all of it is answered.
        fresh.statement = "\n".join(part for part in (fresh.statement, text.strip()) if part)
        fresh.statement_on, fresh.statement_answer = today(), ""
        record_on(InspectionVerb.STATEMENT_RECORDED, fresh, by, held)
    return inspection


def _review_again(inspection: Inspection, by: Actor) -> None:
    """Part of taking a statement: what was reviewed and discussed without it is done again."""
    with procedures.step_back(inspection.process, inspection.state, S.LEGAL_REVIEW, by=by):
        states.move(inspection, "take_back")
        forget_review(inspection)
        inspection.statement_answer = ""
        inspection.save()


def answer_statement(inspection: Inspection, text: str, *, by: Actor) -> Inspection:
    """Goes into what the party said, and answers it. Raises ReasonMissing, StatementMissing."""
    if not text.strip():
        raise problems.ReasonMissing(act=word_of(inspection, "answer"))
    with act_on(inspection, "answer", by=by) as (fresh, held):
        require_lawful(fresh, "answer")
        fresh.statement_answer = text.strip()
        record_on(InspectionVerb.STATEMENT_ANSWERED, fresh, by, held)
    return inspection


def statement_over(clock: Clock, *, by: Actor) -> None:
    """A term to be heard is over. When the last one is, the file goes to review; nothing if it went elsewhere, or waits
    for the report of the investigation: with that the officers send it on."""
    inspection = open_of(clock)
    if inspection is None or not states.may(inspection, "close_statement") or not inspection.reported_on:
        return
    if not running_terms(inspection, "inspection.statement", "inspection.hearing_request"):
        _to_review(inspection, "close_statement", clock.due_on, by)


def close_statement(inspection: Inspection, *, by: Actor, at: str = "") -> Inspection:
    """Sends a file that came back to `noticed` to review again. Raises StatementTermRuns, StatementUnanswered, ReportMissing."""
    running = running_terms(inspection, "inspection.statement", "inspection.hearing_request")
    if running and states.may(inspection, "close_statement"):
        raise inspections_problems.StatementTermRuns(on=max(clock.due_on for clock in running))
    if inspection.statement_on and not inspection.statement_answer:
        raise inspections_problems.StatementUnanswered()
    if states.may(inspection, "close_statement"):
        require_lawful(inspection, "close")
    _to_review(inspection, "close_statement", today(), by, at)
    return inspection


def _to_review(inspection: Inspection, act: str, closed_on: date, by: Actor, at: str = "") -> None:
    """调查终结: what is left is to be decided within its own term (若干规定37条)."""
    with step_of(inspection, act, by=by, at=at) as (fresh, held):
        fresh.statement_closed_on = fresh.statement_closed_on or closed_on
        fresh.returned_why = ""
        begin_deciding(fresh, by)
        record_on(
            InspectionVerb.STATEMENT_CLOSED, fresh, by, held, heard=_("有") if fresh.statement_on else _("无")
        )


# --- the hearing --------------------------------------------------------------------------------


def request_hearing(inspection: Inspection, text: str, on: date, *, by: Actor) -> Inspection:
    """The party asked for a hearing on `on`, within its term (行政处罚法63、64条).

    Raises HearingNotOwed, HearingTermOver.
    """
    with step_of(inspection, "ask_hearing", by=by) as (fresh, held):
        require_lawful(fresh, "hearing")
        terms = Clock.objects.filter(case=fresh.case, kind="inspection.hearing_request")
        term = terms.order_by("-pk").first()
        if term is None or not term.started_on <= on <= min(term.due_on, today()):
            raise inspections_problems.HearingTermOver(days=term.length if term else 0)
        fresh.hearing_asked_on, fresh.hearing_asked = on, text.strip()
        stop_terms(fresh, "inspection.hearing_request", why=states.label_of("ask_hearing"), by=by)
        record_on(InspectionVerb.HEARING_ASKED, fresh, by, held, on=on.isoformat())
    return inspection


@dataclass(frozen=True)
class Session:
    """When and where the party is heard, before whom: `chair` is a person id, `hour` as the notice prints it."""

    on: date
    place: str
    chair: int
    clerk: str
    hour: str = ""


def call_hearing(inspection: Inspection, session: Session, *, by: Actor) -> Notice:
    """听证通知书: day, place, and a chair who did not investigate (行政处罚法64条).

    Raises HearingTooSoon, ReasonMissing, SamePersonTwice, ChairUnfit, OfficerExcluded, OfficersMissing, OutOfOrder once
    called.
    """
    with act_on(inspection, "call", by=by) as (fresh, held):
        if _is_called(fresh):
            called = word_of(fresh, "call")
            raise problems.OutOfOrder(thing=fresh.code, state=_("听证已通知"), act=called)
        return _call(fresh, session, by, held)


def move_hearing(inspection: Inspection, session: Session, *, by: Actor) -> Notice:
    """Another day: what told of the earlier one is withdrawn, whether it reached the party in time or not.

    Raises NoticeMissing before it was called, and what `call_hearing` raises.
    """
    with act_on(inspection, "move-hearing", by=by) as (fresh, held):
        if not _is_called(fresh):
            raise notices_problems.NoticeMissing(kind=NoticeKind.HEARING_NOTICE.label)
        withdraw_documents(
            fresh.case, word_of(fresh, "move-hearing"), by=by, kinds=(NoticeKind.HEARING_NOTICE,)
        )
        fresh.hearing_noticed_on = fresh.hearing_recorded_on = None
        return _call(fresh, session, by, held)


def _is_called(inspection: Inspection) -> bool:
    sent = inspection.case.notices.filter(kind=NoticeKind.HEARING_NOTICE, withdrawn_at=None, service=None)
    return inspection.hearing_noticed_on is not None or sent.exists()


def _call(inspection: Inspection, session: Session, by: Actor, held: Held | None) -> Notice:
    place, on, host = session.place.strip(), session.on, _host(inspection, session.chair)
    if not place:
        raise problems.ReasonMissing(act=NoticeKind.HEARING_NOTICE.label)
    _ahead(today(), on)
    inspection.hearing_on, inspection.hearing_place, inspection.hearing_chair = on, place, host
    notice = issue_document(
        inspection.case,
        NoticeKind.HEARING_NOTICE,
        lambda letter: HearingNotice(
            letter=letter,
            about=str(Violation(inspection.violation).label),
            requested_on=inspection.hearing_asked_on or today(),
            held_at=f"{on.year}年{on.month}月{on.day}日{session.hour}",
            place=place,
            host=host.full_name,
            clerk=session.clerk,
            officers=officers_of(inspection),
        ),
        by=by,
        held=held,
    )
    record_on(
        InspectionVerb.HEARING_CALLED,
        inspection,
        by,
        held,
        on=on.isoformat(),
        place=place,
        chair=host.full_name,
    )
    return notice


def _host(inspection: Inspection, chair: int) -> Person:
    """听证由非本案调查人员主持 (行政处罚法64条第4项): a legal officer of the body that decides, of no other
    (劳动行政处罚听证程序规定5条)."""
    host = Person.objects.filter(pk=chair, is_active=True).first()
    if host is None:
        raise inspections_problems.OfficersMissing()
    if chair in (*inspection.officers, inspection.proposed_by_id):
        raise problems.SamePersonTwice(first=host.full_name)
    require_not_recused(inspection, chair)
    if chair not in dict(chairs_at(inspection)):
        raise inspections_problems.ChairUnfit(name=host.full_name)
    return host


def _ahead(told_on: date, on: date) -> None:
    """Raises HearingTooSoon when fewer working days than the law asks lie between."""
    term = the_law(today())["inspection.hearing_notice"]
    earliest = due_on(told_on, int(term.value), unit_of(term.unit), workdays())
    if earliest is None or not rules.hearing_may_be(on, earliest):
        raise inspections_problems.HearingTooSoon(on=earliest)


def serve_hearing_notice(
    notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None
) -> Service:
    """The party knows of the hearing in time; too late, another day has to be set. Raises HearingTooSoon."""
    with act_on(inspection_of(notice), "serve-hearing", by=by) as (fresh, held):
        service = file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)
        assert fresh.hearing_on is not None
        _ahead(service.effective_on, fresh.hearing_on)
        fresh.hearing_noticed_on = service.effective_on
        record_on(InspectionVerb.HEARING_NOTICED, fresh, by, held)
        return service


@dataclass(frozen=True)
class HearingReport:
    """What the chair reports: what was said, what the chair proposes upon it, and what of the party's is accepted."""

    report: str
    opinion: str
    accepted: str


def hold_hearing(inspection: Inspection, given: HearingReport, *, by: Actor, at: str = "") -> Inspection:
    """听证报告, by the chair and nobody else: what was said, and the written proposal to the head
    (劳动行政处罚听证程序规定). The file goes to review.

    Raises ReasonMissing, NotTheChair, HearingUnready, HearingUnrecorded, ReportMissing, StatementUnanswered.
    """
    if not all(text.strip() for text in (given.report, given.opinion, given.accepted)):
        raise problems.ReasonMissing(act=states.label_of("hold_hearing"))
    with step_of(inspection, "hold_hearing", by=by, at=at) as (fresh, held):
        require_lawful(fresh, "hold")
        if fresh.hearing_chair and fresh.hearing_chair_id != by.person_id:
            raise inspections_problems.NotTheChair(name=fresh.hearing_chair.full_name)
        if fresh.statement_on and not fresh.statement_answer:
            raise inspections_problems.StatementUnanswered()
        fresh.hearing_held_on, fresh.hearing_report = today(), given.report.strip()
        fresh.hearing_opinion, fresh.hearing_accepted = given.opinion.strip(), given.accepted.strip()
        fresh.statement_closed_on = today()
        begin_deciding(fresh, by)
        record_on(InspectionVerb.HEARING_HELD, fresh, by, held)
    return inspection
