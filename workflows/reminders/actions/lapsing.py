"""Who stopped paying: found in the registers, in the leads and in what was said at the door; settled the same way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from grid.calendar.now import day_of, today
from grid.law.queries import the_law
from grid.ledger.actions import Line, record, record_many
from grid.registers.models import Register, Row
from grid.registers.standing import counts_as_insured, has_ended
from grid.scope import Actor, Right, in_area, machine, require
from grid.subjects.models import Standing, Subject
from tasks.comparison.models import Lead, LeadState
from tasks.visits.models import Outcome, Visit
from workflows.reminders import rules
from workflows.reminders.models import Lapse
from workflows.reminders.verbs import ReminderVerb

FINDER = machine("断缴核对")
BATCH = 1_000
LIVE_LEADS = (LeadState.OPEN, LeadState.TASKED, LeadState.CONFIRMED)
RULES = ("R5", "R13")


@dataclass
class _Found:
    sources: list[str] = field(default_factory=list)
    paid_to: str = ""


def find_lapses() -> int:
    """Periodic: the whole city. How many rows were opened or settled."""
    return find_lapses_in(settings.CITY, by=FINDER)


@transaction.atomic
def find_lapses_in(area: str, *, by: Actor) -> int:
    """Opens a row for everyone below `area` who lapsed, and settles the rows of those who pay again."""
    held = require(by, Right.REMIND, area)
    day = today()
    law = the_law(day)
    limit = rules.lapsed_before(day, int(law["reminder.lapsed_months"].value))
    year = rules.last_day(day, str(law["reminder.year_end"].value)).year
    paid = _paid_to(area)
    found = _found(area, day, limit, paid)
    live = {
        row.subject_id: row
        for row in Lapse.objects.select_for_update().filter(in_area(area), settled_on=None)
    }
    opened = _open([pk for pk in found if pk not in live], found, year, day)
    silent = _left_insurance([pk for pk in live if pk not in found])
    over = [row for pk, row in live.items() if pk not in found and pk not in silent]
    settled = _settle(over, paid, day, by)
    if opened or settled:
        facts = {"found": opened, "settled": settled, "below": area}
        record(ReminderVerb.LAPSES_FOUND, Line(area, data=facts), by=by, held=held)
    return opened + settled


def _found(area: str, day: date, limit: str, paid: dict[int, str]) -> dict[int, _Found]:
    """Subject → what says that it lapsed: at the door first, then the leads, then the register alone."""
    found: dict[int, _Found] = {}
    for subject, seen_on in _by_visit(area, day):
        # Paid for the month of the visit or a later one: what was said there is settled.
        if paid.get(subject, "") < f"{seen_on:%Y-%m}":
            found.setdefault(subject, _Found()).sources.append("visit")
    leads = Lead.objects.filter(in_area(area), rule__in=RULES, state__in=LIVE_LEADS)
    for subject in leads.values_list("subject_id", flat=True).distinct():
        found.setdefault(subject, _Found()).sources.append("lead")
    for subject, month in paid.items():
        if month < limit:
            found.setdefault(subject, _Found()).sources.append("register")
    for subject, lapse in found.items():
        lapse.paid_to = paid.get(subject, "")
    return _active(found)


def _paid_to(area: str) -> dict[int, str]:
    """Subject → the month its pension contributions are paid up to; only where the register says one."""
    rows = Row.objects.filter(in_area(area), register=Register.SOCIAL, until=None)
    said = rows.values_list("subject_id", "data__pension_paid_to", "data__status")
    # A registration that ended is nobody's to resume: whoever employs all the same is not insured at all (R1).
    return {subject: month for subject, month, status in said if month and not has_ended({"status": status})}


def _left_insurance(subjects: list[int]) -> set[int]:
    """Those of whom nobody says any more that they lapsed only because the insurance register fell silent or says
    that nobody is insured: they do not pay again."""
    silent: set[int] = set()
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        rows = Row.objects.filter(register=Register.SOCIAL, subject__in=some)
        insured = rows.filter(counts_as_insured(), until=None).values_list("subject_id", flat=True)
        active = Subject.objects.filter(pk__in=some, standing=Standing.ACTIVE, same_as=None)
        silent |= set(rows.filter(subject__in=active).values_list("subject_id", flat=True)) - set(insured)
    return silent


def _by_visit(area: str, day: date) -> Iterable[tuple[int, date]]:
    """Subjects whose newest completed visit of this year says that contributions lapsed."""
    later = Visit.objects.filter(subject=OuterRef("subject"), outcome=Outcome.DONE, pk__gt=OuterRef("pk"))
    visits = Visit.objects.filter(
        in_area(area), ~Exists(later), outcome=Outcome.DONE, answers__lapsed="yes", counts_at__year=day.year
    )
    said = visits.exclude(subject=None).values_list("subject_id", "counts_at")
    return [(subject, day_of(at)) for subject, at in said]


def _active(found: dict[int, _Found]) -> dict[int, _Found]:
    """Leaves out subjects that were struck off or merged into another."""
    gone: set[int] = set()
    ids = list(found)
    for start in range(0, len(ids), BATCH):
        some = Subject.objects.filter(pk__in=ids[start : start + BATCH])
        out = some.filter(~Q(standing=Standing.ACTIVE) | ~Q(same_as=None))
        gone.update(out.values_list("pk", flat=True))
    return {pk: lapse for pk, lapse in found.items() if pk not in gone}


def _open(ids: list[int], found: dict[int, _Found], year: int, day: date) -> int:
    made = 0
    for start in range(0, len(ids), BATCH):
        areas = Subject.objects.filter(pk__in=ids[start : start + BATCH]).values_list("pk", "area")
        rows = [
            Lapse(
                subject_id=pk,
                area=area,
                year=year,
                sources=found[pk].sources,
                why=rules.in_words(found[pk].sources, found[pk].paid_to),
                paid_to=found[pk].paid_to,
                found_on=day,
            )
            for pk, area in areas
        ]
        made += len(Lapse.objects.bulk_create(rows, ignore_conflicts=True))
    return made


def _settle(rows: list[Lapse], paid: dict[int, str], day: date, by: Actor) -> int:
    """Closes the lapses that no source reports any more."""
    for row in rows:
        row.settled_on = day
    Lapse.objects.bulk_update(rows, ["settled_on"], BATCH)
    told = (
        Line(row.area, row.subject_id, data={"lapse": row.pk, "paid_to": paid.get(row.subject_id, "")})
        for row in rows
    )
    record_many(ReminderVerb.LAPSE_SETTLED, told, by=by)
    return len(rows)
