"""The phone's API, /api/v1/: its rooms put together, and what a refusal looks like."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from grid import problems
from grid.outages import outage_of
from mobile_api import problems as mobile_api_problems
from mobile_api.answers import problem_answer
from mobile_api.bodies import Bodies
from mobile_api.devices.api import router as devices
from mobile_api.faults import in_words
from mobile_api.suggestions.api import router as suggestions
from mobile_api.sync.api import router as sync
from mobile_api.sync.pool.api import router as pool
from mobile_api.uploads import problems as uploads_problems
from mobile_api.uploads.api import TUS
from mobile_api.uploads.api import router as uploads

log = logging.getLogger(__name__)


api = NinjaAPI(
    title="网格走访",
    version="1.1.0",
    description="Phones pull their doors, push visits in batches and upload photos (tus 1.0). "
    "Every refusal is a problem document; its `code` never changes.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=Bodies(),
)
for router in (devices, sync, pool, suggestions, uploads):
    api.add_router("", router)


# --- refusals ----------------------------------------------------------------------------------------


@api.exception_handler(problems.Problem)
def _on_problem(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    answer = problem_answer(problem)
    if isinstance(problem, uploads_problems.TusVersion):
        answer["Tus-Version"] = TUS
    return answer


@api.exception_handler(ValidationError)
def _on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_answer(problems.MalformedRequest(faults=in_words(error.errors, skip=2)))


@api.exception_handler(AuthenticationError)
def _on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_answer(mobile_api_problems.DeviceUnknown())


@api.exception_handler(HttpError)
def _on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """ninja's own refusal: a body that is no JSON."""
    return problem_answer(problems.MalformedRequest(faults=_("不是有效的 JSON")))


@api.exception_handler(RequestDataTooBig)
def _on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return problem_answer(mobile_api_problems.RequestTooLarge(limit=limit))


@api.exception_handler(UnreadablePostError)
def _on_broken_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    """The connection is gone, and nobody reads the answer."""
    return problem_answer(problems.MalformedRequest(faults=_("请求没有传完")))


@api.exception_handler(Exception)
def _on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    if outage := outage_of(error):
        return problem_answer(outage)
    log.exception("fault in %s %s", request.method, request.path)
    return problem_answer(problems.ServerFault())
