"""Reading what is kept of a person, who looked at it, and what is to be forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Model, QuerySet

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, now, today
from grid.ledger.models import Entry, SubjectKey
from grid.personal import followers
from grid.personal.models import Forgetting
from grid.personal.verbs import PersonalVerb
from grid.scope import Actor, Right, reaches, within
from grid.subjects.models import Subject

DOORS = (Right.REVEAL, Right.ASK_FORGET, Right.FORGET, Right.RETELL)
MOST = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """The page of one subject: entries with personal data, since when its key holds, and what was asked. `rows` are
    those of the registers (grid/registers/models.py)."""

    subject: Subject
    entries: list[Entry]
    key_since: datetime | None
    waiting: Forgetting | None
    decided: list[Forgetting]
    needed: list[str]
    rows: list[Model]

    def is_forgotten(self, entry: Entry) -> bool:
        return self.key_since is None or self.key_since > entry.at

    @property
    def lines(self) -> list[tuple[Entry, bool]]:
        """Each entry, and whether its data was forgotten."""
        return [(entry, self.is_forgotten(entry)) for entry in self.entries]


def kept_of(viewer: Actor, pk: int) -> Kept:
    """Raises NotHere outside the territory, NotYourPost without any of the rights."""
    subject = (
        within(Subject.objects.filter(pk=pk), viewer).first()
        or within(Subject.objects.filter(pk=pk), viewer, Right.RETELL).first()
    )
    if subject is None:
        raise problems.NotHere()
    if not any(reaches(viewer, subject.area, right) for right in DOORS):
        raise problems.NotYourPost(right=Right.REVEAL.value)
    asked = list(Forgetting.objects.filter(subject=subject).select_related("asked_by", "decided_by")[:20])
    return Kept(
        subject,
        list(Entry.objects.filter(subject=pk, personal__isnull=False).order_by("-pk")[:MOST]),
        key_since(pk),
        next((forgetting for forgetting in asked if forgetting.decided_at is None), None),
        [forgetting for forgetting in asked if forgetting.decided_at],
        followers.why_needed(subject, today()),
        list(subject.rows.filter(personal__isnull=False).select_related("delivery").order_by("-pk")[:MOST]),
    )


def key_since(subject: int) -> datetime | None:
    """Entries older than this, or all where there is none, can no longer be opened."""
    return SubjectKey.objects.filter(pk=subject).values_list("made_at", flat=True).first()


def has_personal(subject: Subject) -> bool:
    return (
        bool(subject.full_name)
        or SubjectKey.objects.filter(pk=subject.pk).exists()
        or subject.rows.filter(personal__isnull=False).exists()
    )


def last_processed(subject: Subject) -> date | None:
    """The day of the newest entry that holds personal data of the subject."""
    rows = Entry.objects.filter(subject=subject.pk, personal__isnull=False)
    last: datetime | None = rows.aggregate(last=Max("at"))["last"]
    return day_of(last) if last else None


def entry_at(viewer: Actor, pk: int) -> Entry:
    """An entry with personal data. Raises NotHere, NotYourPost."""
    entry = Entry.objects.filter(pk=pk, personal__isnull=False).first()
    if entry is None or not (reaches(viewer, entry.area) or reaches(viewer, entry.area, Right.RETELL)):
        raise problems.NotHere()
    if not reaches(viewer, entry.area, Right.REVEAL):
        raise problems.NotYourPost(right=Right.REVEAL.value)
    return entry


def reveals_today(person: int) -> int:
    since = datetime.combine(today(), time.min, CITY_TIME)
    return Entry.objects.filter(actor=person, verb=PersonalVerb.PERSONAL_REVEALED, at__gte=since).count()


def forgetting_at(viewer: Actor, pk: int) -> Forgetting:
    found = within(Forgetting.objects.select_related("subject", "asked_by"), viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def undecided_forgettings(viewer: Actor, most: int) -> list[Forgetting]:
    """What somebody else asked and the viewer may decide."""
    if not viewer.areas(Right.FORGET):
        return []
    rows = Forgetting.objects.filter(decided_at=None).exclude(asked_by=viewer.person_id)
    rows = within(rows, viewer, Right.FORGET).select_related("subject", "asked_by")
    return list(rows.order_by("pk")[:most])


@dataclass(frozen=True, slots=True)
class Log:
    """For the auditor: who looked at what in the last days, how often each, and what was asked to be forgotten."""

    reveals: list[Entry]
    counts: list[tuple[str, date, int]]
    forgettings: list[Forgetting]


def log_for(viewer: Actor, days: int = 30) -> Log:
    """Raises NotYourPost."""
    right = Right.RETELL if viewer.has(Right.RETELL) else Right.FORGET
    if not viewer.has(right):
        raise problems.NotYourPost(right=Right.RETELL.value)
    rows = _reveals(viewer, right, now() - timedelta(days=days))
    counts = Counter((row.actor_name, day_of(row.at)) for row in rows)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    asked = within(Forgetting.objects.select_related("subject", "asked_by", "decided_by"), viewer, right)
    return Log(list(rows[:MOST]), [(*key, count) for key, count in ordered[:50]], list(asked[:MOST]))


def _reveals(viewer: Actor, right: Right, since: datetime) -> QuerySet[Entry, Entry]:
    rows = Entry.objects.filter(verb=PersonalVerb.PERSONAL_REVEALED, at__gte=since).select_related("leaf")
    return within(rows, viewer, right).order_by("-pk")
