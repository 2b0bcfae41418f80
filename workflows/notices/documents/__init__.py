"""What printed documents are made of: plain frozen values, no tables.

The wording common to every document of a kind is in its template (`templates/print/<kind>.typ`);
whatever differs from case to case, and every legal number, comes in here. A value is only ever shown,
never read as markup. The fields of one kind stand in its room (`<room>/documents.py`), once: a field
says by its type how what it is given becomes what is kept (`Lines`, `Clauses`, `Due`, `Officers`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_type_hints

from django.utils.translation import gettext as _

from grid.law.models import Provision
from grid.texts import Text
from workflows.clocks.rules import unit_of

# --- parts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Party:
    """Whom the document addresses. An empty value prints as a dash; a person has no code to print.

    `head`: what whoever represents it is called (经营者), where that is not 法定代表人（负责人）. `project` and `permit`:
    the site it is addressed about, of which it is the general contractor, and the number of its building permit.
    """

    name: str
    code: str
    address: str = ""
    representative: str = ""
    is_person: bool = False
    head: str = ""
    project: str = ""
    permit: str = ""


@dataclass(frozen=True)
class Contact:
    """Where the party turns to. `also`: the line for everybody, beside the desk's own."""

    office: str
    phone: str
    address: str
    person: str = ""
    also: str = ""


@dataclass(frozen=True)
class Letterhead:
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
    """A clause relied on; `text` quotes it. Not `reviewed` shows 待法制审核 beside it in a preview."""

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


def waiting_of(part: object) -> Iterator[str]:
    """What of a document, or of a part of it, no lawyer has passed, as a refusal names it."""
    if isinstance(part, tuple):
        for inner in part:
            yield from waiting_of(inner)
    elif is_dataclass(part):
        for field in fields(part):
            value = getattr(part, field.name)
            if field.name.endswith("reviewed") and value is False:
                yield _waiting_words(part, field.name)
            else:
                yield from waiting_of(value)


def _waiting_words(part: object, name: str) -> str:
    if isinstance(part, Citation):
        return f"《{part.law}》{part.article}"
    if isinstance(part, Term):
        return (_("{n}个工作日的期限") if part.unit == "wd" else _("{n}日的期限")).format(n=part.length)
    if isinstance(part, Remedies):
        return _("复议和诉讼的期限")
    named = {"period_reviewed": _("列入期限"), "measures_reviewed": _("惩戒措施")}
    return named.get(name, _("计算标准"))


# --- fields --------------------------------------------------------------------------------------

_CLAUSE = re.compile(r"《?(?P<law>[^》第 ]+)》?\s*(?P<article>.*)")


# Tables and rows name a law as everybody does; a paper names it in full.
STATUTES = (
    "社会保险法",
    "行政处罚法",
    "行政强制法",
    "行政复议法",
    "行政诉讼法",
    "劳动法",
    "劳动合同法",
    "政府采购法",
)


def citation(clause: str, *, reviewed: bool = True) -> Citation:
    """
    >>> citation("社会保险法第五十七条、第五十八条")
    Citation(law='中华人民共和国社会保险法', article='第五十七条、第五十八条', text='', reviewed=True)
    """
    found = _CLAUSE.fullmatch(clause.strip())
    return (
        Citation(_in_full(found["law"]), found["article"], reviewed=reviewed)
        if found
        else Citation(clause, "", reviewed=reviewed)
    )


def _in_full(law: str) -> str:
    return f"中华人民共和国{law}" if law in STATUTES else law


def cited(clauses: Sequence[str | Citation]) -> tuple[Citation, ...]:
    """Clauses as text or as citations, each once."""
    read = [clause if isinstance(clause, Citation) else citation(clause) for clause in clauses]
    return tuple(dict.fromkeys(read))


def lines(texts: Sequence[Text]) -> tuple[str, ...]:
    """What is said, without the empty ones."""
    return tuple(str(text) for text in texts if str(text).strip())


def lines_or(*texts: Text) -> Callable[[Sequence[Text]], tuple[str, ...]]:
    """What is said, or `texts` where nothing is."""
    return lambda given: lines(given) or lines(texts)


def text_or(text: Text) -> Callable[[str], str]:
    return lambda given: given or str(text)


def term_of(given: Provision | Term) -> Term:
    """The length a row of the law gives."""
    if isinstance(given, Term):
        return given
    unit: Literal["d", "wd"] = "wd" if unit_of(given.unit) == "wd" else "d"
    return Term(int(given.value), unit, given.reviewed)


def _term_or_none(given: Provision | Term | None) -> Term | None:
    return None if given is None else term_of(given)


# What a field may be given; it keeps what the function beside the type makes of it.
Lines = Annotated[Sequence[Text], lines]
Clauses = Annotated[Sequence[str | Citation], cited]
Due = Annotated[Provision | Term, term_of]
MaybeDue = Annotated[Provision | Term | None, _term_or_none]
Officers = Annotated[Sequence[Officer], tuple]


@cache
def _converters(shape: type) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple((name, make) for name, hint in hints.items() for make in getattr(hint, "__metadata__", ()))


@dataclass(frozen=True)
class Document:
    """A numbered document: its head, and below it the fields of its kind, each as its type makes it. `SEALED`: the fields
    that tell of a natural person what the law protects; they are kept encrypted."""

    SEALED: ClassVar[tuple[str, ...]] = ()

    letter: Letterhead

    def __post_init__(self) -> None:
        shape: type = type(self)
        for name, make in _converters(shape):
            object.__setattr__(self, name, make(getattr(self, name)))


# --- the slip of service -------------------------------------------------------------------------


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
class ServiceSlip(Document):
    """送达回证: what is known is printed, the rest stays blank to be filled in by hand."""

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
