"""Arrears sent to the office that collects them, and its answers as it gives them: a mirror, not a procedure of ours."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.law.queries import Law, the_law
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require, require_person
from workflows.audits import problems as audits_problems
from workflows.audits import rules
from workflows.audits.actions.auditing import amount_of
from workflows.audits.actions.opining import _require_expired
from workflows.audits.actions.steps import end_audit, only_auditors
from workflows.audits.documents import composing
from workflows.audits.models import AnswerKind, Audit, TaxAnswer, TaxTransfer, TransferState
from workflows.audits.queries import posting_for, tax_departments
from workflows.audits.rules import TRANSFER
from workflows.audits.verbs import AuditVerb
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import ending_with
from workflows.engine.actions.steps import locked, notify_pages, record_on, stop_terms
from workflows.notices.actions import issue_document
from workflows.notices.models import NoticeKind


def transfer_to_tax(audit: Audit, department: str, why: str, *, by: Actor, at: str = "") -> TaxTransfer:
    """欠费移送税务: what is still owed after the term goes to the tax office's liaison (社会保险法 第63、86条). The
    audit ends, the case waits for the answer.

    Raises CorrectionTermRunning, ArrearsMissing, NoTaxLiaison, NotAnAuditor.
    """
    _require_expired(audit, _("移送税务"), by)
    with end_audit(audit, "transfer", why, by=by, at=at) as (fresh, held):
        only_auditors(fresh, by)
        owed = amount_of(fresh)
        if owed <= 0:
            raise audits_problems.ArrearsMissing()
        if department not in tax_departments(fresh.area):
            raise audits_problems.NoTaxLiaison(area=fresh.area, department=department)
        return _sent(fresh, department, owed, by, held)


def _sent(audit: Audit, department: str, owed: Decimal, by: Actor, held: Held | None) -> TaxTransfer:
    law, told, case = the_law(today()), composing.audit_file(audit), audit.case
    notice = issue_document(
        case,
        NoticeKind.TAX_TRANSFER,
        lambda letter: composing.transfer(letter, told, law),
        by=by,
        held=held,
    )
    transfer = TaxTransfer.objects.create(
        audit=audit,
        case=case,
        area=audit.area,
        department=department,
        notice=notice,
        lines=_lines(told),
        amount=owed,
        state=TransferState.SENT,
        sent_at=now(),
        sent_by_id=require_person(by),
    )
    for kind in ending_with(TRANSFER):
        start_clock(kind, by=by, case=case, provision=law[kind], from_day=today())
    record_on(
        AuditVerb.TAX_TRANSFERRED, audit, by, held,
        department=department, number=notice.number, amount=str(owed), transfer=transfer.pk,
    )  # fmt: skip
    return transfer


def _lines(told: composing.AuditFile) -> list[dict[str, str]]:
    return [
        {
            "insurance": row.insurance,
            "label": str(row.get_insurance_display()),
            "from": row.month_from,
            "to": row.month_to,
            "amount": str(row.arrears),
        }
        for row in told.rows
        if row.arrears > 0
    ]


@dataclass(frozen=True)
class Answer:
    """What the tax office answers. `on`: the day of payment or agreement; `until`: the agreement's end."""

    kind: str
    on: date
    amount: Decimal | None = None
    until: date | None = None
    why: str = ""


@transaction.atomic
def answer_transfer(transfer: TaxTransfer, answer: Answer, *, by: Actor) -> TaxAnswer:
    """The tax office's liaison answers what was sent to their department. Money in full or an agreement ends the case
    as transferred; where nothing can be collected the case goes back to be dealt with.

    Raises NotHere for what was sent elsewhere, TransferAnswered, WrongAmount, WrongDay, AgreementTooLong,
    ReasonMissing.
    """
    held = posting_for(by, transfer)
    if held is None:
        raise problems.NotHere()
    fresh = _locked(transfer)
    if not fresh.is_open:
        raise audits_problems.TransferAnswered(on=f"{fresh.closed_at:%Y-%m-%d}")
    law = the_law(today())
    _check(fresh, answer, law)
    kept = TaxAnswer.objects.create(
        transfer=fresh,
        kind=AnswerKind(answer.kind),
        amount=answer.amount if answer.kind == AnswerKind.COLLECTED else None,
        on=answer.on,
        until=answer.until if answer.kind == AnswerKind.AGREED else None,
        why=answer.why.strip()[:300],
        answered_by_id=require_person(by),
        answered_at=now(),
    )
    if kept.amount is not None:
        fresh.collected += kept.amount
    fresh.state = TransferState(rules.settled(kept.kind, fresh.collected, fresh.amount))
    stop_terms(_audit(fresh), "tax.reminder", why=_("税务已答复"), by=by)
    _record(
        AuditVerb.TAX_ANSWERED, fresh, by, held,
        answer=str(kept.get_kind_display()), amount=str(kept.amount or ""), on=kept.on.isoformat(),
        until=kept.until.isoformat() if kept.until else "", reason=kept.why,
    )  # fmt: skip
    if fresh.state in ENDS:
        _end(fresh, ENDS[fresh.state], by, held)
    fresh.save()
    notify_pages(fresh.case)
    transfer.refresh_from_db()
    return kept


# Where the case goes when the tax office is done.
ENDS: dict[str, str] = {
    TransferState.COLLECTED: "transfer",
    TransferState.AGREED: "transfer",
    TransferState.FAILED: "resume",
}


def _check(transfer: TaxTransfer, answer: Answer, law: Law) -> None:
    sent, day = day_of(transfer.sent_at), today()
    if not sent <= answer.on <= day:
        raise audits_problems.WrongDay(first=sent, last=day)
    if answer.kind == AnswerKind.RECEIVED and transfer.state != TransferState.SENT:
        raise problems.OutOfOrder(
            thing=transfer.notice.number, state=transfer.get_state_display(), act=_("登记接收")
        )
    if answer.kind == AnswerKind.COLLECTED:
        left = transfer.amount - transfer.collected
        if answer.amount is None or not 0 < answer.amount <= left:
            raise audits_problems.WrongAmount(left=left)
    if answer.kind == AnswerKind.AGREED:
        latest = rules.latest_agreement(answer.on, int(law["tax.agreement_months"].value))
        if answer.until is None or not max(day, answer.on + timedelta(days=1)) <= answer.until <= latest:
            raise audits_problems.AgreementTooLong(until=latest)
    if answer.kind == AnswerKind.FAILED and not answer.why.strip():
        raise problems.ReasonMissing(act=AnswerKind.FAILED.label)


def _end(transfer: TaxTransfer, act: str, by: Actor, held: Held | None) -> None:
    transfer.closed_at = now()
    stop_terms(_audit(transfer), *ending_with(TRANSFER), why=_("税务已答复"), by=by)
    why = _("税务：{state}").format(state=transfer.get_state_display())
    follow_proceeding(transfer.case, act, why, by=by, held=held)


@transaction.atomic
def recall_transfer(transfer: TaxTransfer, why: str, *, by: Actor) -> TaxTransfer:
    """The district takes an unanswered transfer back, and the case goes on. Raises ReasonMissing, TransferAnswered."""
    held = require(by, Right.APPROVE_DISTRICT, transfer.area)
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤回移送"))
    fresh = _locked(transfer)
    if not fresh.is_open:
        raise audits_problems.TransferAnswered(on=f"{fresh.closed_at:%Y-%m-%d}")
    fresh.state = TransferState.RECALLED
    _record(
        AuditVerb.TAX_ANSWERED,
        fresh,
        by,
        held,
        answer=str(fresh.get_state_display()),
        reason=why.strip()[:300],
    )
    _end(fresh, "resume", by, held)
    fresh.save()
    notify_pages(fresh.case)
    transfer.refresh_from_db()
    return transfer


def remind_tax(clock: Clock, *, by: Actor) -> None:
    """Half the term is over without an answer: the liaison is reminded once."""
    transfer = _waiting(clock)
    if transfer is not None and transfer.reminded_at is None:
        transfer.reminded_at = now()
        transfer.save(update_fields=["reminded_at"])
        _record(AuditVerb.TAX_REMINDED, transfer, by, None)
        notify_pages(transfer.case)


def escalate_transfer(clock: Clock, *, by: Actor) -> None:
    """The term is over without an end: the city and the district are told, once; they may recall it or wait."""
    transfer = _waiting(clock)
    if transfer is not None and transfer.escalated_at is None:
        transfer.escalated_at = now()
        transfer.save(update_fields=["escalated_at"])
        _record(AuditVerb.TAX_ESCALATED, transfer, by, None)
        notify_pages(transfer.case)


def _waiting(clock: Clock) -> TaxTransfer | None:
    found = TaxTransfer.objects.filter(case=clock.case_id, closed_at=None).order_by("-pk").first()
    return _locked(found) if found else None


def _locked(transfer: TaxTransfer) -> TaxTransfer:
    """The transfer as it stands, locked after its case; `case` is the locked row."""
    case = locked(Case, transfer.case_id)
    rows = TaxTransfer.objects.select_for_update(of=("self",)).select_related("notice")
    fresh = rows.get(pk=transfer.pk)
    fresh.case = case
    return fresh


def _audit(transfer: TaxTransfer) -> Audit:
    audit = locked(Audit, transfer.audit_id)
    audit.case = transfer.case
    return audit


def _record(verb: Verb, transfer: TaxTransfer, by: Actor, held: Held | None, **facts: object) -> None:
    case = transfer.case
    data = facts | {"transfer": transfer.pk, "department": transfer.department, "state": str(transfer.state)}
    record(verb, Line(transfer.area, subject=case.subject_id, case=case.code, data=data), by=by, held=held)
