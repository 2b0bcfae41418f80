"""Suggestions from phones."""

from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from mobile_api.answers import OF_ANY_PHONE, device_of_request, json_answer, refuses
from mobile_api.devices.actions import acting, held_of
from mobile_api.devices.api import any_phone
from mobile_api.faults import in_words
from mobile_api.suggestions.actions import take_suggestions
from mobile_api.suggestions.schemas import SuggestionIn, SuggestionsIn, SuggestionsOut

router = Router()


@router.post(
    "suggestions", response={200: SuggestionsOut}, auth=any_phone, openapi_extra=refuses(*OF_ANY_PHONE)
)
def suggestions(request: HttpRequest, body: SuggestionsIn) -> HttpResponse:
    """Takes 意见建议 and answers each once; the desk's answer comes with `changes`. Shape of an item: SuggestionIn."""
    posting = device_of_request(request).posting
    read = [_read(item) for item in body.items]
    said = [one.said() for one in read if isinstance(one, SuggestionIn)]
    answers = iter(take_suggestions(said, held_of(posting), by=acting(posting)))
    results = [_result(next(answers)) if isinstance(one, SuggestionIn) else one for one in read]
    return json_answer({"results": results})


def _read(item: dict[str, Any]) -> SuggestionIn | dict[str, Any]:
    try:
        return SuggestionIn.model_validate(item)
    except pydantic.ValidationError as error:
        message = _("这条意见无法读取：{faults}").format(faults=in_words(error.errors(include_url=False)))
        number = str(item.get("client_id", ""))[:60]
        return {"client_id": number, "status": "refused", "code": "malformed-suggestion", "message": message}


def _result(answer: Any) -> dict[str, Any]:
    return {
        "client_id": str(answer.client_id),
        "status": answer.status,
        "code": answer.code,
        "message": answer.message,
    }
