"""The phone's API, /api/v1/: parse, one action or query, answer. Refusals are RFC 9457 problem documents."""

import base64
import binascii
import json
import logging
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pydantic
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from grid import problems
from grid.calendar.now import now
from mobile_api.devices.actions import acting, enrol_phone, is_live, note_seen
from mobile_api.devices.models import Device
from mobile_api.devices.queries import device_of
from mobile_api.faults import in_words
from mobile_api.sync import queries
from mobile_api.sync.actions import take_visits
from mobile_api.sync.rules import LONGEST, PATTERN, read_cursor
from mobile_api.sync.schemas import (
    ChangesOut,
    DoorOut,
    EnrolIn,
    EnrolOut,
    MeOut,
    ProblemOut,
    PushIn,
    PushOut,
    VisitIn,
)
from mobile_api.uploads import actions as uploads

log = logging.getLogger(__name__)
TUS = "1.0.0"
LONGEST_PAGE = 500


class AnyPhone(HttpBearer):
    """An enrolled phone, revoked or not: it may always hand in."""

    openapi_description = "The token a phone got when it was enrolled."

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        return device_of(token)


class LivePhone(AnyPhone):
    """A phone that may see its doors."""

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = device_of(token)
        if not is_live(device):
            raise problems.DeviceRevoked()
        note_seen(device)
        return device


any_phone, live_phone = AnyPhone(), LivePhone()
api = NinjaAPI(
    title="网格走访",
    version="1",
    description="Phones pull their doors, push visits in batches and upload photos (tus 1.0). "
    "Every refusal is a problem document; its `code` never changes.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
router = Router()
PROBLEM: dict[Any, Any] = dict.fromkeys((401, 404, 422), ProblemOut)


# --- refusals ----------------------------------------------------------------------------------------


def problem_answer(problem: problems.Problem) -> HttpResponse:
    body = {
        "type": f"/problems/{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "advice": str(problem.advice),
    }
    answer = JsonResponse(
        body,
        status=problem.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    if problem.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        answer["Retry-After"] = "2"
    return answer


@api.exception_handler(problems.Problem)
def _on_problem(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    answer = problem_answer(problem)
    if isinstance(problem, problems.TusVersion):
        answer["Tus-Version"] = TUS
    return answer


@api.exception_handler(ValidationError)
def _on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_answer(problems.MalformedRequest(faults=in_words(error.errors, skip=2)))


@api.exception_handler(AuthenticationError)
def _on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_answer(problems.DeviceUnknown())


@api.exception_handler(HttpError)
def _on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """ninja's own refusal: a body that is no JSON."""
    return problem_answer(problems.MalformedRequest(faults=_("不是有效的 JSON")))


@api.exception_handler(Exception)
def _on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("fault in %s %s", request.method, request.path)
    return problem_answer(problems.ServerFault())


def _json(body: dict[str, Any] | list[Any]) -> HttpResponse:
    """Built by us from our own columns, so it is not validated a second time on its way out."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _time() -> str:
    return now().astimezone(UTC).isoformat()


# --- enrolment ---------------------------------------------------------------------------------------


@router.post("enrol", response={201: EnrolOut, 409: ProblemOut, 410: ProblemOut, **PROBLEM}, auth=None)
def enrol(request: HttpRequest, body: EnrolIn) -> HttpResponse:
    """Trades the code on the desk's screen for a token, once."""
    device, token = enrol_phone(body.code, body.label or _("手机"), body.app_version)
    answer = _json({"token": token, **_who(device), "server_time": _time()})
    answer.status_code = 201
    return answer


@router.get("me", response={200: MeOut, **PROBLEM}, auth=live_phone)
def me(request: HttpRequest) -> HttpResponse:
    device = _device(request)
    facts = {"id": device.pk, "label": device.label, "enrolled_at": device.enrolled_at.isoformat()}
    return _json({**_who(device), "device": facts, "server_time": _time()})


def _who(device: Device) -> dict[str, Any]:
    posting = device.posting
    area = {"area": posting.area_id, "area_name": posting.area.name}
    return {
        "person": {"name": posting.person.full_name},
        "posting": {"id": posting.pk, "role": posting.role, **area},
    }


def _device(request: HttpRequest) -> Device:
    device: Device = request.auth  # type: ignore[attr-defined]
    return device


# --- pull and push -----------------------------------------------------------------------------------


@router.get("changes", response={200: ChangesOut, **PROBLEM}, auth=live_phone)
def changes(
    request: HttpRequest,
    cursor: str = Query(
        "0", pattern=PATTERN, max_length=LONGEST, description="the last answer's; 0 starts over"
    ),
    limit: int = Query(300, ge=1, le=LONGEST_PAGE),
    forms: str = Query(
        "", max_length=2000, description="`code:version` of the forms the phone has, by commas"
    ),
) -> HttpResponse:
    """What changed on the phone's own doors since `cursor`; ask again while `more`."""
    found = queries.changes(_device(request), read_cursor(cursor), limit, forms.split(","))
    return _json({**found, "server_time": _time()})


@router.get("doors/{premise_code}", response={200: list[DoorOut], **PROBLEM}, auth=live_phone)
def doors(request: HttpRequest, premise_code: str) -> HttpResponse:
    """The phone's own doors behind one label."""
    return _json(queries.doors_at(_device(request), premise_code))


@router.post("visits", response={200: PushOut, **PROBLEM}, auth=any_phone)
def visits(request: HttpRequest, body: PushIn) -> HttpResponse:
    """Takes a batch and answers each visit once; the same visit again changes nothing. Shape of a visit: VisitIn."""
    read = [_read_visit(item) for item in body.visits]
    taken = take_visits(
        _device(request), [one.arrival() for one in read if isinstance(one, VisitIn)], _moment(body)
    )
    answers = iter(taken)
    results = [_result(next(answers)) if isinstance(one, VisitIn) else one for one in read]
    return _json({"server_time": _time(), "results": results})


def _read_visit(item: dict[str, Any]) -> VisitIn | dict[str, Any]:
    try:
        return VisitIn.model_validate(item)
    except pydantic.ValidationError as error:
        message = _("这条走访无法读取：{faults}").format(faults=in_words(error.errors(include_url=False)))
        number = str(item.get("client_id", ""))[:60]
        return _refused(number, "malformed-visit", message)


def _refused(client_id: str, code: str, message: str) -> dict[str, Any]:
    return {
        "client_id": client_id, "status": "refused", "route": "normal", "code": code, "message": message,
        "visit": "", "missing_photos": [],
    }  # fmt: skip


def _result(answer: Any) -> dict[str, Any]:
    return {
        "client_id": str(answer.client_id),
        "status": answer.status,
        "route": answer.route,
        "code": answer.code,
        "message": answer.message,
        "visit": answer.visit,
        "missing_photos": list(answer.missing_photos),
    }


def _moment(body: PushIn) -> datetime | None:
    """The phone's clock; one that makes no sense counts as not told, for no visit hangs on it."""
    try:
        moment = datetime.fromisoformat(str(body.phone_time).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# --- photos: tus 1.0, core, creation, termination ----------------------------------------------------


def _tus(answer: HttpResponse, **headers: str) -> HttpResponse:
    answer["Tus-Resumable"] = TUS
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def _speaks_tus(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != TUS:
        raise problems.TusVersion()


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not re.fullmatch(r"\d{1,12}", value):
        raise problems.MalformedRequest(faults=f"{header}: " + _("应为整数"))
    return int(value)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """`key base64,key base64,…` → texts. Raises MalformedRequest."""
    told: dict[str, str] = {}
    try:
        for pair in filter(None, (p.strip() for p in request.headers.get("Upload-Metadata", "").split(","))):
            key, _space, value = pair.partition(" ")
            told[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise problems.MalformedRequest(faults="Upload-Metadata: " + _("不是有效的 base64")) from error
    return told


@router.api_operation(["OPTIONS"], "uploads/", response={204: None}, auth=None)
def upload_options(request: HttpRequest) -> HttpResponse:
    """What this server understands of tus."""
    return _tus(
        HttpResponse(status=204),
        Tus_Version=TUS,
        Tus_Extension="creation,termination",
        Tus_Max_Size=str(uploads.LARGEST),
    )


@router.post("uploads/", response={201: None, 412: ProblemOut, 413: ProblemOut, **PROBLEM}, auth=any_phone)
def upload_create(request: HttpRequest) -> HttpResponse:
    """Begins the upload of one photo, or finds the one begun before. Upload-Metadata: visit, sha256, kind."""
    _speaks_tus(request)
    size, told = _number(request, "Upload-Length"), _metadata(request)
    try:
        visit = UUID(told.get("visit", ""))
    except ValueError as error:
        raise problems.MalformedRequest(faults="visit: " + _("应为走访编号")) from error
    sha256 = told.get("sha256", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or size == 0:
        raise problems.MalformedRequest(faults="sha256, Upload-Length: " + _("照片指纹或长度不符"))
    kind = re.sub(r"[^\w-]", "", told.get("kind", ""))[:30]
    upload = uploads.start_upload(_device(request), visit, sha256, kind, size)
    location = request.build_absolute_uri(reverse("api:upload", args=[upload.pk]))
    return _tus(HttpResponse(status=201), Location=location, Upload_Offset=str(upload.offset))


@router.api_operation(
    ["HEAD"], "uploads/{uuid:upload_id}", response={200: None, **PROBLEM}, auth=any_phone, url_name="upload"
)
def upload_head(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """How far the upload is."""
    _speaks_tus(request)
    device = _device(request)
    upload = uploads.standing_of(device, upload_id, by=acting(device.posting))
    return _tus(
        HttpResponse(),
        Upload_Offset=str(upload.offset),
        Upload_Length=str(upload.size),
        Cache_Control="no-store",
    )


@router.patch(
    "uploads/{uuid:upload_id}",
    response={204: None, 409: ProblemOut, 413: ProblemOut, 415: ProblemOut, 460: ProblemOut, **PROBLEM},
    auth=any_phone,
    url_name="upload",
)
def upload_patch(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Appends bytes at Upload-Offset. After the last of them the hash is checked: 460 sends the phone back to 0."""
    _speaks_tus(request)
    if request.content_type != "application/offset+octet-stream":
        raise problems.UploadType()
    device, offset = _device(request), _number(request, "Upload-Offset")
    end = uploads.append(device, upload_id, offset, _body(request), by=acting(device.posting))
    return _tus(HttpResponse(status=204), Upload_Offset=str(end))


def _body(request: HttpRequest) -> bytes:
    """What arrived: a connection that broke in the middle leaves a shorter piece, which counts all the same."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := request.read(65536):
            pieces.append(piece)
            size += len(piece)
            if size > uploads.LARGEST:
                raise problems.UploadTooLarge(limit=uploads.LARGEST // 1024 // 1024)
    except OSError:
        log.info("upload broke off after %d bytes", size)
    return b"".join(pieces)


@router.delete("uploads/{uuid:upload_id}", response={204: None, **PROBLEM}, auth=any_phone, url_name="upload")
def upload_delete(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Gives an upload up."""
    _speaks_tus(request)
    uploads.drop_upload(uploads.upload_of(_device(request), upload_id))
    return _tus(HttpResponse(status=204))


api.add_router("", router)


# --- the published document --------------------------------------------------------------------------


def published() -> OpenAPISchema:
    """ninja's document, with the visit's shape inside the batch: it is read item by item, not by ninja."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    shapes = schema["components"]["schemas"]
    visit = VisitIn.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes.update(visit.pop("$defs", {}))
    shapes["VisitIn"] = visit
    shapes["PushIn"]["properties"]["visits"]["items"] = {"$ref": "#/components/schemas/VisitIn"}
    return schema
