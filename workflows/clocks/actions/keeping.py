"""Part of every act on a term: its last day, its lock, its entry, and who hears that it moved."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.rules import Paused, Workdays
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, machine
from workflows.clocks import rules
from workflows.clocks.followers import cases
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of, terms

CLOCK = machine(_("期限时钟"))


def compute(clock: Clock, days: Workdays) -> bool:
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


def locked_running(clock: Clock, act: str) -> Clock:
    """The clock, locked after its case as every act does. Raises OutOfOrder once it has ended."""
    case = cases().locked(clock.case_id) if clock.case_id else None
    fresh = Clock.objects.select_for_update(of=("self",)).select_related("round").get(pk=clock.pk)
    if fresh.fired_at or fresh.stopped_at:
        raise problems.OutOfOrder(thing=name_of(fresh.kind), state=_("已结束"), act=act)
    fresh.case = case
    return fresh


def code_of(clock: Clock) -> str:
    return clock.case.code if clock.case else ""


def facts_of(clock: Clock) -> dict[str, object]:
    return {
        "clock": clock.pk,
        "kind": clock.kind,
        "term_name": name_of(clock.kind),
        "due_on": clock.due_on.isoformat(),
        "round": clock.round.code if clock.round else "",
    }


def record_term(verb: Verb, clock: Clock, by: Actor, held: Held | None = None, **facts: object) -> None:
    case = clock.case
    record(
        verb,
        Line(
            clock.area,
            subject=case.subject_id if case else None,
            case=code_of(clock),
            data=facts_of(clock) | facts,
        ),
        by=by,
        held=held,
    )


def update_kept_days(clocks: Iterable[Clock]) -> None:
    """What another room keeps of a term's last day follows it when that moves."""
    for clock in clocks:
        term = terms().get(clock.kind)
        if term and term.moved:
            term.moved(clock)


def hint_at(clocks: Iterable[Clock]) -> None:
    for area in {clock.area for clock in clocks}:
        hint("case", area)
        hint("inbox", area)
