"""The outermost middleware: a number for every request, who asked for what, and one line when it was answered."""

from __future__ import annotations

import logging
import re
import time
from functools import partial
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import empty

from grid.limits import address_of
from mobile_api.devices.models import Device
from project import logs
from project.gate import Handler
from project.health.counting import count

log = logging.getLogger("access")
HEADER: Final = "X-Request-ID"
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_NUMBER: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
# What opens something stands in their addresses (see project.logs.masked).
_WITHOUT_MATTER: Final = frozenset({"v", "openrosa", "phone"})


def access(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.number = _number(request)  # type: ignore[attr-defined]
        began, before = time.perf_counter(), logs.about.set(partial(facts, request))
        try:
            answer = get_response(request)
            answer[HEADER] = request.number  # type: ignore[attr-defined]
            _log(request, answer, time.perf_counter() - began)
        finally:
            logs.about.reset(before)
        return answer

    return middleware


def number_of(request: HttpRequest) -> str:
    """What somebody can quote who met a problem; empty before the first middleware."""
    return getattr(request, "number", "")


def _number(request: HttpRequest) -> str:
    """The proxy's, so that its log and ours speak of the same; a stranger's own is not believed without a proxy."""
    told = request.META.get("HTTP_X_REQUEST_ID", "")
    is_ours = settings.SECURE_PROXY_SSL_HEADER is not None and _WELL_FORMED.fullmatch(told)
    return told if is_ours else uuid4().hex


def facts(request: HttpRequest) -> dict[str, object]:
    """What every line of this request carries, as far as it is known by then. Asks the database nothing."""
    return {
        "request": number_of(request),
        "method": request.method,
        "path": logs.masked(request.path),
        **_who(request),
        **_matter(request),
    }


def _who(request: HttpRequest) -> dict[str, object]:
    if isinstance(device := getattr(request, "auth", None), Device):
        posting = device._state.fields_cache.get("posting")
        person = {"person": posting.person_id} if posting else {}
        return {**person, "posting": device.posting_id, "phone": device.pk}
    user = getattr(request, "_cached_user", None)
    if user is None or user.pk is None:
        return {}
    actor = getattr(getattr(request, "actor", None), "_wrapped", empty)
    held = [] if actor is empty else [post.posting_id for post in actor.held]  # type: ignore[attr-defined]
    return {"person": user.pk, **({"posting": held[0] if len(held) == 1 else held} if held else {})}


def _matter(request: HttpRequest) -> dict[str, str]:
    """`cases/HBW-2026-000042`: the first word of the address, and the first number or code behind it."""
    match = request.resolver_match
    kind = request.path.strip("/").partition("/")[0]
    if match is None or not match.kwargs or kind in _WITHOUT_MATTER:
        return {}
    first = str(next(iter(match.kwargs.values())))
    return {"matter": f"{kind}/{first}"} if _NUMBER.fullmatch(first) else {}


def _log(request: HttpRequest, answer: HttpResponse, seconds: float) -> None:
    told = {
        "status": answer.status_code,
        "ms": round(seconds * 1000, 1),
        "address": address_of(request),
    }
    log.info("answered", extra=told)
    count(request.path_info, answer.status_code, seconds)
