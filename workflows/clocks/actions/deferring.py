"""A term that ends later than it began to: it stands still for a while, or it is made longer, once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.law.queries import the_law
from grid.scope import Actor, Right, require, require_person
from workflows.clocks import problems as clocks_problems
from workflows.clocks import rules
from workflows.clocks.actions.keeping import compute, hint_at, locked_running, record_term, update_kept_days
from workflows.clocks.models import Clock, Extension, Pause
from workflows.clocks.terms import name_of, terms
from workflows.clocks.verbs import ClockVerb


@transaction.atomic
def pause_clock(clock: Clock, basis: str, *, by: Actor, first_day: date | None = None) -> Pause:
    """Lets a term stand still from `first_day` (today) on. Its end is unknown until it is resumed."""
    clock = locked_running(clock, _("中止期限"))
    if clock.pauses.filter(last_day=None).exists():
        raise clocks_problems.ClockPaused(term=name_of(clock.kind))
    pause = Pause.objects.create(clock=clock, first_day=first_day or today(), basis=basis)
    record_term(ClockVerb.TERM_PAUSED, clock, by, reason=basis)
    return pause


@transaction.atomic
def pause_for(clock: Clock, reason: str, first_day: date, remark: str, *, by: Actor) -> Pause:
    """Lets a term stand still for a reason the law names (`pause.<reason>`: the kinds it holds for, its basis).

    One by analogy to the law of others holds once this city's lawyers have passed it: until then the days of 处罚法60条
    run on. Raises ClockNotPausable, PauseUnreviewed, PauseDayWrong, ReasonMissing, ClockPaused, OutOfOrder, NotHere, NotYourPost.
    """
    fresh = locked_running(clock, _("中止期限"))
    require(by, Right.INSPECT, fresh.area)
    named = the_law(today()).get(f"pause.{reason}")
    if named is None or fresh.kind not in named.value:
        raise clocks_problems.ClockNotPausable(term=name_of(fresh.kind))
    if not named.reviewed:
        raise clocks_problems.PauseUnreviewed(term=name_of(fresh.kind), reason=named.title)
    if not remark.strip():
        raise problems.ReasonMissing(act=_("中止期限"))
    last = min(today(), fresh.due_on)
    if not fresh.started_on < first_day <= last:
        raise clocks_problems.PauseDayWrong(first=fresh.started_on, last=last)
    basis = f"{named.title}：{remark.strip()}；{named.basis}"[:300]
    return pause_clock(fresh, basis, by=by, first_day=first_day)


@transaction.atomic
def resume_after(clock: Clock, last_day: date, *, by: Actor) -> Clock:
    """Goes on counting the day after `last_day`, the reason being gone. Raises as `pause_for`, ClockNotPaused."""
    fresh = locked_running(clock, _("恢复期限"))
    require(by, Right.INSPECT, fresh.area)
    if last_day > today():
        raise clocks_problems.PauseDayWrong(first=fresh.started_on, last=today())
    return resume_clock(fresh, by=by, last_day=last_day)


@transaction.atomic
def resume_clock(clock: Clock, *, by: Actor, last_day: date | None = None) -> Clock:
    """Ends the pause after `last_day` (today) and computes the new last day of the term."""
    clock = locked_running(clock, _("恢复期限"))
    open_pause = clock.pauses.filter(last_day=None).first()
    if open_pause is None:
        raise clocks_problems.ClockNotPaused(term=name_of(clock.kind))
    open_pause.last_day = last_day or today()
    if open_pause.last_day < open_pause.first_day:
        raise clocks_problems.PauseDayWrong(first=open_pause.first_day, last=today())
    open_pause.save(update_fields=["last_day"])
    compute(clock, workdays())
    clock.save(update_fields=["due_on", "provisional"])
    update_kept_days([clock])
    record_term(ClockVerb.TERM_RESUMED, clock, by)
    return clock


@transaction.atomic
def extend_clock(clock: Clock, length: int, why: str, *, by: Actor) -> Extension:
    """Makes a term longer, once, in the name of `by`; `length` counts in the unit of the kind's parameter.

    Raises ClockNotExtendable, ClockExtended, ExtensionTooLong, ReasonMissing, OutOfOrder, NotHere, NotYourPost.
    """
    fresh, name = locked_running(clock, _("延长期限")), name_of(clock.kind)
    term = terms().get(fresh.kind)
    rule = term.extension if term else None
    held = require(by, rule.right if rule else Right.SEE_CASES, fresh.area)
    if rule is None or fresh.is_fixed:
        raise clocks_problems.ClockNotExtendable(term=name)
    if not why.strip():
        raise problems.ReasonMissing(act=_("延长期限"))
    before = Extension.objects.filter(clock=fresh).select_related("approved_by").first()
    if before:
        raise clocks_problems.ClockExtended(term=name, who=before.approved_by)
    most = the_law(today())[rule.parameter]
    if not 1 <= length <= int(most.value):
        raise clocks_problems.ExtensionTooLong(
            term=name, most=f"{most.value} {most.unit}", asked=f"{length} {most.unit}"
        )
    extension = Extension.objects.create(
        clock=fresh, length=length, unit=rules.unit_of(most.unit), basis=most.basis, reviewed=most.reviewed,
        approved_by_id=require_person(by), approved_at=now(), why=why.strip(),
    )  # fmt: skip
    compute(fresh, workdays())
    fresh.save(update_fields=["due_on", "provisional"])
    facts = {"length": f"{length} {most.unit}", "basis": most.basis, "reason": why.strip()}
    record_term(ClockVerb.TERM_EXTENDED, fresh, by, held, **facts)
    hint_at([fresh])
    return extension
