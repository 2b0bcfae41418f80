"""What a phone may see: its posting's own doors, and what changed on them since it last asked."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from grid import problems
from grid.calendar.now import today
from grid.scope import in_area
from grid.subjects.models import SubjectKind
from grid.territory.models import Area, Level
from mobile_api.devices.models import Device
from tasks.forms import tables
from tasks.forms.queries import Version, facts_for, prefill_of
from tasks.visits.models import CheckTask, Gone, TaskState, Visit
from tasks.visits.queries import formers_of

_COLUMNS = (
    "id", "state", "due_on", "why", "form", "area", "feed", "question", "question_fields",
    "question_by__full_name", "question_at", "round__code", "round__title", "subject_id", "subject__kind",
    "subject__name", "subject__credit_code", "subject__legacy_code", "subject__address", "subject__industry",
    "subject__premise__code", "subject__premise__label", "subject__premise__lng", "subject__premise__lat",
)  # fmt: skip
_SHOWN = {
    TaskState.OPEN: "open",
    TaskState.RETURNED: "returned",
    TaskState.VISITED: "done",
    TaskState.DONE: "done",
}
_KINDS = {kind.value: str(kind.label) for kind in SubjectKind}

Row = dict[str, Any]


def changes(device: Device, cursor: int, limit: int, forms: Collection[str]) -> dict[str, Any]:
    """Doors changed after `cursor`, tombstones, and what else the phone lacks. At most 5 queries.

    The posting's feed was read before the rows: what changes meanwhile has a higher number and comes next time.
    A cursor beyond the feed belongs to another database, and starts over.
    """
    upto = device.posting.feed
    start = cursor if cursor <= upto else 0
    rows, end = _page(_own_tasks(device).filter(feed__gt=start, feed__lte=upto), limit, upto)
    gone = _gone(device, start, end)
    answer: dict[str, Any] = {
        "cursor": end,
        "more": end < upto,
        "doors": doors_of([row for row in rows if row["state"] != TaskState.CANCELLED]),
        "gone": sorted({row["id"] for row in rows if row["state"] == TaskState.CANCELLED} | gone),
    }
    lacking = [form for form in tables.all_current() if f"{form.code}:{form.version}" not in forms]
    if lacking:
        answer["forms"] = [tables.as_json(form) for form in lacking]
    if start == 0:
        answer["grids"] = _grids(device.posting.area_id)
    return answer


def doors_at(device: Device, premise_code: str) -> list[dict[str, Any]]:
    """The phone's own doors behind one label, or NotHere."""
    tasks = _own_tasks(device).filter(subject__premise__code=premise_code)
    rows = list(tasks.exclude(state=TaskState.CANCELLED).order_by("feed").values(*_COLUMNS))
    if not rows:
        raise problems.NotHere()
    return doors_of(rows)


def _own_tasks(device: Device) -> QuerySet[CheckTask]:
    return CheckTask.objects.filter(posting=device.posting_id)


def _page(tasks: QuerySet[CheckTask], limit: int, upto: int) -> tuple[list[Row], int]:
    """Up to `limit` rows and the number they reach. Rows of one number stay together, or the rest of them
    would lie before the cursor and never be sent."""
    rows = list(tasks.order_by("feed", "id").values(*_COLUMNS)[: limit + 1])
    if len(rows) <= limit:
        return rows, upto
    last = rows[limit - 1]["feed"]
    if rows[limit]["feed"] == last:
        kept = [row for row in rows if row["feed"] < last]
        return kept + list(tasks.filter(feed=last).order_by("id").values(*_COLUMNS)), last
    return rows[:limit], last


def _gone(device: Device, start: int, end: int) -> set[int]:
    """Tasks that left the posting. One that came back meanwhile is a door again, not a tombstone."""
    left = Gone.objects.filter(posting=device.posting_id, feed__gt=start, feed__lte=end)
    return set(left.exclude(task__posting=device.posting_id).values_list("task_id", flat=True))


def doors_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Doors as phones read them. Two queries more, whatever their number; a third when some were sent back."""
    facts = facts_for([row["subject_id"] for row in rows])
    codes = {row["area"] for row in rows}
    names = dict(Area.objects.filter(pk__in=codes).values_list("code", "name"))
    day = today()
    asked = {form.code: {question.name for question in form.questions} for form in tables.all_current()}
    returned = [row["id"] for row in rows if row["state"] == TaskState.RETURNED]
    formers = formers_of(returned) if returned else {}
    return [
        _door(
            row,
            facts.get(row["subject_id"], {}),
            names.get(row["area"], ""),
            day,
            asked.get(row["form"], set()),
            formers.get(row["id"]),
        )
        for row in rows
    ]


def _door(
    row: Row, facts: dict[str, Version], area_name: str, day: date, asked: set[str], former: Visit | None
) -> dict[str, Any]:
    state = _SHOWN[row["state"]]
    return {
        "task_id": row["id"],
        "state": state,
        "due_on": row["due_on"].isoformat(),
        "overdue": state != "done" and row["due_on"] < day,
        "why": row["why"],
        "round": {"code": row["round__code"], "title": row["round__title"]},
        "subject": {
            "id": row["subject_id"],
            "kind": row["subject__kind"],
            "kind_label": _KINDS[row["subject__kind"]],
            "name": row["subject__name"],
            "credit_code": row["subject__credit_code"] or row["subject__legacy_code"] or "",
            "address": row["subject__address"],
            "industry": row["subject__industry"],
        },
        "premise": _premise(row),
        "area": row["area"],
        "area_name": area_name,
        "form": row["form"],
        "prefill": prefill_of(facts, asked),
        "returned": _returned(row, former) if state == "returned" else None,
    }


def _premise(row: Row) -> dict[str, Any] | None:
    if row["subject__premise__code"] is None:
        return None
    return {name: row[f"subject__premise__{name}"] for name in ("code", "label", "lng", "lat")}


def _returned(row: Row, former: Visit | None) -> dict[str, Any]:
    return {
        "question_text": row["question"],
        "questions": row["question_fields"],
        "by": row["question_by__full_name"] or "",
        "at": row["question_at"].isoformat() if row["question_at"] else "",
        "former": _former(former) if former else None,
    }


def _former(visit: Visit) -> dict[str, Any]:
    return {
        "client_id": str(visit.client_id),
        "by": visit.person.full_name,
        "recorded_at": visit.recorded_at.isoformat(),
        "outcome": visit.outcome,
        "answers": visit.answers,
    }


def _grids(area: str) -> list[dict[str, Any]]:
    rows = Area.objects.filter(in_area(area, "code"), level=Level.GRID, valid_to=None)
    found = rows.values_list("code", "name", "outline")
    return [{"code": code, "name": name, "outline": outline} for code, name, outline in found]
