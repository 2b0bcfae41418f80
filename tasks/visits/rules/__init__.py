"""Where a visit goes on arrival, and which of several visits to one door speaks for it. Pure.

A visit is taken whatever happened meanwhile: no answer of these rules is a refusal
(乌政〔2020〕17号 四(二)2: 检查不漏一户). Only what cannot be read at all is sent back, one by one, elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from grid.codes import ALPHABET
from tasks.forms.rules import Answers
from tasks.visits.rules.believing import NEWEST, Counted, Place, Stamp, places

NOBODY_IN: Final = "nobody_in"
# Forms of errands: the visit answers no check task, finds nothing and speaks for no door. What it means is
# decided where the errand belongs (a document served: workflows/notices).
SERVICE: Final = "notice_service"
# "This one is in my grid", of a subject that waits in the pool: see tasks.claims.
CLAIM: Final = "pool_claim"
ERRANDS: Final = frozenset({SERVICE, CLAIM})
_OVER: Final = frozenset({"closed", "withdrawn"})
_CODE_LENGTH: Final = 14
_NEWER: Final = frozenset({"shown", "unlisted", "come_again_on", "grid"})


class Merged(TypedDict):
    """What holds at a door where several were, and from whose visits: see Finding.merged."""

    outcome: str
    answers: Answers
    sources: dict[str, str]


@dataclass(frozen=True, slots=True)
class Photo:
    sha256: str
    size: int
    kind: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class PhotoOrigin:
    """How a photo's bytes came: what its client called the file, the question it answers, and what is odd about it."""

    name: str = ""
    question: str = ""
    came: str = ""


PLAIN_ORIGIN: Final = PhotoOrigin()


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A unit met on the street that the phone knows nothing of, as its worker wrote it down."""

    name: str
    credit_code: str = ""
    address: str = ""
    kind: str = ""
    lng: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a visit that could not be kept as it came. `kind` is one of tasks.visits.rules.marks, `where` the question
    or part, `said` what came, as far as it is not among the answers; `facts` fill the words."""

    kind: str
    where: str = ""
    said: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit as the phone handed it in; `recorded_at` is the phone's own clock."""

    client_id: UUID
    task_id: int | None
    subject_id: int | None
    premise_code: str | None
    form: str
    form_version: str
    outcome: str
    answers: dict[str, Any]
    recorded_at: datetime
    position: dict[str, float] | None
    photos: tuple[Photo, ...]
    replaces: UUID | None
    # question → the value the form stood at when it was opened; a client that does not say sends none.
    shown: Answers = field(default_factory=dict)
    unlisted: Unlisted | None = None
    come_again_on: date | None = None
    # The grid the worker says the door lies in, where nobody knew; empty when nothing is said.
    grid: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What routing needs of the task a visit names."""

    posting_id: int
    area: str
    subject_area: str
    due_on: date
    state: str
    round_state: str


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """What a visit answered, as it is stored."""

    code: str
    form: str
    form_version: str
    answers: Answers
    shown: Answers
    replaces: UUID | None


@dataclass(slots=True)
class Earlier:
    """A visit to the same door that is here already. `at` is the moment it counts as."""

    id: int
    client_id: UUID
    person_id: int
    outcome: str
    at: datetime
    route: str
    claims: UUID | None
    replaced: bool
    # What it said of the door: read where somebody else's visit meets it.
    stored: StoredAnswers | None = None
    # It clashes, and nobody has decided yet.
    waits: bool = False
    # Its phone's time was not believed.
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Precedence:
    """How a new visit relates to those to the same door: it holds (`speaks`), it contradicts one, or a later one holds.

    `merged` are the facts of the door where others were there as well; `ends` the visits that no longer speak.
    """

    speaks: bool
    clash: bool = False
    replaces: Earlier | None = None
    clashes: tuple[str, ...] = ()
    merged: Merged | None = None
    ends: tuple[int, ...] = ()


def route_of(task: TaskFacts, posting_id: int, received_on: date) -> str:
    """The route of a visit to a known task; the first reason that applies wins, the gravest first."""
    if task.round_state in _OVER or task.state == "cancelled":
        return "closed_round"
    if task.area != task.subject_area:
        return "recut"
    if task.posting_id != posting_id:
        return "handed_over"
    return "late" if received_on > task.due_on else "normal"


def precedence_of(
    arrival: Arrival, person_id: int, word: Counted, earlier: Sequence[Earlier], nth: int = NEWEST
) -> Precedence:
    """Among visits of one person the latest speaks (see believing.places). What it is among the visits of others is
    told field by field (see tasks.facts). `nth` is the order of its arrival."""
    if arrival.outcome == NOBODY_IN:
        return Precedence(speaks=False)
    mine = {
        visit.client_id: visit
        for visit in earlier
        if visit.person_id == person_id and visit.outcome != NOBODY_IN
    }
    if any(visit.claims == arrival.client_id for visit in earlier):
        return Precedence(speaks=False)
    named = next((visit for visit in earlier if visit.client_id == arrival.replaces), None)
    stands = placed(arrival.client_id, word, nth, earlier)
    last = max(mine, key=stands.__getitem__, default=None)
    if named is None and last is not None and stands[last] > stands[arrival.client_id]:
        return Precedence(speaks=False)
    replaced = named or (mine[last] if last else None)
    if replaced is None or replaced.replaced:
        return Precedence(speaks=True)
    return Precedence(speaks=True, replaces=replaced, ends=(replaced.id,))


def placed(key: UUID, word: Counted, nth: int, earlier: Iterable[Earlier]) -> dict[UUID, Place]:
    """The places of a visit and of those that are here already."""
    here = (Stamp(visit.client_id, visit.at, visit.id, visit.doubted) for visit in earlier)
    return places([*here, Stamp(key, word.at, nth, bool(word.doubt))])


def meets_others(earlier: Iterable[Earlier], person_id: int, state: str) -> bool:
    """Whether somebody else was at this door and their visit counts. A door that was sent back with a question
    waits for anybody's answer."""
    others = (visit for visit in earlier if visit.person_id != person_id and visit.outcome != NOBODY_IN)
    return state in ("visited", "done") and any(others)


def fingerprint(arrival: Arrival) -> str:
    """SHA-256 of everything the phone said, hex. The same visit sent again has the same one."""
    photos = [(photo.sha256, photo.size, photo.kind) for photo in arrival.photos]
    facts = {name: getattr(arrival, name) for name in Arrival.__slots__} | {"photos": photos}
    del facts["marks"]  # our word about it, not the phone's
    # What only newer clients say is left out when it is not said, so that a former visit keeps its fingerprint.
    facts = {name: value for name, value in facts.items() if name not in _NEWER or value}
    if arrival.unlisted:
        facts["unlisted"] = asdict(arrival.unlisted)
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def code_of(client_id: UUID) -> str:
    """The visit's public code, from the phone's own id: a repeat cannot make a second one. 68 bits."""
    number = int.from_bytes(hashlib.sha256(b"visit" + client_id.bytes).digest()[:16])
    chars = []
    for _place in range(_CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        chars.append(ALPHABET[rest])
    return "V" + "".join(chars)


def waves(doors: Sequence[Iterable[object]]) -> list[list[int]]:
    """Cuts a batch so that no wave touches one door, or names one visit, twice: what a wave decides rests on
    what the waves before it have written. `doors[i]` is what arrival i touches; answers positions in order.
    """
    cut: list[list[int]] = []
    taken: set[object] = set()
    for place, touched in enumerate(doors):
        if not cut or not taken.isdisjoint(touched):
            cut.append([])
            taken = set()
        cut[-1].append(place)
        taken.update(touched)
    return cut
