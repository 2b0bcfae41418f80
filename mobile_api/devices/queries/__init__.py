"""Reading phones: the one that asks, and those a desk looks after."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import CITY_TIME, today
from grid.prepared import Given, Prepared
from grid.scope import Actor, Right, within
from grid.territory.followers import Phone
from grid.territory.models import Area, Person, Posting, Succession
from grid.territory.queries import valid_on
from mobile_api import problems as mobile_api_problems
from mobile_api.devices.actions import digest
from mobile_api.devices.models import Device, Revoked
from mobile_api.devices.queries.posts import FIELD_ROLES, postings_of
from mobile_api.devices.rules import Period, begins, held_until
from tasks.forms import tables
from tasks.visits.models import Ending
from tasks.visits.rules.believing import Warrant

_PHONE = (
    "id", "label", "browser", "area", "enrolled_at", "seen_at", "visit_at", "revoked_at", "revoked_as", "revoked_why",
    "posting_id", "posting__role",
    "posting__area_id", "posting__department", "posting__valid_from", "posting__valid_to", "posting__feed",
    "posting__person_id", "posting__person__full_name", "posting__person__is_active", "posting__area__name",
)  # fmt: skip
_OWN = _PHONE.index("posting_id")
# The newest form comes along, so that no request has to ask for it (see tables.heed).
_NEWEST_FORM = Subquery(tables.newest_serial().values("serial")[:1])
# So that a phone of nobody with a second posting, which is nearly every one, never has to look for more.
_OTHER_POSTS = Exists(
    Posting.objects.filter(person=OuterRef("posting__person"), role__in=FIELD_ROLES).exclude(
        pk=OuterRef("posting")
    )
)
_BY_TOKEN = Prepared(
    lambda: (
        Device.objects.filter(token_hash__one_of=Given("tokens"))
        .annotate(newest_form=_NEWEST_FORM, elsewhere=_OTHER_POSTS)
        .values_list("newest_form", "elsewhere", *_PHONE)
    )
)


def device_of(token: str) -> Device:
    """The phone a token belongs to, revoked or not, with posting, person and area. Raises DeviceUnknown.

    Asked by every request, so only the columns in use are read: whole rows, with the drawn outline of the area
    among them, cost three times as much.
    """
    rows = _rows([digest(token)])
    if not rows:
        raise mobile_api_problems.DeviceUnknown()
    newest_form, elsewhere, *columns = rows[0]
    tables.heed(newest_form)
    own = dict(zip(_PHONE[:_OWN], columns, strict=False))
    device = Device(**own, posting=_posting(_Posted._make(columns[_OWN:])))
    device.is_posted_elsewhere = bool(elsewhere)
    return device


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


class _Posted(NamedTuple):
    """The posting of a phone, its person and its area, as they are read: in the order of `_PHONE`, behind `_OWN`."""

    id: int
    role: str
    area: str
    department: str
    valid_from: date
    valid_to: date | None
    feed: int
    person_id: int
    full_name: str
    is_active: bool
    area_name: str


def _posting(row: _Posted) -> Posting:
    return Posting(
        id=row.id,
        role=row.role,
        area=Area(code=row.area, name=row.area_name),
        department=row.department,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        feed=row.feed,
        person=Person(id=row.person_id, full_name=row.full_name, is_active=row.is_active),
    )


# --- until when its word counts ------------------------------------------------------------------------


def warrant_of(device: Device, oldest: datetime | None = None, posting: Posting | None = None) -> Warrant:
    """Under whose authority this phone speaks for one of its person's postings, its own unless another is named.
    `oldest` is the earliest moment it tells of: who enrols anew still hands in what was written on the phone before.
    No query, but for a posting that ended or for such a moment.
    """
    posting, since = posting or device.posting, device.enrolled_at
    if oldest is not None and oldest < since:
        since = _first_enrolled(posting) or since
    ended_at, ending, words = _end_of(posting)
    if device.revoked_at and (
        device.revoked_as == Revoked.LOST or not ended_at or device.revoked_at < ended_at
    ):
        ending = Ending.LOST if device.revoked_as == Revoked.LOST else Ending.REVOKED
        ended_at, words = device.revoked_at, device.revoked_why
    return Warrant(since, ended_at, ending, words, named(device))


def closing_of(device: Device) -> Warrant:
    """The authority of a phone that is live no more: that of its posting which ended last."""
    held = [warrant_of(device, posting=posting) for posting in postings_of(device)]
    return max(held, key=lambda warrant: (warrant.ended_at is None, warrant.ended_at or warrant.since))


def warrant_of_file(posting: Posting, device: Device | None) -> Warrant:
    """Under whose authority a file speaks that is handed in at the desk: that of the phone it was taken from where
    the desk says so, or where it can be none but the last one revoked; else that of the posting."""
    if (
        device is None
        and not Device.objects.filter(posting__person=posting.person_id, revoked_at=None).exists()
    ):
        device = Device.objects.filter(posting=posting).order_by("-revoked_at", "-pk").first()
    first = _first_enrolled(posting)
    warrant = warrant_of(device, posting=posting) if device else Warrant(None, *_end_of(posting))
    return replace(warrant, since=first)


def _first_enrolled(posting: Posting) -> datetime | None:
    rows = Device.objects.filter(posting__person=posting.person_id)
    first: datetime | None = rows.aggregate(first=Min("enrolled_at"))["first"]
    return first


def _end_of(posting: Posting) -> tuple[datetime | None, str, str]:
    """(moment, ending, words): when the authority of a posting ended; nothing while it lasts."""
    last = posting.valid_to
    if last is not None and last < today():
        last = held_until(Period(posting.valid_from, last), _following(posting))
    if last is not None and last < today():
        return begins(last + timedelta(days=1)), Ending.POSTING, ""
    if not posting.person.is_active:
        # Shut without a day: nothing it says can be placed before that.
        return begins(posting.valid_from), Ending.PERSON, ""
    return None, "", ""


def _following(posting: Posting) -> list[Period]:
    """Other field posts of the same person on the same ground: the same area, one around or within it, or a grid
    that was cut out of it."""
    rows = Posting.objects.filter(person=posting.person_id, role__in=FIELD_ROLES).exclude(pk=posting.pk)
    cut = set(Succession.objects.filter(old=posting.area_id).values_list("new_id", flat=True))
    return [
        Period(row.valid_from, row.valid_to)
        for row in rows
        if row.area_id in cut
        or row.area_id.startswith(posting.area_id)
        or posting.area_id.startswith(row.area_id)
    ]


def named(device: Device) -> str:
    """How the desk tells this phone from another: `网格员手机 · Chrome 126 · Android 14 · 2026-11-30 09:12 登记`"""
    at = device.enrolled_at.astimezone(CITY_TIME)
    enrolled = _("{at} 登记").format(at=f"{at:%Y-%m-%d %H:%M}")
    return " · ".join(filter(None, (device.label, device.browser, enrolled)))


def phones_of(people: Collection[int]) -> dict[int, list[Phone]]:
    """Person → the phones enrolled for any of their posts and not revoked. One query."""
    rows = Device.objects.filter(posting__person__in=people, revoked_at=None).select_related("posting")
    found: dict[int, list[Phone]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.posting.person_id, []).append(Phone(named(row), row.seen_at))
    return found


# --- at the desk -----------------------------------------------------------------------------------------


def field_postings(viewer: Actor) -> QuerySet[Posting]:
    """Postings that visit, where the viewer may enrol phones; of a grid that was closed only those of whoever is posted
    to no other."""
    day = today()
    elsewhere = Posting.objects.filter(valid_on(day), person=OuterRef("person"), role__in=FIELD_ROLES)
    current = elsewhere.filter(Q(area__valid_to=None) | Q(area__valid_to__gte=day))
    rows = Posting.objects.filter(valid_on(day), role__in=FIELD_ROLES)
    rows = rows.exclude(Exists(current), area__valid_to__lt=day)
    near = within(rows, viewer, Right.ENROL, field="area_id")
    return near.select_related("person", "area").order_by("area_id", "pk")


def with_phones(postings: Iterable[Posting]) -> list[Posting]:
    """With the phones of each one's person, newest first (`phones`), and those of them in use (`in_use`): a phone serves
    every posting its person holds. One query."""
    found = list(postings)
    rows = Device.objects.filter(posting__person__in={posting.person_id for posting in found})
    of: dict[int, list[Device]] = {}
    for phone in rows.select_related("posting__area").order_by("-enrolled_at", "-pk"):
        of.setdefault(phone.posting.person_id, []).append(phone)
    for posting in found:
        phones = of.get(posting.person_id, [])
        posting.phones = phones  # type: ignore[attr-defined]
        posting.in_use = [phone for phone in phones if phone.revoked_at is None]  # type: ignore[attr-defined]
    return found


def field_posting(viewer: Actor, posting_id: int) -> Posting:
    """One of them, or NotHere."""
    posting = field_postings(viewer).filter(pk=posting_id).first()
    if posting is None:
        raise problems.NotHere()
    return posting


def device(viewer: Actor, device_id: int) -> Device:
    """A phone the viewer may revoke, or NotHere."""
    found = Device.objects.select_related("posting__person").filter(pk=device_id).first()
    if found is None:
        raise problems.NotHere()
    posted = Posting.objects.filter(person=found.posting.person_id).values_list("area_id", flat=True)
    if not any(viewer.can(Right.ENROL, area) for area in (found.area, *posted)):
        raise problems.NotHere()
    return found


def revoked_phones(viewer: Actor) -> QuerySet[Device]:
    """Phones no longer in use from which a file may come, the last revoked first."""
    rows = within(Device.objects.exclude(revoked_at=None), viewer, Right.ENROL)
    return rows.select_related("posting__person").order_by("-revoked_at", "-pk")


def others_in_use(posting: Posting) -> list[Device]:
    """Phones of the same person that still see their doors: enrolling anew, the desk ends those no longer used."""
    rows = Device.objects.filter(posting__person=posting.person_id, revoked_at=None)
    return list(rows.select_related("posting__area").order_by("-enrolled_at", "-pk"))


def handing_in(viewer: Actor) -> QuerySet[Posting]:
    """Workers' postings, ended ones too, for whose phones the viewer may hand in a file, by area."""
    rows = within(Posting.objects.filter(role__in=FIELD_ROLES), viewer, Right.ENROL, "area_id")
    return rows.select_related("person", "area").order_by("area", "-valid_from", "pk")
