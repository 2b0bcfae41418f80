"""The calendar changed: running terms follow it."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.calendar.queries import workdays
from grid.ledger.actions import Line, record_many
from grid.ledger.bulk import among
from grid.scope import Actor
from workflows.clocks.actions.keeping import CLOCK, code_of, compute, facts_of, hint_at, update_kept_days
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock
from workflows.clocks.verbs import ClockVerb

BATCH = 1_000


def move_deadlines(first: date, last: date, why: str, by: Actor) -> int:
    """Follows the calendar: every running term over these days is computed anew. How many ended on another day.

    One entry for each that moved, none for the others; a term that fires in this moment fires by what it read.
    """
    over = Clock.objects.filter(started_on__lte=last, due_on__gte=first)
    return _move(over, why, by)


def recheck_clocks() -> int:
    """Periodic: finds terms that began while the calendar was just being changed, and computes them anew."""
    return _move(Clock.objects.all(), str(_("例行核对")), CLOCK)


@transaction.atomic
def _move(rows: QuerySet[Clock], why: str, by: Actor) -> int:
    days = workdays()
    running = rows.filter(fired_at=None, stopped_at=None, is_fixed=False)
    differing = [clock for clock in _with_parts(running).iterator(BATCH) if compute(clock, days)]
    if not differing:
        return 0
    # Processes first and in order, as every act takes its locks; only then is what was read certain.
    cases().hold(sorted({clock.case_id for clock in differing if clock.case_id}))
    ids = [clock.pk for clock in differing]
    certain = running.filter(pk__in=among(ids)).select_for_update(of=("self",)).order_by("pk")
    changed = [(clock, clock.due_on) for clock in _with_parts(certain)]
    changed = [(clock, due) for clock, due in changed if compute(clock, days)]
    Clock.objects.bulk_update([clock for clock, _due in changed], ["due_on", "provisional"], BATCH)
    moved = [(clock, due) for clock, due in changed if clock.due_on != due]
    update_kept_days(clock for clock, _due in moved)
    record_many(ClockVerb.TERM_MOVED, (_moved_line(clock, due, why) for clock, due in moved), by=by)
    hint_at(clock for clock, _due in moved)
    return len(moved)


def _with_parts(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    return rows.select_related("case", "round", "extension").prefetch_related("pauses")


def _moved_line(clock: Clock, old: date, why: str) -> Line:
    facts = facts_of(clock) | {"old": old.isoformat(), "new": clock.due_on.isoformat(), "why": why}
    return Line(clock.area, clock.case.subject_id if clock.case else None, code_of(clock), facts)
