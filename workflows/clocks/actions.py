"""Starting, stopping and firing terms. The call is for speed; the sweep is the guarantee."""

import logging
from datetime import date
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Paused, due_on
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, machine
from tasks.rounds.models import Round
from workflows.cases.models import Case
from workflows.cases.steps import locked
from workflows.clocks import rules
from workflows.clocks.models import Clock, Pause

log = logging.getLogger(__name__)

CLOCK = machine(_("期限时钟"))


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
    provision: Length,
    from_day: date,
    case: Case | None = None,
    round: Round | None = None,
    due: date | None = None,
) -> Clock:
    """Sets a term running from the day after `from_day`. `due` for a term whose last day is laid down elsewhere."""
    days, length, unit = workdays(), int(str(provision.value)), rules.unit_of(provision.unit)
    last = due or due_on(from_day, length, unit, days)
    assert last is not None  # without a pause every term ends
    clock = Clock.objects.create(
        case=case,
        round=round,
        kind=kind,
        started_on=from_day,
        length=length,
        unit=unit,
        basis=provision.basis,
        reviewed=provision.reviewed,
        provisional=days.is_provisional(from_day, last),
        due_on=last,
    )
    _record(Verb.TERM_STARTED, clock, by, length=_length(clock), basis=clock.basis, reviewed=clock.reviewed)
    return clock


def stop_clock(clock: Clock, why: str, *, by: Actor) -> bool:
    """Ends a term before its time. False when it had already fired or been stopped."""
    running = Clock.objects.filter(pk=clock.pk, fired_at=None, stopped_at=None)
    if not running.update(stopped_at=now(), stopped_why=why):
        return False
    _record(Verb.TERM_STOPPED, clock, by, reason=why)
    return True


def stop_clocks(case: Case, why: str, *, by: Actor) -> int:
    """Ends every running term of a case."""
    running = Clock.objects.filter(case=case, fired_at=None, stopped_at=None).select_related("case")
    return sum(stop_clock(clock, why, by=by) for clock in running)


@transaction.atomic
def pause_clock(clock: Clock, basis: str, *, by: Actor, first_day: date | None = None) -> Pause:
    """Lets a term stand still from `first_day` (today) on. Its end is unknown until it is resumed."""
    clock = _running(clock, _("中止期限"))
    if clock.pauses.filter(last_day=None).exists():
        raise problems.ClockPaused(term=rules.name_of(clock.kind))
    pause = Pause.objects.create(clock=clock, first_day=first_day or today(), basis=basis)
    _record(Verb.TERM_PAUSED, clock, by, reason=basis)
    return pause


@transaction.atomic
def resume_clock(clock: Clock, *, by: Actor, last_day: date | None = None) -> Clock:
    """Ends the pause after `last_day` (today) and computes the new last day of the term."""
    clock = _running(clock, _("恢复期限"))
    open_pause = clock.pauses.filter(last_day=None).first()
    if open_pause is None:
        raise problems.ClockNotPaused(term=rules.name_of(clock.kind))
    open_pause.last_day = last_day or today()
    open_pause.save(update_fields=["last_day"])
    days = workdays()
    pauses = [Paused(p.first_day, p.last_day) for p in clock.pauses.all()]
    due = due_on(clock.started_on, clock.length, rules.unit_of(clock.unit), days, pauses)
    assert due is not None  # every pause has its last day now
    clock.due_on, clock.provisional = due, days.is_provisional(clock.started_on, due)
    clock.save(update_fields=["due_on", "provisional"])
    _record(Verb.TERM_RESUMED, clock, by)
    return clock


def _running(clock: Clock, act: str) -> Clock:
    fresh = Clock.objects.select_for_update(of=("self",)).select_related("case", "round").get(pk=clock.pk)
    if fresh.fired_at or fresh.stopped_at:
        raise problems.OutOfOrder(thing=rules.name_of(fresh.kind), state=_("已结束"), act=act)
    return fresh


# --- firing ------------------------------------------------------------------------------------


def fire_due_clocks(limit: int = 500) -> int:
    """Fires every term whose last day is over, each exactly once. Returns how many this call fired.

    A clock that fails is left as it was and tried again by the next sweep; the others go on.
    """
    due = Clock.objects.filter(fired_at=None, stopped_at=None, due_on__lt=today())
    # A term standing still is not over, whatever its row says until it is resumed.
    waiting = due.exclude(pauses__last_day__isnull=True, pauses__isnull=False).order_by("due_on", "pk")
    return sum(_fire(pk) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


def _fire(clock_id: int) -> bool:
    try:
        with transaction.atomic():
            return _fire_once(clock_id)
    except Exception:
        log.exception("clock %d did not fire", clock_id)
        return False


def _fire_once(clock_id: int) -> bool:
    # The handlers use this module to start the next term, so they cannot be imported above.
    from workflows.clocks.handlers import handler_of

    clock = Clock.objects.select_related("round").get(pk=clock_id)
    # The case is locked before its clock, as every act does: the other order would deadlock with one that
    # is just stopping this clock.
    if clock.case_id:
        clock.case = locked(clock.case_id)
    running = Clock.objects.filter(pk=clock_id, fired_at=None, stopped_at=None, due_on__lt=today())
    if not running.update(fired_at=now()):
        return False
    _record(Verb.TERM_EXPIRED, clock, CLOCK)
    handler_of(clock.kind)(clock, by=CLOCK)
    return True


# --- ledger ------------------------------------------------------------------------------------


def _record(verb: Verb, clock: Clock, by: Actor, **facts: object) -> None:
    case, round = clock.case, clock.round
    area = case.area if case else round.area if round else ""
    data = {
        "clock": clock.pk,
        "kind": clock.kind,
        "term_name": rules.name_of(clock.kind),
        "due_on": clock.due_on.isoformat(),
        "round": round.code if round else "",
    }
    record(
        verb,
        by=by,
        area=area,
        subject=case.subject_id if case else None,
        case=case.code if case else "",
        data=data | facts,
    )


def _length(clock: Clock) -> str:
    return f"{clock.length} {clock.get_unit_display()}"
