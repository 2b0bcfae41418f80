"""Reading phones: the one that asks, and those a desk looks after."""

from django.db.models import Prefetch, QuerySet

from grid import problems
from grid.calendar.now import today
from grid.scope import RIGHTS, Actor, Right, within
from grid.territory.models import Posting
from grid.territory.queries import valid_on
from mobile_api.devices.actions import digest
from mobile_api.devices.models import Device

FIELD_ROLES = [role for role, rights in RIGHTS.items() if Right.VISIT in rights]


def device_of(token: str) -> Device:
    """The phone a token belongs to, revoked or not, with posting, person and area. Raises DeviceUnknown."""
    rows = Device.objects.select_related("posting__person", "posting__area")
    device = rows.filter(token_hash=digest(token)).first()
    if device is None:
        raise problems.DeviceUnknown()
    return device


def field_postings(viewer: Actor) -> QuerySet[Posting]:
    """Postings that visit, where the viewer may enrol phones, each with its phones newest first (`phones`)."""
    phones = Prefetch("devices", Device.objects.order_by("-enrolled_at"), to_attr="phones")
    rows = Posting.objects.filter(valid_on(today()), role__in=FIELD_ROLES)
    near = within(rows, viewer, Right.ENROL, field="area_id")
    return near.select_related("person", "area").prefetch_related(phones).order_by("area_id", "pk")


def field_posting(viewer: Actor, posting_id: int) -> Posting:
    """One of them, or NotHere."""
    posting = field_postings(viewer).filter(pk=posting_id).first()
    if posting is None:
        raise problems.NotHere()
    return posting


def device(viewer: Actor, device_id: int) -> Device:
    """A phone the viewer may revoke, or NotHere."""
    found = within(Device.objects.all(), viewer, Right.ENROL).filter(pk=device_id).first()
    if found is None:
        raise problems.NotHere()
    return found
