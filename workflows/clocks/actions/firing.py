"""Firing what is over, each exactly once. The call is for speed; the sweep is the guarantee."""

import random
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from grid.calendar.now import now, today
from grid.ledger.actions import Line, record_many
from workflows.clocks.actions.failing import complain, logged_as, report_failure, went_well
from workflows.clocks.actions.keeping import CLOCK, facts_of, record_term
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock, Pause
from workflows.clocks.terms import batched, term_of
from workflows.clocks.verbs import ClockVerb

SHARE = 200  # clocks after which a sweep asks again what others have left


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
        ClockVerb.TERM_EXPIRED,
        (
            Line(clock.case.area, clock.case.subject_id, clock.case.code, facts_of(clock))
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
    record_term(ClockVerb.TERM_EXPIRED, clock, CLOCK)
    term_of(clock.kind).handler(clock, by=CLOCK)
    return True
