"""Setting a term running, and ending one before its time."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol, cast

from grid.calendar.now import now
from grid.calendar.queries import workdays
from grid.calendar.rules import Paused, Workdays, due_on
from grid.scope import Actor
from tasks.rounds.models import Round
from workflows.clocks import rules
from workflows.clocks.actions.keeping import record_term
from workflows.clocks.followers import OfCase
from workflows.clocks.models import Clock, Pause
from workflows.clocks.terms import owed_beyond, term_of
from workflows.clocks.verbs import ClockVerb


class Length(Protocol):
    """How long a term is and on what basis: a Provision, or a ground's period."""

    value: object
    unit: str
    basis: str
    reviewed: bool


def start_clock(
    kind: str,
    *,
    by: Actor,
    case: OfCase,
    provision: Length,
    from_day: date,
    stood_still: Sequence[Pause] = (),
) -> Clock:
    """Sets a term of a case running from the day after `from_day`. `stood_still` for one that begins again from its
    first day: pauses that are over and count for it too.

    Raises UndeclaredTerm for a kind after which nothing would follow.
    """
    clock, days = _of(provision, kind, from_day), workdays()
    _give(clock, case)
    pauses = [Paused(pause.first_day, pause.last_day) for pause in stood_still]
    last = due_on(from_day, clock.length, rules.unit_of(clock.unit), days, pauses)
    assert last is not None  # without an open pause every term ends
    clock.due_on = last
    return _begun(clock, days, by, stood_still)


def start_clock_of(
    about: int, kind: str, *, by: Actor, case: OfCase, provision: Length, from_day: date
) -> Clock:
    """The same for one of several who each have a term of this kind in the matter. Raises UndeclaredTerm."""
    clock, days = _of(provision, kind, from_day), workdays()
    _give(clock, case)
    clock.about = about
    last = due_on(from_day, clock.length, rules.unit_of(clock.unit), days)
    assert last is not None  # nothing pauses it
    clock.due_on = last
    return _begun(clock, days, by)


def start_clock_until(
    due: date, kind: str, *, by: Actor, matter: OfCase | Round, provision: Length, from_day: date
) -> Clock:
    """Sets a term of a case or a round running whose last day is laid down elsewhere: no calendar moves it.

    Raises UndeclaredTerm.
    """
    clock = _of(provision, kind, from_day)
    if isinstance(matter, Round):
        clock.round = matter
    else:
        _give(clock, matter)
    clock.due_on, clock.is_fixed = due, True
    return _begun(clock, workdays(), by)


def _give(clock: Clock, case: OfCase) -> None:
    clock.case = cast(Any, case)


def _of(provision: Length, kind: str, from_day: date) -> Clock:
    """A term as long as `provision` says, of nothing yet and without its last day."""
    term_of(kind)
    return Clock(
        kind=kind,
        started_on=from_day,
        length=int(str(provision.value)),
        unit=rules.unit_of(provision.unit),
        basis=provision.basis,
        reviewed=provision.reviewed,
    )


def _begun(clock: Clock, days: Workdays, by: Actor, stood_still: Sequence[Pause] = ()) -> Clock:
    clock.provisional = days.is_provisional(clock.started_on, clock.due_on)
    clock.save()
    for pause in stood_still:
        Pause.objects.create(
            clock=clock, first_day=pause.first_day, last_day=pause.last_day, basis=pause.basis
        )
    words = f"{clock.length} {clock.get_unit_display()}"
    record_term(ClockVerb.TERM_STARTED, clock, by, length=words, basis=clock.basis, reviewed=clock.reviewed)
    return clock


def stop_clock(clock: Clock, why: str, *, by: Actor) -> bool:
    """Ends a term before its time. False when it had already fired or been stopped."""
    running = Clock.objects.filter(pk=clock.pk, fired_at=None, stopped_at=None)
    if not running.update(stopped_at=now(), stopped_why=why):
        return False
    record_term(ClockVerb.TERM_STOPPED, clock, by, reason=why)
    return True


def stop_clocks(case: OfCase, why: str, *, by: Actor, kinds: Sequence[str] = ()) -> int:
    """Ends the running terms of a case that ends, but for what the office owes all the same, or those of some `kinds`:
    a dropped listing leaves the fine of the inspection to be paid."""
    running = Clock.objects.filter(case=cast(Any, case), fired_at=None, stopped_at=None).select_related(
        "case"
    )
    running = running.filter(kind__in=kinds) if kinds else running.exclude(kind__in=owed_beyond())
    return sum(stop_clock(clock, why, by=by) for clock in running)
