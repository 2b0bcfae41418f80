"""The way into /api/v1/ and out of it, shorter than that of the pages.

Phones send a token, no cookie; they show no page of ours, and nothing embeds the answers. Sessions, sign-in, CSRF
tokens, content policies and messages gave their requests nothing and cost each a tenth. What an answer still needs
is done here: a problem document for whatever is wrong, headers, compression.
"""

import gzip
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_resolver

from grid import problems
from mobile_api import problems as mobile_api_problems
from mobile_api.answers import problem_answer

PREFIX = "/api/v1/"
WORTH_PACKING = 1_400  # bytes; smaller ones travel in one packet as they are
LEVEL = 5
Handler = Callable[[HttpRequest], HttpResponse]


def phone_first(get_response: Handler) -> Handler:
    """The first middleware: the API's addresses go no further."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request) if request.path_info.startswith(PREFIX) else get_response(request)

    return middleware


def answer(request: HttpRequest) -> HttpResponse:
    request.get_host()  # raises for a host that is not ours
    try:
        found = get_resolver("mobile_api.urls").resolve(request.path_info)
        request.resolver_match = found
        told = found.func(request, *found.args, **found.kwargs)
    except Http404:
        told = problem_answer(problems.NotHere())
    if told.status_code == 405:
        told = _other_method(told)
    return _finished(request, told)


def _other_method(told: HttpResponse) -> HttpResponse:
    refusal = problem_answer(mobile_api_problems.MethodNotAllowed(allowed=told["Allow"]))
    refusal["Allow"] = told["Allow"]
    return refusal


def _finished(request: HttpRequest, told: HttpResponse) -> HttpResponse:
    if len(told.content) > WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        # BREACH guesses a secret from the length of answers that hold it beside words of the attacker, fetched with
        # the victim's cookie. Here are no cookies, no secret is ever repeated in an answer, and without the token
        # nobody can have one made.
        told.content = gzip.compress(told.content, LEVEL, mtime=0)
        told["Content-Encoding"] = "gzip"
    told.headers.setdefault("Cache-Control", "no-store")
    told["Vary"] = "Accept-Encoding, Authorization"
    told["X-Content-Type-Options"] = "nosniff"
    told["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    if settings.SECURE_HSTS_SECONDS:
        told["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if told.status_code not in (204, 304) and "Content-Length" not in told:
        told["Content-Length"] = str(len(told.content))
    return told
