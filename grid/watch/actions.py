"""The ledger looks at itself, every night and when asked; what it finds is an alarm that nobody can close alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.hints import hint
from grid.ledger.actions import Line, record
from grid.ledger.models import Checkpoint
from grid.ledger.queries import checks
from grid.ledger.queries.walk import Found, Place, walk
from grid.scope import Actor, Right, machine, require, require_person
from grid.territory.models import Area
from grid.watch import problems as watch_problems
from grid.watch import queries
from grid.watch.models import Alarm, AlarmAnswer, CheckPlace, CheckRound, Office, Part
from grid.watch.rules import is_due, is_news
from grid.watch.verbs import WatchVerb

WATCHMAN = machine(_("台账自检"))
SLICE = 300.0  # seconds of one call; what is left is done by the next
LEASE = timedelta(seconds=3 * SLICE)
MOST = 200  # alarms of one round: a ledger that was rewritten as a whole needs no million of them
log = logging.getLogger(__name__)


def watch_ledger() -> list[Alarm]:
    """Periodic: the quick questions each time, and at night all that is new, then all there is, in slices."""
    raised = look_quickly()
    for part in (Part.NEW, Part.FULL):
        if is_due(queries.last_began(part), now().astimezone(CITY_TIME)):
            raised += look_on(part, SLICE, rest=1.0)
    return raised


def look_quickly() -> list[Alarm]:
    """Triggers and the newest checkpoint. A round that found what the last one did is not kept again for a day."""
    place = _taken(Part.QUICK)
    if place is None:
        return []
    place.started_at, place.found = now(), []
    size, root = queries.last_seen()
    raised = _raise(place, chain(checks.guards_stand(), checks.end_stands(size, root)))
    last = CheckRound.objects.filter(part=Part.QUICK).first()
    if last is None or last.found != place.found or last.ended_at < now() - timedelta(days=1):
        _finish(place, 0)
    _give_back(place)
    return raised


def look_on(
    part: Part, seconds: float, *, rest: float = 0.0, told: Callable[[Place, int], None] | None = None
) -> list[Alarm]:
    """Goes on with the round of `part` for about `seconds`, and ends it when all is read. Empty while another does.

    `told` hears after each page how far it is.
    """
    kept = _taken(part)
    if kept is None:
        return []
    size = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if kept.started_at is None:
        _begin(kept)
    place, raised = Place.of(kept.place), []
    for page in walk(place, size, seconds, rest):
        raised += _raise(kept, page)
        kept.place = place.kept()
        kept.save(update_fields=["place", "found"])
        if told:
            told(place, size)
    if place.index >= size:
        raised += _raise(kept, _questions())
        _finish(kept, place.checked)
    _give_back(kept)
    return raised


def begin_anew(part: Part) -> None:
    """The next `look_on` of this part begins at the first entry."""
    CheckPlace.objects.filter(part=part).update(started_at=None, place={}, found=[])


def _begin(kept: CheckPlace) -> None:
    """All there is begins at zero and believes nothing; what is new goes on where the last round of it ended."""
    place = Place.of(kept.place if kept.part == Part.NEW else {})
    place.checked = 0
    kept.started_at, kept.place, kept.found = now(), place.kept(), []
    kept.save()


def _questions() -> Iterator[Found]:
    size, root = queries.last_seen()
    yield from checks.end_stands(size, root)
    for question in checks.CHECKS:
        yield from question()


def _taken(part: Part) -> CheckPlace | None:
    """The row of the part, held for a while; None while somebody else holds it."""
    CheckPlace.objects.bulk_create([CheckPlace(part=part)], ignore_conflicts=True)
    free = CheckPlace.objects.filter(Q(taken_until=None) | Q(taken_until__lt=now()), part=part)
    return CheckPlace.objects.get(part=part) if free.update(taken_until=now() + LEASE) else None


def _give_back(kept: CheckPlace) -> None:
    CheckPlace.objects.filter(part=kept.part).update(taken_until=None)


def _finish(kept: CheckPlace, checked: int) -> None:
    head = Checkpoint.objects.order_by("-size").first()
    done = CheckRound.objects.create(
        part=kept.part, started_at=kept.started_at or now(), ended_at=now(), checked=checked,
        size=head.size if head else 0, root=head.root if head else b"", found=kept.found,
    )  # fmt: skip
    kept.started_at = None
    kept.save(update_fields=["started_at", "place", "found"])
    # Whoever keeps the log elsewhere has a witness of each round.
    log.info(
        "ledger check %s: %s entries, %s findings, size %s root %s",
        done.part, checked, len(done.found), done.size, bytes(done.root).hex(),
    )  # fmt: skip


def _raise(kept: CheckPlace, findings: Iterable[Found]) -> list[Alarm]:
    """Alarms for what is news; every finding is kept with the round."""
    raised = []
    for found in findings:
        key = found.key[:160]
        if key in kept.found:
            continue
        if len(kept.found) >= MOST:
            found = Found(
                f"more:{kept.part}", "more", _("发现的异常超过 {most} 处，其余没有逐条列出").format(most=MOST)
            )
            key = found.key
            if key in kept.found:
                continue
        kept.found = [*kept.found, key]
        if is_news(key, queries.open_keys(key), queries.keys_before()):
            raised.append(_alarm(key, found))
    return raised


def _alarm(key: str, found: Found) -> Alarm:
    # First where nobody with a hand in the database can take it back.
    log.error("ledger alarm [%s] %s", key, found.what)
    with transaction.atomic():
        alarm = Alarm.objects.create(key=key, kind=found.kind, what=found.what[:500], found_at=now())
        data = {"alarm": alarm.pk, "key": key, "what": alarm.what}
        record(WatchVerb.ALARM_RAISED, Line(settings.CITY, data=data), by=WATCHMAN)
    hint("inbox", settings.CITY)
    return alarm


def raise_alarm(key: str, kind: str, what: str) -> Alarm | None:
    """For what another room finds suspicious: an alarm unless one is open for it."""
    return _alarm(key, Found(key, kind, what)) if is_news(key, queries.open_keys(key), ()) else None


def answer_alarm(alarm: Alarm, reason: str, *, by: Actor) -> AlarmAnswer:
    """What one of the two offices found out. The second answer, by another person of the other office, closes it.

    Raises ReasonMissing, AlarmAnswered for the same person, office or department.
    """
    person = require_person(by)
    held = require(by, Right.CLEAR_ALARM, settings.CITY)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.CLEAR_ALARM.value)
    assert held is not None
    office = Office(held.role)
    with transaction.atomic():
        # One answer at a time; the alarm's own row may only be read.
        Area.objects.select_for_update(no_key=True).filter(pk=settings.CITY).first()
        for given in alarm.answers.select_related("person"):
            same_place = bool(held.department) and held.department == given.department
            if given.office == office or given.person_id == person or same_place:
                raise watch_problems.AlarmAnswered(
                    office=given.get_office_display(), name=given.person.full_name
                )
        answer = AlarmAnswer.objects.create(
            alarm=alarm,
            person_id=person,
            office=office,
            department=held.department,
            reason=reason[:500],
            at=now(),
        )
        data = {"alarm": alarm.pk, "office": str(office.label), "reason": reason[:500], "key": alarm.key}
        record(WatchVerb.ALARM_ANSWERED, Line(settings.CITY, data=data), by=by, held=held)
    hint("inbox", settings.CITY)
    return answer
