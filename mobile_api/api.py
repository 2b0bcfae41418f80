"""The phone's API, /api/v1/: its rooms put together, its refusals, and its published document."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from grid import problems
from mobile_api.answers import problem_answer
from mobile_api.devices.api import router as devices
from mobile_api.faults import in_words
from mobile_api.suggestions.api import router as suggestions
from mobile_api.suggestions.schemas import SuggestionIn
from mobile_api.sync.api import router as sync
from mobile_api.sync.schemas import ProblemOut, VisitIn
from mobile_api.uploads.api import TUS
from mobile_api.uploads.api import router as uploads

log = logging.getLogger(__name__)
api = NinjaAPI(
    title="网格走访",
    version="1",
    description="Phones pull their doors, push visits in batches and upload photos (tus 1.0). "
    "Every refusal is a problem document; its `code` never changes.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for router in (devices, sync, suggestions, uploads):
    api.add_router("", router)


# --- refusals ----------------------------------------------------------------------------------------


@api.exception_handler(problems.Problem)
def _on_problem(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    answer = problem_answer(problem)
    if isinstance(problem, problems.TusVersion):
        answer["Tus-Version"] = TUS
    return answer


@api.exception_handler(ValidationError)
def _on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_answer(problems.MalformedRequest(faults=in_words(error.errors, skip=2)))


@api.exception_handler(AuthenticationError)
def _on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_answer(problems.DeviceUnknown())


@api.exception_handler(HttpError)
def _on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """ninja's own refusal: a body that is no JSON."""
    return problem_answer(problems.MalformedRequest(faults=_("不是有效的 JSON")))


@api.exception_handler(RequestDataTooBig)
def _on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return problem_answer(problems.RequestTooLarge(limit=limit))


@api.exception_handler(UnreadablePostError)
def _on_broken_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    """The connection is gone, and nobody reads the answer."""
    return problem_answer(problems.MalformedRequest(faults=_("请求没有传完")))


@api.exception_handler(Exception)
def _on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("fault in %s %s", request.method, request.path)
    return problem_answer(problems.ServerFault())


# --- the published document --------------------------------------------------------------------------

# Items of a batch are read one by one, not by ninja, so their shapes are put in here: (batch, its list, item).
ITEMS = (("PushIn", "visits", VisitIn), ("SuggestionsIn", "items", SuggestionIn))


def published() -> dict[str, Any]:
    """The document of the API as it is: OpenAPI 3.1 with every operation's refusals by their codes."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    shapes = schema["components"]["schemas"]
    for batch, name, item in (*ITEMS, ("", "", ProblemOut)):
        shape = item.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes.update(shape.pop("$defs", {}))
        shapes[item.__name__] = shape
        if batch:
            shapes[batch]["properties"][name]["items"] = {"$ref": f"#/components/schemas/{item.__name__}"}
    for operation in (one for path in schema["paths"].values() for one in path.values()):
        _tell_refusals(operation)
    return schema


def _tell_refusals(operation: dict[str, Any]) -> None:
    codes: dict[int, list[str]] = {}
    for status, code in operation.pop("x-problems", ()):
        codes.setdefault(status, []).append(code)
    for status, possible in codes.items():
        shape = {
            "allOf": [{"$ref": "#/components/schemas/ProblemOut"}],
            "properties": {"status": {"const": status}, "code": {"enum": possible}},
        }
        operation["responses"][str(status)] = {
            "description": " · ".join(possible),
            "content": {"application/problem+json": {"schema": shape}},
        }
