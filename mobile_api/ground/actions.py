"""Phones whose ground changed: they ask as before, and are told what changed since they last asked."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from grid.calendar.now import now
from grid.recut.followers import Ground
from grid.territory.models import Posting
from mobile_api.devices.models import Device

SILENT = timedelta(days=1)


def follow_phones(ground: Ground) -> int:
    """They are looked after where their worker is now."""
    touched = _touched(ground).count()
    for old, new in ground.successor.items():
        Device.objects.filter(area=old, revoked_at=None).update(area=new)
    return touched


def follow_silent_phones(ground: Ground) -> int:
    """Those that have not asked for a day may hold visits not handed in yet: they are taken as they come, under the post
    they were made under."""
    return _touched(ground).filter(Q(seen_at=None) | Q(seen_at__lt=now() - SILENT)).count()


def _touched(ground: Ground) -> QuerySet[Device]:
    posted = Posting.objects.filter(person=OuterRef("posting__person"), area__in=_areas(ground))
    return Device.objects.filter(Exists(posted), revoked_at=None)


def _areas(ground: Ground) -> list[str]:
    return sorted({*ground.successor, *(move.old for move in ground.moves)})
