"""What the documents of an inspection say: plain values and the law's parameters, put into their shapes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.law.models import Provision
from grid.law.queries import Law
from grid.offices.queries import Office
from workflows.notices.composing import cited, lines, remedies_of, term_of
from workflows.notices.documents import Calculation, Citation, FactTable, Letter, Officer, PenaltyNotice
from workflows.notices.documents_penalty import (
    CaseTransfer,
    CaseWithdrawn,
    CourtApplication,
    Demand,
    Filing,
    HearingNotice,
    NoPenalty,
    Opinion,
    PenaltyDecision,
    ServedPaper,
)

Clauses = Sequence[str | Citation]
PENALTY_BASIS = (Citation("社会保险法", "第八十四条"),)
FILING_BASIS = (Citation("行政处罚法", "第五十四条"), Citation("劳动保障监察条例", "第十七条"))
HEARING_BASIS = (Citation("行政处罚法", "第六十三条"), Citation("行政处罚法", "第六十四条"))
SPARED_BASIS = (Citation("行政处罚法", "第三十三条"), Citation("行政处罚法", "第五十七条"))
WITHDRAWN_BASIS = (Citation("劳动保障监察条例", "第十八条"),)
TRANSFER_BASIS = (Citation("劳动保障监察条例", "第十八条"),)
CRIME_BASIS = (*TRANSFER_BASIS, Citation("行政处罚法", "第二十七条"))
DEMAND_BASIS = (Citation("行政强制法", "第五十四条"), Citation("行政处罚法", "第七十二条"))
COURT_BASIS = (Citation("行政强制法", "第五十三条"), Citation("行政处罚法", "第七十二条"))
# Who signs the sheet a case is filed with; what is not signed in the system is signed by hand.
SIGNERS = ("承办人意见", "承办机构负责人意见", "行政机关负责人审批意见")


def filing(
    letter: Letter,
    *,
    case: str,
    source: str,
    found: Sequence[str],
    breached: Clauses,
    officers: Sequence[Officer],
    opinions: Sequence[Opinion] = (),
    basis: Clauses = FILING_BASIS,
    phone: str = "",
    facts: FactTable | None = None,
) -> Filing:
    """立案审批表. Opinions not given leave their line open."""
    given = {opinion.role: opinion for opinion in opinions}
    return Filing(
        letter=letter,
        case=case,
        source=source,
        found=lines(found),
        breached=cited(breached),
        basis=cited(basis),
        officers=tuple(officers),
        opinions=tuple(given.get(role, Opinion(role)) for role in SIGNERS),
        phone=phone,
        facts=facts,
    )


def penalty_notice(
    letter: Letter,
    *,
    found: Sequence[str],
    evidence: Sequence[str],
    breached: Clauses,
    proposed: Sequence[str],
    statement: Provision,
    officers: Sequence[Officer],
    hearing: Provision | None = None,
    calculation: Calculation | None = None,
    basis: Clauses = PENALTY_BASIS,
    facts: FactTable | None = None,
) -> PenaltyNotice:
    """行政处罚事先告知书 (行政处罚法 44). `hearing`: the term to ask for one, where one is owed (63, 64)."""
    return PenaltyNotice(
        letter=letter,
        found=lines(found),
        evidence=lines(evidence),
        breached=cited(breached),
        basis=cited(basis),
        proposed=lines(proposed),
        statement=term_of(statement),
        officers=tuple(officers),
        facts=facts,
        hearing=term_of(hearing) if hearing else None,
        calculation=calculation,
    )


def hearing_notice(
    letter: Letter,
    *,
    about: str,
    requested_on: date,
    held_at: str,
    place: str,
    host: str,
    clerk: str,
    officers: Sequence[Officer],
    private_why: str = "",
    basis: Clauses = HEARING_BASIS,
) -> HearingNotice:
    """听证通知书. `held_at`: day and hour in words. A reason in `private_why` makes the hearing a closed one."""
    return HearingNotice(
        letter=letter,
        about=about,
        requested_on=requested_on,
        held_at=held_at,
        place=place,
        is_public=not private_why,
        host=host,
        clerk=clerk,
        officers=tuple(officers),
        basis=cited(basis),
        private_why=private_why,
    )


def penalty_decision(
    letter: Letter,
    law: Law,
    office: Office,
    *,
    found: Sequence[str],
    evidence: Sequence[str],
    heard: Sequence[str],
    breached: Clauses,
    discretion: Sequence[str],
    imposed: Sequence[str],
    fine: Decimal,
    payee: str = "",
    calculation: Calculation | None = None,
    published: str = "",
    basis: Clauses = PENALTY_BASIS,
    facts: FactTable | None = None,
) -> PenaltyDecision:
    """行政处罚决定书 (行政处罚法 59). `published`: where it will be made public (48), empty where it will not."""
    return PenaltyDecision(
        letter=letter,
        found=lines(found),
        evidence=lines(evidence),
        heard=lines(heard),
        breached=cited(breached),
        basis=cited(basis),
        discretion=lines(discretion),
        imposed=lines(imposed),
        fine=fine,
        payment=term_of(law["penalty.payment"]),
        payee=payee or _("凭缴款书到指定的银行或者通过电子支付系统缴纳"),
        surcharge=_("到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。"),
        remedies=remedies_of(law, office),
        calculation=calculation,
        facts=facts,
        published=published,
    )


def no_penalty(
    letter: Letter,
    law: Law,
    office: Office,
    *,
    found: Sequence[str],
    reasons: Sequence[str],
    evidence: Sequence[str] = (),
    heard: Sequence[str] = (),
    duties: Sequence[str] = (),
    basis: Clauses = SPARED_BASIS,
    facts: FactTable | None = None,
) -> NoPenalty:
    """不予行政处罚决定书 (行政处罚法 33、57)."""
    return NoPenalty(
        letter=letter,
        found=lines(found),
        evidence=lines(evidence),
        heard=lines(heard),
        reasons=lines(reasons),
        basis=cited(basis),
        remedies=remedies_of(law, office),
        duties=lines(duties),
        facts=facts,
    )


def case_withdrawn(
    letter: Letter,
    *,
    filing_number: str,
    filed_on: date,
    found: Sequence[str],
    reasons: Sequence[str],
    basis: Clauses = WITHDRAWN_BASIS,
) -> CaseWithdrawn:
    """撤销立案决定书 (监察条例 18): minor, and put right."""
    return CaseWithdrawn(letter, filing_number, filed_on, lines(found), lines(reasons), cited(basis))


def case_transfer(
    letter: Letter,
    *,
    to: str,
    filing_number: str,
    filed_on: date,
    found: Sequence[str],
    reasons: Sequence[str],
    evidence: Sequence[str],
    officers: Sequence[Officer],
    enclosures: Sequence[str] = (),
    is_crime: bool = False,
) -> CaseTransfer:
    """案件移送书 (监察条例 18): what is not a matter of ours, and to the judicial organ a suspected crime (行政处罚法 27)."""
    return CaseTransfer(
        letter=letter,
        to=to,
        filing_number=filing_number,
        filed_on=filed_on,
        found=lines(found),
        reasons=lines(reasons),
        evidence=lines(evidence),
        basis=cited(CRIME_BASIS if is_crime else TRANSFER_BASIS),
        officers=tuple(officers),
        enclosures=lines(enclosures),
        is_crime=is_crime,
    )


def demand(
    letter: Letter,
    *,
    decision_number: str,
    decided_on: date,
    served_on: date,
    fine: Decimal,
    surcharge: Decimal,
    term: Provision,
    paid: Decimal = Decimal(0),
    duties: Sequence[str] = (),
    calculation: Calculation | None = None,
    payee: str = "",
    basis: Clauses = DEMAND_BASIS,
) -> Demand:
    """履行催告书 (行政强制法 54). `duties`: what besides paying is still to be done. What is owed is the fine and the
    surcharge less what was paid, never below nothing."""
    return Demand(
        letter=letter,
        decision_number=decision_number,
        decided_on=decided_on,
        served_on=served_on,
        fine=fine,
        surcharge=surcharge,
        paid=paid,
        total=max(fine + surcharge - paid, Decimal(0)),
        duties=lines(duties),
        term=term_of(term),
        payee=payee or _("凭缴款书到指定的银行或者通过电子支付系统缴纳"),
        basis=cited(basis),
        calculation=calculation,
    )


def court_application(
    letter: Letter,
    office: Office,
    *,
    decision_number: str,
    decided_on: date,
    fine: Decimal,
    surcharge: Decimal,
    served: Sequence[ServedPaper],
    paid: Decimal = Decimal(0),
    requests: Sequence[str] = (),
    reasons: Sequence[str] = (),
    enclosures: Sequence[str] = (),
    head: str = "",
    property: str = "",
    basis: Clauses = COURT_BASIS,
) -> CourtApplication:
    """强制执行申请书 (行政强制法 53-55). `head`: who signs for the authority. `property`: what is known of it."""
    told = [f"《{paper.title}》{paper.number}" for paper in served]
    return CourtApplication(
        letter=letter,
        court=office.court,
        head=head,
        decision_number=decision_number,
        decided_on=decided_on,
        requests=lines(requests) or (_("强制执行被申请人未缴纳的罚款和加处罚款。"),),
        reasons=lines(reasons)
        or (_("被申请人在法定期限内不申请行政复议、不提起行政诉讼，经催告仍不履行处罚决定。"),),
        served=tuple(served),
        fine=fine,
        surcharge=surcharge,
        paid=paid,
        total=max(fine + surcharge - paid, Decimal(0)),
        basis=cited(basis),
        enclosures=lines(enclosures) or tuple(told),
        property=property,
    )
