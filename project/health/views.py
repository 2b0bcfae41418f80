"""For machines that look after this one: is the process alive, can it serve, how is it doing.

Asked every few seconds, by probes that know neither our host name nor a session: the middleware here answers before
anything else, so that a page's machinery is neither needed nor measured.
"""

from __future__ import annotations

import hmac
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import get_resolver
from django.views.decorators.http import require_safe

from grid.problems import NotHere
from project.gate import Handler, refusal
from project.health.asking import findings
from project.health.measuring import exposition

PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_HERE: Final = frozenset({"", "127.0.0.1", "::1"})  # "" is a socket in the file system


def probes(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PROBES:
            return get_response(request)
        found = get_resolver("project.health.urls").resolve(request.path_info)
        answer: HttpResponse = found.func(request)
        answer["Cache-Control"] = "no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        # A system that is not ready has told so; it need not stand in the log with every question.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer

    return middleware


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing is asked of anybody: what it stands on may be away."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 with the names of what fails while this process cannot serve. What is wrong elsewhere is named beside it, and
    fails the answer with `?strict` only: a proxy must not take the pages away because the clock stands still.

    Why something fails is told to this machine alone."""
    found = findings()
    failing = [finding.name for finding in found if finding.state == "failing"]
    warnings = [finding.name for finding in found if finding.state == "warning"]
    is_ready = not failing and not ("strict" in request.GET and warnings)
    facts = {"ready": is_ready, "failing": failing, "warnings": warnings}
    if is_from_here(request):
        facts |= {"why": {finding.name: finding.fault for finding in found if finding.fault}}
    return JsonResponse(facts, status=200 if is_ready else 503, json_dumps_params={"ensure_ascii": False})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus. Where nobody asked for it, or for anybody else, there is nothing here."""
    if not _may_measure(request):
        return refusal(request, NotHere())
    content, kind = exposition()
    return HttpResponse(content, content_type=kind)


def _may_measure(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    token = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return settings.METRICS and is_from_here(request)


def is_from_here(request: HttpRequest) -> bool:
    """Asked on this machine itself: a proxy of ours always says for whom it asks."""
    return request.META.get("REMOTE_ADDR", "") in _HERE and "HTTP_X_FORWARDED_FOR" not in request.META
