"""Suggestions from phones."""

from collections.abc import Sequence
from typing import Any

import pydantic
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from grid.outside import readable
from mobile_api.answers import OF_ANY_PHONE, json_answer, refuses
from mobile_api.devices.actions import acting, held_of
from mobile_api.devices.api import PhoneRequest, any_phone
from mobile_api.devices.models import Device
from mobile_api.devices.queries import warrant_of
from mobile_api.devices.queries.posts import Speech, by_posting, postings_of
from mobile_api.faults import in_words
from mobile_api.suggestions.actions import Answer, NewSuggestion, take_suggestions
from mobile_api.suggestions.api.schemas import SuggestionIn, SuggestionsIn, SuggestionsOut

router = Router()


@router.post(
    "suggestions",
    response={200: SuggestionsOut},
    auth=any_phone,
    openapi_extra=refuses(*OF_ANY_PHONE, items=("malformed-suggestion", "client-id-reused")),
)
def suggestions(request: PhoneRequest, body: SuggestionsIn) -> HttpResponse:
    """Takes 意见建议 and answers each once; the desk's answer comes with `changes`. Shape of an item: SuggestionIn."""
    device = request.auth
    read = [_read(item) for item in body.items]
    said = [item.said() for item in read if isinstance(item, SuggestionIn)]
    answers = iter(_taken(device, said))
    results = [_result(next(answers)) if isinstance(item, SuggestionIn) else item for item in read]
    return json_answer({"results": results})


def _taken(device: Device, said: Sequence[NewSuggestion]) -> list[Answer]:
    """Each under the posting it is about, with that one's authority."""
    answers: dict[int, Answer] = {}
    about = [Speech(suggestion.task_id, None) for suggestion in said]
    for posting, places in by_posting(device.posting, postings_of(device), about):
        part = [said[place] for place in places]
        warrant = warrant_of(device, min(suggestion.written_at for suggestion in part), posting)
        given = take_suggestions(part, held_of(posting), by=acting(posting), warrant=warrant)
        answers |= dict(zip(places, given, strict=True))
    return [answers[place] for place in range(len(said))]


def _read(item: dict[str, Any]) -> SuggestionIn | dict[str, object]:
    try:
        return SuggestionIn.model_validate(item)
    except pydantic.ValidationError as error:
        message = _("这条意见无法读取：{faults}").format(faults=in_words(error.errors(include_url=False)))
        number = readable(str(item.get("client_id", "")))[:60]
        return {"client_id": number, "status": "refused", "code": "malformed-suggestion", "message": message}


def _result(answer: Answer) -> dict[str, object]:
    return {
        "client_id": str(answer.client_id),
        "status": answer.status,
        "code": answer.code,
        "message": answer.message,
    }
