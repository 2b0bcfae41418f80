"""Rounds, check tasks and visits for tests of the field."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from grid.calendar.now import now, today
from grid.scope import Actor, Held
from grid.subjects.models import Subject
from grid.territory.models import Person, Posting
from tasks.doors.models import CheckTask
from tasks.forms import tables
from tasks.rounds.models import Round, RoundState
from tasks.visits.rules import Arrival

IN_ORDER = {
    "operating": "yes", "employees": 12, "contracts": 12, "insured_seen": 12, "wage_base": "full",
    "lapsed": "no",
}  # fmt: skip
# Before any visit of these tests: a visit is not made before its task.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SHORT = {**IN_ORDER, "insured_seen": 3}
UNINSURED = {**IN_ORDER, "insured_seen": 0}


def held_of(posting: Posting) -> Held:
    return Held(posting.pk, posting.role, posting.area_id)


def make_round(planner: Person, area: str = "150302", due_on: date | None = None, **fields: Any) -> Round:
    number = Round.objects.count() + 1
    values: dict[str, Any] = {
        "code": f"R2026-{number:04d}",
        "title": "第一轮摸排",
        "state": RoundState.WORKED,
    }
    return Round.objects.create(
        area=area, due_on=due_on or today() + timedelta(days=10), planned_by=planner, planned_at=now(),
        **{**values, **fields},
    )  # fmt: skip


def make_task(round: Round, subject: Subject, posting: Posting, **fields: Any) -> CheckTask:
    posting.refresh_from_db()
    posting.feed += 1
    posting.save(update_fields=["feed"])
    values: dict[str, Any] = {"area": subject.area, "why": "登记 12 人,参保 3 人", "form": "employer"}
    return CheckTask.objects.create(
        round=round, subject=subject, posting=posting, due_on=round.due_on, feed=posting.feed,
        **{**values, "dispatched_at": LONG_AGO, **fields},
    )  # fmt: skip


def arrival(task: CheckTask | None = None, **fields: Any) -> Arrival:
    values: dict[str, Any] = {
        "client_id": uuid4(), "task_id": task.pk if task else None,
        "subject_id": task.subject_id if task else None, "premise_code": None,
        "form": "employer", "form_version": tables.current("employer").version, "outcome": "done",
        "answers": IN_ORDER, "recorded_at": now() - timedelta(seconds=5), "position": None, "photos": (),
        "replaces": None,
    }  # fmt: skip
    return Arrival(**{**values, **fields})


def number(value: int) -> UUID:
    """A client id one can read in a failing test."""
    return UUID(int=value, version=4)


def at(minute: int) -> datetime:
    return datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(minutes=minute)


def push(posting: Posting, by: Actor, *arrivals: Arrival, phone_time: datetime | None = None) -> list[Any]:
    from tasks.arrivals.actions.recording import record_visits

    return record_visits(arrivals, phone_time, held_of(posting), by=by)
