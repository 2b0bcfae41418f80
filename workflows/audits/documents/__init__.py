"""Fields of what an audit writes: its notice, findings, opinion or result, the proposal of a penalty, the transfer
of arrears to the tax office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from workflows.notices.documents import (
    Calculation,
    Citation,
    Clauses,
    Document,
    Due,
    FactTable,
    Lines,
    Officers,
    Remedies,
    lines_or,
)
from workflows.notices.documents.sums import SumTable


@dataclass(frozen=True, kw_only=True)
class AuditNotice(Document):
    """社会保险稽核通知书. `reasons`: why this employer. `scope`: what is audited where nobody says otherwise, and
    `materials`: what shows it (GB/T 32622), to hand in within `term`. `period`: which months, in words. `place` and
    `held_on`: where and when the audit begins."""

    reasons: Lines
    scope: Lines = (
        "参保登记和变更登记情况；",
        "参保人数和险种情况；",
        "缴费基数申报情况；",
        "社会保险费缴纳情况。",
    )
    period: str
    materials: Lines = (
        "职工名册、劳动合同和用工备案；",
        "工资发放表、财务账簿和会计凭证；",
        "个人所得税扣缴申报表；",
        "社会保险登记、申报和缴费资料。",
    )
    place: str
    held_on: date
    term: Due
    auditors: Officers
    basis: Clauses


@dataclass(frozen=True, kw_only=True)
class AuditFindings(Document):
    """稽核情况告知书: what the audit found, told before any opinion, with the term in which the employer may speak.
    `audit_number`: of the 稽核通知书. `sums`: the table enclosed."""

    audit_number: str
    period: str
    found: Lines
    evidence: Lines = ()
    breached: Clauses
    statement: Due
    auditors: Officers
    facts: FactTable | None = None
    arrears: Calculation | None = None
    sums: SumTable | None = None


@dataclass(frozen=True, kw_only=True)
class AuditOpinion(Document):
    """稽核意见书: the agency's order to correct (经办条例 44). `heard`: what the employer said, and the answer."""

    audit_number: str
    period: str
    found: Lines
    heard: Annotated[Lines, lines_or(_("已告知稽核情况和陈述、申辩的权利，你单位在规定期限内没有提出意见。"))]
    breached: Clauses
    basis: Clauses = (Citation("社会保险经办条例", "第四十四条"),)
    orders: Lines
    term: Due
    auditors: Officers
    remedies: Remedies
    consequences: Lines = (
        _("逾期不改正的，提请社会保险行政部门依法处理；欠缴社会保险费的，由征收机构依法处理。"),
    )
    facts: FactTable | None = None
    arrears: Calculation | None = None
    sums: SumTable | None = None


@dataclass(frozen=True, kw_only=True)
class AuditClear(Document):
    """稽核结果告知书: nothing was found to be wrong (社会保险稽核办法). `checked`: what was compared, one insurance each.
    `records`: on what the result rests. `reasons`: what explains it."""

    audit_number: str
    period: str
    ended_on: date
    checked: Lines
    records: Lines
    reasons: Lines
    basis: Clauses
    auditors: Officers


@dataclass(frozen=True, kw_only=True)
class PenaltyProposal(Document):
    """提请行政处罚建议书, to the department beside the agency, which may punish (经办条例 44). `course`: what the agency
    asked and what came of it, one sentence each."""

    to: str
    found: Lines
    course: Lines
    evidence: Lines
    breached: Clauses
    basis: Clauses = (Citation("社会保险经办条例", "第四十四条"),)
    proposed: Lines
    auditors: Officers
    enclosures: Lines = ()
    facts: FactTable | None = None


@dataclass(frozen=True, kw_only=True)
class TaxTransfer(Document):
    """欠费移送函, to the tax office, which collects (社会保险法 63、86). `answer`: until when it is asked to answer.
    `owed` in yuan; None where the tax office has yet to assess it."""

    to: str
    found: Lines
    basis: Clauses = (
        Citation("中华人民共和国社会保险法", "第六十三条第一款"),
        Citation("中华人民共和国社会保险法", "第八十六条"),
    )
    asked: Lines = (_("依法核定应缴社会保险费，责令限期缴纳或者补足，并将办理结果函复我单位。"),)
    answer: Due
    owed: Decimal | None = None
    arrears: Calculation | None = None
    enclosures: Lines = ()
    facts: FactTable | None = None
