"""The phone itself: who may ask, enrolment, and whose phone it is."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer

from grid import problems
from mobile_api import problems as mobile_api_problems
from mobile_api.answers import (
    OF_ANY_PHONE,
    OF_LIVE_PHONE,
    json_answer,
    refuses,
    server_time,
    tagged_answer,
)
from mobile_api.devices import problems as devices_problems
from mobile_api.devices.actions import enrol_phone, give_back_phone, note_seen, require_open
from mobile_api.devices.models import Device
from mobile_api.devices.queries import closing_of, device_of
from mobile_api.devices.queries.posts import is_live, live_postings, named_postings, posting_for_phone
from mobile_api.devices.rules import browser_of
from mobile_api.limits import require_within_limit
from mobile_api.schemas import EnrolIn, EnrolOut, MeOut


class PhoneRequest(HttpRequest):
    """What a view behind `any_phone` or `live_phone` is called with. None is ever made: these are the words for what
    those two add to Django's own."""

    auth: Device


class AnyPhone(HttpBearer):
    """An enrolled phone, revoked or not: it hands in until its token is dead."""

    openapi_description = "The token a phone got when it was enrolled."

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = device_of(token)
        require_within_limit(device.pk, request.path_info.split("/")[3])
        if not is_live(device):
            require_open(device, closing_of(device))
        return device


class LivePhone(AnyPhone):
    """A phone that may see its doors."""

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = super().authenticate(request, token)
        if not is_live(device):
            raise mobile_api_problems.DeviceRevoked()
        note_seen(device)
        return device


any_phone, live_phone = AnyPhone(), LivePhone()
router = Router()


ENROLMENT = (
    problems.MistypedCode,
    problems.ForeignCode,
    devices_problems.EnrolmentUnknown,
    devices_problems.EnrolmentUsed,
    devices_problems.EnrolmentExpired,
    mobile_api_problems.DeviceRevoked,
)


@router.post("enrol", response={201: EnrolOut}, auth=None, openapi_extra=refuses(*ENROLMENT))
def enrol(request: HttpRequest, body: EnrolIn) -> HttpResponse:
    """Trades the code on the desk's screen for a token, once."""
    browser = browser_of(request.headers.get("User-Agent", ""))
    device, token = enrol_phone(body.code, body.label or _("手机"), body.app_version, browser)
    return json_answer({"token": token, **_who(device), "server_time": server_time()}, 201)


@router.get("me", response={200: MeOut}, auth=live_phone, openapi_extra=refuses(*OF_LIVE_PHONE, tagged=True))
def me(request: PhoneRequest) -> HttpResponse:
    device = request.auth
    facts = {"id": device.pk, "label": device.label, "enrolled_at": device.enrolled_at.isoformat()}
    return tagged_answer(request, {**_who(device), "device": facts})


@router.delete("me", response={204: None}, auth=any_phone, openapi_extra=refuses(*OF_ANY_PHONE))
def leave(request: PhoneRequest) -> HttpResponse:
    """The holder is done with this phone: its token is closed."""
    give_back_phone(request.auth)
    return HttpResponse(status=204)


def _who(device: Device) -> dict[str, object]:
    """`posting` is the one it was enrolled for, or another while that does not last; `postings` are all in force."""
    named = named_postings(live_postings(device)) or [device.posting]
    return {
        "person": {"name": device.posting.person.full_name},
        "posting": posting_for_phone(named[0]),
        "postings": [posting_for_phone(posting) for posting in named],
    }
