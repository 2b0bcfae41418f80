"""What stands between signing in and the desk: a password of one's own, a second factor, a session in use.

One place for every page, file, export and act of the desk; `/live/` asks the same question (project/live.py). The
phone's API knows no sessions and does not come by here.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from grid.accounts import problems as accounts_problems
from grid.accounts import queries
from grid.accounts.sessions import note_use
from grid.limits import STEP, Count, address_of
from project import problems as project_problems
from project.middleware import problem_page

Handler = Callable[[HttpRequest], HttpResponse]

ACCOUNTS: Final = "/accounts/"
# The pages by which one gets past, what holds nothing of the desk, and what a phone in the same browser needs.
OPEN: Final = (ACCOUNTS, settings.STATIC_URL, "/source/", "/phone", "/openrosa/")
CHANGE: Final = "account_change_password"
# With a password somebody else knows not even a second factor is set up: it would be theirs.
OPEN_WITH_GIVEN: Final = (
    "/accounts/password/change/",
    "/accounts/logout/",
    *(path for path in OPEN if path != ACCOUNTS),
)
# Forms sent to the account pages by strangers, in a minute from one address: each costs a slow hash. A multiple of STEP.
KNOCKS: Final = 30 * STEP

_count = Count()


def admission(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return _knocks_too_often(request) or _session_ended(request, get_response(request))
        if is_by_hand(request):
            note_use(request)
        return _stopped(request) or get_response(request)

    return middleware


def is_by_hand(request: HttpRequest) -> bool:
    """Whether a person asked. Parts of a page that fetch themselves again say nothing of anybody being there."""
    return "HX-Request" not in request.headers or "X-By-Hand" in request.headers


def _stopped(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith(OPEN_WITH_GIVEN):
        return None
    obstacle = queries.obstacle(request.user)  # type: ignore[arg-type]
    if obstacle is None or (
        obstacle is accounts_problems.SecondFactorMissing and request.path.startswith(OPEN)
    ):
        return None
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return redirect(CHANGE if obstacle is accounts_problems.PasswordToChange else "account")
    return problem_page(request, obstacle())


def _knocks_too_often(request: HttpRequest) -> HttpResponse | None:
    if request.method != "POST" or not request.path.startswith(ACCOUNTS):
        return None
    seconds = _count.take(f"{address_of(request)}:accounts", KNOCKS)
    return problem_page(request, project_problems.TooManySignIns(seconds=seconds)) if seconds else None


def _session_ended(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Whose session ended over a form is not sent away from it; and no part of a page is replaced by a sign-in form."""
    had_one = settings.SESSION_COOKIE_NAME in request.COOKIES
    if answer.status_code != 302 or not answer["Location"].startswith(settings.LOGIN_URL) or not had_one:
        return answer
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    if request.method == "POST" and not request.path.startswith(ACCOUNTS):
        return problem_page(request, project_problems.SessionEnded())
    return answer
