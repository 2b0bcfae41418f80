"""What phones send and get: the shapes published in the OpenAPI document."""

import math
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from grid import outside
from mobile_api.form_schemas import FormOut, OutcomesOut
from tasks.visits.models import Outcome, Route
from tasks.visits.rules import Arrival, Photo, Unlisted

LARGEST_PHOTO = 20 * 1024 * 1024
LONGEST_BATCH = 200
# What is taken as it is. A form asks for less (see tasks.forms.rules) and the reviewer sees where it was exceeded;
# what goes beyond these is kept beside the answers and marked (see mending).
LONGEST_TEXT = 20_000
MOST_ITEMS = 500
MOST_ANSWERS = 200
MOST_IN_ITEM = 40
MOST_PHOTOS = 100
_BIGGEST_ID = 2**63 - 1
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_EXACT = 2**53  # beyond it a phone's own arithmetic is wrong; kept as text


def _clean(value: object) -> object:
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > _EXACT:
        return str(value)
    return value


def _in_our_time(moment: datetime) -> datetime:
    """In UTC. A clock gone mad must not cost the visit: a year 9999 has no date in the city, and no page could show
    it. A zone that does not exist comes from no phone, and is refused."""
    return min(max(outside.in_utc(moment), _EARLIEST), _LATEST)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Id = Annotated[int, Field(ge=1, le=_BIGGEST_ID)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Plain = bool | int | float | Words | list[Words] | None
# A position, or one item of a repeat: flat, so that a broken phone cannot send a tree without end.
Flat = Annotated[dict[Name, Plain | dict[Name, int | float | None]], Field(max_length=MOST_IN_ITEM)]
Items = Annotated[list[Flat], Field(max_length=MOST_ITEMS)]
Given = Annotated[Plain | Flat | Items, AfterValidator(_clean)]
Short = Annotated[str, StringConstraints(max_length=20)]
Word = Annotated[str, StringConstraints(max_length=64)]
Kind = Annotated[str, StringConstraints(max_length=30)]
Code = Annotated[str, StringConstraints(max_length=40)]
Label = Annotated[str, StringConstraints(max_length=200)]


OutcomeName = Literal[
    "done", "refused", "closed", "moved", "not_found", "nobody_in", "not_a_subject", "unclear"
]
assert set(get_args(OutcomeName)) == set(Outcome.values)


class PhotoIn(BaseModel):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1, le=LARGEST_PHOTO)]
    kind: Kind
    question: Name | None = None


class PositionIn(BaseModel):
    lng: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0


class UnlistedIn(BaseModel):
    """A unit found on the street that no register knows: it becomes a candidate, never a subject by itself."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    credit_code: Annotated[str, StringConstraints(max_length=30)] = ""
    address: Annotated[str, StringConstraints(max_length=300)] = ""
    kind: Kind = ""
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None


class VisitIn(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    client_id: UUID
    task_id: Id | None = None
    subject_id: Id | None = None
    premise_code: Word | None = None
    form: Code
    form_version: Short
    outcome: OutcomeName
    answers: Annotated[dict[Name, Given], Field(max_length=MOST_ANSWERS)]
    recorded_at: Moment
    position: PositionIn | None = None
    photos: Annotated[list[PhotoIn], Field(max_length=MOST_PHOTOS)] = []
    replaces: UUID | None = None
    unlisted: UnlistedIn | None = None
    come_again_on: date | None = None
    # In which grid a door without one lies, by the word of whoever stands before it.
    grid: Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$")] | None = None
    # question → the value the form stood at when it was opened.
    shown: Annotated[dict[Name, Given], Field(max_length=MOST_ANSWERS)] = {}

    def arrival(self) -> Arrival:
        return Arrival(
            client_id=self.client_id,
            task_id=self.task_id,
            subject_id=self.subject_id,
            premise_code=self.premise_code,
            form=self.form,
            form_version=self.form_version,
            outcome=self.outcome,
            answers=self.answers,
            recorded_at=self.recorded_at,
            position=self.position.model_dump() if self.position else None,
            photos=tuple(
                Photo(photo.sha256, photo.size, photo.kind, photo.question or "") for photo in self.photos
            ),
            replaces=self.replaces,
            shown=self.shown,
            unlisted=Unlisted(**self.unlisted.model_dump()) if self.unlisted else None,
            come_again_on=self.come_again_on,
            grid=self.grid or "",
        )


def _object(item: object) -> object:
    """What is no object is a visit without a number, refused alone like one."""
    return item if isinstance(item, dict) else {}


class PushIn(Schema):
    """Visits are read one by one, so that a single broken one is refused alone (see VisitIn for their shape)."""

    visits: Annotated[
        list[Annotated[dict[str, Any], BeforeValidator(_object)]], Field(max_length=LONGEST_BATCH)
    ]
    phone_time: Any = None


class VisitOut(Schema):
    client_id: str
    status: Literal["accepted", "repeated", "refused"]
    route: str = Route.NORMAL.value
    code: str = ""
    message: str = ""
    visit: str = ""
    missing_photos: list[str] = []


class PushOut(Schema):
    server_time: datetime
    results: list[VisitOut]


class EnrolIn(Schema):
    code: Annotated[str, StringConstraints(max_length=40)]
    label: Label = ""
    app_version: Code = ""


class PersonOut(Schema):
    name: str


class PostingOut(Schema):
    id: int
    role: str
    area: str
    area_name: str


class EnrolOut(Schema):
    """One enrolment serves every field posting of its person: `posting` is the one whose code was shown."""

    token: str
    person: PersonOut
    posting: PostingOut
    postings: list[PostingOut]
    server_time: datetime


class DeviceOut(Schema):
    id: int
    label: str
    enrolled_at: datetime


class MeOut(Schema):
    person: PersonOut
    posting: PostingOut
    postings: list[PostingOut]
    device: DeviceOut
    server_time: datetime


class PrefillOut(Schema):
    value: Any
    source: str
    as_of: str


class FormerOut(Schema):
    """The visit a returned door is about; the answer to the question replaces it."""

    client_id: str
    by: str
    recorded_at: str
    outcome: str
    answers: dict[str, Any]


class ReturnedOut(Schema):
    question_text: str
    questions: list[str]
    by: str
    at: str
    former: FormerOut | None = None


class RoundOut(Schema):
    code: str
    title: str


class SubjectOut(Schema):
    id: int
    kind: str
    kind_label: str
    name: str
    credit_code: str
    address: str
    industry: str
    initials: str = ""


class PremiseOut(Schema):
    code: str
    label: str
    lng: float | None
    lat: float | None


class NoticeOut(Schema):
    """An issued document of this subject whose service is asked of the grid worker."""

    number: str
    kind: str
    kind_label: str
    title: str
    text: list[str]
    issued_on: str
    url: str
    case: str
    ways: list[str]


class DoorOut(Schema):
    task_id: int
    state: Literal["open", "returned", "done"]
    due_on: str
    overdue: bool
    why: str
    round: RoundOut
    subject: SubjectOut
    premise: PremiseOut | None
    area: str
    area_name: str
    form: str
    prefill: dict[str, PrefillOut]
    returned: ReturnedOut | None
    notices: list[NoticeOut] = []
    form_version: str = ""
    come_again_on: str | None = None
    reminded: bool = False  # its round ends in a few days


class LookupIn(Schema):
    """What the worker sees of a unit on the street; any part may be missing."""

    name: Label = ""
    credit_code: Code = ""
    address: Annotated[str, StringConstraints(max_length=300)] = ""
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None


class CandidateOut(Schema):
    """A unit that may be the same: a subject, or (without id) what another worker found."""

    subject_id: int | None
    name: str
    credit_code: str
    address: str
    area_name: str
    same: list[Literal["name", "code", "address"]]


class LookupOut(Schema):
    candidates: list[CandidateOut]


class GridOut(Schema):
    code: str
    name: str
    outline: Any


class SuggestionOut(Schema):
    """A suggestion of the phone's person as it stands now."""

    client_id: str
    text: str
    state: Literal["open", "answered"]
    answer: str
    by: str
    at: str | None


class ChangesOut(Schema):
    cursor: int | str
    fresh: bool
    more: bool
    server_time: datetime
    doors: list[DoorOut]
    gone: list[int]
    forms: list[FormOut] = []
    grids: list[GridOut] = []
    # The postings whose doors the phone shows as its own; when they are not those it knew.
    postings: list[PostingOut] = []
    suggestions: list[SuggestionOut] = []
    # Weekends and holidays of the coming 60 days; with the first page, and with forms or grids.
    days_off: list[str] = []
    # The table of outcomes, where it is not the one the phone has.
    outcomes: OutcomesOut | None = None


class ProblemOut(Schema):
    """RFC 9457; `code` is stable, the texts may change."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str = ""
