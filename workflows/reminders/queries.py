"""Reading contacts, messages and lapses: always within the viewer's territory."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.keeping import stored
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.scope import Actor, Right, narrowed, within
from workflows.cases.models import Case
from workflows.reminders import rules
from workflows.reminders.models import Contact, Lapse, Phone, Reminder, ReminderWay

RECENT = 50


@dataclass(frozen=True)
class Sought:
    """What the list of lapses is limited to; empty means any. Read from the address bar."""

    area: str = ""
    state: str = ""  # never: not reminded yet; due: may be reminded now; waiting; settled
    text: str = ""


@dataclass(frozen=True)
class Year:
    """The contribution year: its last day, how many days are left, how often one may remind, and whether the legal
    office has passed these numbers."""

    last_day: date
    days_left: int
    gap: int
    gap_provision: Provision
    end_provision: Provision

    @property
    def is_near(self) -> bool:
        return self.days_left <= 60


@dataclass(frozen=True)
class Progress:
    """Counts below one area: who lapsed, who was reminded, whom it reached, who pays again this year."""

    open: int
    reminded: int
    reached: int
    settled: int
    reachable: int


def year_of(day: date | None = None) -> Year:
    on = day or today()
    law = the_law(on)
    end, gap = law["reminder.year_end"], law["reminder.gap"]
    last = rules.last_day(on, str(end.value))
    return Year(last, (last - on).days, int(gap.value), gap, end)


def lapses_for(viewer: Actor, sought: Sought, year: Year) -> QuerySet[Lapse]:
    """Lapses in reach, the longest unreminded first. Each with `has_mobile` and its newest reminders."""
    rows = within(Lapse.objects.select_related("subject"), viewer, Right.REMIND)
    rows = narrowed(rows, sought.area)
    if sought.text:
        rows = rows.filter(
            Q(subject__name__contains=sought.text) | Q(subject__credit_code=sought.text.upper())
        )
    rows = _in_state(rows, sought.state, year)
    mobile = Phone.objects.filter(subject=OuterRef("subject"), retired_at=None, is_mobile=True)
    newest = Reminder.objects.select_related("message", "made_by").order_by("-pk")
    return (
        rows.annotate(has_mobile=Exists(mobile))
        .prefetch_related(Prefetch("reminders", newest))
        .order_by("reminded_on", "pk")
    )


def _in_state(rows: QuerySet[Lapse], state: str, year: Year) -> QuerySet[Lapse]:
    if state == "settled":
        return rows.exclude(settled_on=None)
    rows = rows.filter(settled_on=None)
    if state == "never":
        return rows.filter(reminded_on=None)
    if state in ("due", "waiting"):
        since = date.fromordinal(today().toordinal() - year.gap)
        waits = Q(reminded_on__gt=since)
        return rows.filter(waits) if state == "waiting" else rows.exclude(waits)
    return rows


def progress_of(viewer: Actor, area: str = "") -> Progress:
    """One query over the lapses of this contribution year, one over their reminders."""
    year = year_of().last_day.year
    rows = within(Lapse.objects.filter(year=year), viewer, Right.REMIND)
    rows = narrowed(rows, area)
    reached = Reminder.objects.filter(lapse=OuterRef("pk")).exclude(delivered_on=None)
    mobile = Phone.objects.filter(subject=OuterRef("subject"), retired_at=None, is_mobile=True)
    live = Q(settled_on=None)
    said = rows.annotate(was_reached=Exists(reached), has_mobile=Exists(mobile)).aggregate(
        open=Count("pk", filter=live),
        reminded=Count("pk", filter=~Q(reminded_on=None)),
        reached=Count("pk", filter=Q(was_reached=True)),
        settled=Count("pk", filter=~live),
        reachable=Count("pk", filter=live & Q(has_mobile=True)),
    )
    return Progress(**said)


def lapse_at(viewer: Actor, pk: int) -> Lapse:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Lapse.objects.select_related("subject"), viewer, Right.REMIND)
    newest = Reminder.objects.select_related("message", "made_by").order_by("-pk")
    found = rows.prefetch_related(Prefetch("reminders", newest)).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def reminder_at(viewer: Actor, pk: int) -> Reminder:
    """Raises NotHere outside the viewer's territory."""
    rows = within(Reminder.objects.select_related("lapse__subject"), viewer, Right.REMIND)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def letter_of(reminder: Reminder) -> Path:
    """Raises NotHere for a reminder that was a message."""
    if reminder.way != ReminderWay.LETTER:
        raise problems.NotHere()
    return stored(reminder.path)


def phones_of(subject_id: int) -> list[Phone]:
    """The numbers in use, the newest first; the subject comes from a scoped query. Shown masked."""
    return list(
        Phone.objects.filter(subject=subject_id, retired_at=None).select_related("noted_by").order_by("-pk")
    )


def phone_at(viewer: Actor, pk: int) -> Phone:
    """Raises NotHere outside the viewer's territory, and for a number out of use."""
    found = within(Phone.objects.filter(retired_at=None), viewer, Right.REMIND).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def contacts_of(case: Case) -> list[Contact]:
    """Every attempt to reach the party, the newest first; the case comes from a scoped query."""
    return list(case.contacts.select_related("noted_by", "phone", "message"))
