"""Keys for ODK Collect, and its submissions on their way to becoming visits."""

import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pydantic
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import RIGHTS, Actor, Right, ask, person_of
from grid.territory.models import Posting
from mobile_api.devices.actions import acting, digest, is_in_force
from mobile_api.devices.models import Device
from mobile_api.faults import in_words
from mobile_api.openrosa import rules
from mobile_api.openrosa.models import CollectKey, Submission
from mobile_api.openrosa.rules import File, Instance
from mobile_api.sync.actions import take_visits
from mobile_api.sync.schemas import LARGEST_PHOTO, VisitIn
from mobile_api.uploads.actions import evidence_path
from tasks.forms import tables
from tasks.visits.actions import Answer, bind_evidence
from workflows.notices.slips import prove_service

APP = "ODK Collect"
LARGEST_XML = 1024 * 1024
MOST_FILES = 40
# A part that never came leaves the rest to be taken after a day.
PATIENCE = timedelta(days=1)


class Part(Protocol):
    """A file of a multipart request."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


# --- keys ----------------------------------------------------------------------------------------


@transaction.atomic
def give_key(posting: Posting, *, by: Actor) -> tuple[Device, str]:
    """A new phone with ODK Collect, and the key in its address, shown this one time.

    It is revoked like any phone. Raises NotAFieldPost for a posting that does not visit, NotHere, NotYourPost.
    """
    ask(by, Right.ENROL, posting.area_id)
    if Right.VISIT not in RIGHTS[posting.role] or not is_in_force(posting):
        raise problems.NotAFieldPost(role=posting.get_role_display())
    key, at = secrets.token_urlsafe(32), now()
    device = Device.objects.create(
        posting=posting, area=posting.area_id, label=APP, app_version=APP, enrolled_at=at,
        # Nobody was given a token: this phone speaks OpenRosa only.
        token_hash=digest(secrets.token_urlsafe(32)),
    )  # fmt: skip
    CollectKey.objects.create(device=device, key_hash=digest(key), made_by_id=person_of(by), made_at=at)
    facts = {"device": device.pk, "label": device.label, "posting": posting.pk}
    record(Verb.DEVICE_ENROLLED, by=by, area=posting.area_id, data=facts)
    return device, key


# --- submissions ---------------------------------------------------------------------------------


def take_part(
    device: Device, content: bytes, parts: Mapping[str, Part], whole: bool, phone_time: datetime | None
) -> Answer | None:
    """One post of an instance: its XML, and some of its files. None while the others are on their way.

    The same post again changes nothing. Another content under the name of an instance that is a visit already
    is a correction: a visit of its own that replaces the former.
    Raises UnreadableSubmission, UploadTooLarge.
    """
    instance = _read(content)
    files = {name: _stored(part) for name, part in parts.items()}
    submission = _kept(device, instance, content, files, phone_time)
    if submission.taken_at is None:
        form = tables.known(instance.form, instance.version)
        if not whole and not rules.file_names(instance, form) <= submission.files.keys():
            return None
    return _taken(submission, instance)


def _read(content: bytes) -> Instance:
    if len(content) > LARGEST_XML:
        raise problems.UnreadableSubmission(why=_("提交的 XML 太大，不是本系统的表单。"))
    try:
        return rules.read_instance(content)
    except rules.Unreadable as error:
        raise problems.UnreadableSubmission(why=_(str(error))) from error


@transaction.atomic
def _kept(
    device: Device, instance: Instance, content: bytes, files: Mapping[str, File], phone_time: datetime | None
) -> Submission:
    """The submission with these files added, on disk and in its row before anything is answered."""
    digest_now = sha256(content).hexdigest()
    row = _row(device, instance, digest_now, phone_time)
    if row.taken_at is not None and row.xml_sha256 != digest_now:
        row = _row(device, instance, digest_now, phone_time, corrects=row)
    if row.taken_at is None:
        row.xml, row.xml_sha256 = content.decode(errors="replace").replace("\0", ""), digest_now
    row.files |= {name: [file.sha256, file.size] for name, file in files.items()}
    row.save(update_fields=["xml", "xml_sha256", "files"])
    return row


def _row(
    device: Device,
    instance: Instance,
    digest_now: str,
    phone_time: datetime | None,
    corrects: Submission | None = None,
) -> Submission:
    name = (instance.instance_id or digest_now)[:120]
    number = rules.client_id_of(instance.instance_id, digest_now)
    if corrects is not None:
        name, number = f"{name}#{digest_now[:16]}", rules.corrected_id(number, digest_now)
    found, _new = Submission.objects.select_for_update().get_or_create(
        device=device,
        instance_id=name,
        defaults={
            "client_id": number,
            "replaces": corrects.client_id if corrects else None,
            "xml_sha256": digest_now,
            "phone_time": phone_time,
            "received_at": now(),
        },
    )
    return found


def _taken(submission: Submission, instance: Instance) -> Answer:
    """Records the visit, then binds its files: a crash between the two is mended by the next repeat."""
    device, files = submission.device, _files(submission)
    form = tables.known(instance.form, instance.version)
    made = rules.visit_of(
        instance, form, submission.client_id, submission.replaces, files, submission.received_at
    )
    try:
        arrival = VisitIn.model_validate(made).arrival()
    except pydantic.ValidationError as error:
        why = _("这条走访无法读取：{faults}").format(faults=in_words(error.errors(include_url=False)))
        raise problems.UnreadableSubmission(why=why) from error
    if submission.taken_at is not None:
        answer = Answer(submission.client_id, "repeated", message=_("此前已收到，无须重发。"))
    else:
        (answer,) = take_visits(device, [arrival], submission.phone_time)
        if answer.status == "refused":
            return _renumbered(submission, instance)
    _bind(submission, files, {photo.sha256: photo.kind for photo in arrival.photos})
    Submission.objects.filter(pk=submission.pk, taken_at=None).update(taken_at=now(), xml="")
    return answer


def _renumbered(submission: Submission, instance: Instance) -> Answer:
    """The number belongs to another visit: of another person, or the same one with other words. Field work is
    kept, so this one gets a number of its own, the same each time it is sent."""
    own = rules.corrected_id(submission.client_id, f"{submission.device_id}{submission.xml_sha256}")
    if own == submission.client_id:
        raise problems.Busy()
    submission.client_id = own
    submission.save(update_fields=["client_id"])
    return _taken(submission, instance)


def _bind(submission: Submission, files: Mapping[str, File], kinds: Mapping[str, str]) -> None:
    by = acting(submission.device.posting)
    for file in files.values():
        path = evidence_path(file.sha256)
        bind_evidence(
            submission.client_id, file.sha256, file.size, kinds.get(file.sha256, "photo"), path, by=by
        )
    prove_service(submission.client_id)


def _files(submission: Submission) -> dict[str, File]:
    return {name: File(digest_of, size) for name, (digest_of, size) in submission.files.items()}


def _stored(part: Part) -> File:
    """Written beside and renamed to where its hash says: whole, or not there. Raises UploadTooLarge."""
    if (part.size or 0) > LARGEST_PHOTO:
        raise problems.UploadTooLarge(limit=LARGEST_PHOTO // 1024 // 1024)
    root, hashed, size = Path(settings.FILES), sha256(), 0
    (root / "uploads").mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root / "uploads", delete=False) as beside:
        for piece in part.chunks():
            hashed.update(piece)
            size += len(piece)
            beside.write(piece)
        beside.flush()
        os.fsync(beside.fileno())
    kept = root / evidence_path(hashed.hexdigest())
    kept.parent.mkdir(parents=True, exist_ok=True)
    os.replace(beside.name, kept)
    return File(hashed.hexdigest(), size)


def take_waiting() -> int:
    """Submissions whose last part never came become visits with what is here. Answers how many."""
    waiting = Submission.objects.filter(taken_at=None, received_at__lt=now() - PATIENCE)
    rows = waiting.select_related("device__posting__person", "device__posting__area").order_by("pk")[:200]
    return sum(_take_late(row) for row in rows)


def _take_late(row: Submission) -> bool:
    try:
        _taken(row, _read(row.xml.encode()))
    except problems.Problem:
        return False
    return True
