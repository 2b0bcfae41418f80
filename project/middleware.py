"""Who is asking, and what a refusal looks like."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from grid import problems
from grid.keeping import is_disk_full
from grid.requests import refuse_unreadable
from grid.scope import NOBODY
from grid.territory.queries import actor_of
from project.gate import Handler


def actor(get_response: Handler) -> Handler:
    """`request.actor`: the signed-in person with the postings held today; looked up only when asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: actor_of(request.user) if request.user.is_authenticated else NOBODY
        )
        return get_response(request)

    return middleware


class problems_as_pages:
    """A refusal raised anywhere below becomes a page that says what happened and what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        if is_disk_full(raised):
            return problem_page(request, problems.NoRoom())
        return problem_page(request, raised) if isinstance(raised, problems.Problem) else None


class readable_forms:
    """A form that cannot be read, or not be kept by every database, is refused before anybody looks into it. Views
    that look at a request before they have its body read (they are exempt from the token's check) ask by themselves."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, facts: object
    ) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            refuse_unreadable(request)
        except problems.Problem as refused:
            return problem_page(request, refused)
        return None


def kept_by_nobody(get_response: Handler) -> Handler:
    """Nothing of the desk's stays in a browser's or a proxy's store, unless its view says that anybody may keep it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    return middleware


def problem_page(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    shown = {"problem": problem, "back": _sent_from(request), "number": getattr(request, "number", "")}
    answer = render(request, "problem.html", shown, status=problem.status)
    if "seconds" in problem.facts:
        answer["Retry-After"] = str(problem.facts["seconds"])
    return answer


def _sent_from(request: HttpRequest) -> str:
    """The page a refused form was sent from; empty where nothing was sent, or it came from elsewhere."""
    page = request.META.get("HTTP_REFERER", "") if request.method == "POST" else ""
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else ""
