"""What signing in leaves behind, past its term (project/sweeping.py says which, and why). Each answers how many went."""

from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

from grid.accounts.actions import tries
from grid.accounts.models import Reset
from grid.calendar.now import now


def end_old_sessions(before: datetime) -> int:
    ended, _each = Session.objects.filter(expire_date__lt=_by_machine(before)).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return ended


def forget_tries(before: datetime) -> int:
    return tries.forget_old(_by_machine(before))


def _by_machine(before: datetime) -> datetime:
    """Sessions and tries count real time, not the city's: a demo's moved clock ends none and lets nobody through."""
    return datetime.now(UTC) - (now() - before)


def forget_sign_ins(before: datetime) -> int:
    rows = (
        model.objects.filter(attempt_time__lt=before)
        for model in (AccessAttempt, AccessLog, AccessFailureLog)
    )
    return sum(each.delete()[0] for each in rows)


def forget_codes(before: datetime) -> int:
    """Who reset whose password, when and why stays; what was kept of the code itself is of no use any more."""
    return Reset.objects.filter(expires_at__lt=before).exclude(digest="").update(digest="")
