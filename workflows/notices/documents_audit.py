"""Shapes of what the 经办机构 writes: reminder, audit, proposal of a penalty, transfer of arrears to the tax office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.notices.documents import (
    Calculation,
    Citation,
    FactTable,
    Letter,
    Officer,
    Remedies,
    Term,
)


@dataclass(frozen=True)
class Reminder:
    """`asked`: what to do, one item each. `until`: the last useful day, such as the end of the contribution year."""

    letter: Letter
    found: tuple[str, ...]
    asked: tuple[str, ...]
    basis: tuple[Citation, ...]
    until: date | None = None
    until_why: str = ""
    facts: FactTable | None = None


@dataclass(frozen=True)
class AuditNotice:
    """`reasons`: why this employer. `scope`: what is audited. `period`: which months, in words. `materials`: what
    to hand in within `term`. `place` and `held_on`: where and when the audit begins."""

    letter: Letter
    reasons: tuple[str, ...]
    scope: tuple[str, ...]
    period: str
    materials: tuple[str, ...]
    place: str
    held_on: date
    term: Term
    auditors: tuple[Officer, ...]
    basis: tuple[Citation, ...]


@dataclass(frozen=True)
class AuditFindings:
    """What the audit found, told before any opinion, with the term in which the employer may speak."""

    letter: Letter
    audit_number: str
    period: str
    found: tuple[str, ...]
    evidence: tuple[str, ...]
    breached: tuple[Citation, ...]
    statement: Term
    auditors: tuple[Officer, ...]
    facts: FactTable | None = None
    arrears: Calculation | None = None


@dataclass(frozen=True)
class AuditOpinion:
    """The agency's order to correct (经办条例 44). `heard`: what the employer said, and the answer."""

    letter: Letter
    audit_number: str
    period: str
    found: tuple[str, ...]
    heard: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    orders: tuple[str, ...]
    term: Term
    auditors: tuple[Officer, ...]
    remedies: Remedies
    consequences: tuple[str, ...] = ()
    facts: FactTable | None = None
    arrears: Calculation | None = None


@dataclass(frozen=True)
class AuditClear:
    """The result of an audit that found nothing wrong. `checked`: what was compared, one insurance each. `records`: on
    what the result rests. `reasons`: what explains it."""

    letter: Letter
    audit_number: str
    period: str
    ended_on: date
    checked: tuple[str, ...]
    records: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]
    auditors: tuple[Officer, ...]


@dataclass(frozen=True)
class PenaltyProposal:
    """To the department that may punish. `course`: what the agency asked and what came of it, one sentence each."""

    letter: Letter
    to: str
    found: tuple[str, ...]
    course: tuple[str, ...]
    evidence: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    proposed: tuple[str, ...]
    auditors: tuple[Officer, ...]
    enclosures: tuple[str, ...] = ()
    facts: FactTable | None = None


@dataclass(frozen=True)
class TaxTransfer:
    """To the tax office, which collects. `owed` in yuan; None where the tax office has yet to assess it."""

    letter: Letter
    to: str
    found: tuple[str, ...]
    basis: tuple[Citation, ...]
    asked: tuple[str, ...]
    answer: Term
    owed: Decimal | None = None
    arrears: Calculation | None = None
    enclosures: tuple[str, ...] = ()
    facts: FactTable | None = None
