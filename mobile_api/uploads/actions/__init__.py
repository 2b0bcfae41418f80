"""Photos in pieces (tus 1.0): a piece is on disk before it counts, and only the right bytes become evidence."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from grid import problems
from grid.calendar.now import now
from grid.keeping import move_into_place, need_room, touch, write_on
from grid.scope import Actor
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import is_live
from mobile_api.uploads import problems as uploads_problems
from mobile_api.uploads.actions.allowance import is_here, take_allowance
from mobile_api.uploads.models import Upload
from tasks.arrivals.actions.recording import bind_evidence
from tasks.visits.rules import Photo
from workflows.notices.actions.slips import prove_service

LARGEST = 20 * 1024 * 1024
_READ = 1024 * 1024


def start_upload(device: Device, visit: UUID, sha256: str, kind: str, size: int) -> Upload:
    """A new upload, or the one this phone began before: after a crash it asks for the same photo again.

    Raises UploadTooLarge, NoRoom, PhotoAllowance. A photo begun with another length starts over.
    """
    if size > LARGEST:
        raise uploads_problems.UploadTooLarge(limit=LARGEST // 1024 // 1024)
    need_room(size)
    with transaction.atomic():
        upload, is_new = Upload.objects.select_for_update().get_or_create(
            device=device, visit_client_id=visit, sha256=sha256,
            defaults={"kind": kind, "size": size, "started_at": now()},
        )  # fmt: skip
        if is_new:
            take_allowance(device, size, is_early=not is_here(visit))
        elif upload.size != size and upload.finished_at is None:
            take_allowance(device, max(0, size - upload.size), is_early=not is_here(visit))
            upload.size, upload.offset = size, 0
            upload.save(update_fields=["size", "offset"])
    return upload


def upload_of(device: Device, upload_id: UUID) -> Upload:
    """An upload of this phone, or NotHere."""
    found = Upload.objects.filter(pk=upload_id, device=device).first()
    if found is None:
        raise problems.NotHere()
    return found


def standing_of(device: Device, upload_id: UUID, *, by: Actor) -> Upload:
    """The upload as it stands. One that was whole when the server died is finished now, or gone if its bytes
    were wrong (NotHere), for the phone would never send it anything more."""
    upload = upload_of(device, upload_id)
    if upload.finished_at is not None:
        prove_service(upload.visit_client_id)
    elif upload.offset == upload.size:
        try:
            append(device, upload_id, upload.offset, b"", by=by)
        except uploads_problems.PhotoHashWrong as wrong:
            raise problems.NotHere() from wrong
    return upload


def append(device: Device, upload_id: UUID, offset: int, piece: bytes, *, by: Actor) -> int:
    """Writes a piece and answers the new offset; the last one makes the photo evidence of its visit.

    Raises UploadOffset when the phone continues elsewhere than the server stands, UploadOverrun, and
    PhotoHashWrong, after which the upload is gone and the photo starts over.
    """
    whole = _written(device, upload_id, offset, piece)
    if whole.offset < whole.size or whole.finished_at is not None:
        return whole.offset
    if not _is_genuine(whole):
        drop_upload(whole)
        raise uploads_problems.PhotoHashWrong()
    _finish(whole, by)
    return whole.offset


def _written(device: Device, upload_id: UUID, offset: int, piece: bytes) -> Upload:
    upload_of(device, upload_id)
    if piece:
        need_room(len(piece))
    with transaction.atomic():
        upload = _locked(upload_id)
        if offset != upload.offset:
            raise uploads_problems.UploadOffset(offset=upload.offset)
        if offset + len(piece) > upload.size:
            raise uploads_problems.UploadOverrun(size=upload.size)
        if piece:
            write_on(part_file(upload), offset, piece)
            upload.offset += len(piece)
            upload.save(update_fields=["offset"])
    return upload


def _locked(upload_id: UUID) -> Upload:
    """The upload, or NotHere: one that waited too long is given up between two requests (see sweeping)."""
    upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
    if upload is None:
        raise problems.NotHere()
    return upload


def part_file(upload: Upload) -> Path:
    return Path(settings.FILES) / "uploads" / str(upload.pk)


def evidence_path(sha256: str) -> str:
    """Where a photo lies below FILES: by its hash, so that the same photo is kept once."""
    return f"evidence/{sha256[:2]}/{sha256}"


def evidence_file(sha256: str) -> Path:
    return Path(settings.FILES) / evidence_path(sha256)


def _is_genuine(upload: Upload) -> bool:
    digest = hashlib.sha256()
    try:
        with open(part_file(upload), "rb") as file:
            while piece := file.read(_READ):
                digest.update(piece)
    except FileNotFoundError:
        return _is_finished_elsewhere(upload)
    return digest.hexdigest() == upload.sha256


def _is_finished_elsewhere(upload: Upload) -> bool:
    """A crash after the file moved and before that was noted."""
    return evidence_file(upload.sha256).exists()


def _finish(upload: Upload, by: Actor) -> None:
    """Moved first, noted second: the move can be repeated, a note without a file could not be mended.

    Noted and bound are one: a phone told that its photo is whole throws its own copy away. Raises NotHere when the
    upload was given up meanwhile (see sweeping), after which the phone begins it anew.
    """
    kept = evidence_file(upload.sha256)
    if part_file(upload).exists():
        move_into_place(part_file(upload), kept)
    with transaction.atomic():
        if not touch(kept):
            raise problems.NotHere()
        _locked(upload.pk)
        Upload.objects.filter(pk=upload.pk).update(finished_at=now())
        bound = _bind(upload, by)
    if bound:
        prove_service(upload.visit_client_id)


def _bind(upload: Upload, by: Actor) -> bool:
    """A phone whose word counts no more adds nothing to what its visits promised."""
    path, ended = evidence_path(upload.sha256), not is_live(upload.device)
    photo = Photo(upload.sha256, upload.size, upload.kind)
    return bind_evidence(upload.visit_client_id, photo, path, by=by, only_promised=ended)


def bind_waiting(device: Device, visits: Collection[UUID], *, by: Actor) -> dict[UUID, set[str]]:
    """Photos that were here before their visits: visit → hashes bound now."""
    bound: dict[UUID, set[str]] = {}
    waiting = Upload.objects.filter(device=device, visit_client_id__in=visits).exclude(finished_at=None)
    for upload in waiting.order_by("started_at"):
        # Bytes that were given up in this very moment are missing: the phone hears so and sends them again.
        if touch(evidence_file(upload.sha256)) and _bind(upload, by):
            bound.setdefault(upload.visit_client_id, set()).add(upload.sha256)
    return bound


def drop_upload(upload: Upload) -> None:
    """Termination: the upload and its bytes are gone. A finished photo stays evidence."""
    file = part_file(upload)
    upload.delete()
    file.unlink(missing_ok=True)
