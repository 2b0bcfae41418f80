"""Findings to be reviewed, each with what was answered at the door in words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from grid import problems
from grid.scope import Actor, Right, in_area, within
from tasks.findings.models import Finding, FindingState
from tasks.forms import tables
from tasks.visits.models import Visit


@dataclass(frozen=True)
class Answer:
    """One answer of a visit; `name` is the question a return may point at."""

    name: str
    label: str
    value: str


def findings_for(viewer: Actor, *, state: str = FindingState.OPEN, area: str = "") -> QuerySet[Finding]:
    """Findings where `viewer` may review, oldest first; what viewer recorded is for somebody else."""
    rows = within(Finding.objects.all(), viewer, Right.REVIEW).select_related(
        "subject", "visit", "recorded_by"
    )
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(in_area(area)) if area.isdigit() else rows.none()
    return rows.order_by("made_at", "pk")


def finding_at(viewer: Actor, pk: int) -> Finding:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Finding.objects.all(), viewer, Right.SEE_CASES).select_related(
        "subject", "visit__task__round", "visit__person", "recorded_by", "reviewed_by"
    )
    finding = rows.filter(pk=pk).first()
    if finding is None:
        raise problems.NotHere()
    return finding


def answers_of(visit: Visit) -> list[Answer]:
    """The answers in the order of the form, choices in words. An unknown form shows the names as they came."""
    form = tables.known(visit.form, visit.form_version) or _current(visit.form)
    if form is None:
        return [Answer(name, name, _plain(value, {})) for name, value in visit.answers.items()]
    words = {question.name: dict(question.choices) for question in form.questions}
    known = [(question.name, question.label) for question in form.questions if question.name in visit.answers]
    strange = [(name, name) for name in visit.answers if name not in words]
    return [
        Answer(name, label, _plain(visit.answers[name], words.get(name, {}))) for name, label in known + strange
    ]


def _current(code: str) -> Any:
    try:
        return tables.current(code)
    except KeyError:
        return None


def _plain(value: Any, words: dict[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(words.get(one, str(one)) for one in value)
    return words.get(str(value), str(value))
