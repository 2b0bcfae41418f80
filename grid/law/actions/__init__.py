"""Keeping the provisions: new versions, review and end are acts of the legal office.

A version is never changed once it is in force: a new one takes its place from a day on, today or later, so that
what was done by the old one stays explained by it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.hints import hint
from grid.law import problems as law_problems
from grid.law.models import Provision
from grid.law.rules import in_words, may_end, read_value, units_for
from grid.law.verbs import LawVerb
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Held, Right, require, require_person

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """A new version as somebody typed it in: `value` is checked by the kind of the one it follows."""

    value: str
    unit: str
    basis: str
    valid_from: date


@transaction.atomic
def enter_version(key: str, typed: Typed, why: str, *, by: Actor) -> Provision:
    """A new version of a parameter from its day on; the one before it ends the day before. It waits for review.

    Raises LawValueWrong, LawUnitWrong, LawInThePast, LawVersionThere, BasisMissing, ReasonMissing, NotYourPost.
    """
    act = _("修订参数")
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(act, why, typed.basis)
    versions, valid_from = _locked(key), typed.valid_from
    before = next((v for v in reversed(versions) if v.valid_from <= valid_from), versions[0])
    value = _value(before, typed.value, typed.unit)
    if valid_from < today():
        raise law_problems.LawInThePast(today=today(), day=valid_from)
    if any(v.valid_from == valid_from for v in versions):
        raise law_problems.LawVersionThere(title=before.title, day=valid_from)
    later = next((v for v in versions if v.valid_from > valid_from), None)
    if before.valid_from < valid_from and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - DAY
        before.save(update_fields=["valid_to"])
    new = Provision.objects.create(
        key=key, title=before.title, value=value, unit=typed.unit, basis=typed.basis.strip(), reviewed=False,
        entered_by_id=require_person(by), valid_from=valid_from, valid_to=later.valid_from - DAY if later else None,
    )  # fmt: skip
    facts = {"old": in_words(before.value, before.unit), "new": in_words(value, typed.unit), "value": value}
    _record(LawVerb.LAW_CHANGED, new, by, held, why, facts | {"basis": new.basis})
    return new


@transaction.atomic
def review_version(version: Provision, why: str, *, by: Actor) -> Provision:
    """法制审核: the mark 待法制审核 goes wherever this version is used. Whoever entered a version does not review it.

    Raises LawReviewedAlready, SamePersonTwice, ReasonMissing, NotYourPost.
    """
    held = require(by, Right.CONFIRM_LAW, settings.CITY)
    _complete(_("法制审核"), why)
    fresh = next((v for v in _locked(version.key) if v.pk == version.pk), None)
    if fresh is None:
        raise problems.NotHere()
    if fresh.reviewed:
        raise law_problems.LawReviewedAlready(title=fresh.title)
    if fresh.entered_by_id == require_person(by):
        raise problems.SamePersonTwice(first=by.name)
    fresh.reviewed, fresh.reviewed_by_id = True, require_person(by)
    fresh.save(update_fields=["reviewed", "reviewed_by"])
    _record(LawVerb.LAW_REVIEWED, fresh, by, held, why, {"basis": fresh.basis})
    return fresh


@transaction.atomic
def end_version(version: Provision, last_day: date, why: str, *, by: Actor) -> Provision:
    """Ends a version in force with nothing after it.

    Raises LawInThePast, LawEnded, LawNeeded where the system cannot do without it, ReasonMissing.
    """
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(_("终止参数"), why)
    versions = _locked(version.key)
    fresh = next(v for v in versions if v.pk == version.pk)
    if last_day < max(today(), fresh.valid_from):
        raise law_problems.LawInThePast(today=today(), day=last_day)
    if fresh.valid_to and fresh.valid_to <= last_day:
        raise law_problems.LawEnded(title=fresh.title, on=fresh.valid_to)
    if not may_end(fresh.key):
        raise law_problems.LawNeeded(title=fresh.title)
    fresh.valid_to = last_day
    fresh.save(update_fields=["valid_to"])
    _record(LawVerb.LAW_ENDED, fresh, by, held, why, {"until": last_day.isoformat()})
    return fresh


@transaction.atomic
def withdraw_version(version: Provision, why: str, *, by: Actor) -> None:
    """Takes back a version that has not begun; the one before it goes on. Raises LawInThePast, ReasonMissing."""
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(_("撤回版本"), why)
    versions = _locked(version.key)
    fresh = next((v for v in versions if v.pk == version.pk), None)
    if fresh is None:
        raise problems.NotHere()
    if fresh.valid_from <= today():
        raise law_problems.LawInThePast(today=today() + DAY, day=fresh.valid_from)
    before = next((v for v in reversed(versions) if v.valid_from < fresh.valid_from), None)
    fresh.delete()
    if before and before.valid_to == fresh.valid_from - DAY:
        before.valid_to = fresh.valid_to
        before.save(update_fields=["valid_to"])
    _record(LawVerb.LAW_WITHDRAWN, fresh, by, held, why, {})


def _locked(key: str) -> list[Provision]:
    """All versions of a parameter, oldest first, locked: two who change it follow one another. Raises NotHere.

    Read once more behind the lock: whoever waited there does not see yet what the other added meanwhile.
    """
    rows = Provision.objects.filter(key=key).order_by("valid_from")
    if not rows.select_for_update():
        raise problems.NotHere()
    return list(rows.select_for_update())


def _complete(act: str, why: str, basis: str = "-") -> None:
    if not basis.strip():
        raise law_problems.BasisMissing(act=act)
    if not why.strip():
        raise problems.ReasonMissing(act=act)


def _value(before: Provision, typed: str, unit: str) -> object:
    allowed = units_for(before.unit)
    if unit not in allowed:
        raise law_problems.LawUnitWrong(title=before.title, unit=unit, allowed="、".join(allowed))
    try:
        return read_value(typed, before.value, unit)
    except ValueError as wrong:
        raise law_problems.LawValueWrong(title=before.title, value=typed[:40], why=wrong) from None


def _record(
    verb: Verb, version: Provision, by: Actor, held: Held | None, why: str, facts: dict[str, object]
) -> None:
    data = {"key": version.key, "title": version.title, "from": version.valid_from.isoformat()}
    record(verb, Line(settings.CITY, data=data | facts | {"reason": why.strip()}), by=by, held=held)
    hint("inbox", settings.CITY)
