"""The numbers that say how the whole is doing; alarms and the board in deploy/watch/ are made of them."""

from __future__ import annotations

import math
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from grid.calendar.now import now, today
from grid.health import rules
from grid.health.followers import Measure
from grid.health.queries import processes
from grid.ledger.models import Entry, SealState
from grid.watch.queries import open_alarms
from mobile_api.devices.models import Device
from project.backup import reports
from project.health import certificate
from workflows.clocks.actions import due_clocks
from workflows.clocks.models import Snag
from workflows.reminders.models import Message, MessageState

KINDS: Final = ("clock", "work")
DAY: Final = timedelta(days=1)
SILENT: Final = timedelta(days=7)


def _age(moment: datetime | None, at: datetime) -> float:
    return max((at - moment).total_seconds(), 0.0) if moment else 0.0


def jobs() -> dict[str, float]:
    """`failed`: within a day, for a job that failed stays in its table until it is swept."""
    recent = ~Q(status=TaskResultStatus.FAILED) | Q(finished_at__gte=datetime.now(UTC) - DAY)
    rows = DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).filter(recent)
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return {status.lower(): counts.get(status, 0) for status in ("READY", "RUNNING", "FAILED")}


def oldest_job() -> float:
    """Since when the job that has waited longest could have begun."""
    at = datetime.now(UTC)
    since = Case(When(run_after__lte=at, then=F("run_after")), default=F("enqueued_at"))
    return _age(DBTaskResult.objects.ready().order_by().aggregate(since=Min(since))["since"], at)


def sealing_lag() -> float:
    low = SealState.objects.filter(pk=1).values("low")
    waiting: QuerySet[Entry] = Entry.objects.filter(leaf=None)
    if state := low.first():
        waiting = waiting.filter(pk__gt=state["low"])
    return _age(waiting.order_by("pk").values_list("at", flat=True).first(), now())


def overdue_clocks() -> float:
    return due_clocks().count()


def snags() -> dict[str, float]:
    return dict(Snag.objects.filter(gone_at=None).order_by().values_list("kind").annotate(Count("pk")))


def ledger_alarms() -> float:
    return open_alarms().count()


def _unsent() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.QUEUED)


def unsent_messages() -> float:
    return _unsent().count()


def oldest_message() -> float:
    return _age(_unsent().aggregate(since=Min("queued_at"))["since"], now())


def silent_phones() -> float:
    """Phones in force that nobody has heard of for a week: what lies on them may be lost with them."""
    day, since = today(), now() - SILENT
    posted = Q(posting__valid_from__lte=day) & (Q(posting__valid_to=None) | Q(posting__valid_to__gte=day))
    unheard = Q(seen_at__lt=since) | Q(seen_at=None, enrolled_at__lt=since)
    return Device.objects.filter(posted, unheard, revoked_at=None, posting__person__is_active=True).count()


def heartbeats() -> dict[str, float]:
    known = processes()
    return {
        kind: min((process.age for process in known if process.kind == kind), default=math.inf)
        for kind in KINDS
    }


def hanging() -> dict[str, float]:
    alive = [process for process in processes() if rules.is_alive(process.age)]
    told = {
        kind: [(process.age, process.threads) for process in alive if process.kind == kind] for kind in KINDS
    }
    return {kind: len(rules.stopped_threads(own)) for kind, own in told.items()}


def disk() -> dict[str, float]:
    place = Path(settings.FILES)
    usage = shutil.disk_usage(place if place.exists() else settings.DATA)
    return {"free": usage.free, "total": usage.total}


def entry_ahead() -> float:
    """Positive: the ledger's last entry lies in this machine's future."""
    last = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    return max((last - now()).total_seconds(), 0.0) if last else 0.0


def backup_age() -> float:
    """Infinite before the first."""
    age = reports.age_of("backup")
    return math.inf if age is None else age


def certificate_days() -> float | dict[str, float]:
    """Nothing where TLS is not ours or its file cannot be read: the check says so."""
    try:
        return certificate.days_left() if certificate.is_ours() else {}
    except certificate.CertificateUnreadable:
        return {}


def bad_files() -> dict[str, float]:
    found = reports.last("files") or {}
    return {what: float(found.get(what, 0)) for what in ("missing", "altered")}


MEASURES: Final = (
    Measure("grid_jobs", "Background jobs; failed ones of the last day", jobs, "state"),
    Measure("grid_oldest_job_seconds", "How long the oldest job that may begin has waited", oldest_job),
    Measure("grid_sealing_lag_seconds", "Age of the oldest entry without a seal", sealing_lag),
    Measure("grid_overdue_clocks", "Terms that are over and have not fired", overdue_clocks),
    Measure("grid_snags", "What stands still without a lawful reason", snags, "kind"),
    Measure("grid_ledger_alarms", "Findings of the ledger's own check that nobody closed", ledger_alarms),
    Measure("grid_unsent_messages", "Short messages on their way out", unsent_messages),
    Measure("grid_oldest_message_seconds", "Age of the oldest message that was not sent", oldest_message),
    Measure("grid_silent_phones", "Phones in force, not heard of for seven days", silent_phones),
    Measure("grid_heartbeat_age_seconds", "Age of the newest heartbeat of its kind", heartbeats, "kind"),
    Measure("grid_hanging_threads", "Threads that hang in every process of their kind", hanging, "kind"),
    Measure("grid_disk_bytes", "The disk of files and data", disk, "of", needs_database=False),
    Measure("grid_backup_age_seconds", "Age of the last whole backup", backup_age, needs_database=False),
    Measure(
        "grid_bad_files", "Files missing or altered, as verify_files found last", bad_files, "what", False
    ),
    Measure(
        "grid_certificate_days",
        "Days until the TLS certificate in front of us ends",
        certificate_days,
        needs_database=False,
    ),
    Measure("grid_entry_ahead_seconds", "How far the last entry lies in this machine's future", entry_ahead),
)
