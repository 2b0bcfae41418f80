"""Where a visit goes on arrival, and which of several visits to one door speaks for it. Pure.

A visit is taken whatever happened meanwhile: no answer of these rules is a refusal
(乌政〔2020〕17号 四(二)2: 检查不漏一户). Only what cannot be read at all is sent back, one by one, elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from grid.codes import ALPHABET

NOBODY_IN: Final = "nobody_in"
# Forms of errands: the visit answers no check task, finds nothing and speaks for no door. What it means is
# decided where the errand belongs (a document served: workflows/notices).
ERRANDS: Final = frozenset({"notice_service"})
_OVER: Final = frozenset({"closed", "withdrawn"})
_SKEW_LIMIT: Final = 2**31 - 1
_CODE_LENGTH: Final = 14
_NEWER: Final = frozenset({"shown", "unlisted", "come_again_on"})


@dataclass(frozen=True, slots=True)
class Photo:
    sha256: str
    size: int
    kind: str
    question: str = ""


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
    shown: Mapping[str, Any] = field(default_factory=dict)
    unlisted: Unlisted | None = None
    come_again_on: date | None = None


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
class Told:
    """A visit's own words, as they are stored."""

    code: str
    form: str
    form_version: str
    answers: Mapping[str, Any]
    shown: Mapping[str, Any]
    replaces: UUID | None


@dataclass(slots=True)
class Earlier:
    """A visit to the same door that is here already. `at` is corrected by its own phone's skew."""

    id: int
    client_id: UUID
    person_id: int
    outcome: str
    at: datetime
    route: str
    claims: UUID | None
    replaced: bool
    # What it said of the door: read where somebody else's visit meets it.
    told: Told | None = None
    # It clashes, and nobody has decided yet.
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a new visit is among those to the same door: it `speaks`, or it clashes, or a later one speaks.

    `merged` are the facts of the door where others were there as well; `ends` the visits that no longer speak.
    """

    speaks: bool
    clash: bool = False
    replaces: Earlier | None = None
    clashes: tuple[str, ...] = ()
    merged: Mapping[str, Any] | None = None
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


def standing_of(arrival: Arrival, person_id: int, at: datetime, earlier: Sequence[Earlier]) -> Standing:
    """Among visits of one person the latest speaks, in whatever order they arrive. What it is among the visits of
    others is told field by field (see tasks.facts)."""
    if arrival.outcome == NOBODY_IN:
        return Standing(speaks=False)
    mine = [one for one in earlier if one.person_id == person_id and one.outcome != NOBODY_IN]
    if any(one.claims == arrival.client_id for one in earlier):
        return Standing(speaks=False)
    named = next((one for one in earlier if one.client_id == arrival.replaces), None)
    if named is None and any((one.at, one.client_id) > (at, arrival.client_id) for one in mine):
        return Standing(speaks=False)
    replaced = named or max(mine, key=lambda one: (one.at, one.client_id), default=None)
    if replaced is None or replaced.replaced:
        return Standing(speaks=True)
    return Standing(speaks=True, replaces=replaced, ends=(replaced.id,))


def meets_others(earlier: Iterable[Earlier], person_id: int, state: str) -> bool:
    """Whether somebody else was at this door and their visit counts. A door that was sent back with a question
    waits for anybody's answer."""
    others = (one for one in earlier if one.person_id != person_id and one.outcome != NOBODY_IN)
    return state in ("visited", "done") and any(others)


def skew_of(phone_time: datetime | None, received_at: datetime) -> int:
    """Seconds the phone's clock runs ahead of ours, at the moment of sending; 0 when it did not say."""
    if phone_time is None:
        return 0
    seconds = int((phone_time - received_at).total_seconds())
    return max(-_SKEW_LIMIT, min(_SKEW_LIMIT, seconds))


def corrected(recorded_at: datetime, skew: int) -> datetime:
    """The phone's time on our clock; a skew past the calendar's end leaves the time as it was told."""
    try:
        return recorded_at - timedelta(seconds=skew)
    except OverflowError:
        return recorded_at


def fingerprint(arrival: Arrival) -> str:
    """SHA-256 of everything the phone said, hex. The same visit sent again has the same one."""
    photos = [(photo.sha256, photo.size, photo.kind) for photo in arrival.photos]
    facts = {name: getattr(arrival, name) for name in Arrival.__slots__} | {"photos": photos}
    # What only newer clients say is left out when it is not said, so that a former visit keeps its fingerprint.
    facts = {name: value for name, value in facts.items() if name not in _NEWER or value}
    if arrival.unlisted:
        facts["unlisted"] = asdict(arrival.unlisted)
    said = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def code_of(client_id: UUID) -> str:
    """The visit's public code, from the phone's own id: a repeat cannot make a second one. 68 bits."""
    number = int.from_bytes(hashlib.sha256(b"visit" + client_id.bytes).digest()[:16])
    chars = []
    for _place in range(_CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        chars.append(ALPHABET[rest])
    return "V" + "".join(chars)


def waves(doors: Sequence[Iterable[Any]]) -> list[list[int]]:
    """Cuts a batch so that no wave touches one door, or names one visit, twice: what a wave decides rests on
    what the waves before it have written. `doors[i]` is what arrival i touches; answers positions in order.
    """
    cut: list[list[int]] = []
    taken: set[Any] = set()
    for place, touched in enumerate(doors):
        if not cut or not taken.isdisjoint(touched):
            cut.append([])
            taken = set()
        cut[-1].append(place)
        taken.update(touched)
    return cut
