"""What an employer may hand in now, until when, and what follows; and how the door to it is guarded."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from grid.outside import is_digits
from workflows.cases.rules import CASE_HEARS

# --- the one-time code -------------------------------------------------------------------------

CODE_DIGITS: Final = 6
CODE_MINUTES: Final = 10
MOST_TRIES: Final = 5
# Asking for a code takes at least as long as sending one does, so that no clock tells whether a phone is on file.
ASKING_SECONDS: Final = 0.2
SESSION_MINUTES: Final = 30
# Codes asked for within an hour. What is nearest to the asker comes first, so that a stranger who holds the document
# uses up his own share and not the employer's: one browser about one employer, one address about one employer (many
# telephones share one), all about one employer, one address about whomever (an office has many employers).
PER_BROWSER: Final = 5
PER_ADDRESS_HERE: Final = 8
PER_EMPLOYER: Final = 15
PER_ADDRESS: Final = 20
WINDOW: Final = timedelta(hours=1)
# And within a day, which bounds what we send to one telephone, and what can be guessed: 40 codes with five tries each
# are 200 tries a day at one in a million, 0.02 % a day and 7 % in a year of asking day and night from four addresses
# at least; from one address 60 tries, 2 % in that year. The employer reads of each of them on its telephone.
PER_ADDRESS_HERE_A_DAY: Final = 12
PER_EMPLOYER_A_DAY: Final = 40
DAY: Final = timedelta(days=1)
KEPT: Final = timedelta(days=7)
# Of one case in a day: more than anybody needs, and less than fills a disk.
MOST_A_DAY: Final = 30


@dataclass(frozen=True)
class Asked:
    """When codes about this employer were asked for within a day: by this browser, from this address, by all."""

    by_browser: Sequence[datetime] = ()
    from_here: Sequence[datetime] = ()
    by_all: Sequence[datetime] = ()


def wait_minutes(
    of_employer: Iterable[datetime], of_address: Iterable[datetime], at: datetime, asked: Asked = Asked()
) -> int:
    """Minutes until another code may be asked for, 0 for now. Times are those of former askings; an asker who came in
    before is not held up by what others asked, and gives no `of_employer` and no `asked.by_all`."""
    waits = [
        _wait(asked.by_browser, PER_BROWSER, at, WINDOW),
        _wait(asked.from_here, PER_ADDRESS_HERE, at, WINDOW),
        _wait(asked.from_here, PER_ADDRESS_HERE_A_DAY, at, DAY),
        _wait(of_employer, PER_EMPLOYER, at, WINDOW),
        _wait(asked.by_all, PER_EMPLOYER_A_DAY, at, DAY),
        _wait(of_address, PER_ADDRESS, at, WINDOW),
    ]
    longest = max(waits)
    return -(-int(longest.total_seconds()) // 60) if longest > timedelta(0) else 0


def _wait(times: Iterable[datetime], most: int, at: datetime, window: timedelta) -> timedelta:
    recent = sorted(time for time in times if time > at - window)
    return recent[-most] + window - at if len(recent) >= most else timedelta(0)


def is_code(text: str) -> bool:
    return len(text) == CODE_DIGITS and is_digits(text)


# --- what may be handed in ---------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A term of the case as far as handing in goes: its last day, and why it is that day; what is handed in within it,
    and in which matter (`clocks.terms.Term`)."""

    kind: str
    started_on: date
    due_on: date
    basis: str
    reviewed: bool
    answered_by: str = ""
    matter: str = ""


@dataclass(frozen=True)
class Standing:
    """Where the employer's matter stands. Empty: there is no such proceeding. `terms`: the newest of each kind."""

    case: str
    inspection: str = ""
    audit: str = ""
    terms: Mapping[str, Term] | None = None
    hearing_owed: bool = False
    is_published: bool = False
    repair_from: date | None = None

    def term(self, answered_by: str, matter: str = "") -> Term | None:
        """The latest begun of the terms within which this is handed in, of one matter or of all."""
        running = (self.terms or {}).values()
        found = [term for term in running if term.answered_by == answered_by and matter in ("", term.matter)]
        return max(found, key=lambda term: (term.started_on, term.due_on), default=None)


@dataclass(frozen=True)
class Offer:
    """Something that may be handed in. `term` None: at any time while it is offered. `not_before`: not yet."""

    kind: str
    term: Term | None = None
    is_late: bool = False
    not_before: date | None = None


# The case asks for correction in these; handing in proof of it stays possible to the end of the case.
ASKING = frozenset({"term", "escalated", "audited", "inspected"})
AFTER = frozenset(
    {
        "penalised",
        "listing_proposed",
        "defence",
        "listing_review",
        "listing_district",
        "listing_city",
        "listing_service",
        "publication",
        "published",
    }
)
# Heard before a listing is decided (国办发〔2020〕49号 四), a penalty is (处罚法 45), an audit's opinion is given.
INSPECTION_HEARS = frozenset({"noticed", "hearing", "legal_review", "collective", "deciding"})


def offers(standing: Standing, today: date) -> list[Offer]:
    """What is lawful to hand in now. What comes late is among it, and says so: it is never turned away."""
    return [
        *_corrections(standing, today),
        *_statements(standing, today),
        *_hearings(standing, today),
        *_appeals(standing, today),
    ]


def _corrections(standing: Standing, today: date) -> list[Offer]:
    if standing.case not in ASKING | AFTER:
        return []
    term = standing.term("correction")
    proof = _offer("correction", term, today)
    return [proof, Offer("commitment")] if standing.case in ASKING else [proof]


def _statements(standing: Standing, today: date) -> list[Offer]:
    """陈述申辩: one window at a time, the one nearest to a decision."""
    if standing.case in CASE_HEARS:
        return [_offer("statement", standing.term("statement", "case"), today)]
    if standing.inspection in INSPECTION_HEARS:
        return [_offer("statement", standing.term("statement", "inspection"), today)]
    if standing.audit == "informed":
        return [_offer("statement", standing.term("statement", "audit"), today)]
    return []


def _hearings(standing: Standing, today: date) -> list[Offer]:
    """听证: where the penalty is one for which it is owed, within five days of the notice (处罚法 63, 64)."""
    if not standing.hearing_owed or standing.inspection not in INSPECTION_HEARS - {"hearing"}:
        return []
    return [_offer("hearing", standing.term("hearing"), today)]


def _appeals(standing: Standing, today: date) -> list[Offer]:
    """Against a public entry: objection at any time, repair from its earliest day on (信用修复管理办法), where it has one:
    what is public for the shortest period leaves by itself."""
    if not standing.is_published:
        return []
    if standing.repair_from is None:
        return [Offer("objection")]
    early = standing.repair_from if standing.repair_from > today else None
    return [Offer("objection"), Offer("repair", not_before=early)]


def _offer(kind: str, term: Term | None, today: date) -> Offer:
    return Offer(kind, term, is_late=term is not None and today > term.due_on)


def offer_of(kind: str, standing: Standing, today: date) -> Offer | None:
    """The offer of one kind where it may be handed in today."""
    found = (offer for offer in offers(standing, today) if offer.kind == kind and offer.not_before is None)
    return next(found, None)


# --- receipts ----------------------------------------------------------------------------------


def content_hash(kind: str, text: str, files: Iterable[str], answered: int = 0) -> str:
    """What makes two submissions the same: kind, words and files, whatever order and blanks they came in, and how many
    of the kind had been answered before."""
    parts = [kind, " ".join(text.split()), sorted(files), answered]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def receipt_code(area: str, year: int, number: int) -> str:
    """
    >>> receipt_code("150302001002001", 2026, 7)
    'SJ-150302-2026-000007'
    """
    return f"SJ-{area[:6]}-{year}-{number:06d}"
