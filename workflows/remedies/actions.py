"""行政复议 and 行政诉讼 against a penalty or a listing: what each suspends by rule, and what follows its outcome."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.scope import Actor, Held, Right, require, require_person
from workflows.cases.models import Case
from workflows.clocks.actions import pause_clock, resume_clock
from workflows.clocks.models import Clock
from workflows.clocks.terms import suspended
from workflows.engine.actions.steps import locked, notify_pages, record_on
from workflows.remedies import problems as remedies_problems
from workflows.remedies import rules
from workflows.remedies.followers import decided_on, rooms
from workflows.remedies.models import Remedy, RemedyOutcome, RemedyTarget
from workflows.remedies.queries import effects_of
from workflows.remedies.rules import Challenge, Ending
from workflows.remedies.verbs import RemedyVerb


def note_remedy(case: Case, challenge: Challenge, *, by: Actor) -> Remedy:
    """Notes a review or suit that was accepted. Without a target it is against the listing once that was decided, else
    against the penalty.

    Raises RemedyIncomplete, RemedyOpen, OutOfOrder where nothing was decided yet.
    """
    if not challenge.body or challenge.filed_on > today():
        raise remedies_problems.RemedyIncomplete()
    with transaction.atomic():
        case, held = _at(case, by)
        target = challenge.target or _target_of(case)
        _require_decided(case, target, challenge.filed_on)
        _require_alone(case, target, challenge.kind)
        remedy = Remedy.objects.create(
            case=case, target=target, kind=challenge.kind, body=challenge.body, filed_on=challenge.filed_on,
            noted_by_id=require_person(by), noted_at=now(),
        )  # fmt: skip
        words = "；".join(effect.says for effect in effects_of(remedy))
        record_on(RemedyVerb.REMEDY_NOTED, case, by, held, **_named(remedy), body=remedy.body, effects=words)
        for room in rooms():
            room.noted(remedy, by)
        _pause(remedy, by)
        if challenge.stay_number:
            _stay(remedy, challenge.stay_number, case, by, held)
        notify_pages(case)
    return remedy


def stay_remedy(remedy: Remedy, number: str, *, by: Actor) -> Remedy:
    """Notes the order that stays execution until the remedy ends: an entry is not shown, a fine not to be paid.

    Raises RemedyIncomplete.
    """
    if not number.strip():
        raise remedies_problems.RemedyIncomplete()
    with transaction.atomic():
        case, held = _at(remedy.case, by)
        fresh = _running(remedy, _("登记停止执行"))
        if fresh.stayed_on:
            raise problems.OutOfOrder(
                thing=fresh.get_kind_display(), state=_("已停止执行"), act=_("登记停止执行")
            )
        _stay(fresh, number.strip(), case, by, held)
        notify_pages(case)
    remedy.refresh_from_db()
    return remedy


def close_remedy(remedy: Remedy, ending: Ending, *, by: Actor) -> Remedy:
    """Enters how it ended. A listing whose decision, or whose penalty, was quashed is revoked; what was stayed
    and stands is shown again. The city decides.

    Raises RemedyIncomplete, JudgmentNotBinding, and what the room of the decision says.
    """
    _check_ending(remedy, ending)
    with transaction.atomic():
        case, held = _at(remedy.case, by)
        for room in rooms():
            room.may_end(case, remedy, ending.outcome, by)
        fresh = _running(remedy, _("登记复议诉讼结果"))
        fresh.outcome, fresh.outcome_number = RemedyOutcome(ending.outcome), ending.number
        fresh.decided_on, fresh.effective_on = ending.decided_on, ending.effective_on
        fresh.closed_by_id = require_person(by)
        fresh.save()
        outcome = str(fresh.get_outcome_display())
        record_on(RemedyVerb.REMEDY_CLOSED, case, by, held, **_named(fresh), outcome=outcome, **_days(fresh))
        _resume(fresh, by)
        for room in rooms():
            room.ended(fresh, ending.fine, by, held)
        notify_pages(case)
    remedy.refresh_from_db()
    return remedy


def _check_ending(remedy: Remedy, ending: Ending) -> None:
    bad_day = ending.decided_on > today() or ending.decided_on < remedy.filed_on
    if bad_day or (ending.outcome != RemedyOutcome.WITHDRAWN and not ending.number):
        raise remedies_problems.RemedyIncomplete()
    if not rules.binds(remedy.kind, ending.outcome, ending.decided_on, ending.effective_on, today()):
        raise remedies_problems.JudgmentNotBinding()


def _days(remedy: Remedy) -> dict[str, str]:
    days = {"decided_on": remedy.decided_on, "effective_on": remedy.effective_on}
    facts = {name: day.isoformat() for name, day in days.items() if day}
    return {"number": remedy.outcome_number} | facts


def _at(case: Case, by: Actor) -> tuple[Case, Held | None]:
    fresh = locked(Case, case.pk)
    right = Right.INSPECT if by.can(Right.INSPECT, fresh.area) else Right.DECIDE_CITY
    return fresh, require(by, right, fresh.area)


def _target_of(case: Case) -> str:
    return RemedyTarget.LISTING if decided_on(case, RemedyTarget.LISTING) else RemedyTarget.PENALTY


def _require_decided(case: Case, target: str, filed_on: date) -> None:
    """Requires a decision to challenge, made before the remedy was filed."""
    day = decided_on(case, target)
    if day is None:
        act = _("登记复议或诉讼")
        raise problems.OutOfOrder(thing=RemedyTarget(target).label, state=_("尚未作出"), act=act)
    if filed_on < day:
        raise remedies_problems.RemedyIncomplete()


def _require_alone(case: Case, target: str, kind: str) -> None:
    """A penalty is either reviewed or before the court: who has one has not the other (行政复议法29条)."""
    pending = Remedy.objects.filter(case=case, target=target, decided_on=None)
    running = (pending if target == RemedyTarget.PENALTY else pending.filter(kind=kind)).first()
    if running:
        raise remedies_problems.RemedyOpen(
            target=running.get_target_display(), kind=running.get_kind_display()
        )


def _named(remedy: Remedy) -> dict[str, str]:
    return {
        "remedy": remedy.kind,
        "kind_name": str(remedy.get_kind_display()),
        "target_name": str(remedy.get_target_display()),
    }


def _running(remedy: Remedy, act: str) -> Remedy:
    fresh = Remedy.objects.select_for_update(of=("self",)).select_related("case").get(pk=remedy.pk)
    if fresh.decided_on:
        state = fresh.get_outcome_display()
        raise problems.OutOfOrder(thing=fresh.get_kind_display(), state=state, act=act)
    return fresh


def _stay(remedy: Remedy, number: str, case: Case, by: Actor, held: Held | None) -> None:
    remedy.stay_number, remedy.stayed_on = number, today()
    remedy.save(update_fields=["stay_number", "stayed_on"])
    record_on(RemedyVerb.REMEDY_STAYED, case, by, held, number=number)
    _pause(remedy, by)
    for room in rooms():
        room.stayed(remedy, by)


def _pause(remedy: Remedy, by: Actor) -> None:
    bases = {effect.what: effect.basis for effect in effects_of(remedy) if effect.is_suspended}
    for clock in _terms(remedy, paused=False):
        # One whose last day is past has run out, even where that was not noted yet.
        if clock.due_on >= today() and (basis := bases.get(suspended()[clock.kind])):
            pause_clock(clock, basis, by=by)


def _resume(remedy: Remedy, by: Actor) -> None:
    if Remedy.objects.filter(case=remedy.case_id, target=remedy.target, decided_on=None).exists():
        return
    for clock in _terms(remedy, paused=True):
        # The term goes on when the remedy ended, not when somebody came to enter it.
        since = clock.pauses.get(last_day=None).first_day
        resume_clock(clock, by=by, last_day=max(since, remedy.ended_on or since))


def _terms(remedy: Remedy, *, paused: bool) -> list[Clock]:
    if remedy.target != RemedyTarget.PENALTY:
        return []
    running = Clock.objects.filter(case=remedy.case_id, kind__in=suspended(), fired_at=None, stopped_at=None)
    standing = running.filter(pauses__last_day__isnull=True, pauses__isnull=False)
    return list(standing if paused else running.exclude(pk__in=standing))
