"""What the API answers with: JSON built from our own columns, and refusals as RFC 9457 problem documents."""

import json
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse

from grid import problems
from grid.calendar.now import now
from mobile_api.devices.models import Device

# What every address may answer, whatever is asked of it.
ALWAYS = (problems.MalformedRequest, problems.TooManyRequests, problems.ServerFault, problems.Busy)
OF_ANY_PHONE = (problems.DeviceUnknown,)
OF_LIVE_PHONE = (problems.DeviceUnknown, problems.DeviceRevoked)


def refuses(*kinds: type[problems.Problem]) -> dict[str, Any]:
    """For an operation's `openapi_extra`: the refusals it may answer, beside those of every address."""
    return {"x-problems": sorted({(kind.status, kind.code) for kind in (*ALWAYS, *kinds)})}


def json_answer(body: dict[str, Any] | list[Any], status: int = 200) -> HttpResponse:
    """Built by us from our own columns, so it is not validated a second time on its way out."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(text, content_type="application/json; charset=utf-8", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


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
    if problem.status == 503:
        answer["Retry-After"] = "2"
    return answer


def server_time() -> str:
    return now().astimezone(UTC).isoformat()


def device_of_request(request: HttpRequest) -> Device:
    device: Device = request.auth  # type: ignore[attr-defined]
    return device
