"""Looking at personal data, and forgetting it: each with its reason, its limit and its entry in the ledger."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import day_of, now, today
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, personal, record
from grid.ledger.models import Entry, SubjectKey
from grid.ledger.verbs import LedgerVerb
from grid.personal import followers, queries
from grid.personal import problems as personal_problems
from grid.personal.models import Forgetting, ForgettingReason, RevealReason
from grid.personal.rules import is_kept, reasons_in_words
from grid.personal.verbs import PersonalVerb
from grid.scope import Actor, Held, Right, require, require_person
from grid.subjects.models import Subject
from grid.watch.actions import raise_alarm


def reveal_entry(entry: Entry, reason: str, *, by: Actor) -> dict[str, object] | None:
    """Opens an entry's personal data, and records who looked and why. None once it was forgotten.

    Raises NotHere, NotYourPost, ReasonMissing for a reason that is not on the list, TooManyReveals.
    """
    held = may_reveal(entry.area, reason, by=by)
    if entry.personal is None or entry.subject is None:
        return None
    with transaction.atomic():
        facts = personal.opened(bytes(entry.personal), entry.subject)
        data = {"entry": entry.pk, "fields": sorted(facts or {}), "reason": str(RevealReason(reason).label)}
        record(
            PersonalVerb.PERSONAL_REVEALED,
            Line(entry.area, subject=entry.subject, case=entry.case, data=data),
            by=by,
            held=held,
        )
    return facts


def may_reveal(area: str, reason: str, *, by: Actor) -> Held | None:
    """Part of every act that shows personal data: the right, a reason of the list, and the day's limit.

    Whoever meets the limit is refused, and both offices hear of it: outside the transaction of the act, which is undone.
    """
    held = require(by, Right.REVEAL, area)
    if reason not in RevealReason.values:
        raise problems.ReasonMissing(act=Right.REVEAL.value)
    count = queries.reveals_today(require_person(by))
    if count >= int(the_law(today())["privacy.reveal_limit"].value):
        what = _("{name}在 {day} 查看个人信息 {count} 次，达到每日上限").format(
            name=by.name, day=today(), count=count
        )
        raise_alarm(f"reveal:{by.person_id}:{today()}", "reveal", what)
        raise personal_problems.TooManyReveals(count=count)
    return held


@transaction.atomic
def ask_forgetting(subject: Subject, reason: str, remark: str = "", *, by: Actor) -> Forgetting:
    """Asks that a person's data be forgotten; another person decides.

    Raises ReasonMissing, NothingToForget, StillNeeded naming the matters, ForgettingAsked.
    """
    held = require(by, Right.ASK_FORGET, subject.area)
    if reason not in ForgettingReason.values:
        raise problems.ReasonMissing(act=Right.ASK_FORGET.value)
    if not queries.has_personal(subject):
        raise personal_problems.NothingToForget(name=subject.name)
    refuse_needed(subject)
    waiting = Forgetting.objects.filter(subject=subject, decided_at=None).select_related("asked_by").first()
    if waiting:
        raise personal_problems.ForgettingAsked(name=waiting.asked_by.full_name, at=day_of(waiting.asked_at))
    try:
        with transaction.atomic():
            asked = Forgetting.objects.create(
                subject=subject, area=subject.area, reason=reason, remark=remark[:300],
                asked_by_id=require_person(by), asked_at=now(),
            )  # fmt: skip
    except IntegrityError:
        raise personal_problems.ForgettingAsked(name=_("另一人"), at=today()) from None
    data = {"reason": str(ForgettingReason(reason).label), "remark": remark[:300], "forgetting": asked.pk}
    record(PersonalVerb.FORGETTING_ASKED, Line(subject.area, subject=subject.pk, data=data), by=by, held=held)
    hint("inbox", subject.area)
    return asked


@transaction.atomic
def decide_forgetting(forgetting: Forgetting, granted: bool, opinion: str, *, by: Actor) -> Forgetting:
    """Grants or refuses. Granted, the key is deleted: the data in all entries is unreadable for ever, hashes still hold.

    Raises OwnForgetting, ForgettingDecided, ReasonMissing, StillNeeded: a matter may have begun since it was asked.
    """
    fresh = Forgetting.objects.select_for_update().get(pk=forgetting.pk)
    held = require(by, Right.FORGET, fresh.area)
    if fresh.decided_by:
        raise personal_problems.ForgettingDecided(
            name=fresh.decided_by.full_name, at=day_of(fresh.decided_at or now())
        )
    if fresh.asked_by_id == require_person(by):
        raise personal_problems.OwnForgetting()
    if not opinion.strip():
        raise problems.ReasonMissing(act=Right.FORGET.value)
    subject = Subject.objects.select_for_update().get(pk=fresh.subject_id)
    if granted:
        refuse_needed(subject)
    fresh.decided_by_id, fresh.decided_at = require_person(by), now()
    fresh.granted, fresh.opinion = granted, opinion[:300]
    fresh.save()
    data = {"forgetting": fresh.pk, "opinion": opinion[:300], "reason": fresh.get_reason_display()}
    if granted:
        data |= {"asker": fresh.asked_by.full_name, "deleted": _forget(subject)}
    verb = LedgerVerb.PERSONAL_FORGOTTEN if granted else PersonalVerb.FORGETTING_REFUSED
    record(verb, Line(fresh.area, subject=subject.pk, data=data), by=by, held=held)
    hint("inbox", fresh.area)
    return fresh


def refuse_needed(subject: Subject) -> None:
    """Raises StillNeeded while a matter runs or a period of retention lasts, naming each."""
    law, on = the_law(today()), today()
    why = followers.why_needed(subject, on)
    last = queries.last_processed(subject)
    if is_kept(last, months := int(law["privacy.log_months"].value), on):
        words = _("处理记录须留存 {months} 个月，最近一次处理在 {on}（{basis}）")
        why.append(words.format(months=months, on=last, basis=law["privacy.log_months"].basis))
    if why:
        raise personal_problems.StillNeeded(why=reasons_in_words(why))


def _forget(subject: Subject) -> int:
    """Deletes the key, the name in full, and what other rooms keep; answers how many values went."""
    gone, _per_table = SubjectKey.objects.filter(pk=subject.pk).delete()
    gone += bool(subject.full_name)
    subject.full_name = subject.initials = ""
    subject.save(update_fields=["full_name", "initials"])
    return gone + followers.delete_along(subject)
