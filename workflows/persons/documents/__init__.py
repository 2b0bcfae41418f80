"""Fields of the papers of a responsible person. They name the person, and the unit only as where that person works."""

from dataclasses import dataclass
from decimal import Decimal

from workflows.inspections.documents import Payee
from workflows.notices.documents import Clauses, Document, Due, Lines, Officers, Remedies


@dataclass(frozen=True, kw_only=True)
class PersonNotice(Document):
    """行政处罚事先告知书 to a person (行政处罚法 44, 45). `role` and `post`: as what; `duty`: for what they answered."""

    SEALED = ("name",)

    name: str
    role: str
    post: str
    found: Lines
    duty: str
    evidence: Lines
    breached: Clauses
    basis: Clauses
    proposed: Lines
    statement: Due
    officers: Officers


@dataclass(frozen=True, kw_only=True)
class PersonDecision(Document):
    """行政处罚决定书 to a person (行政处罚法 59). `number`: of the identity card; `employer_number`: of the decision on the
    unit; `discretion`: the tier and why it applies."""

    SEALED = ("name", "number")

    name: str
    number: str
    role: str
    post: str
    employer_number: str
    found: Lines
    duty: str
    evidence: Lines
    heard: Lines
    breached: Clauses
    basis: Clauses
    discretion: Lines
    imposed: Lines
    fine: Decimal
    payment: Due
    remedies: Remedies
    payee: Payee = ""
