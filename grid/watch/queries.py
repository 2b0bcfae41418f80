"""Reading alarms and rounds: the whole city's, for its office and the auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from grid import problems
from grid.calendar.now import CITY_TIME, now
from grid.ledger.models import Checkpoint
from grid.scope import Actor, Right
from grid.watch.models import Alarm, AlarmAnswer, CheckPlace, CheckRound, Part
from grid.watch.rules import is_silent

BOTH = 2


def alarms() -> QuerySet[Alarm, Any]:
    """With `said`: how many offices have answered."""
    return Alarm.objects.annotate(said=Count("answers"))


def open_alarms() -> QuerySet[Alarm, Any]:
    return alarms().alias(given=Count("answers")).filter(given__lt=BOTH)


def open_keys(key: str) -> set[str]:
    return set(open_alarms().filter(key=key).values_list("key", flat=True))


def keys_before() -> set[str]:
    """What the last rounds found, of each part."""
    rounds = [last_round(part) for part in Part]
    return {key for check in rounds if check for key in check.found}


def last_began(part: Part) -> datetime | None:
    """When the last finished round of the part began, in the city's time. One under way is due until it ends."""
    if CheckPlace.objects.filter(part=part, started_at__isnull=False).exists():
        return None
    last = last_round(part)
    return last.started_at.astimezone(CITY_TIME) if last else None


def last_seen() -> tuple[int, bytes]:
    """Size and root of the tree that the last round saw; (0, nothing) before the first."""
    last = CheckRound.objects.filter(size__gt=0).first()
    return (last.size, bytes(last.root)) if last else (0, b"")


def may_see(viewer: Actor) -> None:
    """Raises NotYourPost; alarms are the whole city's."""
    if not (viewer.can(Right.CLEAR_ALARM, settings.CITY) or viewer.can(Right.RETELL, settings.CITY)):
        raise problems.NotYourPost(right=Right.CLEAR_ALARM.value)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the page shows: alarms that are open, those closed last, the last round of each part, the seal's end."""

    open: list[Alarm]
    closed: list[Alarm]
    rounds: list[CheckRound]
    under_way: list[CheckPlace]
    head: Checkpoint | None
    is_silent: bool


def watch_for(viewer: Actor) -> Watch:
    """Raises NotYourPost."""
    may_see(viewer)
    rounds = [check for part in Part if (check := last_round(part))]
    return Watch(
        list(open_alarms().prefetch_related("answers__person")[:200]),
        list(alarms().alias(given=Count("answers")).filter(given__gte=BOTH)[:50]),
        rounds,
        list(CheckPlace.objects.filter(started_at__isnull=False).exclude(part=Part.QUICK)),
        Checkpoint.objects.order_by("-size").first(),
        is_silent(last_finished(), now()),
    )


def last_round(part: Part) -> CheckRound | None:
    return CheckRound.objects.filter(part=part).first()


def found_now(part: Part) -> list[str]:
    """In words what the last round of `part`, and the last quick one, found: from the alarms, closed ones included."""
    keys = [key for check in (last_round(Part.QUICK), last_round(part)) if check for key in check.found]
    words = dict(Alarm.objects.filter(key__in=keys).order_by("pk").values_list("key", "what"))
    return list(dict.fromkeys(words.get(key, key) for key in keys))


def checkpoint_of(size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(size=size).first()


def last_finished() -> datetime | None:
    last = CheckRound.objects.filter(part__in=(Part.NEW, Part.FULL)).first()
    return last.ended_at if last else None


def alarm_at(viewer: Actor, pk: int) -> Alarm:
    """Raises NotYourPost, NotHere."""
    may_see(viewer)
    found: Alarm | None = alarms().prefetch_related("answers__person").filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def alarms_waiting(viewer: Actor, most: int) -> QuerySet[Alarm]:
    """The newest open alarms that still need a word of the viewer's office."""
    held = viewer.allowing(Right.CLEAR_ALARM, settings.CITY)
    if held is None:
        return Alarm.objects.none()
    answered = AlarmAnswer.objects.filter(office=held.role).values("alarm")
    newest = open_alarms().exclude(pk__in=answered).order_by("-pk").values("pk")[:most]
    return Alarm.objects.filter(pk__in=newest)
