"""Keys for ODK Collect, and its submissions on their way to becoming visits."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.keeping import keep_file, need_room_for_visits, touch
from grid.ledger.actions import Line, record
from grid.scope import RIGHTS, Actor, Right, require, require_person
from grid.territory.models import Posting
from mobile_api.devices import problems as devices_problems
from mobile_api.devices.actions import acting, digest, is_in_force
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import is_live
from mobile_api.devices.verbs import DeviceVerb
from mobile_api.openrosa import problems as openrosa_problems
from mobile_api.openrosa import rules
from mobile_api.openrosa.models import CollectKey, Submission
from mobile_api.openrosa.rules import File, Instance
from mobile_api.schemas import LARGEST_PHOTO
from mobile_api.sync.actions import take_visits
from mobile_api.sync.rules.mending import read_visit
from mobile_api.uploads.actions import evidence_file, evidence_path
from mobile_api.uploads.actions.allowance import take_allowance
from tasks.arrivals.actions.recording import Answer, bind_evidence
from tasks.forms import tables
from tasks.forms.rules import Form
from tasks.visits.models import HowItCame
from tasks.visits.rules import Arrival, Photo, PhotoOrigin
from workflows.notices.actions.slips import prove_service

APP = "ODK Collect"
LARGEST_XML = 5 * 1024 * 1024
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
    require(by, Right.ENROL, posting.area_id)
    if Right.VISIT not in RIGHTS[posting.role] or not is_in_force(posting):
        raise devices_problems.NotAFieldPost(role=posting.get_role_display())
    key, at = secrets.token_urlsafe(32), now()
    device = Device.objects.create(
        posting=posting, area=posting.area_id, label=APP, app_version=APP, enrolled_at=at,
        # Nobody was given a token: this phone speaks OpenRosa only.
        token_hash=digest(secrets.token_urlsafe(32)),
    )  # fmt: skip
    CollectKey.objects.create(device=device, key_hash=digest(key), made_by_id=require_person(by), made_at=at)
    facts = {"device": device.pk, "label": device.label, "posting": posting.pk}
    record(DeviceVerb.DEVICE_ENROLLED, Line(posting.area_id, data=facts), by=by)
    return device, key


# --- submissions ---------------------------------------------------------------------------------


def take_part(
    device: Device,
    content: bytes,
    parts: Sequence[tuple[str, Part]],
    whole: bool,
    phone_time: datetime | None,
) -> Answer | None:
    """One post of an instance: its XML, and some of its files. None while the others are on their way.

    The same post again changes nothing. Another content under the name of an instance that is a visit already
    is a correction: a visit of its own that replaces the former.
    Raises UnreadableSubmission; NoRoom and PhotoAllowance when its files must wait: Collect keeps it and tries again.
    """
    instance = _read(content)
    need_room_for_visits()
    form = tables.known(instance.form, instance.version)
    submission = _kept(device, instance, content, phone_time)
    _add_files(submission, device, parts)
    if submission.taken_at is None and not whole:
        here = _files(submission)
        if not all(rules.key_of(here, name) for name, *_rest in rules.files_named(instance, form)):
            return None
    return _taken(submission, instance)


def _read(content: bytes) -> Instance:
    if len(content) > LARGEST_XML:
        raise openrosa_problems.UnreadableSubmission(why=_("提交的 XML 太大，不是本系统的表单。"))
    try:
        return rules.read_instance(content)
    except rules.Unreadable as error:
        raise openrosa_problems.UnreadableSubmission(why=_(str(error))) from error


@transaction.atomic
def _kept(device: Device, instance: Instance, content: bytes, phone_time: datetime | None) -> Submission:
    """The submission, in its row before anything else happens: should its files find no room, it is taken without
    them after a while (see take_waiting)."""
    digest_now = sha256(content).hexdigest()
    row = _row(device, instance, digest_now, phone_time)
    if row.taken_at is not None and row.xml_sha256 != digest_now:
        row = _row(device, instance, digest_now, phone_time, corrects=row)
    if row.taken_at is None:
        row.xml, row.xml_sha256 = content.decode(errors="replace").replace("\0", ""), digest_now
    row.save(update_fields=["xml", "xml_sha256"])
    return row


def _add_files(submission: Submission, device: Device, parts: Sequence[tuple[str, Part]]) -> None:
    """Names the files that came in the submission's row, then stores them: so none lies there that no row knows, and
    one that found no room is known to be missing. Raises NoRoom, PhotoAllowance."""
    came = [(name, part, _sent_file(part)) for name, part in parts]
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        fresh = sum(file.size for name, _part, file in came if _name(row, name, file))
        if fresh:
            take_allowance(device, fresh, is_early=False)
        row.save(update_fields=["files"])
    submission.files = row.files
    for _name_of, part, file in came:
        if file.is_kept and not touch(evidence_file(file.sha256)):
            keep_file(evidence_file(file.sha256), part.chunks(), file.size)


def _sent_file(part: Part) -> File:
    """A file's own word. One that is too large is only told of: with its visit in the phone for ever nobody would be
    helped."""
    size = part.size or 0
    if not 0 < size <= LARGEST_PHOTO:
        return File("", size)
    hashed = sha256()
    for piece in part.chunks():
        hashed.update(piece)
    return File(hashed.hexdigest(), size)


def _name(row: Submission, name: str, file: File) -> bool:
    """Whether these bytes are new to the submission. A second file of a name that is taken, with other bytes, is kept
    beside the first and said to be one."""
    known = row.files.get(name)
    if known is not None and known[0] and known[:2] != [file.sha256, file.size]:
        if not file.is_kept:
            return False
        name = f"{name}#{file.sha256[:8]}"
        file, known = replace(file, came=HowItCame.RESENT.value), row.files.get(name)
    row.files[name] = [file.sha256, file.size, file.came]
    return file.is_kept and known is None


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
    named = rules.files_named(instance, form)
    if submission.taken_at is not None:
        answer = Answer(submission.client_id, "repeated", message=_("此前已收到，无须重发。"))
    else:
        arrival = _arrival(submission, instance, form, files)
        marks = (*arrival.marks, *rules.marks_of(files, named, LARGEST_PHOTO))
        (answer,) = take_visits(device, [replace(arrival, marks=marks)], submission.phone_time)
        if answer.status == "refused":
            return _renumbered(submission, instance)
    _bind(submission, files, named)
    Submission.objects.filter(pk=submission.pk, taken_at=None).update(taken_at=now(), xml="")
    return answer


def _arrival(
    submission: Submission, instance: Instance, form: Form | None, files: Mapping[str, File]
) -> Arrival:
    made = rules.visit_of(
        instance, form, submission.client_id, submission.replaces, files, submission.received_at
    )
    return read_visit(made)


def _renumbered(submission: Submission, instance: Instance) -> Answer:
    """The number belongs to another visit: of another person, or the same one with other words. Field work is
    kept, so this one gets a number of its own, the same each time it is sent."""
    own = rules.corrected_id(submission.client_id, f"{submission.device_id}{submission.xml_sha256}")
    if own == submission.client_id:
        raise problems.Busy()
    submission.client_id = own
    submission.save(update_fields=["client_id"])
    return _taken(submission, instance)


def _bind(submission: Submission, files: Mapping[str, File], named: Sequence[tuple[str, str, str]]) -> None:
    by = acting(submission.device.posting)
    asked = {rules.key_of(files, name): (question, kind) for name, question, kind in named}
    ended = not is_live(submission.device)
    for key, file in files.items():
        if file.is_kept and touch(evidence_file(file.sha256)):
            question, kind = asked.get(key, ("", "photo"))
            way = PhotoOrigin(key.rpartition("#")[0] if file.came else key, question, file.came)
            photo, path = Photo(file.sha256, file.size, kind), evidence_path(file.sha256)
            bind_evidence(submission.client_id, photo, path, way, by=by, only_promised=ended)
    prove_service(submission.client_id)


def _files(submission: Submission) -> dict[str, File]:
    return {name: File(*told) for name, told in submission.files.items()}


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
