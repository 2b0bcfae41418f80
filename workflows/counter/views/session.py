"""Who came in by a code: the session knows the subject it was opened for, and for how long."""

import secrets
from datetime import timedelta

from django.http import HttpRequest

from grid.calendar.now import now
from grid.outside import moment
from workflows.counter.rules import SESSION_MINUTES
from workflows.notices.models import Notice

KEY = "employer"
BROWSER = "window browser"


def browser_of(request: HttpRequest) -> str:
    """What this browser is known by at the window; "" for one that never asked for a code."""
    return str(request.session.get(BROWSER, ""))


def known_browser(request: HttpRequest) -> str:
    """As `browser_of`, and names a browser that has no name yet; the name stays when it comes in."""
    if not browser_of(request):
        request.session[BROWSER] = secrets.token_urlsafe(16)
    return browser_of(request)


def open_session(request: HttpRequest, notice: Notice) -> None:
    """A new session id, so that one planted in the browser before is worth nothing."""
    request.session.cycle_key()
    until = now() + timedelta(minutes=SESSION_MINUTES)
    request.session[KEY] = {"subject": notice.case.subject_id, "until": until.isoformat()}


def is_open(request: HttpRequest, notice: Notice) -> bool:
    """Whether this browser came in for the subject of `notice`, and its time is not over."""
    held = request.session.get(KEY)
    if not held or held["subject"] != notice.case.subject_id:
        return False
    return moment(held["until"]) > now()


def close_session(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
