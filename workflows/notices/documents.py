"""What each printed document has to be told: plain frozen values, no tables.

The wording common to every document of a kind is in its template (`templates/print/<kind>.typ`);
whatever differs from case to case, and every legal number, comes in here. A value is only ever shown,
never read as markup.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class DocumentKind(StrEnum):
    """The value names the template."""

    URGING = "urging"  # 督促参保缴费告知书
    INSPECTION_ORDER = "inspection-order"  # 劳动保障监察限期改正指令书
    PENALTY_NOTICE = "penalty-notice"  # 行政处罚事先告知书
    LISTING_NOTICE = "listing-notice"  # 列入告知书
    LISTING_DECISION = "listing-decision"  # 列入决定书
    REMOVAL_DECISION = "removal-decision"  # 移出决定书
    REMINDER = "reminder"  # 参保缴费提醒书
    AUDIT_NOTICE = "audit-notice"  # 社会保险稽核通知书
    AUDIT_FINDINGS = "audit-findings"  # 稽核情况告知书
    AUDIT_OPINION = "audit-opinion"  # 稽核意见书（责令限期改正）
    AUDIT_CLEAR = "audit-clear"  # 稽核结果告知书（未发现问题）
    PENALTY_PROPOSAL = "penalty-proposal"  # 提请行政处罚建议书
    TAX_TRANSFER = "tax-transfer"  # 欠费移送函
    FILING = "filing"  # 立案审批表
    HEARING_NOTICE = "hearing-notice"  # 听证通知书
    PENALTY_DECISION = "penalty-decision"  # 行政处罚决定书
    NO_PENALTY = "no-penalty"  # 不予行政处罚决定书
    CASE_WITHDRAWN = "case-withdrawn"  # 撤销立案决定书
    CASE_TRANSFER = "case-transfer"  # 案件移送书
    DEMAND = "demand"  # 履行催告书
    COURT_APPLICATION = "court-application"  # 强制执行申请书
    REPAIR_DECISION = "repair-decision"  # 信用修复决定书
    OBJECTION_ANSWER = "objection-answer"  # 异议处理答复书
    SERVICE_SLIP = "service-slip"  # 送达回证
    DOOR_LABELS = "door-labels"  # 点位码标签
    ENROLMENT = "enrolment"  # 设备登记单


# --- parts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Party:
    """Whom the document addresses. An empty value prints as a dash; a person has no code to print."""

    name: str
    code: str
    address: str = ""
    representative: str = ""
    is_person: bool = False


@dataclass(frozen=True)
class Contact:
    """Where the party turns to."""

    office: str
    phone: str
    address: str
    person: str = ""


@dataclass(frozen=True)
class Letter:
    """What every numbered document has: sender, number, date, addressee, and the code to check it by.

    `code` is the notice code of grid/codes.py; its address and QR follow from it. `sample` marks each
    page 示例数据. `preview` marks each page 预览: it has no number and no code. `seal` is the name of the seal that is
    put to it, where the office has said which.
    """

    authority: str
    number: str
    issued_on: date
    party: Party
    code: str
    contact: Contact
    sample: bool = False
    preview: bool = False
    seal: str = ""


@dataclass(frozen=True)
class FactTable:
    """Facts side by side: the first column names the fact, each further one a source (register or visit).

    Every row is as long as `columns`. `note` says as of when, and what the figures do not say.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Citation:
    """A clause relied on; `text` quotes it. Not `reviewed` prints 待法制审核 beside it."""

    law: str
    article: str
    text: str = ""
    reviewed: bool = True


@dataclass(frozen=True)
class Term:
    """A length of time that runs from service; `unit` d counts calendar days, wd working days."""

    length: int
    unit: Literal["d", "wd"]
    reviewed: bool = True


@dataclass(frozen=True)
class Officer:
    """An inspector and the number of the certificate shown (处罚法 42, 监察条例 15: two of them)."""

    name: str
    certificate: str


@dataclass(frozen=True)
class Remedies:
    """Where and how long the decision may be challenged (复议法 20, 诉讼法 46)."""

    review_body: str
    review_days: int
    court: str
    suit_months: int
    reviewed: bool = True


@dataclass(frozen=True)
class Step:
    """One line of a reckoning: what is reckoned, how in words, and what comes out, in yuan; below nothing where the
    line takes away what is above a limit."""

    what: str
    how: str
    amount: Decimal


@dataclass(frozen=True)
class Calculation:
    """The way to a sum, step by step. Not `reviewed` where a rate or tier used waits for the lawyers."""

    steps: tuple[Step, ...]
    note: str = ""
    reviewed: bool = True


# --- numbered documents ------------------------------------------------------------------------


@dataclass(frozen=True)
class Urging:
    """`found`: what was seen, one sentence each. `asked`: what to do, one item each."""

    letter: Letter
    found: tuple[str, ...]
    asked: tuple[str, ...]
    basis: tuple[Citation, ...]
    term: Term
    facts: FactTable | None = None
    consequences: tuple[str, ...] = ()


@dataclass(frozen=True)
class InspectionOrder:
    """`breached`: the duties broken. `basis`: the power to order. `orders`: what to correct."""

    letter: Letter
    found: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    orders: tuple[str, ...]
    term: Term
    officers: tuple[Officer, ...]
    facts: FactTable | None = None
    consequences: tuple[str, ...] = ()
    remedies: Remedies | None = None


@dataclass(frozen=True)
class PenaltyNotice:
    """What is meant to be imposed, before it is decided (处罚法 44, 45, 63, 64). `hearing` where one is owed."""

    letter: Letter
    found: tuple[str, ...]
    evidence: tuple[str, ...]
    breached: tuple[Citation, ...]
    basis: tuple[Citation, ...]
    proposed: tuple[str, ...]
    statement: Term
    officers: tuple[Officer, ...]
    facts: FactTable | None = None
    hearing: Term | None = None
    calculation: Calculation | None = None


@dataclass(frozen=True)
class ListingNotice:
    """`list_name`: the list meant. `measures`: what being listed brings. `period`: how long, in words.

    The two `_reviewed` say whether the lawyers have passed the period and every one of the measures.
    """

    letter: Letter
    list_name: str
    ground: str
    found: tuple[str, ...]
    basis: tuple[Citation, ...]
    measures: tuple[str, ...]
    period: str
    defence: Term
    facts: FactTable | None = None
    period_reviewed: bool = True
    measures_reviewed: bool = True


@dataclass(frozen=True)
class ListingDecision:
    """`heard`: how notice was given, what was said in defence, and why it was accepted or not."""

    letter: Letter
    list_name: str
    ground: str
    found: tuple[str, ...]
    heard: tuple[str, ...]
    basis: tuple[Citation, ...]
    starts_on: date
    ends_on: date
    published: tuple[str, ...]
    measures: tuple[str, ...]
    repair: tuple[str, ...]
    remedies: Remedies
    facts: FactTable | None = None
    period_reviewed: bool = True
    measures_reviewed: bool = True


@dataclass(frozen=True)
class RemovalDecision:
    """`listed_number` and `listed_on` name the decision that ends. `effects`: what stops, one item each."""

    letter: Letter
    list_name: str
    listed_number: str
    listed_on: date
    reasons: tuple[str, ...]
    basis: tuple[Citation, ...]
    removed_on: date
    effects: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A document handed over."""

    title: str
    number: str
    copies: int = 1


@dataclass(frozen=True)
class Proof:
    """A photo or signature by its SHA-256. `image` holds the bytes of a signature, empty otherwise."""

    label: str
    sha256: str
    image: bytes = b""
    format: str = ""


@dataclass(frozen=True)
class ServedBy:
    """How a document was handed over at the door, as recorded on the spot. Times in words, of the city."""

    way: str
    at: str
    received_at: str
    visit: str
    server: str
    receiver: str = ""
    relation: str = ""
    refused_why: str = ""
    witnesses: str = ""
    remark: str = ""
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class ServiceSlip:
    """送达回证: what is known is printed, the rest stays blank to be filled in by hand."""

    letter: Letter
    case: str
    papers: tuple[Paper, ...]
    place: str = ""
    served: ServedBy | None = None


# --- sheets --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DoorLabel:
    """One label: the premise's code and what it calls the door; no name of a person or employer."""

    premise_code: str
    label: str


@dataclass(frozen=True)
class DoorLabels:
    """Labels of one area to print, cut and stick: eighteen on a page."""

    authority: str
    area_name: str
    printed_on: date
    labels: tuple[DoorLabel, ...]
    sample: bool = False


@dataclass(frozen=True)
class Enrolment:
    """One phone's enrolment. `until`: when the code stops working, as printed."""

    authority: str
    person: str
    role: str
    area_name: str
    code: str
    until: str
    printed_on: date
    sample: bool = False
