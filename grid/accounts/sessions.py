"""Sessions in the database that end by themselves: after so long unused, and at the latest SESSION_COOKIE_AGE after
signing in, however much they are used.

Django would move the end on with every save. Here the row's `expire_date` is the whole truth: a request, the open
pages' socket and the list of one's own sessions all ask it.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.http import HttpRequest

from grid.limits import address_of
from grid.prepared import Given, Prepared

BEGAN = "began"
EVERY = 60.0  # seconds between two notes that a session is in use
SQLITE_WAIT = 100  # ms
MOST_NOTED = 10_000

_noted: dict[str, float] = {}
_lock = threading.Lock()


# Every request asks for one row by its key; its text is built once.
_BY_KEY = Prepared(
    lambda: Session.objects.filter(session_key__one_of=Given("keys")).values_list(
        "session_key", "session_data", "expire_date"
    )
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        for key, data, expires in _BY_KEY(keys=[self.session_key]):
            if expires > datetime.now(UTC):
                return Session(key, data, expires)
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        if SESSION_KEY not in data:
            return super().create_model_instance(data)
        data.setdefault(BEGAN, time.time())
        row = super().create_model_instance(data)
        row.expire_date = ends_at(data[BEGAN])
        return row


def ends_at(began: float) -> datetime:
    """When a session in use now would end."""
    last = began + settings.SESSION_COOKIE_AGE
    idle = settings.SESSION_IDLE_SECONDS
    return datetime.fromtimestamp(min(last, time.time() + idle) if idle else last, UTC)


def note_use(request: HttpRequest) -> None:
    """Somebody works in this session: its end moves on. At most once a minute for each process."""
    session, now = request.session, time.time()
    key, began = session.session_key or "", session.get(BEGAN) or now
    with _lock:
        if now - _noted.get(key, began) < EVERY:
            return
        if len(_noted) > MOST_NOTED:
            _noted.clear()
        _noted[key] = now
    with _not_waiting():
        Session.objects.filter(pk=key, expire_date__gt=datetime.now(UTC)).update(expire_date=ends_at(began))
        _keep_in_list(request, key)


def _keep_in_list(request: HttpRequest, key: str) -> None:
    """Browser, address and time, for the list of one's own sessions."""
    from allauth.usersessions.models import UserSession

    agent = request.headers.get("User-Agent", "")[: UserSession._meta.get_field("user_agent").max_length]
    row = UserSession(user=request.user, session_key=key, ip=address_of(request), user_agent=agent)
    seen = ["ip", "user_agent", "last_seen_at"]
    UserSession.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["session_key"], update_fields=seen
    )


@contextmanager
def _not_waiting() -> Iterator[None]:
    """On SQLite an import may hold the only write lock for seconds: a page that is read does not queue behind it."""
    if connection.vendor != "sqlite":
        yield
        return
    patience = connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT}")
        try:
            yield
        except OperationalError:
            _noted.clear()  # tried again with the next request
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def end(keys: Iterable[str]) -> None:
    Session.objects.filter(pk__in=list(keys)).delete()
