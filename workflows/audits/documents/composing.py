"""What the documents of an audit say: its own facts, put into the agency's shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.law.models import Provision
from grid.law.queries import Law
from grid.offices.queries import office_at
from grid.scope import Right
from grid.territory.models import Person
from grid.territory.queries import actor_of
from workflows.audits import problems as audits_problems
from workflows.audits import rules
from workflows.audits.documents import (
    AuditClear,
    AuditFindings,
    AuditNotice,
    AuditOpinion,
    PenaltyProposal,
    TaxTransfer,
)
from workflows.audits.models import Audit, AuditFinding, AuditRecord
from workflows.inspections.models.certificates import Certificate, CertificateKind
from workflows.inspections.queries.dues import shorts_in, table_of
from workflows.inspections.rules.dues import Found, Short
from workflows.notices.documents import Calculation, Letterhead, Officer, Step, Term
from workflows.notices.documents.composing import cited_by, remedies_of
from workflows.notices.documents.sums import SumTable
from workflows.notices.models import NoticeKind

PRINTED = (CertificateKind.ENFORCEMENT, CertificateKind.AUDIT)


@dataclass(frozen=True)
class AuditFile:
    """An audit with all that its documents tell, read once."""

    audit: Audit
    founds: tuple[Found, ...]
    rows: tuple[AuditFinding, ...]
    records: tuple[AuditRecord, ...]
    officers: tuple[Officer, ...]
    notice_number: str

    @property
    def owed(self) -> Decimal:
        return sum((found.arrears for found in self.founds), Decimal(0))

    @property
    def found(self) -> tuple[str, ...]:
        return tuple(rules.in_words(found) for found in self.founds if rules.is_wrong(found))

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(f"{record.get_kind_display()}（{record.on:%Y-%m-%d}）" for record in self.records)

    @property
    def arrears(self) -> Calculation | None:
        """Base × rate × months × heads, line by line."""
        owing = [(found.label, short) for found in self.founds for short in found.shorts]
        if not owing:
            return None
        steps = [Step(label, short.words, short.amount) for label, short in owing]
        reviewed = all(short.reviewed for _label, short in owing)
        return Calculation((*steps, Step(_("合计"), _("各项之和"), self.owed)), reviewed=reviewed)

    @property
    def sums(self) -> SumTable | None:
        """The same lines as the numbers they are made of, with whom they are about: for the party's own copy."""
        return table_of([short for found in self.founds for short in found.shorts], self.audit.roster)


def officers_of(auditors: Sequence[int], area: str, on: date) -> tuple[Officer, ...]:
    """The auditors with their certificates. Raises AuditorsMissing unless two different people are posted to audit
    in `area`, each with a certificate valid on the day."""
    people = {person.pk: person for person in Person.objects.filter(pk__in=auditors, is_active=True)}
    shown = Certificate.objects.filter(kind=CertificateKind.AUDIT, person__in=people)
    valid = shown.filter(valid_from__lte=on, valid_to__gte=on)
    numbers = dict(valid.order_by("valid_from").values_list("person_id", "number"))
    fit = [pk for pk in auditors if pk in numbers and actor_of(people[pk], on).allowing(Right.AUDIT, area)]
    if len(set(fit)) < 2:
        raise audits_problems.AuditorsMissing()
    return tuple(Officer(people[pk].full_name, numbers[pk]) for pk in fit)


def named_officers(audit: Audit, on: date) -> tuple[Officer, ...]:
    """The two as they are printed on later documents: with the newest certificate that had begun by then, the 稽核证
    before any other, which audits from before there were auditors of their own were done with."""
    held = Certificate.objects.filter(person__in=audit.auditors, valid_from__lte=on).order_by("valid_from")
    kinds = {kind: dict(held.filter(kind=kind).values_list("person_id", "number")) for kind in PRINTED}
    numbers = kinds[CertificateKind.ENFORCEMENT] | kinds[CertificateKind.AUDIT]
    both = (audit.auditor_1, audit.auditor_2)
    return tuple(Officer(person.full_name, numbers.get(person.pk, "")) for person in both)


def found_of(row: AuditFinding) -> Found:
    return Found(
        str(row.get_insurance_display()), row.month_from, row.month_to, row.heads_due, row.heads_insured,
        row.base_due, row.base_declared, row.rate, shorts_of(row),
    )  # fmt: skip


def shorts_of(row: AuditFinding) -> tuple[Short, ...]:
    """How its arrears were reckoned; of a row from before they were, the sum as it was typed."""
    if row.reckoning is None:
        typed = Short(f"{row.month_from} 至 {row.month_to}", row.arrears)
        return (typed,) * bool(row.arrears)
    return shorts_in(row.reckoning)


def audit_file(audit: Audit, on: date | None = None) -> AuditFile:
    """Five queries."""
    rows = tuple(audit.findings.all())
    sent = audit.case.notices.filter(kind=NoticeKind.AUDIT_NOTICE, withdrawn_at=None).order_by("-pk")
    return AuditFile(
        audit,
        tuple(found_of(row) for row in rows),
        rows,
        tuple(audit.records.all()),
        named_officers(audit, on or audit.held_on),
        sent.values_list("number", flat=True).first() or "",
    )


def notice(letter: Letterhead, audit: Audit, officers: Sequence[Officer], law: Law) -> AuditNotice:
    return AuditNotice(
        letter=letter,
        reasons=[audit.why],
        period=audit.period,
        held_on=audit.held_on,
        place=audit.place,
        term=law["audit.notice_days"],
        auditors=officers,
        basis=cited_by(law["cite.audit"]),
    )


def findings(letter: Letterhead, told: AuditFile, law: Law) -> AuditFindings:
    return AuditFindings(
        letter=letter,
        audit_number=told.notice_number,
        period=told.audit.period,
        found=told.found,
        breached=rules.breached(told.founds),
        statement=law["audit.answer"],
        auditors=told.officers,
        evidence=told.evidence,
        arrears=told.arrears,
        sums=told.sums,
    )


def opinion(letter: Letterhead, told: AuditFile, term: Provision | Term, law: Law) -> AuditOpinion:
    audit = told.audit
    return AuditOpinion(
        letter=letter,
        audit_number=told.notice_number,
        period=audit.period,
        found=told.found,
        heard=defence_of(audit),
        breached=rules.breached(told.founds),
        orders=audit.draft.splitlines(),
        term=term,
        auditors=told.officers,
        remedies=remedies_of(law, office_at(audit.area, letter.issued_on)),
        arrears=told.arrears,
        sums=told.sums,
    )


def defence_of(audit: Audit) -> list[str]:
    if not audit.answer_on:
        return []
    sentence = _("你单位于{on}答复：{text}").format(on=audit.answer_on, text=audit.answer)
    return [sentence, audit.heard]


def result(letter: Letterhead, told: AuditFile, why: str, ended_on: date, law: Law) -> AuditClear:
    """Nothing was found to be wrong; `why` explains it."""
    return AuditClear(
        letter=letter,
        audit_number=told.notice_number,
        period=told.audit.period,
        ended_on=ended_on,
        checked=tuple(map(rules.in_words, told.founds)),
        records=told.evidence,
        reasons=(why,),
        auditors=told.officers,
        basis=cited_by(law["cite.audit_clear"]),
    )


def proposal(letter: Letterhead, told: AuditFile, why: str) -> PenaltyProposal:
    audit = told.audit
    return PenaltyProposal(
        letter=letter,
        to=office_at(audit.area, letter.issued_on).authority,
        found=told.found or (why,),
        course=course_of(audit, why),
        evidence=told.evidence,
        breached=rules.breached(told.founds) or ("社会保险法第六十条第一款",),
        proposed=(_("对上述行为依法立案调查，给予行政处罚。"),),
        auditors=told.officers,
    )


def course_of(audit: Audit, why: str) -> list[str]:
    """What the agency asked, and what came of it, in order."""
    days = (
        (audit.noticed_on, _("{on}送达社会保险稽核通知书。")),
        (audit.informed_on, _("{on}送达稽核情况告知书。")),
        (audit.opinion_on, _("{on}送达稽核意见书，责令限期改正。")),
        (audit.expired_on, _("{on}改正期满，仍未改正。")),
    )
    return [text.format(on=day) for day, text in days if day] + [why]


def transfer(letter: Letterhead, told: AuditFile, law: Law) -> TaxTransfer:
    return TaxTransfer(
        letter=letter,
        to=office_at(told.audit.area, letter.issued_on).tax,
        found=told.found,
        answer=law["tax.answer"],
        owed=told.owed,
        arrears=told.arrears,
        enclosures=enclosures_of(told),
    )


def enclosures_of(told: AuditFile) -> list[str]:
    """What the tax office needs to assess and collect: what was decided and how it was served, sums, people."""
    opinion = told.audit.case.notices.filter(kind=NoticeKind.AUDIT_OPINION, withdrawn_at=None)
    sent = opinion.select_related("service").order_by("-pk").first()
    papers = []
    if sent is not None:
        slip = hasattr(sent, "service") and sent.service.slip_path
        words = _("《{title}》（{number}）及送达回证") if slip else _("《{title}》（{number}）")
        papers.append(words.format(title=sent.get_kind_display(), number=sent.number))
    if told.arrears is not None:
        papers.append(_("应缴社会保险费计算表"))
    if told.audit.roster:
        papers.append(_("未足额缴费职工名册"))
    return papers
