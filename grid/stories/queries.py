"""Finding and retelling, for the auditor: from a number, a name or a code to the whole story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from grid import problems
from grid.ledger.models import CaseCounter, Entry, SubjectKey
from grid.registers.models import Row
from grid.scope import Actor, Right, within
from grid.subjects.models import Subject

MOST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a search: a subject, and the numbers of its cases."""

    subject: Subject
    cases: list[str]


@dataclass(frozen=True, slots=True)
class Story:
    """`rows` are what the registers said, oldest first; `entries` every act on the subject, in the ledger's order.

    `gaps` are the numbers of its case that no entry bears: nobody but a forger makes one.
    """

    subject: Subject
    case: str
    rows: QuerySet[Row]
    entries: QuerySet[Entry, Entry]
    gaps: list[int]
    # Personal data of entries older than this, or of all where it is None, was forgotten.
    key_since: datetime | None


def find(viewer: Actor, sought: str) -> list[Hit]:
    """Subjects by case number, credit code or part of the name; at most MOST."""
    text = sought.strip()
    if not text:
        return []
    subjects = within(Subject.objects.all(), viewer, Right.RETELL)
    by_case = Entry.objects.filter(case__iexact=text, nth=1).values_list("subject", flat=True)
    codes = Q(credit_code=text.upper()) | Q(legacy_code=text)
    found = list(
        subjects.filter(Q(pk__in=list(by_case)) | codes | Q(name__contains=text)).order_by("name")[:MOST]
    )
    opened = Entry.objects.filter(subject__in=[s.pk for s in found], nth=1).values_list("subject", "case")
    cases: dict[int | None, list[str]] = {}
    for subject, case in opened:
        cases.setdefault(subject, []).append(case)
    return [Hit(subject, sorted(cases.get(subject.pk, []))) for subject in found]


def story_of_case(viewer: Actor, case: str) -> Story:
    """The whole story of the case's subject. Raises NotHere."""
    first = (
        within(Entry.objects.filter(case=case, nth__isnull=False), viewer, Right.RETELL)
        .order_by("nth")
        .first()
    )
    if first is None or first.subject is None:
        raise problems.NotHere()
    return story_of_subject(viewer, first.subject, case)


def story_of_subject(viewer: Actor, pk: int, case: str = "") -> Story:
    subject = within(Subject.objects.filter(pk=pk), viewer, Right.RETELL).first()
    if subject is None:
        raise problems.NotHere()
    rows = Row.objects.filter(subject=pk).select_related("delivery").order_by("since", "pk")
    entries = within(Entry.objects.filter(subject=pk), viewer, Right.RETELL)
    if case:
        # Acts on the subject that belong to another of its cases have their own story.
        entries = entries.filter(Q(case=case) | Q(case=""))
    key_since = SubjectKey.objects.filter(pk=pk).values_list("made_at", flat=True).first()
    return Story(subject, case, rows, entries.select_related("leaf").order_by("pk"), _gaps(case), key_since)


def _gaps(case: str) -> list[int]:
    bearing = Entry.objects.filter(case=case, nth__isnull=False).values_list("nth", flat=True)
    numbers = {number for number in bearing if number} if case else set()
    counted = CaseCounter.objects.filter(case=case).values_list("count", flat=True).first() or 0
    last = max(counted, max(numbers, default=0))
    return [number for number in range(1, last + 1) if number not in numbers]


def entry_in_reach(viewer: Actor, pk: int) -> Entry:
    entry = within(Entry.objects.filter(pk=pk), viewer, Right.RETELL).first()
    if entry is None:
        raise problems.NotHere()
    return entry
