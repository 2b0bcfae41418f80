"""Who came in by a code: the session knows the subject it was opened for, and for how long."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from grid.calendar.now import now
from workflows.counter.rules import SESSION_MINUTES
from workflows.notices.models import Notice

KEY = "employer"


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
    return datetime.fromisoformat(held["until"]) > now()


def close_session(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
