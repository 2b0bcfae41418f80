"""Photos by tus 1.0: core, creation, termination."""

import base64
import binascii
import logging
import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from grid import problems
from grid.outside import whole
from mobile_api.answers import OF_ANY_PHONE, refuses
from mobile_api.devices.actions import acting
from mobile_api.devices.api import PhoneRequest, any_phone
from mobile_api.uploads import actions as uploads
from mobile_api.uploads import problems as uploads_problems

log = logging.getLogger(__name__)
TUS = "1.0.0"
router = Router()

OF_TUS = (*OF_ANY_PHONE, uploads_problems.TusVersion)
OF_PIECES = (
    problems.NotHere,
    uploads_problems.UploadType,
    uploads_problems.UploadOffset,
    uploads_problems.UploadOverrun,
    uploads_problems.UploadTooLarge,
    uploads_problems.PhotoHashWrong,
    problems.NoRoom,
)


def _tus(answer: HttpResponse, **headers: str) -> HttpResponse:
    answer["Tus-Resumable"] = TUS
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def _speaks_tus(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != TUS:
        raise uploads_problems.TusVersion()


def _number(request: HttpRequest, header: str) -> int:
    number = whole(request.headers.get(header, ""))
    if number is None:
        raise problems.MalformedRequest(faults=f"{header}: " + _("应为整数"))
    return number


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


@router.post(
    "uploads/",
    response={201: None},
    auth=any_phone,
    openapi_extra=refuses(
        *OF_TUS,
        uploads_problems.UploadTooLarge,
        uploads_problems.PhotoAllowance,
        problems.NoRoom,
        headers=("Tus-Resumable", "Upload-Length", "Upload-Metadata"),
    ),
)
def upload_create(request: PhoneRequest) -> HttpResponse:
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
    upload = uploads.start_upload(request.auth, visit, sha256, kind, size)
    location = request.build_absolute_uri(reverse("api:upload", args=[upload.pk]))
    return _tus(HttpResponse(status=201), Location=location, Upload_Offset=str(upload.offset))


@router.api_operation(
    ["HEAD"],
    "uploads/{uuid:upload_id}",
    response={200: None},
    auth=any_phone,
    url_name="upload",
    openapi_extra=refuses(*OF_TUS, problems.NotHere, headers=("Tus-Resumable",)),
)
def upload_head(request: PhoneRequest, upload_id: UUID) -> HttpResponse:
    """How far the upload is."""
    _speaks_tus(request)
    device = request.auth
    upload = uploads.standing_of(device, upload_id, by=acting(device.posting))
    return _tus(
        HttpResponse(),
        Upload_Offset=str(upload.offset),
        Upload_Length=str(upload.size),
        Cache_Control="no-store",
    )


@router.patch(
    "uploads/{uuid:upload_id}",
    response={204: None},
    auth=any_phone,
    url_name="upload",
    openapi_extra=refuses(*OF_TUS, *OF_PIECES, headers=("Tus-Resumable", "Upload-Offset"), piece=True),
)
def upload_patch(request: PhoneRequest, upload_id: UUID) -> HttpResponse:
    """Appends bytes at Upload-Offset. After the last of them the hash is checked: 460 sends the phone back to 0."""
    _speaks_tus(request)
    if request.content_type != "application/offset+octet-stream":
        raise uploads_problems.UploadType()
    device, offset = request.auth, _number(request, "Upload-Offset")
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
                raise uploads_problems.UploadTooLarge(limit=uploads.LARGEST // 1024 // 1024)
    except OSError:
        log.info("upload broke off after %d bytes", size)
    return b"".join(pieces)


@router.delete(
    "uploads/{uuid:upload_id}",
    response={204: None},
    auth=any_phone,
    url_name="upload",
    openapi_extra=refuses(*OF_TUS, problems.NotHere, headers=("Tus-Resumable",)),
)
def upload_delete(request: PhoneRequest, upload_id: UUID) -> HttpResponse:
    """Gives an upload up."""
    _speaks_tus(request)
    uploads.drop_upload(uploads.upload_of(request.auth, upload_id))
    return _tus(HttpResponse(status=204))
