"""Phones come by a code shown at the desk, and go by the desk's word."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import codes, problems
from grid.calendar.now import CITY_TIME, now, today
from grid.ledger.actions import Line, record
from grid.scope import RIGHTS, Actor, Held, Right, require
from grid.territory.models import Posting
from mobile_api import problems as mobile_api_problems
from mobile_api.devices import problems as devices_problems
from mobile_api.devices.models import Device, Enrolment, Revoked
from mobile_api.devices.verbs import DeviceVerb
from tasks.visits.rules.believing import Warrant

CODE_LIVES = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)


def digest(secret: str) -> str:
    """Codes and tokens are chosen by chance and long, so a plain hash is enough to keep them."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite_phone(posting: Posting, *, by: Actor) -> tuple[Enrolment, str]:
    """A code good once and for a quarter of an hour; only its hash is kept, so it is shown this one time.

    Raises NotAFieldPost for a posting that does not visit, NotHere or NotYourPost.
    """
    require(by, Right.ENROL, posting.area_id)
    if Right.VISIT not in RIGHTS[posting.role] or not is_in_force(posting):
        raise devices_problems.NotAFieldPost(role=posting.get_role_display())
    code = codes.fresh_code(codes.Purpose.ENROLMENT)
    at = now()
    invited = Enrolment.objects.create(
        posting=posting,
        code_hash=digest(code),
        made_by_id=by.person_id,
        made_at=at,
        expires_at=at + CODE_LIVES,
    )  # type: ignore[misc]
    facts = {"posting": posting.pk, "name": posting.person.full_name}
    record(DeviceVerb.DEVICE_INVITED, Line(posting.area_id, data=facts), by=by)
    return invited, code


@transaction.atomic
def enrol_phone(text: str, label: str, app_version: str, browser: str = "") -> tuple[Device, str]:
    """Trades a code for a token; the token is given out this one time. The phone acts for the posting's person.

    Raises MistypedCode, ForeignCode, EnrolmentUnknown, EnrolmentUsed, EnrolmentExpired, DeviceRevoked.
    """
    code = codes.read_code(codes.Purpose.ENROLMENT, text)
    invited = Enrolment.objects.select_for_update(of=("self",)).filter(code_hash=digest(code)).first()
    if invited is None:
        raise devices_problems.EnrolmentUnknown()
    if invited.device_id is not None:
        raise devices_problems.EnrolmentUsed()
    if invited.expires_at < now():
        raise devices_problems.EnrolmentExpired(when=_shown(invited.expires_at))
    posting = invited.posting
    if not is_in_force(posting):
        raise mobile_api_problems.DeviceRevoked()
    token = secrets.token_urlsafe(32)
    invited.device = Device.objects.create(
        posting=posting, area=posting.area_id, label=label[:60], token_hash=digest(token),
        app_version=app_version[:20], browser=browser[:60], enrolled_at=now(), seen_at=now(),
    )  # fmt: skip
    invited.save(update_fields=["device"])
    facts = {"device": invited.device.pk, "label": invited.device.label, "posting": posting.pk}
    record(DeviceVerb.DEVICE_ENROLLED, Line(posting.area_id, data=facts), by=acting(posting))
    return invited.device, token


@transaction.atomic
def revoke_phone(device: Device, why: str, kind: str = Revoked.RETURNED, *, by: Actor) -> Device:
    """From now on the phone hands in what it still holds and sees nothing new. Of a lost one a named person decides
    on everything it sends.

    Raises ReasonMissing, DeviceAlreadyRevoked.
    """
    _require_to_revoke(device, by)
    if not why.strip():
        raise problems.ReasonMissing(act=str(DeviceVerb.DEVICE_REVOKED))
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.revoked_at is not None:
        raise devices_problems.DeviceAlreadyRevoked(when=_shown(device.revoked_at))
    return _close(device, why, kind if kind in Revoked.values else Revoked.RETURNED, by)


def _require_to_revoke(device: Device, by: Actor) -> None:
    """Who looks after phones where it was enrolled, or wherever else its person is posted: it shows those doors too.
    Raises NotHere, NotYourPost."""
    held = Posting.objects.filter(person=device.posting.person_id).values_list("area_id", flat=True)
    if not any(by.can(Right.ENROL, area) for area in held):
        require(by, Right.ENROL, device.area)


@transaction.atomic
def give_back_phone(device: Device) -> Device:
    """The holder has handed everything in and left: the token they held opens nothing more. Again changes nothing."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    by = acting(device.posting)
    return device if device.revoked_at else _close(device, str(_("本人交清后退出")), Revoked.RETURNED, by)


def _close(device: Device, why: str, kind: str, by: Actor) -> Device:
    device.revoked_at, device.revoked_by_id = now(), by.person_id
    device.revoked_as, device.revoked_why = kind, why.strip()[:100]
    device.save(update_fields=["revoked_at", "revoked_by", "revoked_as", "revoked_why"])
    facts = {"device": device.pk, "label": device.label, "reason": why, "kind": str(Revoked(kind).label)}
    record(DeviceVerb.DEVICE_REVOKED, Line(device.area, data=facts), by=by)
    return device


def acting(posting: Posting) -> Actor:
    """Whoever holds the phone acts under one posting at a time, also for what is handed in after it ended."""
    return Actor(posting.person_id, posting.person.full_name, (held_of(posting),))


def held_of(posting: Posting) -> Held:
    return Held(posting.pk, posting.role, posting.area_id, posting.department)


def note_seen(device: Device) -> None:
    """Notes when the phone was seen, so seldom that asking for changes costs no write."""
    at = now()
    if device.seen_at is None or at - device.seen_at > SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(seen_at=at)


def note_visits(device: Device) -> None:
    """When the desk last received a visit from this phone, also from one revoked."""
    at = now()
    if device.visit_at is None or at - device.visit_at > SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(visit_at=at, seen_at=at)


def require_open(device: Device, warrant: Warrant) -> None:
    """Raises DeviceClosed for a phone whose authority ended so long ago that its token is dead."""
    last = timedelta(days=settings.HAND_IN_LAST_DAYS)
    if warrant.ended_at is not None and now() > warrant.ended_at + last:
        raise mobile_api_problems.DeviceClosed(when=_shown(warrant.ended_at))


def is_in_force(posting: Posting) -> bool:
    """Whether the posting holds today, and its person is active."""
    day = today()
    ended = posting.valid_to is not None and posting.valid_to < day
    return posting.person.is_active and posting.valid_from <= day and not ended


def _shown(at: datetime) -> str:
    return at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
