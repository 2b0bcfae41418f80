"""What the documents of the 经办机构 say: plain values and the law's parameters, put into their shapes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.law.models import Provision
from grid.law.queries import Law
from grid.offices.queries import Office
from workflows.notices.composing import cited, lines, remedies_of, term_of
from workflows.notices.documents import Calculation, Citation, FactTable, Letter, Officer
from workflows.notices.documents_audit import (
    AuditClear,
    AuditFindings,
    AuditNotice,
    AuditOpinion,
    PenaltyProposal,
    Reminder,
    TaxTransfer,
)

Clauses = Sequence[str | Citation]
OPINION_BASIS = (Citation("社会保险经办条例", "第四十四条"),)
PROPOSAL_BASIS = (Citation("社会保险经办条例", "第四十四条"), Citation("社会保险法", "第八十四条"))
TRANSFER_BASIS = (Citation("社会保险法", "第六十三条"), Citation("社会保险法", "第八十六条"))
REMINDER_BASIS = (Citation("社会保险法", "第五十八条"), Citation("社会保险法", "第六十条"))
# What is audited where nobody says otherwise, and what shows it (GB/T 32622).
SCOPE = (
    "参保登记和变更登记情况；",
    "参保人数和险种情况；",
    "缴费基数申报情况；",
    "社会保险费缴纳情况。",
)
MATERIALS = (
    "职工名册、劳动合同和用工备案；",
    "工资发放表、财务账簿和会计凭证；",
    "个人所得税扣缴申报表；",
    "社会保险登记、申报和缴费资料。",
)


def reminder(
    letter: Letter,
    *,
    found: Sequence[str],
    asked: Sequence[str],
    until: date | None = None,
    until_why: str = "",
    basis: Clauses = REMINDER_BASIS,
    facts: FactTable | None = None,
) -> Reminder:
    """参保缴费提醒书: asks, orders nothing. `until_why`: what is lost after that day."""
    return Reminder(letter, lines(found), lines(asked), cited(basis), until, until_why, facts)


def audit_notice(
    letter: Letter,
    *,
    reasons: Sequence[str],
    period: str,
    held_on: date,
    place: str,
    term: Provision,
    auditors: Sequence[Officer],
    basis: Clauses,
    scope: Sequence[str] = SCOPE,
    materials: Sequence[str] = MATERIALS,
) -> AuditNotice:
    """社会保险稽核通知书 (GB/T 32622). `term`: for handing in the materials."""
    return AuditNotice(
        letter=letter,
        reasons=lines(reasons),
        scope=lines(scope),
        period=period,
        materials=lines(materials),
        place=place,
        held_on=held_on,
        term=term_of(term),
        auditors=tuple(auditors),
        basis=cited(basis),
    )


def audit_findings(
    letter: Letter,
    *,
    audit_number: str,
    period: str,
    found: Sequence[str],
    breached: Clauses,
    statement: Provision,
    auditors: Sequence[Officer],
    evidence: Sequence[str] = (),
    facts: FactTable | None = None,
    arrears: Calculation | None = None,
) -> AuditFindings:
    """稽核情况告知书. `audit_number`: of the 稽核通知书."""
    return AuditFindings(
        letter=letter,
        audit_number=audit_number,
        period=period,
        found=lines(found),
        evidence=lines(evidence),
        breached=cited(breached),
        statement=term_of(statement),
        auditors=tuple(auditors),
        facts=facts,
        arrears=arrears,
    )


def audit_opinion(
    letter: Letter,
    law: Law,
    office: Office,
    *,
    audit_number: str,
    period: str,
    found: Sequence[str],
    heard: Sequence[str],
    breached: Clauses,
    orders: Sequence[str],
    term: Provision,
    auditors: Sequence[Officer],
    basis: Clauses = OPINION_BASIS,
    facts: FactTable | None = None,
    arrears: Calculation | None = None,
) -> AuditOpinion:
    """稽核意见书: orders correction within `term`. `heard`: what was said to the findings, and the answer."""
    return AuditOpinion(
        letter=letter,
        audit_number=audit_number,
        period=period,
        found=lines(found),
        heard=lines(heard) or (_("已告知稽核情况和陈述、申辩的权利，你单位在规定期限内没有提出意见。"),),
        breached=cited(breached),
        basis=cited(basis),
        orders=lines(orders),
        term=term_of(term),
        auditors=tuple(auditors),
        remedies=remedies_of(law, office),
        consequences=(
            _("逾期不改正的，提请社会保险行政部门依法处理；欠缴社会保险费的，由征收机构依法处理。"),
        ),
        facts=facts,
        arrears=arrears,
    )


def audit_clear(
    letter: Letter,
    *,
    audit_number: str,
    period: str,
    ended_on: date,
    checked: Sequence[str],
    records: Sequence[str],
    reasons: Sequence[str],
    auditors: Sequence[Officer],
    basis: Clauses,
) -> AuditClear:
    """稽核结果告知书: nothing was found to be wrong (社会保险稽核办法)."""
    return AuditClear(
        letter=letter,
        audit_number=audit_number,
        period=period,
        ended_on=ended_on,
        checked=lines(checked),
        records=lines(records),
        reasons=lines(reasons),
        basis=cited(basis),
        auditors=tuple(auditors),
    )


def penalty_proposal(
    letter: Letter,
    office: Office,
    *,
    found: Sequence[str],
    course: Sequence[str],
    evidence: Sequence[str],
    breached: Clauses,
    proposed: Sequence[str],
    auditors: Sequence[Officer],
    basis: Clauses = PROPOSAL_BASIS,
    enclosures: Sequence[str] = (),
    facts: FactTable | None = None,
) -> PenaltyProposal:
    """提请行政处罚建议书, to the department beside the agency (经办条例 44)."""
    return PenaltyProposal(
        letter=letter,
        to=office.authority,
        found=lines(found),
        course=lines(course),
        evidence=lines(evidence),
        breached=cited(breached),
        basis=cited(basis),
        proposed=lines(proposed),
        auditors=tuple(auditors),
        enclosures=lines(enclosures),
        facts=facts,
    )


def tax_transfer(
    letter: Letter,
    office: Office,
    *,
    found: Sequence[str],
    answer: Provision,
    asked: Sequence[str] = (),
    owed: Decimal | None = None,
    arrears: Calculation | None = None,
    basis: Clauses = TRANSFER_BASIS,
    enclosures: Sequence[str] = (),
    facts: FactTable | None = None,
) -> TaxTransfer:
    """欠费移送函, to the tax office that collects (社会保险法 63、86). `answer`: until when it is asked to answer."""
    return TaxTransfer(
        letter=letter,
        to=office.tax,
        found=lines(found),
        basis=cited(basis),
        asked=lines(asked) or (_("依法核定应缴社会保险费，责令限期缴纳或者补足，并将办理结果函复我单位。"),),
        answer=term_of(answer),
        owed=owed,
        arrears=arrears,
        enclosures=lines(enclosures),
        facts=facts,
    )
