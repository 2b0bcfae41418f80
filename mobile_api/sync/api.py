"""Pull and push: what changed on the phone's doors, and the visits made there."""

from datetime import datetime
from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from grid import outside, problems
from mobile_api.answers import OF_ANY_PHONE, OF_LIVE_PHONE, json_answer, refuses, server_time, tagged_answer
from mobile_api.devices.actions import held_of
from mobile_api.devices.api import PhoneRequest, any_phone, live_phone
from mobile_api.devices.queries.posts import live_postings
from mobile_api.faults import in_words
from mobile_api.form_schemas import FormsOut
from mobile_api.schemas import (
    ChangesOut,
    DoorOut,
    LookupIn,
    LookupOut,
    PushIn,
    PushOut,
)
from mobile_api.sync.actions import take_visits
from mobile_api.sync.queries import paging
from mobile_api.sync.queries.reasons import reasons_for_phones
from mobile_api.sync.rules import LONGEST, PATTERN, read_cursor
from mobile_api.sync.rules.mending import read_visit
from tasks.arrivals.actions.recording import Answer
from tasks.arrivals.queries import candidates
from tasks.arrivals.rules import Unit
from tasks.forms import tables
from tasks.visits.rules import Arrival

LONGEST_PAGE = 500
router = Router()


@router.get(
    "changes", response={200: ChangesOut}, auth=live_phone, openapi_extra=refuses(*OF_LIVE_PHONE, tagged=True)
)
def changes(
    request: PhoneRequest,
    cursor: str = Query(
        "0", pattern=PATTERN, max_length=LONGEST, description="the last answer's; 0 starts over"
    ),
    limit: int = Query(300, ge=1, le=LONGEST_PAGE),
    forms: str = Query(
        "", max_length=2000, description="`code:version` of the forms the phone has by now, by commas"
    ),
    budget: int = Query(
        paging.USUAL_BUDGET,
        ge=paging.SMALLEST_BUDGET,
        le=5_000_000,
        description="bytes of the answer, before compression",
    ),
    outcomes: str | None = Query(
        None,
        max_length=20,
        description="version of the table of outcomes the phone has, empty for none yet; left out by a client without one",
    ),
) -> HttpResponse:
    """What changed on the phone's own doors since `cursor`; ask again while `more`."""
    found = paging.changes(request.auth, read_cursor(cursor), limit, forms.split(","), budget)
    if outcomes is not None and (table := reasons_for_phones())["version"] != outcomes:
        found["outcomes"] = table
    return tagged_answer(request, found)


@router.get(
    "doors/{premise_code}",
    response={200: list[DoorOut]},
    auth=live_phone,
    openapi_extra=refuses(*OF_LIVE_PHONE, problems.NotHere),
)
def doors(request: PhoneRequest, premise_code: str) -> HttpResponse:
    """The phone's own doors behind one label."""
    return json_answer(paging.doors_at(request.auth, premise_code))


@router.get(
    "forms",
    response={200: FormsOut},
    auth=live_phone,
    openapi_extra=refuses(*OF_LIVE_PHONE, tagged=True),
)
def forms(request: HttpRequest) -> HttpResponse:
    """The forms in use, for clients that do not keep them by `changes`."""
    return tagged_answer(request, {"forms": [tables.as_json(form) for form in tables.all_current()]})


@router.post(
    "visits",
    response={200: PushOut},
    auth=any_phone,
    openapi_extra=refuses(*OF_ANY_PHONE, problems.NoRoom, items=("malformed-visit", "client-id-reused")),
)
def visits(request: PhoneRequest, body: PushIn) -> HttpResponse:
    """Takes a batch and answers each visit once; the same visit again changes nothing. Shape of a visit: VisitIn."""
    read = [_read_visit(item) for item in body.visits]
    arrivals = [item for item in read if isinstance(item, Arrival)]
    answers = iter(take_visits(request.auth, arrivals, _moment(body)))
    results = [_result(next(answers)) if isinstance(item, Arrival) else item for item in read]
    return json_answer({"server_time": server_time(), "results": results})


def _read_visit(item: dict[str, Any]) -> Arrival | dict[str, object]:
    try:
        return read_visit(item)
    except pydantic.ValidationError as error:
        message = _("这条走访无法读取：{faults}").format(faults=in_words(error.errors(include_url=False)))
        number = outside.readable(str(item.get("client_id", "")))[:60]
        return _refused(number, "malformed-visit", message)


def _refused(client_id: str, code: str, message: str) -> dict[str, object]:
    return {
        "client_id": client_id, "status": "refused", "route": "normal", "code": code, "message": message,
        "visit": "", "missing_photos": [],
    }  # fmt: skip


def _result(answer: Answer) -> dict[str, object]:
    return {
        "client_id": str(answer.client_id),
        "status": answer.status,
        "route": answer.route,
        "code": answer.code,
        "message": answer.message,
        "visit": answer.visit,
        "missing_photos": list(answer.missing_photos),
    }


def _moment(body: PushIn) -> datetime | None:
    """The phone's clock; one that makes no sense counts as not told, for no visit hangs on it."""
    try:
        return outside.moment(body.phone_time)
    except outside.Unreadable:
        return None


@router.post("lookup", response={200: LookupOut}, auth=live_phone, openapi_extra=refuses(*OF_LIVE_PHONE))
def lookup(request: PhoneRequest, body: LookupIn) -> HttpResponse:
    """Whether a unit found on the street is known already in the phone's own territory."""
    first, *others = live_postings(request.auth)
    also = [posting.area_id for posting in others]
    unit = Unit(body.name, body.credit_code, body.address, body.lng, body.lat)
    return json_answer({"candidates": candidates.lookup(unit, held_of(first), also)})
