"""An audit that finds nothing wrong: it ends, and the unit is told so in writing within the agency's own term."""

from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.law.queries import the_law
from grid.scope import Actor, Held
from tasks.visits.models import Visit
from workflows.audits import problems as audits_problems
from workflows.audits import rules
from workflows.audits.actions.steps import end_audit
from workflows.audits.documents import composing
from workflows.audits.models import Audit, AuditState
from workflows.audits.rules import LETTER_TERM
from workflows.audits.verbs import AuditVerb
from workflows.cases.actions.following import follow_proceeding
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of
from workflows.engine.actions.steps import act_on, another_than, locked, notify_pages, record_on, stop_terms
from workflows.notices.actions import Receipt, file_service, issue_document, withdraw_documents
from workflows.notices.models import Notice, NoticeKind, Service


def clear_audit(audit: Audit, why: str, *, by: Actor, at: str = "") -> Audit:
    """未发现问题: by the district's word the audit ends clean, and the case with it. The unit is told by a
    稽核结果告知书, which gives `why` and is still to be served (社会保险稽核办法).

    Raises SamePersonTwice for an auditor, AuditFindingsPresent while a finding shows something wrong.
    """
    with end_audit(audit, "clear", why, by=by, at=at) as (fresh, held):
        another_than(by, *fresh.auditors)
        told = composing.audit_file(fresh, today())
        if any(map(rules.is_wrong, told.founds)):
            raise audits_problems.AuditFindingsPresent()
        if not told.records:
            raise audits_problems.AuditFindingsMissing()
        follow_proceeding(fresh.case, "dismiss", _("稽核未发现问题"), by=by, held=held)
        _issue_result(told, why.strip(), by, held)
    return audit


def _issue_result(told: composing.AuditFile, why: str, by: Actor, held: Held | None) -> None:
    """The letter, and the term to serve it: begun after the case has ended, it outlives what ends with the case."""
    case, day, law = told.audit.case, today(), the_law(today())
    # What was found at first and is not so was perhaps written down already, and is handed to nobody.
    findings = (NoticeKind.AUDIT_FINDINGS,)
    withdraw_documents(case, _("稽核未发现问题"), by=by, kinds=findings, unserved=True)
    issue_document(
        case,
        NoticeKind.AUDIT_CLEAR,
        lambda letter: composing.result(letter, told, why, day, law),
        by=by,
        held=held,
    )
    start_clock(LETTER_TERM, by=by, case=case, provision=law[LETTER_TERM], from_day=day)


def serve_result(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The 稽核结果告知书 reached the unit: nothing of the audit is left to do."""
    audit = Audit.objects.filter(case=notice.case_id).latest("pk")
    with act_on(audit, "serve-result", by=by) as (fresh, held):
        service = file_service(notice, receipt, the_law(today()), by=by, held=held, visit=visit)
        stop_terms(fresh, LETTER_TERM, why=_("结果告知书已送达"), by=by)
    return service


def report_letter_late(clock: Clock, *, by: Actor) -> None:
    """The term to serve the letter is over: recorded once, and from now on the district is asked as well."""
    audit = Audit.objects.filter(case=clock.case_id, state=AuditState.CLEAN).order_by("-pk").first()
    if audit is not None:
        fresh = locked(Audit, audit.pk)
        record_on(AuditVerb.AUDIT_OVERDUE, fresh, by, None, term_name=name_of(clock.kind))
        notify_pages(fresh)
