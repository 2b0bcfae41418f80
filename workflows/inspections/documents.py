"""Fields of an inspection's documents, from the sheet it is filed with to the application to the court."""

from collections.abc import Sequence
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
    MaybeDue,
    Officers,
    Remedies,
    text_or,
)
from workflows.notices.documents.sums import SumTable

PENALTY_LAW, FORCE_LAW = "中华人民共和国行政处罚法", "中华人民共和国行政强制法"
INSPECTION_RULES = "劳动保障监察条例"
NOT_OURS = Citation(INSPECTION_RULES, "第十八条第二款")
CRIME = "crime"
# Why another authority is to judge it: by what it is about, by where it happened, or as a crime.
TRANSFERRED_FOR = {
    "matter": (NOT_OURS,),
    "place": (Citation(INSPECTION_RULES, "第十三条第一款"), Citation(PENALTY_LAW, "第二十二条")),
    CRIME: (
        NOT_OURS,
        Citation(PENALTY_LAW, "第二十七条第一款"),
        Citation("行政执法机关移送涉嫌犯罪案件的规定", "（国务院令第310号）"),
    ),
}
IS_SPARED = Citation(PENALTY_LAW, "第五十七条第一款第（二）项")
NO_FAULT = "no_fault"
# Why a penalty may not, or need not, be imposed (行政处罚法 33).
SPARED_FOR = {
    "first": (Citation(PENALTY_LAW, "第三十三条第一款后段"), IS_SPARED),
    "minor": (Citation(PENALTY_LAW, "第三十三条第一款前段"), IS_SPARED),
    NO_FAULT: (Citation(PENALTY_LAW, "第三十三条第二款"),),
}
# Who signs the sheet a case is filed with; what is not signed in the system is signed by hand.
SIGNERS = ("承办人意见", "承办机构负责人意见", "行政机关负责人审批意见")
Payee = Annotated[str, text_or(_("凭缴款书到指定的银行或者通过电子支付系统缴纳"))]


@dataclass(frozen=True)
class Opinion:
    """What somebody wrote on the sheet. No `on` leaves the line to be filled in by hand."""

    role: str
    text: str = ""
    person: str = ""
    on: date | None = None


def _by_signer(opinions: Sequence[Opinion]) -> tuple[Opinion, ...]:
    """One line for each who signs; an opinion not given leaves its line open."""
    given = {opinion.role: opinion for opinion in opinions}
    return tuple(given.get(role, Opinion(role)) for role in SIGNERS)


@dataclass(frozen=True, kw_only=True)
class Filing(Document):
    """立案审批表. `source`: where the case came from. `lasts`: when what is suspected ended, or that it goes on (行政处罚法
    36). `phone`: the party's. For the file, not for the party."""

    case: str
    source: str
    found: Lines
    lasts: str = ""
    breached: Clauses
    basis: Clauses = (Citation(PENALTY_LAW, "第五十四条第二款"),)
    officers: Officers
    opinions: Annotated[Sequence[Opinion], _by_signer] = ()
    phone: str = ""
    facts: FactTable | None = None


@dataclass(frozen=True, kw_only=True)
class InspectionOrder(Document):
    """限期改正指令书. `breached`: the duties broken. `basis`: the power to order. `orders`: what to correct."""

    found: Lines
    breached: Clauses
    basis: Clauses
    orders: Lines
    term: Due
    officers: Officers
    facts: FactTable | None = None
    consequences: Lines = (_("逾期不改正的，依法给予行政处罚。"),)
    remedies: Remedies | None = None


@dataclass(frozen=True, kw_only=True)
class PenaltyNotice(Document):
    """行政处罚事先告知书: what is meant to be imposed, before it is decided (行政处罚法 44, 45). `hearing`: the term to ask
    for one, where one is owed (63, 64). `sums`: what the base of the fine is made of, enclosed."""

    found: Lines
    evidence: Lines
    breached: Clauses
    basis: Clauses
    proposed: Lines
    statement: Due
    officers: Officers
    facts: FactTable | None = None
    hearing: MaybeDue = None
    calculation: Calculation | None = None
    sums: SumTable | None = None


@dataclass(frozen=True, kw_only=True)
class HearingNotice(Document):
    """听证通知书. `held_at`: day and hour in words. `host` may not be one of the `officers` (行政处罚法 64).
    `private_why`: why it is not public."""

    about: str
    requested_on: date
    held_at: str
    place: str
    is_public: bool = True
    host: str
    clerk: str
    officers: Officers
    basis: Clauses = (
        Citation(PENALTY_LAW, "第六十三条第一款第（一）项"),
        Citation(PENALTY_LAW, "第六十四条"),
        Citation("劳动行政处罚听证程序规定", "第五条"),
    )
    private_why: str = ""


@dataclass(frozen=True, kw_only=True)
class PenaltyDecision(Document):
    """行政处罚决定书 (行政处罚法 59). `heard`: notice, statement, hearing and their answers. `discretion`: the tier and
    why it applies. `corrections`: what is to be put right within the term of `correction` (28). `fine` in yuan, zero
    for a warning; `imposed`: everything imposed. `published`: where it will be made public (48), empty where not."""

    found: Lines
    evidence: Lines
    heard: Lines
    breached: Clauses
    basis: Clauses
    discretion: Lines
    corrections: Lines = ()
    correction: MaybeDue = None
    imposed: Lines
    fine: Decimal
    payment: Due
    payee: Payee = ""
    surcharge: Annotated[
        str,
        text_or(_("到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。")),
    ] = ""
    remedies: Remedies
    calculation: Calculation | None = None
    facts: FactTable | None = None
    published: str = ""
    sums: SumTable | None = None


@dataclass(frozen=True, kw_only=True)
class PenaltyAdvice(Document):
    """行政处罚信用修复告知书, handed over together with the decision it is about (国办发〔2025〕22号: 两书同达). `since`: from
    which day and by what way repair may be asked for, or that none is needed."""

    about_number: str
    about_on: date
    ends_on: date
    published: str
    since: Lines
    conditions: Lines = (
        _("已经改正违法行为"),
        _("行政处罚决定确定的义务已经全部履行"),
        _("书面作出信用承诺"),
    )
    materials: Lines = (
        _("信用修复申请和信用承诺书"),
        _("改正违法行为、履行义务的证明"),
        _("营业执照或者身份证明"),
    )
    basis: Clauses


@dataclass(frozen=True, kw_only=True)
class NoPenalty(Document):
    """不予行政处罚决定书. `reasons`: why none is imposed (行政处罚法 33、57). `duties`: what stays to be done all the
    same."""

    found: Lines
    evidence: Lines = ()
    heard: Lines = ()
    reasons: Lines
    basis: Clauses
    remedies: Remedies
    duties: Lines = ()
    facts: FactTable | None = None


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Document):
    """撤销立案决定书 (监察条例 18): minor, and put right. `filing_number` and `filed_on` name the filing that ends."""

    filing_number: str
    filed_on: date
    found: Lines
    # What shows that it was put right.
    evidence: Lines = ()
    reasons: Lines
    basis: Clauses = (Citation(INSPECTION_RULES, "第十八条第一款第（三）项"),)


@dataclass(frozen=True, kw_only=True)
class CaseTransfer(Document):
    """案件移送书, to the authority whose matter it is (监察条例 18). `is_crime`: a crime is suspected, so it goes to the
    judicial organ (行政处罚法 27). `enclosures`: what of the file goes with it."""

    to: str
    filing_number: str
    filed_on: date
    found: Lines
    reasons: Lines
    evidence: Lines
    basis: Clauses
    officers: Officers
    enclosures: Lines = ()
    is_crime: bool = False


@dataclass(frozen=True, kw_only=True)
class Demand(Document):
    """履行催告书 (行政强制法 54). `standing`: what became of review and suit, as it is on the day. Sums in yuan: the
    `fine`, the `surcharge` for late payment until today, what was `paid`, and the `total` still owed. `calculation`
    shows the surcharge. `duties`: what besides paying is still to be done."""

    decision_number: str
    decided_on: date
    served_on: date
    standing: str = ""
    fine: Decimal
    surcharge: Decimal
    paid: Decimal = Decimal(0)
    total: Decimal
    duties: Lines = ()
    term: Due
    payee: Payee = ""
    basis: Clauses = (
        Citation(FORCE_LAW, "第五十四条"),
        Citation(PENALTY_LAW, "第七十二条第一款第（一）项"),
    )
    calculation: Calculation | None = None


def still_owed(fine: Decimal, surcharge: Decimal, paid: Decimal) -> Decimal:
    """The fine and its surcharge less what was paid, never below nothing."""
    return max(fine + surcharge - paid, Decimal(0))


@dataclass(frozen=True)
class ServedPaper:
    """A document served earlier: how, from which day that counts, and whether its slip of service lies on file."""

    title: str
    number: str
    way: str = ""
    on: date | None = None
    has_slip: bool = False


@dataclass(frozen=True, kw_only=True)
class CourtApplication(Document):
    """强制执行申请书 (行政强制法 53-55). `head`: who signs for the authority, `agents`: who acts for it. `head_number`: of
    the identity card of who runs a trade. `said`: what the party said, or that it said nothing. `served`: the documents
    that reached the party. `property`: what is known of its means. Sums in yuan; `calculation` shows the surcharge."""

    SEALED = ("head_number",)

    court: str
    head: str = ""
    agents: Officers = ()
    head_number: str = ""
    decision_number: str
    decided_on: date
    requests: Lines = (_("强制执行被申请人未缴纳的罚款和加处罚款。"),)
    reasons: Lines
    said: Lines = ()
    served: Annotated[Sequence[ServedPaper], tuple]
    fine: Decimal
    surcharge: Decimal
    total: Decimal
    calculation: Calculation | None = None
    basis: Clauses = (
        Citation(FORCE_LAW, "第五十三条"),
        Citation(PENALTY_LAW, "第七十二条第一款第（四）项"),
    )
    enclosures: Lines
    property: str = ""
    paid: Decimal = Decimal(0)
