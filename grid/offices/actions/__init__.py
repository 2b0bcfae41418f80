"""Keeping the offices: entered by one person, confirmed by another, ended; a confirmed row is never rewritten.

The area of the city is locked first, so that two who enter offices follow one another: whose word is whose is
decided over the rows of all districts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.verbs import Verb
from grid.offices import problems as offices_problems
from grid.offices.models import Body, Part
from grid.offices.reading import lines_of
from grid.offices.rules import (
    FIELDS,
    Entered,
    Worded,
    begins_on,
    completed,
    flaws,
    may_have_office,
    word_taken,
)
from grid.offices.verbs import OfficeVerb
from grid.scope import Actor, Held, Right, require, require_person
from grid.territory.models import Area

DAY = timedelta(days=1)
# Lines of a file that a refusal names; more of them are one mistake, made again.
MOST_TOLD = 20


@transaction.atomic
def enter_body(new: Entered, why: str, *, by: Actor) -> Body:
    """An office from a day on. It counts once another person has confirmed it.

    Raises OfficeAreaWrong, OfficeFieldWrong, OfficeWordTaken, OfficeThere, OfficeInThePast, ReasonMissing,
    NotYourPost.
    """
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(_("录入机关"), why)
    _lock()
    body = _made(new, by)
    body.save()
    _record(OfficeVerb.OFFICE_ENTERED, body, by, held, why)
    return body


@transaction.atomic
def import_bodies(name: str, content: bytes, *, by: Actor) -> tuple[int, int]:
    """Enters the offices of a CSV file, all or none; what stands there already stays as it is. Answers how many lines
    were entered and how many said what stands.

    They count once confirmed. Raises OfficeFileWrong, which names each wrong line, ColumnsMissing, NotYourPost.
    """
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _lock()
    new: list[Body] = []
    wrong: list[str] = []
    standing = 0
    for line, entered in lines_of(name, content):
        if _stands_already(entered):
            standing += 1
            continue
        try:
            body = _made(entered, by)
        except problems.Problem as problem:
            wrong.append(_("第 {line} 行：{why}").format(line=line, why=problem.detail.rstrip("。")))
            continue
        body.save()
        new.append(body)
    if wrong:
        raise offices_problems.OfficeFileWrong(name=name, lines="；".join(wrong[:MOST_TOLD]))
    for body in new:
        _record(OfficeVerb.OFFICE_ENTERED, body, by, held, _("导入 {name}").format(name=name))
    return len(new), standing


@transaction.atomic
def confirm_bodies(chosen: Sequence[int], why: str, *, by: Actor) -> int:
    """A second person's word for what was entered: from now on papers name these offices. Answers how many.

    One that takes the place of another begins today at the earliest. Raises OfficeConfirmedAlready, SamePersonTwice,
    OfficeThere, ReasonMissing, NotYourPost, NotHere.
    """
    held = require(by, Right.CONFIRM_LAW, settings.CITY)
    _complete(_("确认机关"), why)
    _lock()
    bodies = list(Body.objects.filter(pk__in=chosen).order_by("valid_from"))
    if not bodies or len(bodies) < len(set(chosen)):
        raise problems.NotHere()
    for body in bodies:
        if body.confirmed:
            raise offices_problems.OfficeConfirmedAlready(name=_in_words(body))
        if body.entered_by_id == require_person(by):
            raise problems.SamePersonTwice(first=by.name)
        _take_place(body)
        body.confirmed, body.confirmed_by_id = True, require_person(by)
        body.save()
    for body in bodies:
        _record(OfficeVerb.OFFICE_CONFIRMED, body, by, held, why)
    return len(bodies)


@transaction.atomic
def end_body(body: Body, last_day: date, why: str, *, by: Actor) -> Body:
    """Ends a confirmed office with nothing after it; papers of its area are refused from then on.

    Raises OfficeInThePast, OfficeEnded, ReasonMissing, NotYourPost, NotHere.
    """
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(_("终止机关"), why)
    _lock()
    fresh = _fresh(body)
    if not fresh.confirmed:
        raise offices_problems.OfficeUnconfirmed(name=_in_words(fresh))
    if last_day < max(today(), fresh.valid_from):
        raise offices_problems.OfficeInThePast(today=today(), day=last_day)
    if fresh.valid_to and fresh.valid_to <= last_day:
        raise offices_problems.OfficeEnded(name=_in_words(fresh), on=fresh.valid_to)
    fresh.valid_to = last_day
    fresh.save(update_fields=["valid_to"])
    _record(OfficeVerb.OFFICE_ENDED, fresh, by, held, why, until=last_day.isoformat())
    return fresh


@transaction.atomic
def withdraw_body(body: Body, why: str, *, by: Actor) -> None:
    """Takes back a row nobody has confirmed. Raises OfficeConfirmedAlready, ReasonMissing, NotYourPost, NotHere."""
    held = require(by, Right.EDIT_LAW, settings.CITY)
    _complete(_("撤回机关"), why)
    _lock()
    fresh = _fresh(body)
    if fresh.confirmed:
        raise offices_problems.OfficeConfirmedAlready(name=_in_words(fresh))
    fresh.delete()
    _record(OfficeVerb.OFFICE_WITHDRAWN, fresh, by, held, why)


def _lock() -> None:
    list(Area.objects.select_for_update(no_key=True).filter(code=settings.CITY))


def _fresh(body: Body) -> Body:
    found = Body.objects.filter(pk=body.pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def _complete(act: str, why: str) -> None:
    if not why.strip():
        raise problems.ReasonMissing(act=act)


def _made(new: Entered, by: Actor) -> Body:
    """The row, checked against all that are there and not yet saved."""
    fields = completed(new.fields)
    if not may_have_office(new.area, settings.CITY) or not Area.objects.filter(code=new.area).exists():
        raise offices_problems.OfficeAreaWrong(area=new.area, city=settings.CITY)
    if new.part not in Part.values:
        why = _("须是下列之一：{parts}").format(parts="、".join(map(str, Part.labels)))
        raise offices_problems.OfficeFieldWrong(part=new.part, field=_("种类"), why=why)
    for name, why in flaws(new.part, fields).items():
        raise offices_problems.OfficeFieldWrong(part=Part(new.part).label, field=FIELDS[name], why=why)
    words = Body.objects.filter(word=fields["word"]).values_list("area", "part", "word")
    if taken := word_taken(Worded(new.area, new.part, fields["word"]), (Worded(*word) for word in words)):
        raise offices_problems.OfficeWordTaken(word=taken.word, area=taken.area, part=Part(taken.part).label)
    rows = Body.objects.filter(area=new.area, part=new.part)
    if rows.filter(valid_from=new.valid_from).exists():
        raise offices_problems.OfficeThere(part=Part(new.part).label, day=new.valid_from)
    if new.valid_from < today() and _covered(rows.filter(confirmed=True), new.valid_from):
        raise offices_problems.OfficeInThePast(today=today(), day=new.valid_from)
    return Body(area=new.area, part=new.part, valid_from=new.valid_from, entered_by_id=by.person_id, **fields)


def _covered(confirmed: Iterable[Body], since: date) -> bool:
    """Whether papers between `since` and today have been written under a confirmed row."""
    return any(body.valid_from < today() and (body.valid_to or since) >= since for body in confirmed)


def _take_place(body: Body) -> None:
    """Puts a row among the confirmed ones of its office: the one before ends the day before, the next one ends it."""
    rows = list(Body.objects.filter(area=body.area, part=body.part, confirmed=True).order_by("valid_from"))
    has_forerunner = body.valid_from < today() and _covered(rows, body.valid_from)
    body.valid_from = begins_on(body.valid_from, today(), has_forerunner=has_forerunner)
    # Of those that wait, too: one of them keeps the day, and the other is withdrawn.
    others = Body.objects.filter(area=body.area, part=body.part, valid_from=body.valid_from).exclude(
        pk=body.pk
    )
    if others.exists():
        raise offices_problems.OfficeThere(part=body.get_part_display(), day=body.valid_from)
    for row in rows:
        if row.valid_from < body.valid_from and (row.valid_to is None or row.valid_to >= body.valid_from):
            row.valid_to = body.valid_from - DAY
            row.save(update_fields=["valid_to"])
    later = next((row for row in rows if row.valid_from > body.valid_from), None)
    body.valid_to = later.valid_from - DAY if later else None


def _stands_already(new: Entered) -> bool:
    rows = Body.objects.filter(area=new.area, part=new.part, valid_to=None)
    return rows.filter(**completed(new.fields)).exists()


def _in_words(body: Body) -> str:
    return f"{body.area} {body.get_part_display()} {body.name}"


def _record(verb: Verb, body: Body, by: Actor, held: Held | None, why: str, **facts: str) -> None:
    data = {
        "part": body.part, "title": str(body.get_part_display()), "name": body.name, "word": body.word,
        "address": body.address, "phone": body.phone, "seal": body.seal, "from": body.valid_from.isoformat(),
    }  # fmt: skip
    record(verb, Line(body.area, data=data | facts | {"reason": why.strip()}), by=by, held=held)
    hint("inbox", settings.CITY)
