"""The checks of `doctor` and `/readyz`: django-health-check runs them, the rooms ask the questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import redis.asyncio
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _
from health_check.base import HealthCheck, HealthCheckResult
from health_check.contrib.redis import Redis
from health_check.exceptions import HealthCheckException, ServiceUnavailable, ServiceWarning

from grid.health.followers import Question, questions
from project.logs import error_text

_REDIS_SECONDS: Final = 2.0
DATABASE: Final = "database"


@dataclass
class Check(HealthCheck):
    """One question of ours, asked on the thread of whoever asks: a thread of the library's own would open a database
    connection for each question."""

    question: Question = field(repr=False)

    async def run(self) -> None:
        try:
            faults = await sync_to_async(lambda: list(self.question.ask()))()
        except (DatabaseError, InterfaceError) as error:
            faults = [error_text(error)]
        if faults:
            raise (ServiceUnavailable if self.question.is_vital else ServiceWarning)("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    title: str
    is_vital: bool
    fault: str  # empty: well

    @property
    def state(self) -> str:
        return "ok" if not self.fault else "failing" if self.is_vital else "warning"


def findings() -> list[Finding]:
    """Each check's, in the order they were registered. Where the database is away the questions that need it are not
    asked: each would wait for it anew."""
    return async_to_sync(_ask_all)()


async def _ask_all() -> list[Finding]:
    found: list[Finding] = []
    is_away = False
    for question in questions():
        if is_away and question.needs_database:
            fault = str(_("数据库连不上，没有检查"))
        else:
            fault = _fault_in(await Check(question).get_result())
        is_away = is_away or (question.name == DATABASE and bool(fault))
        found.append(Finding(question.name, str(question.title), question.is_vital, fault))
    if settings.REDIS_URL:
        fault = _fault_in(await Redis(client_factory=_redis).get_result())
        found.append(Finding("redis", str(_("Redis")), False, fault))
    return found


def _redis() -> redis.asyncio.Redis:
    return redis.asyncio.from_url(
        settings.REDIS_URL, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
    )


def _fault_in(result: HealthCheckResult) -> str:
    error = result.error
    return "" if error is None else error.message if isinstance(error, HealthCheckException) else str(error)
