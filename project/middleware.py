"""Who is asking, and what a refusal looks like."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from grid import problems
from grid.scope import NOBODY, actor_of

Handler = Callable[[HttpRequest], HttpResponse]


def actor(get_response: Handler) -> Handler:
    """`request.actor`: the signed-in person with the postings held today; looked up only when asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(
            lambda: actor_of(request.user) if request.user.is_authenticated else NOBODY
        )  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class problems_as_pages:
    """A refusal raised anywhere below becomes a page that says what happened and what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        if not isinstance(raised, problems.Problem):
            return None
        shown = {"problem": raised, "back": _sent_from(request)}
        return render(request, "problem.html", shown, status=raised.status)


def _sent_from(request: HttpRequest) -> str:
    """The page a refused form was sent from; empty where nothing was sent, or it came from elsewhere."""
    page = request.META.get("HTTP_REFERER", "") if request.method == "POST" else ""
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else ""
