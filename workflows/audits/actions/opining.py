"""From the draft of an opinion to what became of the order it gives."""

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.scope import Actor, Held, Right, require_person
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.visits.models import Visit
from workflows.audits import problems as audits_problems
from workflows.audits import rules, states
from workflows.audits.actions.auditing import _open_of
from workflows.audits.actions.steps import end_audit, only_auditors
from workflows.audits.documents import composing
from workflows.audits.models import Audit, AuditState, TaxTransfer, TransferState
from workflows.audits.rules import OPINION
from workflows.audits.verbs import AuditVerb
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import ending_with, falling_with, name_of
from workflows.engine import procedures
from workflows.engine.actions.overdue import report_term
from workflows.engine.actions.steps import (
    act_on,
    another_than,
    locked,
    notify_pages,
    record_on,
    step_of,
    stop_terms,
)
from workflows.engine.acts import require_lawful, word_of
from workflows.notices.actions import Receipt, file_service, issue_document
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.notices.queries.spans import term_on, term_set


def draft_opinion(audit: Audit, orders: str, heard: str, *, by: Actor) -> Audit:
    """The auditors' opinion for the district to approve: one order to correct in each line of `orders`; empty takes
    what the findings call for. `heard` answers what the unit said.

    Raises NotAnAuditor, AnswerTermRunning, ReasonMissing where an answer is left without an answer, OutOfOrder.
    """
    with act_on(audit, "draft", by=by) as (fresh, held):
        only_auditors(fresh, by)
        require_lawful(fresh, "draft")
        _require_answered(fresh)
        if fresh.answer_on and not heard.strip():
            raise problems.ReasonMissing(act=_("对答复的意见"))
        lines = orders.strip() or "\n".join(rules.orders(composing.audit_file(fresh).founds))
        if not lines:
            raise audits_problems.AuditFindingsMissing()
        fresh.draft, fresh.heard = lines, heard.strip()[:500]
        fresh.drafted_by_id, fresh.drafted_at, fresh.returned_why = require_person(by), now(), ""
        record_on(AuditVerb.AUDIT_DRAFTED, fresh, by, held, orders=lines.splitlines())
    return audit


def _require_answered(audit: Audit) -> None:
    if audit.answer_on is None and audit.answer_closed_on is None:
        clock = Clock.objects.filter(case=audit.case_id, kind="audit.answer").order_by("-pk").first()
        raise audits_problems.AnswerTermRunning(until=clock.due_on if clock else "")


def approve_opinion(
    audit: Audit, remark: str = "", days: int | None = None, *, by: Actor, at: str = ""
) -> Notice:
    """The district approves what the auditors drafted, and the 稽核意见书 is issued: the agency's order to correct
    (社会保险经办条例 第44条), within `days` where somebody chose them.

    Raises DaysOutside, SamePersonTwice for an auditor, OutOfOrder without a draft, or with another than the page showed.
    """
    with act_on(audit, "approve", by=by) as (fresh, held):
        require_lawful(fresh, "approve")
        _require_as_shown(fresh, at)
        another_than(by, *fresh.auditors, fresh.drafted_by_id)
        fresh.approved_by_id, fresh.approved_at = require_person(by), now()
        told, law = composing.audit_file(fresh), the_law(today())
        term = term_set(fresh.case, "audit.correction", days, law)
        notice = issue_document(
            fresh.case,
            NoticeKind.AUDIT_OPINION,
            lambda letter: composing.opinion(letter, told, term, law),
            by=by,
            held=held,
        )
        record_on(AuditVerb.AUDIT_APPROVED, fresh, by, held, number=notice.number, reason=remark)
    return notice


def return_opinion(audit: Audit, why: str, *, by: Actor) -> Audit:
    """The district sends a draft back to its auditors. Raises ReasonMissing, SamePersonTwice."""
    if not why.strip():
        raise problems.ReasonMissing(act=word_of(audit, "return"))
    with act_on(audit, "return", by=by) as (fresh, held):
        require_lawful(fresh, "return")
        another_than(by, *fresh.auditors, fresh.drafted_by_id)
        fresh.drafted_at, fresh.returned_why = None, why.strip()[:300]
        record_on(AuditVerb.AUDIT_RETURNED, fresh, by, held, reason=fresh.returned_why)
    return audit


def _require_as_shown(audit: Audit, at: str) -> None:
    """Nobody approves another draft than the one on their page."""
    shown = getattr(at, "shown", None)
    if shown and audit.drafted_at and audit.drafted_at > shown:
        act = word_of(audit, "approve")
        raise problems.OutOfOrder(thing=audit.code, state=_("意见已重新拟写"), act=act)


def serve_opinion(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The 稽核意见书 reached the unit: its term to correct begins."""
    audit = _open_of(notice)
    with step_of(audit, "order", by=by, at=AuditState.INFORMED) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.opinion_on = service.effective_on
        stop_terms(fresh, *ending_with(OPINION), why=_("意见书已送达"), by=by)
        term = term_on(notice, law["audit.correction"])
        start_clock("audit.correction", by=by, case=fresh.case, provision=term, from_day=fresh.opinion_on)
        record_on(AuditVerb.AUDIT_ORDERED, fresh, by, held, on=service.effective_on.isoformat())
    return service


# --- terms -----------------------------------------------------------------------------------------


def expire_correction(clock: Clock, *, by: Actor) -> None:
    """The term to correct is over: the auditors go on to the tax office or propose a penalty."""
    audit = Audit.objects.filter(case=clock.case_id, state=AuditState.OPINION).first()
    if audit is not None:
        fresh = locked(Audit, audit.pk)
        fresh.expired_on = clock.due_on
        fresh.save(update_fields=["expired_on"])
        record_on(AuditVerb.AUDIT_OVERDUE, fresh, by, None, term_name=name_of(clock.kind))
        notify_pages(fresh)


def note_overdue(clock: Clock, *, by: Actor) -> None:
    """The agency's own term for its opinion is over: said in the file and to the superior, the audit goes on."""
    audit = Audit.objects.filter(case=clock.case_id, state=AuditState.INFORMED).first()
    if audit is not None:
        fresh = locked(Audit, audit.pk)
        record_on(AuditVerb.AUDIT_OVERDUE, fresh, by, None, term_name=name_of(clock.kind))
        report_term("audit", fresh.process_id, clock)
        notify_pages(fresh)


# --- ends ------------------------------------------------------------------------------------------


def confirm_correction(audit: Audit, why: str, *, by: Actor, at: str = "") -> Audit:
    """已改正: the auditors saw that what the opinion ordered was done; `why` says by what. Ends the case as healed."""
    with end_audit(audit, "correct", why, by=by, at=at) as (fresh, held):
        only_auditors(fresh, by)
        _rectify_case(fresh, by, held)
    return audit


def _rectify_case(audit: Audit, by: Actor, held: Held | None) -> None:
    case = audit.case
    case.healed_on = today()
    follow_proceeding(case, "heal", _("稽核责令改正后已改正"), by=by, held=held)
    mark_state([case.subject_id], CoverState.RECTIFIED, by=by)


def propose_penalty(audit: Audit, why: str, *, by: Actor, at: str = "") -> Audit:
    """提请行政处罚: not corrected within its term, so the department is asked to punish (经办条例 第44条). The case
    goes back to be dealt with; an inspection may be filed. Raises CorrectionTermRunning, NotAnAuditor, ReasonMissing.
    """
    _require_expired(audit, _("提请行政处罚"), by)
    with end_audit(audit, "propose", why, by=by, at=at) as (fresh, held):
        _propose(fresh, why, by, held)
    return audit


def report_obstruction(audit: Audit, why: str, *, by: Actor, at: str = "") -> Audit:
    """拒绝稽核: the unit would not be audited, which is itself reported (社会保险稽核办法). `why` says what it did."""
    with end_audit(audit, "obstruct", why, by=by, at=at) as (fresh, held):
        _propose(fresh, why, by, held)
    return audit


def _require_expired(audit: Audit, act: str, by: Actor) -> None:
    """Says until when the unit has to correct, where the state machine would only say no."""
    waits = Audit.objects.filter(pk=audit.pk, state=AuditState.OPINION, expired_on=None)
    if by.can(Right.AUDIT, audit.area) and waits.exists():
        clock = Clock.objects.filter(case=audit.case_id, kind="audit.correction").order_by("-pk").first()
        raise audits_problems.CorrectionTermRunning(until=clock.due_on if clock else "", act=act)


def _propose(audit: Audit, why: str, by: Actor, held: Held | None) -> None:
    only_auditors(audit, by)
    told = composing.audit_file(audit)
    notice = issue_document(
        audit.case,
        NoticeKind.PENALTY_PROPOSAL,
        lambda letter: composing.proposal(letter, told, why.strip()),
        by=by,
        held=held,
    )
    record_on(AuditVerb.PENALTY_PROPOSED, audit, by, held, number=notice.number, reason=why.strip()[:300])
    follow_proceeding(audit.case, "resume", by=by, held=held)


def end_rectified(case: Case, *, by: Actor) -> None:
    """The register shows that what an audit was about is put right: it ends as corrected, and so does a transfer
    that still waits for the tax office. The caller has locked the case and ends it. Part of rectify_cases.
    """
    running = Audit.objects.filter(case=case).exclude(state__in=(AuditState.CLEAN, AuditState.PROPOSED))
    for audit in running.order_by("pk"):
        fresh = locked(Audit, audit.pk)
        fresh.case = case
        if states.may(fresh, "heal"):
            states.move(fresh, "heal")
            fresh.closed_at, fresh.closed_why = now(), _("社保名册显示已改正")
            fresh.save()
            stop_terms(fresh, *falling_with("audit"), why=_("已改正"), by=by)
            procedures.close_procedure(fresh.process, by=by)
            record_on(
                AuditVerb.AUDIT_ENDED, fresh, by, None, outcome=str(fresh.get_state_display()), reason=fresh.closed_why
            )  # fmt: skip
        _recall_rectified(fresh, by)


def _recall_rectified(audit: Audit, by: Actor) -> None:
    """The tax office has nothing to collect any more: its liaison sees the transfer taken back, and why."""
    for transfer in TaxTransfer.objects.select_for_update().filter(audit=audit, closed_at=None):
        transfer.state, transfer.closed_at = TransferState.RECALLED, now()
        transfer.save(update_fields=["state", "closed_at"])
        facts = {"transfer": transfer.pk, "department": transfer.department}
        answer = str(transfer.get_state_display())
        record_on(
            AuditVerb.TAX_ANSWERED, audit, by, None, answer=answer, reason=_("社保名册显示已改正"), **facts
        )
