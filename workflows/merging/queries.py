"""Two subjects that may be one, side by side, with what is under way about each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q

from grid import problems
from grid.registers.queries import Facts, facts_of_many
from grid.scope import Actor, Right, within
from grid.subjects.models import Subject
from grid.subjects.rules import match_name, plain
from tasks.doors.models import CheckTask, TaskState
from tasks.visits.models import Visit
from workflows.cases.models import ENDED, Case

MOST = 30
OfSubject = TypeVar("OfSubject", Visit, CheckTask, Case)
_WAITING = (TaskState.OPEN, TaskState.RETURNED)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its visits the newest first, its tasks that wait for a visit, its cases under way."""

    subject: Subject
    registers: list[Facts]
    visits: list[Visit]
    tasks: list[CheckTask]
    cases: list[Case]


def mergeable(viewer: Actor, pk: int) -> Subject:
    """Raises NotYourPost without the right anywhere, NotHere outside the territory in which it is held."""
    if not viewer.has(Right.PLACE):
        raise problems.NotYourPost(right=Right.PLACE.value)
    found = within(Subject.objects.filter(pk=pk), viewer, Right.PLACE).select_related("same_as").first()
    if found is None:
        raise problems.NotHere()
    return found


def others(viewer: Actor, subject: Subject, words: str) -> list[Subject]:
    """By code, or part of name, initials or address; without words those of the grid that look the same."""
    rows = within(Subject.objects.filter(same_as=None), viewer, Right.PLACE).exclude(pk=subject.pk)
    if not words.strip():
        return list(rows.filter(_alike(subject), area=subject.area).order_by("match_name", "pk")[:MOST])
    code, name, text = plain(words), match_name(words), words.strip()
    exact = Q(credit_code=code) | Q(legacy_code=code) | Q(local_code=text)
    if found := list(rows.filter(exact)[:MOST]):
        return found
    said = Q(address__contains=text)
    if name:
        said |= Q(match_name__contains=name)
    if name.isascii() and name:
        said |= Q(initials__startswith=name.lower())
    return list(rows.filter(said).order_by("match_name", "pk")[:MOST])


def _alike(subject: Subject) -> Q:
    said = Q(match_name=subject.match_name)
    if subject.address:
        said |= Q(address=subject.address)
    if subject.premise_id:
        said |= Q(premise=subject.premise_id)
    return said


def side_by_side(first: Subject, second: Subject) -> list[Side]:
    """Both, in this order; expects them from `mergeable`. Four queries."""
    pks = (first.pk, second.pk)
    facts = facts_of_many(pks)
    visits = _by_subject(Visit.objects.filter(subject__in=pks).select_related("person").order_by("-pk"))
    waiting = CheckTask.objects.filter(subject__in=pks, state__in=_WAITING)
    tasks = _by_subject(waiting.select_related("round", "posting__person").order_by("-pk"))
    cases = _by_subject(Case.objects.filter(subject__in=pks).exclude(state__in=ENDED).order_by("-pk"))
    return [
        Side(
            subject,
            list(facts.get(subject.pk, {}).values()),
            visits[subject.pk],
            tasks[subject.pk],
            cases[subject.pk],
        )
        for subject in (first, second)
    ]


def _by_subject(rows: Iterable[OfSubject]) -> dict[int | None, list[OfSubject]]:
    found: dict[int | None, list[OfSubject]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(row)
    return found
