"""Doors and grids as phones read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grid.calendar.now import today
from grid.scope import in_areas
from grid.subjects.models import PERSONS, SubjectKind
from grid.territory.models import Area, Level
from tasks.doors.models import TaskState
from tasks.facts.queries import Confirmed, confirmed_for, with_confirmed
from tasks.forms import tables
from tasks.forms.queries import Version, facts_for, prefill_of
from tasks.visits.models import Outcome, Visit
from tasks.visits.queries import formers_of
from workflows.notices.queries.carried import notices_for

COLUMNS = (
    "id", "state", "notices", "come_again_on", "reminded_on", "due_on", "why", "form", "area", "feed", "question",
    "question_fields", "question_by__full_name", "question_at", "round__code", "round__title", "subject_id", "subject__kind",
    "subject__name", "subject__credit_code", "subject__legacy_code", "subject__address", "subject__industry",
    "subject__full_name", "subject__local_code", "subject__initials", "subject__premise__code",
    "subject__premise__label", "subject__premise__lng", "subject__premise__lat",
)  # fmt: skip
_SHOWN = {
    TaskState.OPEN: "open",
    TaskState.RETURNED: "returned",
    TaskState.VISITED: "done",
    TaskState.DONE: "done",
}
_KINDS = {kind.value: str(kind.label) for kind in SubjectKind}

Row = dict[str, Any]


def doors_of(rows: Sequence[Row], places: Mapping[str, str] | None = None) -> list[dict[str, object]]:
    """Doors as phones read them. Two queries more, whatever their number; another where some lie in an area whose name
    is not among `places`, another when some were sent back, and another when documents are to be handed over at some.
    """
    subjects = [row["subject_id"] for row in rows]
    facts, confirmed = facts_for(subjects), confirmed_for(subjects)
    names = dict(places or {})
    if strange := {row["area"] for row in rows} - names.keys():
        names |= Area.objects.filter(pk__in=strange).values_list("code", "name")
    current = tables.all_current()
    returned = [row["id"] for row in rows if row["state"] == TaskState.RETURNED]
    served_at = [row["subject_id"] for row in rows if row["notices"]]
    known = _Known(
        facts=facts,
        confirmed=confirmed,
        names=names,
        day=today(),
        asked={form.code: {question.name for question in form.questions} for form in current},
        versions={form.code: form.version for form in current},
        formers=formers_of(returned) if returned else {},
        notices=notices_for(served_at) if served_at else {},
    )
    return [_door(row, known) for row in rows]


@dataclass(frozen=True, slots=True)
class _Known:
    """What many doors are told with: by subject what registers say, what was confirmed and what is to be handed over;
    the names of areas; today; by form what it asks, and its version; by task the visit that spoke for a door sent
    back."""

    facts: Mapping[int, dict[str, Version]]
    confirmed: Mapping[int, dict[str, Confirmed]]
    names: Mapping[str, str]
    day: date
    asked: Mapping[str, set[str]]
    versions: Mapping[str, str]
    formers: Mapping[int, Visit]
    notices: Mapping[int, list[dict[str, object]]]


def _door(row: Row, known: _Known) -> dict[str, object]:
    subject, asked = row["subject_id"], known.asked.get(row["form"], set())
    confirmed = known.confirmed.get(subject, {})
    state, again = _SHOWN[row["state"]], row["come_again_on"]
    return {
        "task_id": row["id"],
        "state": state,
        "due_on": row["due_on"].isoformat(),
        "overdue": state != "done" and row["due_on"] < known.day,
        "why": row["why"],
        "round": {"code": row["round__code"], "title": row["round__title"]},
        "subject": {
            "id": row["subject_id"],
            "kind": row["subject__kind"],
            "kind_label": _KINDS[row["subject__kind"]],
            # Whoever is sent to a person must know whom to ask for; everywhere else the name is masked.
            "name": row["subject__full_name"] or row["subject__name"],
            "initials": row["subject__initials"],
            "credit_code": _code(row),
            "address": row["subject__address"],
            "industry": row["subject__industry"],
        },
        "premise": _premise(row),
        "area": row["area"],
        "area_name": known.names.get(row["area"], ""),
        "form": row["form"],
        "prefill": with_confirmed(prefill_of(known.facts.get(subject, {}), asked), confirmed, asked, None),
        "returned": _returned(row, known.formers.get(row["id"])) if state == "returned" else None,
        "notices": known.notices.get(subject, []) if row["notices"] else [],
        "form_version": known.versions.get(row["form"], ""),
        "come_again_on": again.isoformat() if again else None,
        # Its worker was reminded that the round ends in a few days; most doors say nothing of it.
        **({"reminded": True} if row["reminded_on"] and state != "done" else {}),
    }


def _code(row: Row) -> str:
    """A person's local code is a fingerprint: nobody reads it, and it stays here."""
    local = "" if row["subject__kind"] in PERSONS else row["subject__local_code"]
    return row["subject__credit_code"] or row["subject__legacy_code"] or local or ""


def _premise(row: Row) -> dict[str, object] | None:
    if row["subject__premise__code"] is None:
        return None
    return {name: row[f"subject__premise__{name}"] for name in ("code", "label", "lng", "lat")}


def _returned(row: Row, former: Visit | None) -> dict[str, object]:
    return {
        "question_text": row["question"],
        "questions": row["question_fields"],
        "by": row["question_by__full_name"] or "",
        "at": row["question_at"].isoformat() if row["question_at"] else "",
        "former": _former(former) if former else None,
    }


def _former(visit: Visit) -> dict[str, object]:
    return {
        "client_id": str(visit.client_id),
        "by": visit.person.full_name,
        "recorded_at": visit.counts_at.isoformat(),
        # An unclear outcome is what the worker is asked about: the form begins with the usual one.
        "outcome": Outcome.DONE.value if visit.outcome == Outcome.UNCLEAR else visit.outcome,
        "answers": visit.answers,
    }


def grids_of(areas: Collection[str]) -> list[dict[str, object]]:
    rows = Area.objects.filter(in_areas(areas, "code"), level=Level.GRID, valid_to=None)
    found = rows.values_list("code", "name", "outline")
    return [{"code": code, "name": name, "outline": outline} for code, name, outline in found]
