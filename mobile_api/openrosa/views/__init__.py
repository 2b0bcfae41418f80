"""OpenRosa 1.0, so that ODK Collect can be pointed at our forms, and the desk's page with its settings."""

import base64
import json
import zlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from grid import outside, problems
from grid.codes import qr_svg
from grid.keeping import need_room_for_visits, refusing_when_full
from grid.requests import DeskRequest
from mobile_api import problems as mobile_api_problems
from mobile_api.devices.actions import note_seen, require_open
from mobile_api.devices.models import Device
from mobile_api.devices.queries import closing_of, field_posting
from mobile_api.devices.queries.posts import is_live
from mobile_api.limits import require_within_limit
from mobile_api.openrosa import actions, queries
from mobile_api.openrosa import problems as openrosa_problems
from mobile_api.openrosa.queries.xform import collect_xml, hash_of
from mobile_api.openrosa.rules import safe_name
from mobile_api.openrosa.views.answers import LIST, MANIFEST, XML, listing, message, openrosa
from mobile_api.uploads import problems as uploads_problems
from tasks.forms.rules import Form

SENT_AS = "xml_submission_file"
INCOMPLETE = "*isIncomplete*"
_LARGEST_POST = 128 * 1024 * 1024


def _live(key: str) -> Device:
    """A phone that may see its doors. Raises NotHere, DeviceRevoked."""
    device = queries.device_by_key(key)
    require_within_limit(device.pk, "forms")
    if not is_live(device):
        raise mobile_api_problems.DeviceRevoked()
    note_seen(device)
    return device


def address_of(key: str) -> str:
    """The server's address as it stands in Collect's settings."""
    return f"{settings.ORIGIN}/openrosa/{key}"


# --- blank forms ---------------------------------------------------------------------------------


@openrosa("GET", "HEAD")
def form_list(request: HttpRequest, key: str) -> HttpResponse:
    """Form List API. `formID` limits to one form, `verbose` adds descriptions; other parameters change nothing."""
    forms = queries.forms_for(_live(key))
    if wanted := request.GET.get("formID"):
        forms = [form for form in forms if form.code == wanted]
    verbose = request.GET.get("verbose") == "true"
    return listing(LIST, "xforms", "xform", [_entry(form, key, verbose) for form in forms])


def _entry(form: Form, key: str, verbose: bool) -> dict[str, str]:
    described = {"descriptionText": _("{title}，共 {n} 题").format(title=form.title, n=len(form.questions))}
    return {
        "formID": form.code,
        "name": form.title,
        "version": form.version,
        "hash": hash_of(collect_xml(form)),
        **(described if verbose else {}),
        "downloadUrl": f"{address_of(key)}/forms/{form.code}.xml",
        "manifestUrl": f"{address_of(key)}/xformsManifest/{form.code}",
    }


@openrosa("GET", "HEAD")
def manifest(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The form's media: one external list of choices, this phone's own."""
    device = _live(key)
    found = queries.media_for(device, queries.form_for(device, form))
    file = {
        "filename": found.name,
        "hash": hash_of(found.content),
        "downloadUrl": f"{address_of(key)}/media/{form}/{found.name}",
    }
    return listing(MANIFEST, "manifest", "mediaFile", [file])


@openrosa("GET", "HEAD")
def form_xml(request: HttpRequest, key: str, form: str) -> HttpResponse:
    return HttpResponse(collect_xml(queries.form_for(_live(key), form)), content_type=XML)


@openrosa("GET", "HEAD")
def media(request: HttpRequest, key: str, form: str, name: str) -> HttpResponse:
    device = _live(key)
    found = queries.media_for(device, queries.form_for(device, form))
    if found.name != name:
        raise problems.NotHere()
    return HttpResponse(found.content, content_type="text/csv; charset=utf-8")


# --- filled forms --------------------------------------------------------------------------------


@openrosa("HEAD", "POST")
def submission(request: HttpRequest, key: str) -> HttpResponse:
    """Form Submission API. A revoked phone still hands in what it holds, until its key is dead."""
    device = queries.device_by_key(key)
    if request.method == "HEAD":
        return HttpResponse(status=204)
    require_within_limit(device.pk, "visits")
    if not is_live(device):
        require_open(device, closing_of(device))
    content, parts, whole = _parts(request)
    answer = actions.take_part(device, content, parts, whole, _phone_time(request))
    if answer is None:
        return message(_("已收到一部分，等其余照片到齐。"), 202)
    return message(answer.message or _("已收到。"), 201)


def _parts(request: HttpRequest) -> tuple[bytes, list[tuple[str, actions.Part]], bool]:
    """The XML, the files with their names, and whether no more are announced. Raises UnreadableSubmission, NoRoom."""
    try:
        _measured(request)
        with refusing_when_full():
            given = request.FILES
        files: list[tuple[str, Any]] = [(name, part) for name, parts in given.lists() for part in parts]
        sent = given.get(SENT_AS)
        content = sent.read() if sent is not None else request.POST.get(SENT_AS, "").encode()
    except (
        BadRequest,
        SuspiciousOperation,
        MultiPartParserError,
        OSError,
        LookupError,
        UnicodeError,
    ) as error:
        raise openrosa_problems.UnreadableSubmission(why=_("请求不是完整的 multipart/form-data。")) from error
    if not content:
        raise openrosa_problems.UnreadableSubmission(why=_("请求中没有 {part} 部分。").format(part=SENT_AS))
    others = [(safe_name(part.name or name), part) for name, part in files if name != SENT_AS]
    return content, others, request.POST.get(INCOMPLETE, "no").lower() != "yes"


def _measured(request: HttpRequest) -> None:
    """OpenRosa lets a client send in chunks, without a length: Django's parser wants one."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if outside.is_digits(length) and outside.whole(length, most=_LARGEST_POST) is None:
        raise uploads_problems.UploadTooLarge(limit=_LARGEST_POST // 1024 // 1024)
    need_room_for_visits(outside.whole(length) or 0)
    if length == "0":
        request.META["CONTENT_LENGTH"] = str(len(request.body))


def _phone_time(request: HttpRequest) -> datetime | None:
    """The phone's clock, which OpenRosa's Date header tells; one that makes no sense counts as not told."""
    try:
        return outside.http_date(request.headers.get("Date", ""))
    except outside.Unreadable:
        return None


# --- at the desk ---------------------------------------------------------------------------------


@never_cache
@login_required
@require_POST
def collect_settings(request: DeskRequest, posting_id: int) -> HttpResponse:
    """The page with the settings code is the answer to the click: the key is known this one time."""
    viewer = request.actor
    posting = field_posting(viewer, posting_id)
    device, key = actions.give_key(posting, by=viewer)
    facts = {
        "posting": posting,
        "device": device,
        "address": address_of(key),
        "qr": qr_svg(settings_text(key, posting.area.name), label=_("ODK Collect 设置码")),
    }
    return render(request, "mobile_api/openrosa/settings.html", facts)


def settings_text(key: str, name: str) -> str:
    """Collect's settings as its QR codes hold them: JSON, compressed by zlib, in base64."""
    wanted = {
        "general": {
            "server_url": address_of(key),
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": name},
    }
    return base64.b64encode(zlib.compress(json.dumps(wanted, ensure_ascii=False).encode(), 9)).decode()
