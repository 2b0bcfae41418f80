"""From the notice of an audit to what the unit says about its findings."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.offices.models import Part
from grid.offices.queries import case_prefix, office_at
from grid.scope import Actor, Right, require, require_person
from tasks.visits.models import Visit
from workflows.audits import problems as audits_problems
from workflows.audits import rules
from workflows.audits.actions.steps import only_auditors
from workflows.audits.documents import composing
from workflows.audits.flow import AuditFlow
from workflows.audits.models import Audit, AuditFinding, AuditRecord, AuditState, RecordKind
from workflows.audits.verbs import AuditVerb
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.models import Case, CaseState
from workflows.cases.states import out_of_order
from workflows.clocks.actions import start_clock
from workflows.clocks.models import Clock
from workflows.engine import procedures
from workflows.engine.actions.steps import act_on, locked, record_on, step_of, stop_terms
from workflows.engine.acts import require_lawful, word_of
from workflows.inspections.models.insurances import Insurance
from workflows.inspections.queries.dues import kept, names_in, spans_of
from workflows.inspections.rules.dues import Found, is_month, reckon
from workflows.notices.actions import Receipt, file_service, issue_document, take_number
from workflows.notices.models import Notice, NoticeKind, Service


@dataclass(frozen=True)
class Plan:
    """Why, what and where. Left empty: the case's own findings, the twelve months past, and the agency's office."""

    why: str = ""
    month_from: str = ""
    month_to: str = ""
    place: str = ""
    held_on: date | None = None


@transaction.atomic
def open_audit(case: Case, auditors: tuple[int, int], plan: Plan | None = None, *, by: Actor) -> Audit:
    """Opens the audit of a case whose urging was in vain, names two auditors and issues the 稽核通知书.

    It begins some days after its notice (社会保险稽核办法); served later than that, it begins later.
    Raises AuditorsMissing, WrongDay, WrongPeriod, OutOfOrder, NotHere, NotYourPost.
    """
    fresh = locked(Case, case.pk)
    held = require(by, Right.AUDIT, fresh.area)
    if fresh.state != CaseState.ESCALATED:
        raise out_of_order(fresh, _("开展稽核"))
    day, law = today(), the_law(today())
    officers = composing.officers_of(auditors, fresh.area, day)
    earliest = rules.earliest_start(day, int(law["audit.notice_days"].value))
    audit = _opened(fresh, auditors, _filled(plan or Plan(), fresh, day, earliest), by)
    follow_proceeding(fresh, "audit", by=by, held=held)
    names = "、".join(officer.name for officer in officers)
    record_on(AuditVerb.AUDIT_OPENED, audit, by, held, auditors=names, reason=audit.why)
    issue_document(
        fresh,
        NoticeKind.AUDIT_NOTICE,
        lambda letter: composing.notice(letter, audit, officers, law),
        by=by,
        held=held,
    )
    case.refresh_from_db()
    return audit


def _opened(case: Case, auditors: tuple[int, int], plan: Plan, by: Actor) -> Audit:
    prefix, day = case_prefix(case.area, today()), today()
    return Audit.objects.create(
        code=rules.audit_code(prefix, day.year, take_number(f"audit {prefix}", day.year)),
        case=case,
        area=case.area,
        state=AuditState.NOTICED,
        process=procedures.open_procedure(AuditFlow, by=by),
        auditor_1_id=auditors[0],
        auditor_2_id=auditors[1],
        why=plan.why[:300],
        month_from=plan.month_from,
        month_to=plan.month_to,
        place=plan.place[:100],
        held_on=plan.held_on or day,
        opened_at=now(),
        opened_by_id=require_person(by),
    )


def _filled(plan: Plan, case: Case, day: date, earliest: date) -> Plan:
    held_on = plan.held_on or earliest
    if held_on < earliest:
        raise audits_problems.WrongDay(first=earliest, last=_("稽核结束"))
    month_from = plan.month_from or f"{day.year - 1}-{day.month:02d}"
    month_to = plan.month_to or f"{day:%Y-%m}"
    if not (is_month(month_from) and is_month(month_to) and month_from <= month_to):
        raise problems.WrongPeriod(first=month_from, last=month_to)
    why = plan.why.strip() or "；".join(measure["why"] for measure in case.measures)
    return Plan(why, month_from, month_to, plan.place.strip() or _desk_at(case.area, day), held_on)


def _desk_at(area: str, day: date) -> str:
    desk = office_at(area, day).desk_of(Part.AUDIT_DESK, Part.AGENCY)
    return f"{desk.name}（{desk.address}）"[:100]


def replace_auditor(audit: Audit, old: int, new: int, why: str, *, by: Actor) -> Audit:
    """回避或更换: another takes the place of one of the two auditors, by the district's word.

    Raises ReasonMissing, AuditorsMissing, SamePersonTwice for somebody who would replace an auditor by themselves.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=word_of(audit, "replace"))
    with act_on(audit, "replace", by=by) as (fresh, held):
        if old not in fresh.auditors:
            raise audits_problems.AuditorsMissing()
        if by.person_id in (old, new):
            raise problems.SamePersonTwice(first=by.name)
        require_lawful(fresh, "replace")
        pair = (new, fresh.auditor_2_id) if old == fresh.auditor_1_id else (fresh.auditor_1_id, new)
        officers = composing.officers_of(pair, fresh.area, today())
        fresh.auditor_1_id, fresh.auditor_2_id = pair
        names = "、".join(officer.name for officer in officers)
        record_on(AuditVerb.AUDIT_OPENED, fresh, by, held, auditors=names, reason=why)
    return audit


def _open_of(notice: Notice) -> Audit:
    """The audit that waits for the service of `notice`. Raises OutOfOrder when it ended meanwhile."""
    audits = Audit.objects.filter(case=notice.case_id).select_related("process").order_by("-pk")
    audit = audits.first()
    if audit is None or not audit.is_open:
        raise out_of_order(notice.case, notice.get_kind_display())
    return audit


def serve_notice(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The 稽核通知书 reached the unit: the audit begins on the day it names. The days between count from the service
    (社会保险稽核办法), so one that came too late moves the beginning, as the notice says itself."""
    audit = _open_of(notice)
    with step_of(audit, "begin", by=by, at=AuditState.NOTICED) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.noticed_on = service.effective_on
        first = rules.earliest_start(fresh.noticed_on, int(law["audit.notice_days"].value))
        fresh.held_on = max(fresh.held_on, first)
        days = {"on": fresh.noticed_on.isoformat(), "first": fresh.held_on.isoformat()}
        record_on(AuditVerb.AUDIT_BEGUN, fresh, by, held, **days)
    return service


@dataclass(frozen=True)
class Record:
    """What an auditor wrote down. Not `is_signed`: the reason why the other side would not sign."""

    kind: str
    on: date
    text: str
    said_by: str = ""
    is_signed: bool = True
    refused_why: str = ""


def note_record(audit: Audit, given: Record, *, by: Actor) -> AuditRecord:
    """Keeps a dated record of the audit: work done, an interview, materials taken (GB/T 32622).

    Signed by the other side, or with the reason why not (社会保险稽核办法).
    Raises NotAnAuditor, AuditNotBegun, ReasonMissing, WrongDay for a day before the audit began or still to come.
    """
    with act_on(audit, "record", by=by) as (fresh, held):
        only_auditors(fresh, by)
        require_lawful(fresh, "record")
        if not given.text.strip() or not (given.is_signed or given.refused_why.strip()):
            raise problems.ReasonMissing(act=word_of(fresh, "record"))
        if not fresh.held_on <= given.on <= today():
            raise audits_problems.WrongDay(first=fresh.held_on, last=today())
        kept = AuditRecord.objects.create(
            audit=fresh,
            kind=RecordKind(given.kind),
            on=given.on,
            text=given.text.strip(),
            said_by=given.said_by.strip(),
            is_signed=given.is_signed,
            refused_why=given.refused_why.strip()[:200],
            author_id=require_person(by),
            recorded_at=now(),
        )
        kind = str(kept.get_kind_display())
        record_on(AuditVerb.AUDIT_RECORDED, fresh, by, held, record=kind, day=kept.on.isoformat(), id=kept.pk)
    return kept


def note_finding(audit: Audit, insurance: str, found: Found, *, by: Actor) -> AuditFinding:
    """Keeps what was found of one insurance and reckons what is owed; told again, the row says the newer, the ledger
    both.

    Raises NotAnAuditor, AuditNotBegun, WrongPeriod, LawMissing for months of which the law is not known.
    """
    with act_on(audit, "finding", by=by) as (fresh, held):
        only_auditors(fresh, by)
        require_lawful(fresh, "finding")
        months = (found.month_from, found.month_to)
        if not all(map(is_month, months)) or months[0] > months[1]:
            raise problems.WrongPeriod(first=months[0], last=months[1])
        insured = Insurance(insurance)
        found = replace(found, label=str(insured.label))
        found = replace(found, shorts=reckon(found, spans_of(insured, found)))
        row, _new = AuditFinding.objects.update_or_create(
            audit=fresh,
            insurance=insured,
            defaults={
                "month_from": found.month_from,
                "month_to": found.month_to,
                "heads_due": found.heads_due,
                "heads_insured": found.heads_insured,
                "base_due": found.base_due,
                "base_declared": found.base_declared,
                "rate": found.rate,
                "arrears": found.arrears,
                "reckoning": kept(found.shorts),
                "noted_by_id": require_person(by),
                "noted_at": now(),
            },
        )
        facts = {
            "type": str(row.get_insurance_display()),
            "heads": row.missing or "",
            "arrears": str(found.arrears) if found.arrears else "",
            "said": rules.in_words(found),
        }
        record_on(AuditVerb.AUDIT_FOUND, fresh, by, held, **facts)
    return row


def keep_roster(audit: Audit, text: str, *, by: Actor) -> Audit:
    """未参保职工名册: whom the findings are about, one name a line, from what was taken into the file; told again, the newer
    counts. The ledger says how many. Raises NotAnAuditor, AuditNotBegun, ReasonMissing."""
    with act_on(audit, "roster", by=by) as (fresh, held):
        only_auditors(fresh, by)
        require_lawful(fresh, "roster")
        names = names_in(text)
        if not names:
            raise problems.ReasonMissing(act=word_of(fresh, "roster"))
        fresh.roster = "\n".join(names)
        record_on(AuditVerb.ROSTER_KEPT, fresh, by, held, heads=len(names))
    return audit


def _require_fitting(told: composing.AuditFile) -> None:
    """A roster is of as many as the findings say were left out. Raises RosterUnfit."""
    names, missing = len(names_in(told.audit.roster)), max(found.missing for found in told.founds)
    if names and names != missing:
        raise audits_problems.RosterUnfit(names=names, heads=missing)


def issue_findings(audit: Audit, *, by: Actor) -> Notice:
    """情况告知书: what was found, before any opinion. Raises NotAnAuditor, AuditFindingsMissing,
    RosterUnfit."""
    with act_on(audit, "findings", by=by) as (fresh, held):
        only_auditors(fresh, by)
        told = composing.audit_file(fresh)
        if not told.records or not any(map(rules.is_wrong, told.founds)):
            raise audits_problems.AuditFindingsMissing()
        _require_fitting(told)
        law = the_law(today())
        return issue_document(
            fresh.case,
            NoticeKind.AUDIT_FINDINGS,
            lambda letter: composing.findings(letter, told, law),
            by=by,
            held=held,
        )


def serve_findings(notice: Notice, receipt: Receipt, *, by: Actor, visit: Visit | None = None) -> Service:
    """The 情况告知书 reached the unit: its term to answer begins, and ours for the opinion."""
    audit = _open_of(notice)
    with step_of(audit, "inform", by=by, at=AuditState.EXAMINING) as (fresh, held):
        law = the_law(today())
        service = file_service(notice, receipt, law, by=by, held=held, visit=visit)
        fresh.informed_on = service.effective_on
        clock = start_clock(
            "audit.answer", by=by, case=fresh.case, provision=law["audit.answer"], from_day=fresh.informed_on
        )
        start_clock(
            "audit.opinion_days", by=by, case=fresh.case, provision=law["audit.opinion_days"],
            from_day=fresh.informed_on,
        )  # fmt: skip
        record_on(AuditVerb.AUDIT_INFORMED, fresh, by, held, until=clock.due_on.isoformat())
    return service


def record_answer(audit: Audit, text: str, on: date, *, by: Actor) -> Audit:
    """What the unit says to the findings; its term to answer ends with it. Raises ReasonMissing, WrongDay."""
    with act_on(audit, "answer", by=by) as (fresh, held):
        only_auditors(fresh, by)
        if not text.strip():
            raise problems.ReasonMissing(act=word_of(fresh, "answer"))
        require_lawful(fresh, "answer")
        assert fresh.informed_on is not None
        if not fresh.informed_on <= on <= today():
            raise audits_problems.WrongDay(first=fresh.informed_on, last=today())
        fresh.answer, fresh.answer_on = text.strip(), on
        stop_terms(fresh, "audit.answer", why=_("已收到答复"), by=by)
        record_on(AuditVerb.AUDIT_ANSWERED, fresh, by, held, on=on.isoformat())
    return audit


def close_answer(clock: Clock, *, by: Actor) -> None:
    """The term to answer is over: an opinion may follow. Nothing when the audit went on meanwhile."""
    audit = Audit.objects.filter(case=clock.case_id, state=AuditState.INFORMED).first()
    if audit is not None:
        fresh = locked(Audit, audit.pk)
        fresh.answer_closed_on = clock.due_on
        fresh.save(update_fields=["answer_closed_on"])
        record_on(AuditVerb.AUDIT_OVERDUE, fresh, by, None, term_name=_("对稽核情况的答复期"))


def amount_of(audit: Audit) -> Decimal:
    """What the unit owes by the findings, in yuan."""
    return sum((finding.arrears for finding in audit.findings.all()), Decimal(0))
