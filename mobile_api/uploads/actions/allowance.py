"""How much one phone may send in a day. Far above what honest work makes, far below what fills a disk.

A worker who was off line for two weeks comes back with some 600 visits and 1,200 photos of 200 kB: 240 MB. Through
ODK Collect photos are larger, and what does not fit today is sent tomorrow: nothing is refused for good.
"""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from grid.calendar.now import today
from mobile_api.devices.models import Device
from mobile_api.uploads import problems as uploads_problems
from mobile_api.uploads.models import Allowance
from tasks.visits.queries import visits_here

MEGABYTE: Final = 1024 * 1024
EARLY_PHOTOS: Final = 2_000


def is_here(visit: UUID) -> bool:
    return bool(visits_here([visit]))


def take_allowance(device: Device, size: int, *, is_early: bool) -> None:
    """Counts bytes that are about to come; part of the action that takes them. Raises PhotoAllowance.

    One statement asks and counts, so that two uploads at once cannot both have the last of it.
    """
    most = _most_of(device)
    early = min(most, settings.EARLY_PHOTOS_A_DAY_MB * MEGABYTE)
    more = {"used": F("used") + size}
    fits = Q(device_id=device.pk, day=today(), used__lte=most - size)
    if is_early:
        more |= {"early": F("early") + size, "early_photos": F("early_photos") + 1}
        fits &= Q(early__lte=early - size, early_photos__lt=EARLY_PHOTOS)
    if Allowance.objects.filter(fits).update(**more):
        return
    # The day's first, or one too many.
    row, _new = Allowance.objects.get_or_create(device_id=device.pk, day=today())
    if not Allowance.objects.filter(fits).update(**more):
        limit = early if is_early and row.used + size <= most else most
        raise uploads_problems.PhotoAllowance(limit=f"{limit // MEGABYTE} MB")


def _most_of(device: Device) -> int:
    """A revoked phone hands in what it holds; more than that it has no reason to send."""
    megabytes = settings.REVOKED_PHOTOS_A_DAY_MB if device.revoked_at else settings.PHOTOS_A_DAY_MB
    return int(megabytes) * MEGABYTE
