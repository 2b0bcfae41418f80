"""Starting, stopping and firing terms. The call is for speed; the sweep is the guarantee."""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any, Protocol, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.calendar.rules import Paused, Workdays, due_on
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record, record_many
from grid.ledger.bulk import among
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, ask, machine, person_of
from tasks.rounds.models import Round
from workflows.clocks import rules
from workflows.clocks.failing import complain, logged_as, report_failure, went_well
from workflows.clocks.holding import OfCase, cases
from workflows.clocks.models import Clock, Extension, Pause
from workflows.clocks.terms import batched, name_of, term_of, terms

CLOCK = machine(_("期限时钟"))
BATCH = 1_000
SHARE = 200  # clocks after which a sweep asks again what others have left


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
    case: OfCase | None = None,
    round: Round | None = None,
    due: date | None = None,
    stood_still: Sequence[Pause] = (),
) -> Clock:
    """Sets a term running from the day after `from_day`. `due` for a term whose last day is laid down elsewhere;
    `stood_still` for one that begins again from its first day: pauses that are over and count for it too.

    Raises UndeclaredTerm for a kind after which nothing would follow.
    """
    term_of(kind)
    days, length, unit = workdays(), int(str(provision.value)), rules.unit_of(provision.unit)
    pauses = [Paused(pause.first_day, pause.last_day) for pause in stood_still]
    last = due or due_on(from_day, length, unit, days, pauses)
    assert last is not None  # without an open pause every term ends
    clock = Clock.objects.create(
        case=cast(Any, case),
        round=round,
        kind=kind,
        started_on=from_day,
        length=length,
        unit=unit,
        basis=provision.basis,
        reviewed=provision.reviewed,
        provisional=days.is_provisional(from_day, last),
        due_on=last,
        is_fixed=due is not None,
    )
    for pause in stood_still:
        Pause.objects.create(
            clock=clock, first_day=pause.first_day, last_day=pause.last_day, basis=pause.basis
        )
    said = f"{clock.length} {clock.get_unit_display()}"
    _record(Verb.TERM_STARTED, clock, by, length=said, basis=clock.basis, reviewed=clock.reviewed)
    return clock


def stop_clock(clock: Clock, why: str, *, by: Actor) -> bool:
    """Ends a term before its time. False when it had already fired or been stopped."""
    running = Clock.objects.filter(pk=clock.pk, fired_at=None, stopped_at=None)
    if not running.update(stopped_at=now(), stopped_why=why):
        return False
    _record(Verb.TERM_STOPPED, clock, by, reason=why)
    return True


def stop_clocks(case: OfCase, why: str, *, by: Actor, kinds: Sequence[str] = ()) -> int:
    """Ends every running term of a case, or those of some `kinds`: a dropped listing leaves the fine of the
    inspection to be paid."""
    running = Clock.objects.filter(case=cast(Any, case), fired_at=None, stopped_at=None)
    running = (running.filter(kind__in=kinds) if kinds else running).select_related("case")
    return sum(stop_clock(clock, why, by=by) for clock in running)


@transaction.atomic
def pause_clock(clock: Clock, basis: str, *, by: Actor, first_day: date | None = None) -> Pause:
    """Lets a term stand still from `first_day` (today) on. Its end is unknown until it is resumed."""
    clock = _running(clock, _("中止期限"))
    if clock.pauses.filter(last_day=None).exists():
        raise problems.ClockPaused(term=name_of(clock.kind))
    pause = Pause.objects.create(clock=clock, first_day=first_day or today(), basis=basis)
    _record(Verb.TERM_PAUSED, clock, by, reason=basis)
    return pause


@transaction.atomic
def pause_for(clock: Clock, reason: str, first_day: date, remark: str, *, by: Actor) -> Pause:
    """Lets a term stand still for a reason the law names (`pause.<reason>`: the kinds it holds for, its basis).

    Raises ClockNotPausable, PauseDayWrong, ReasonMissing, ClockPaused, OutOfOrder, NotHere, NotYourPost.
    """
    fresh = _running(clock, _("中止期限"))
    ask(by, Right.INSPECT, fresh.area)
    named = the_law(today()).get(f"pause.{reason}")
    if named is None or fresh.kind not in named.value:
        raise problems.ClockNotPausable(term=name_of(fresh.kind))
    if not remark.strip():
        raise problems.ReasonMissing(act=_("中止期限"))
    last = min(today(), fresh.due_on)
    if not fresh.started_on < first_day <= last:
        raise problems.PauseDayWrong(first=fresh.started_on, last=last)
    basis = f"{named.title}：{remark.strip()}；{named.basis}"[:300]
    return pause_clock(fresh, basis, by=by, first_day=first_day)


@transaction.atomic
def resume_after(clock: Clock, last_day: date, *, by: Actor) -> Clock:
    """Goes on counting the day after `last_day`, the reason being gone. Raises as `pause_for`, ClockNotPaused."""
    fresh = _running(clock, _("恢复期限"))
    ask(by, Right.INSPECT, fresh.area)
    if last_day > today():
        raise problems.PauseDayWrong(first=fresh.started_on, last=today())
    return resume_clock(fresh, by=by, last_day=last_day)


@transaction.atomic
def resume_clock(clock: Clock, *, by: Actor, last_day: date | None = None) -> Clock:
    """Ends the pause after `last_day` (today) and computes the new last day of the term."""
    clock = _running(clock, _("恢复期限"))
    open_pause = clock.pauses.filter(last_day=None).first()
    if open_pause is None:
        raise problems.ClockNotPaused(term=name_of(clock.kind))
    open_pause.last_day = last_day or today()
    if open_pause.last_day < open_pause.first_day:
        raise problems.PauseDayWrong(first=open_pause.first_day, last=today())
    open_pause.save(update_fields=["last_day"])
    _compute(clock, workdays())
    clock.save(update_fields=["due_on", "provisional"])
    _follow([clock])
    _record(Verb.TERM_RESUMED, clock, by)
    return clock


@transaction.atomic
def extend_clock(clock: Clock, length: int, why: str, *, by: Actor) -> Extension:
    """Makes a term longer, once, in the name of `by`; `length` counts in the unit of the kind's parameter.

    Raises ClockNotExtendable, ClockExtended, ExtensionTooLong, ReasonMissing, OutOfOrder, NotHere, NotYourPost.
    """
    fresh, name = _running(clock, _("延长期限")), name_of(clock.kind)
    term = terms().get(fresh.kind)
    rule = term.extension if term else None
    held = ask(by, rule.right if rule else Right.SEE_CASES, fresh.area)
    if rule is None or fresh.is_fixed:
        raise problems.ClockNotExtendable(term=name)
    if not why.strip():
        raise problems.ReasonMissing(act=_("延长期限"))
    before = Extension.objects.filter(clock=fresh).select_related("approved_by").first()
    if before:
        raise problems.ClockExtended(term=name, who=before.approved_by)
    most = the_law(today())[rule.parameter]
    if not 1 <= length <= int(most.value):
        raise problems.ExtensionTooLong(
            term=name, most=f"{most.value} {most.unit}", asked=f"{length} {most.unit}"
        )
    extension = Extension.objects.create(
        clock=fresh, length=length, unit=rules.unit_of(most.unit), basis=most.basis, reviewed=most.reviewed,
        approved_by_id=person_of(by), approved_at=now(), why=why.strip(),
    )  # fmt: skip
    _compute(fresh, workdays())
    fresh.save(update_fields=["due_on", "provisional"])
    said = {"length": f"{length} {most.unit}", "basis": most.basis, "reason": why.strip()}
    _record(Verb.TERM_EXTENDED, fresh, by, held, **said)
    _tell([fresh])
    return extension


def _compute(clock: Clock, days: Workdays) -> bool:
    """Sets `due_on` and `provisional` from the calendar; whether either changed. Standing still changes nothing."""
    term, more = rules.Period(clock.length, rules.unit_of(clock.unit)), getattr(clock, "extension", None)
    pauses = [Paused(pause.first_day, pause.last_day) for pause in clock.pauses.all()]
    longer = rules.Period(more.length, rules.unit_of(more.unit)) if more else None
    due = rules.last_day(clock.started_on, term, days, pauses, longer)
    if due is None:
        return False
    before = clock.due_on, clock.provisional
    clock.due_on, clock.provisional = due, days.is_provisional(clock.started_on, due)
    return before != (clock.due_on, clock.provisional)


def _running(clock: Clock, act: str) -> Clock:
    """The clock, locked after its case as every act does. Raises OutOfOrder once it has ended."""
    case = cases().locked(clock.case_id) if clock.case_id else None
    fresh = Clock.objects.select_for_update(of=("self",)).select_related("round").get(pk=clock.pk)
    if fresh.fired_at or fresh.stopped_at:
        raise problems.OutOfOrder(thing=name_of(fresh.kind), state=_("已结束"), act=act)
    fresh.case = case
    return fresh


# --- the calendar changed ------------------------------------------------------------------------


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
    differing = [clock for clock in _with_parts(running).iterator(BATCH) if _compute(clock, days)]
    if not differing:
        return 0
    # Processes first and in order, as every act takes its locks; only then is what was read certain.
    cases().hold(sorted({clock.case_id for clock in differing if clock.case_id}))
    ids = [clock.pk for clock in differing]
    certain = running.filter(pk__in=among(ids)).select_for_update(of=("self",)).order_by("pk")
    changed = [(clock, clock.due_on) for clock in _with_parts(certain)]
    changed = [(clock, due) for clock, due in changed if _compute(clock, days)]
    Clock.objects.bulk_update([clock for clock, _due in changed], ["due_on", "provisional"], BATCH)
    moved = [(clock, due) for clock, due in changed if clock.due_on != due]
    _follow(clock for clock, _due in moved)
    record_many(Verb.TERM_MOVED, (_moved_line(clock, due, why) for clock, due in moved), by=by)
    _tell(clock for clock, _due in moved)
    return len(moved)


def _with_parts(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    return rows.select_related("case", "round", "extension").prefetch_related("pauses")


def _moved_line(clock: Clock, old: date, why: str) -> Line:
    facts = _facts(clock) | {"old": old.isoformat(), "new": clock.due_on.isoformat(), "why": why}
    return Line(clock.area, clock.case.subject_id if clock.case else None, _code_of(clock), facts)


# --- firing ------------------------------------------------------------------------------------


def fire_due_clocks(limit: int = 10_000) -> int:
    """Fires every term whose last day is over, each exactly once. Returns how many this call fired.

    A clock that fails is reported, left as it was and tried again by the next sweep; the others go on. Several processes
    share the work: each begins at another place, and passes over what another one holds.
    """
    ids = list(due_clocks().order_by("due_on", "pk").values_list("pk", flat=True)[:limit])
    begin = random.randrange(len(ids)) // SHARE * SHARE if ids else 0
    turn, fired = iter(ids[begin:] + ids[:begin]), 0
    while some := list(islice(turn, SHARE)):
        left = due_clocks().filter(pk__in=some).order_by("due_on", "pk").values_list("pk", "kind")
        fired += _fire_share(list(left))
    return fired


def _fire_share(clocks: list[tuple[int, str]]) -> int:
    """Together what can be, then one by one: also each of a batch that failed, so that one holds up no other."""
    together = batched()
    fired, alone = 0, [pk for pk, kind in clocks if kind not in together]
    for kind in together:
        batch, said = [pk for pk, its in clocks if its == kind], f"{kind}: not together, each by itself"
        try:
            if batch:
                fired += _fire_together(kind, batch)
                went_well(said)
        except Exception as error:
            complain(said, error)
            alone += batch
    return fired + sum(fire_clock(pk) for pk in alone)


@transaction.atomic
def _fire_together(kind: str, ids: list[int]) -> int:
    """A batch of one kind; whatever another process holds is passed over. The locks are those of one clock."""
    held = cases().free(ids)
    mine = due_clocks().filter(pk__in=ids, case__process__in=held).select_related("case")
    clocks = list(mine.order_by("case__process"))
    running = Clock.objects.filter(pk__in=[clock.pk for clock in clocks], fired_at=None, stopped_at=None)
    if running.update(fired_at=now()) != len(clocks):
        raise RuntimeError("a clock was stopped without its case being locked")
    record_many(
        Verb.TERM_EXPIRED,
        (
            Line(clock.case.area, clock.case.subject_id, clock.case.code, _facts(clock))
            for clock in clocks
            if clock.case
        ),
        by=CLOCK,
    )
    together = term_of(kind).together
    assert together is not None  # or it were not among those over together
    together(clocks, by=CLOCK)
    return len(clocks)


def due_clocks() -> QuerySet[Clock]:
    """Running terms whose last day is over. One standing still is not over, whatever its row says."""
    due = Clock.objects.filter(fired_at=None, stopped_at=None, due_on__lt=today())
    return due.filter(~Exists(Pause.objects.open().filter(clock=OuterRef("pk"))))


def fire_clock(clock_id: int) -> bool:
    """Fires one term by itself; False when it did not, because another was faster or because it failed."""
    try:
        with transaction.atomic():
            has_fired = _fire_once(clock_id)
    except Exception as error:
        report_failure(clock_id, error)
        return False
    if has_fired:
        went_well(logged_as(clock_id))
    return has_fired


def _fire_once(clock_id: int) -> bool:
    # The case is locked before its clock, as every act does: the other order would deadlock with one that
    # is just stopping this clock. Whoever holds it now may be firing it: the next sweep will see.
    process = Clock.objects.values_list("case__process", flat=True).get(pk=clock_id)
    if process and not cases().free([clock_id]):
        return False
    clock = due_clocks().select_related("case" if process else "round").filter(pk=clock_id).first()
    if clock is None:
        return False
    running = Clock.objects.filter(pk=clock_id, fired_at=None, stopped_at=None, due_on=clock.due_on)
    if not running.update(fired_at=now()):
        return False
    _record(Verb.TERM_EXPIRED, clock, CLOCK)
    term_of(clock.kind).handler(clock, by=CLOCK)
    return True


# --- ledger ------------------------------------------------------------------------------------


def _code_of(clock: Clock) -> str:
    return clock.case.code if clock.case else ""


def _facts(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.pk,
        "kind": clock.kind,
        "term_name": name_of(clock.kind),
        "due_on": clock.due_on.isoformat(),
        "round": clock.round.code if clock.round else "",
    }


def _record(verb: Verb, clock: Clock, by: Actor, held: Held | None = None, **facts: object) -> None:
    case = clock.case
    record(
        verb,
        Line(
            clock.area,
            subject=case.subject_id if case else None,
            case=_code_of(clock),
            data=_facts(clock) | facts,
        ),
        by=by,
        held=held,
    )


def _follow(clocks: Iterable[Clock]) -> None:
    """What another room keeps of a term's last day follows it when that moves."""
    for clock in clocks:
        term = terms().get(clock.kind)
        if term and term.moved:
            term.moved(clock)


def _tell(clocks: Iterable[Clock]) -> None:
    for area in {clock.area for clock in clocks}:
        hint("case", area)
        hint("inbox", area)
