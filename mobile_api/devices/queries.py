"""Reading phones: the one that asks, and those a desk looks after."""

from datetime import date
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Prefetch, QuerySet, Subquery

from grid import problems
from grid.calendar.now import today
from grid.prepared import Given, Prepared
from grid.scope import RIGHTS, Actor, Right, within
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import valid_on
from mobile_api.devices.actions import digest
from mobile_api.devices.models import Device
from tasks.forms import tables

FIELD_ROLES = [role for role, rights in RIGHTS.items() if Right.VISIT in rights]


_PHONE = (
    "id", "label", "area", "enrolled_at", "seen_at", "revoked_at", "posting_id", "posting__role",
    "posting__area_id", "posting__department", "posting__valid_from", "posting__valid_to", "posting__feed",
    "posting__person_id", "posting__person__full_name", "posting__person__is_active", "posting__area__name",
)  # fmt: skip
# The newest form comes along, so that no request has to ask for it (see tables.heed).
_NEWEST_FORM = Subquery(tables.newest_serial().values("serial")[:1])
_BY_TOKEN = Prepared(
    lambda: (
        Device.objects.filter(token_hash__one_of=Given("tokens"))
        .annotate(newest_form=_NEWEST_FORM)
        .values_list("newest_form", *_PHONE)
    )
)


def device_of(token: str) -> Device:
    """The phone a token belongs to, revoked or not, with posting, person and area. Raises DeviceUnknown.

    Asked by every request, so only the columns in use are read: whole rows, with the drawn outline of the area
    among them, cost three times as much.
    """
    rows = _rows([digest(token)])
    if not rows:
        raise problems.DeviceUnknown()
    newest_form, pk, label, area, enrolled_at, seen_at, revoked_at, *about_posting = rows[0]
    tables.heed(newest_form)
    posting = _posting(*about_posting)
    return Device(
        id=pk,
        label=label,
        area=area,
        enrolled_at=enrolled_at,
        seen_at=seen_at,
        revoked_at=revoked_at,
        posting=posting,
    )


def _rows(tokens: list[str]) -> list[Any]:
    """The first query of a phone's request is itself the check whether the kept connection still lives: Django's
    own would be one statement more in each. Outside a transaction nothing is lost by asking again."""
    if connection.in_atomic_block:
        return _BY_TOKEN(tokens=tokens)
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _BY_TOKEN(tokens=tokens)
    except (OperationalError, InterfaceError):
        connection.close()
        return _BY_TOKEN(tokens=tokens)


def _posting(
    pk: int,
    role: str,
    area: str,
    department: str,
    valid_from: date,
    valid_to: date | None,
    feed: int,
    person_id: int,
    name: str,
    is_active: bool,
    area_name: str,
) -> Posting:
    person = Person(id=person_id, full_name=name, is_active=is_active)
    return Posting(
        id=pk, role=role, area=Area(code=area, name=area_name), department=department, valid_from=valid_from,
        valid_to=valid_to, feed=feed, person=person,
    )  # fmt: skip


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


def handing_in(viewer: Actor) -> QuerySet[Posting]:
    """Workers' postings, ended ones too, for whose phones the viewer may hand in a file, by area."""
    rows = within(Posting.objects.filter(role__in=FIELD_ROLES), viewer, Right.ENROL, "area_id")
    return rows.select_related("person", "area").order_by("area", "-valid_from", "pk")
