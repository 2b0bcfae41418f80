"""Shapes of an inspection's documents, from the sheet it is filed with to the application to the court."""

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
class Opinion:
    """What somebody wrote on the sheet. No `on` leaves the line to be filled in by hand."""

    role: str
    text: str = ""
    person: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Filing:
    """立案审批表. `source`: where the case came from. `phone`: the party's. For the file, not for the party."""

    letter: Letter
    case: str
    source: str
    found: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    officers: tuple[Officer, ...]
    opinions: tuple[Opinion, ...]
    phone: str = ""
    facts: FactTable | None = None


@dataclass(frozen=True)
class HearingNotice:
    """`held_at`: day and hour in words. `host` may not be one of the `officers` (行政处罚法 64)."""

    letter: Letter
    about: str
    requested_on: date
    held_at: str
    place: str
    is_public: bool
    host: str
    clerk: str
    officers: tuple[Officer, ...]
    basis: tuple[Citation, ...]
    private_why: str = ""


@dataclass(frozen=True)
class PenaltyDecision:
    """`heard`: notice, statement, hearing and their answers. `discretion`: the tier and why it applies.
    `fine` in yuan, zero for a warning; `imposed`: everything imposed, one item each."""

    letter: Letter
    found: tuple[str, ...]
    evidence: tuple[str, ...]
    heard: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    discretion: tuple[str, ...]
    imposed: tuple[str, ...]
    fine: Decimal
    payment: Term
    payee: str
    surcharge: str
    remedies: Remedies
    calculation: Calculation | None = None
    facts: FactTable | None = None
    published: str = ""


@dataclass(frozen=True)
class NoPenalty:
    """`reasons`: why none is imposed (行政处罚法 33). `duties`: what stays to be done all the same."""

    letter: Letter
    found: tuple[str, ...]
    evidence: tuple[str, ...]
    heard: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]
    remedies: Remedies
    duties: tuple[str, ...] = ()
    facts: FactTable | None = None


@dataclass(frozen=True)
class CaseWithdrawn:
    """`filing_number` and `filed_on` name the filing that ends."""

    letter: Letter
    filing_number: str
    filed_on: date
    found: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]


@dataclass(frozen=True)
class CaseTransfer:
    """案件移送书, to the authority whose matter it is. `is_crime`: a crime is suspected, so it goes to the judicial
    organ. `enclosures`: what of the file goes with it."""

    letter: Letter
    to: str
    filing_number: str
    filed_on: date
    found: tuple[str, ...]
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    basis: tuple[Citation, ...]
    officers: tuple[Officer, ...]
    enclosures: tuple[str, ...] = ()
    is_crime: bool = False


@dataclass(frozen=True)
class Demand:
    """履行催告书. Sums in yuan: the `fine`, the `surcharge` for late payment until today, what was `paid`, and the
    `total` still owed. `calculation` shows the surcharge."""

    letter: Letter
    decision_number: str
    decided_on: date
    served_on: date
    fine: Decimal
    surcharge: Decimal
    paid: Decimal
    total: Decimal
    duties: tuple[str, ...]
    term: Term
    payee: str
    basis: tuple[Citation, ...]
    calculation: Calculation | None = None


@dataclass(frozen=True)
class ServedPaper:
    """A document served earlier: how, and from which day that counts."""

    title: str
    number: str
    way: str = ""
    on: date | None = None


@dataclass(frozen=True)
class CourtApplication:
    """强制执行申请书 (行政强制法 53-55). `served`: the documents that reached the party. Sums in yuan."""

    letter: Letter
    court: str
    head: str
    decision_number: str
    decided_on: date
    requests: tuple[str, ...]
    reasons: tuple[str, ...]
    served: tuple[ServedPaper, ...]
    fine: Decimal
    surcharge: Decimal
    total: Decimal
    basis: tuple[Citation, ...]
    enclosures: tuple[str, ...]
    property: str = ""
    paid: Decimal = Decimal(0)
