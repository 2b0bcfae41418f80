"""Before anything else looks at a request: whether its address, its headers and its words can be read at all.

One law for pages, the phone's API, OpenRosa and the live channel. What no honest client sends (NUL and other controls,
a charset of its own, values longer than any search) is refused here, in the form each client understands; so nobody
behind asks again, and SQLite and PostgreSQL answer alike. JSON bodies are read by `mobile_api.bodies`.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from grid import problems
from grid.outside import is_readable
from grid.requests import LONGEST_QUERY, refuse_unreadable_query
from mobile_api.answers import problem_answer
from mobile_api.entry import PREFIX
from mobile_api.openrosa.views import answers as openrosa

Handler = Callable[[HttpRequest], HttpResponse]
Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

LONGEST_PATH: Final = 1_000
OPENROSA: Final = "/openrosa/"
# A number of an address that no table has counted up to. Codes hold letters; a hash may by chance hold none, and has
# 64 places.
_ENDLESS: Final = re.compile(r"(?<![^/])(?![0-9]{64}(?![^/.]))[0-9]{19,}(?![^/.])")
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class _InUtf8(HttpRequest):
    """A request whose query and form are read as UTF-8, whatever its headers say. Django would take any codec of
    Python that a client names, also those that read no text at all, before a middleware saw the request."""

    def _set_content_type_params(self, meta: Mapping[str, object]) -> None:
        kind = str(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = parse_header_parameters(kind)


class PageRequest(_InUtf8, WSGIRequest):
    pass


class AsyncPageRequest(_InUtf8, ASGIRequest):
    pass


def gate(get_response: Handler) -> Handler:
    """The first middleware behind `access`, which counts what is refused here, too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        refused = fault_of(request)
        if refused is not None:
            return refusal(request, refused)
        request.COOKIES = _readable(request.COOKIES)
        return get_response(request)

    return middleware


def fault_of(request: HttpRequest) -> problems.Problem | None:
    """What is wrong with the request line and the headers. The body is not touched."""
    path = request.path_info
    if len(path) > LONGEST_PATH or not is_readable(path) or _ENDLESS.search(path):
        return problems.NotHere()
    charset = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
    if charset not in _CHARSETS:
        return problems.MalformedRequest(faults=_("字符编码应为 UTF-8"))
    # From the environment, not from `request.headers`: that copy would be made now, and views change a header.
    headers = (str(value) for name, value in request.META.items() if name.startswith(("HTTP_", "CONTENT_")))
    if not all(map(is_readable, headers)):
        return problems.MalformedRequest(faults=_("请求头含有无法识别的字符"))
    try:
        refuse_unreadable_query(request)
    except problems.Problem as problem:
        return problem
    return None


def _readable(cookies: Mapping[str, str]) -> dict[str, str]:
    """A quoted cookie spells any character. One that cannot be read counts as not sent: a stranger's cookie for the
    same host must not keep anybody out."""
    return {name: value for name, value in cookies.items() if is_readable(f"{name}{value}")}


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith((PREFIX, OPENROSA))


def refusal(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    """For the client the address is for; a page needs no session, for nothing of the request was believed."""
    if request.path_info.startswith(PREFIX):
        return problem_answer(problem)
    if request.path_info.startswith(OPENROSA):
        return openrosa.headed(openrosa.refusal(problem))
    shown = {"problem": problem, "number": getattr(request, "number", "")}
    answer = HttpResponse(render_to_string("refused.html", shown), status=problem.status)
    if "seconds" in problem.facts:
        answer["Retry-After"] = str(problem.facts["seconds"])
    answer["Cache-Control"] = "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    return answer


# --- the live channel --------------------------------------------------------------------------


def live_gate(application: Application) -> Application:
    """The same for a WebSocket, before its session is looked up: a query that cannot be read closes it; a cookie that
    cannot be read counts as not sent. Its cookies are parsed by then."""

    async def guarded(scope: Scope, receive: Any, send: Any) -> None:
        query = unquote_to_bytes(scope.get("query_string", b"")).decode(errors="replace")
        if len(query) > LONGEST_QUERY or not is_readable(query):
            await send({"type": "websocket.close"})
            return
        await application(scope | {"cookies": _readable(scope["cookies"])}, receive, send)

    return guarded
