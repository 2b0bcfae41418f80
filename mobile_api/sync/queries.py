"""What a phone may see: its posting's own doors, and what changed on them since it last asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from grid import problems
from grid.calendar.now import today
from grid.scope import in_areas
from grid.subjects.models import SubjectKind
from grid.territory.models import Absence, Area, Level
from grid.territory.queries import covers_of, is_covered_on
from mobile_api.devices.models import Device
from mobile_api.sync.rules import Cursor
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


@dataclass(frozen=True, slots=True)
class Feed:
    """A posting whose doors the phone shows: its newest change, and where the phone stands (None: has none yet)."""

    posting_id: int
    area: str
    newest: int
    known: int | None

    @property
    def start(self) -> int:
        return self.known or 0


@dataclass(slots=True)
class Page:
    """What one answer holds, filled feed by feed."""

    room: int
    rows: list[Row] = field(default_factory=list)
    reached: dict[int, int] = field(default_factory=dict)
    more: bool = False


def changes(device: Device, cursor: Cursor, limit: int, forms: Collection[str]) -> dict[str, Any]:
    """Doors changed after `cursor`, tombstones, and what else the phone lacks.

    At most 7 queries, and one more for each covered posting with changes. Every feed was read before its rows:
    what changes meanwhile has a higher number and comes next time. A cursor beyond a feed belongs to another
    database, and starts over.
    """
    absences = covers_of(device.posting_id)
    feeds = _feeds(device, absences, cursor)
    if any(feed.start > feed.newest for feed in feeds):
        cursor = Cursor()
        feeds = _feeds(device, absences, cursor)
    page = _filled(feeds, limit)
    gone = _gone(feeds, page) | _no_longer_covered(feeds, absences, cursor)
    begun = [feed.area for feed in feeds if feed.known is None and feed.posting_id in page.reached]
    own = page.reached.pop(device.posting_id)
    answer: dict[str, Any] = {
        "cursor": Cursor(own, page.reached).as_json(),
        "fresh": cursor.is_start,
        "more": page.more,
        "doors": doors_of([row for row in page.rows if row["state"] != TaskState.CANCELLED]),
        "gone": sorted({row["id"] for row in page.rows if row["state"] == TaskState.CANCELLED} | gone),
    }
    lacking = [form for form in tables.all_current() if f"{form.code}:{form.version}" not in forms]
    if lacking:
        answer["forms"] = [tables.as_json(form) for form in lacking]
    if begun:
        answer["grids"] = _grids(begun)
    return answer


def doors_at(device: Device, premise_code: str) -> list[dict[str, Any]]:
    """The phone's own and covered doors behind one label, or NotHere."""
    served = [feed.posting_id for feed in _feeds(device, covers_of(device.posting_id), Cursor())]
    tasks = CheckTask.objects.filter(posting__in=served, subject__premise__code=premise_code)
    rows = list(tasks.exclude(state=TaskState.CANCELLED).order_by("feed").values(*_COLUMNS))
    if not rows:
        raise problems.NotHere()
    return doors_of(rows)


def _feeds(device: Device, absences: Sequence[Absence], cursor: Cursor) -> list[Feed]:
    """The phone's own posting, then those it covers today, each once."""
    own = device.posting
    feeds = {own.pk: Feed(own.pk, own.area_id, own.feed, None if cursor.is_start else cursor.own)}
    day = today()
    for absence in absences:
        if is_covered_on(absence, day):
            away = absence.posting
            known = cursor.covered.get(away.pk)
            feeds.setdefault(away.pk, Feed(away.pk, away.area_id, away.feed, known))
    return list(feeds.values())


def _filled(feeds: Sequence[Feed], limit: int) -> Page:
    """Own changes first. A feed without room waits, and while none of it was sent it is not in the cursor."""
    page = Page(limit)
    for feed in feeds:
        if feed.start < feed.newest and page.room <= 0:
            page.more = True
            if feed.known is not None:
                page.reached[feed.posting_id] = feed.known
            continue
        page.reached[feed.posting_id] = _take(feed, page) if feed.start < feed.newest else feed.newest
        page.more |= page.reached[feed.posting_id] < feed.newest
    return page


def _take(feed: Feed, page: Page) -> int:
    """Up to `room` rows, and the number they reach. Rows of one number stay together, or the rest of them
    would lie before the cursor and never be sent."""
    tasks = CheckTask.objects.filter(posting=feed.posting_id, feed__gt=feed.start, feed__lte=feed.newest)
    rows = list(tasks.order_by("feed", "id").values(*_COLUMNS)[: page.room + 1])
    end = feed.newest
    if len(rows) > page.room:
        end = rows[page.room - 1]["feed"]
        if rows[page.room]["feed"] == end:
            same = list(tasks.filter(feed=end).order_by("id").values(*_COLUMNS))
            rows = [row for row in rows if row["feed"] < end] + same
        else:
            rows = rows[: page.room]
    page.rows += rows
    page.room -= len(rows)
    return end


def _gone(feeds: Sequence[Feed], page: Page) -> set[int]:
    """Tasks that left a posting the phone knew. One that is still, or again, in its reach is no tombstone."""
    left = Q()
    for feed in feeds:
        end = page.reached.get(feed.posting_id, 0)
        if 0 < feed.start < end:
            left |= Q(posting=feed.posting_id, feed__gt=feed.start, feed__lte=end)
    if not left:
        return set()
    served = [feed.posting_id for feed in feeds]
    return set(Gone.objects.filter(left).exclude(task__posting__in=served).values_list("task_id", flat=True))


def _no_longer_covered(feeds: Sequence[Feed], absences: Sequence[Absence], cursor: Cursor) -> set[int]:
    """Every door the phone can hold of postings it covered until now. One statement, so that a door handed on
    between two reads is not missed; only postings it did once cover, for a cursor may be made up."""
    served = {feed.posting_id for feed in feeds}
    over = {absence.posting_id for absence in absences} & cursor.covered.keys() - served
    if not over:
        return set()
    left = Gone.objects.filter(posting__in=over).values("task")
    held = CheckTask.objects.filter(Q(posting__in=over) | Q(pk__in=left)).exclude(posting__in=served)
    return set(held.values_list("pk", flat=True))


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


def _grids(areas: Collection[str]) -> list[dict[str, Any]]:
    rows = Area.objects.filter(in_areas(areas, "code"), level=Level.GRID, valid_to=None)
    found = rows.values_list("code", "name", "outline")
    return [{"code": code, "name": name, "outline": outline} for code, name, outline in found]
