"""What the API answers with: JSON built from our own columns, and refusals as RFC 9457 problem documents."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from grid import problems
from grid.calendar.now import now
from mobile_api import problems as mobile_api_problems

JSON = "application/json; charset=utf-8"
Kinds = tuple[type[problems.Problem], ...]
# What every address may answer, whatever is asked of it.
ALWAYS: Kinds = (
    problems.MalformedRequest,
    mobile_api_problems.RequestTooLarge,
    problems.ServerFault,
    problems.Busy,
    problems.DatabaseAway,
    problems.SchemaBehind,
)
OF_ANY_PHONE: Kinds = (
    mobile_api_problems.DeviceUnknown,
    mobile_api_problems.DeviceClosed,
    mobile_api_problems.TooManyRequests,
)
OF_LIVE_PHONE: Kinds = (*OF_ANY_PHONE, mobile_api_problems.DeviceRevoked)


def refuses(*kinds: type[problems.Problem], **more: object) -> dict[str, object]:
    """For an operation's `openapi_extra`: the refusals it may answer, beside those of every address. `tagged`: its
    answer has an ETag; `headers`: those of tus it asks for; `piece`: its body is a piece of a file; `items`: the
    codes under which one item of a batch may be refused in a good answer."""
    told = sorted({(kind.status, kind.code) for kind in (*ALWAYS, *kinds)})
    return {"x-problems": told, **{f"x-{name}": value for name, value in more.items()}}


def json_answer(body: Mapping[str, object] | Sequence[object], status: int = 200) -> HttpResponse:
    """Built by us from our own columns, so it is not validated a second time on its way out."""
    # What cannot be encoded was mended on its way in; should any be left, a "?" is better than no answer at all.
    answer = HttpResponse(_text(body).encode(errors="replace"), content_type=JSON, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def tagged_answer(request: HttpRequest, body: Mapping[str, object]) -> HttpResponse:
    """`body` and the server's time; or 304 when all but the time is what the client has already (If-None-Match).

    The tag is weak, for the time differs. Browsers keep nothing of it (no-store): what lies on a phone is encrypted
    by the app, and a browser's own cache would lie beside it in the clear.
    """
    text = _text(body)
    tag = f'W/"{blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()}"'
    if is_known(request, tag):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    else:
        whole = f'{text[:-1]},"server_time":"{server_time()}"}}'
        answer = HttpResponse(whole.encode(errors="replace"), content_type=JSON)
    answer["Cache-Control"] = "no-store"
    answer["ETag"] = tag
    return answer


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether If-None-Match names it; compared weakly, as RFC 9110 13.1.2 asks."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag.removeprefix("W/") in {etag.removeprefix("W/") for etag in known}


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def problem_answer(problem: problems.Problem) -> HttpResponse:
    body = {
        "type": f"/problems/{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "advice": str(problem.advice),
    }
    answer = json_answer(body, problem.status)
    answer["Content-Type"] = "application/problem+json"
    if problem.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if "seconds" in problem.facts or problem.status == 503:
        answer["Retry-After"] = str(problem.facts.get("seconds", 2))
    # A refusal is no fault, and a fault was logged where it happened: Django would do so again, at each request.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def server_time() -> str:
    return now().astimezone(UTC).isoformat()
