"""Which rows name which files: the one list by which files are proved to be there, unaltered, and somebody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from grid.registers.actions.kept import changes_at, kept_at
from grid.registers.models import Delivery, DeliveryState
from grid.texts import Text
from mobile_api.openrosa.models import Submission
from mobile_api.uploads.actions import evidence_path, part_file
from mobile_api.uploads.models import Upload
from tasks.visits.models import Evidence
from workflows.counter.models import Material
from workflows.duties.models import Attachment
from workflows.duties.reading import path_of
from workflows.inspections.records.models import HearingFile, RecordFile
from workflows.listing.models.proofs import LookFile, ProofFile
from workflows.notices.models import Notice, Service
from workflows.reminders.models import Reminder

# Path below FILES, SHA-256 (empty where the bytes have none of their own), and by what a person finds the row.
Named = tuple[str, str, str]
# Made again from what is kept, whenever somebody asks for it.
DERIVED: Final = "shown/"
_CHUNK: Final = 2_000
# Their files go by a term of their own (project/sweeping.py), also before somebody has decided.
_NOT_OVER: Final = [
    state for state in DeliveryState.values if state not in (DeliveryState.DONE, DeliveryState.DROPPED)
]


@dataclass(frozen=True, slots=True)
class Shelf:
    """`is_needed`: the row is worth nothing without its file. Else the file may come later, or go before its row."""

    name: Text
    rows: Callable[[], Iterator[Named]]
    is_needed: bool = True


def _columns(rows: Callable[[], QuerySet[Model]], *names: str) -> Callable[[], Iterator[Named]]:
    def read() -> Iterator[Named]:
        for path, digest, said in rows().order_by("pk").values_list(*names).iterator(_CHUNK):
            yield path, digest, str(said)

    return read


def _below(file: Path) -> str:
    return file.relative_to(settings.FILES).as_posix()


def _attachments() -> Iterator[Named]:
    for digest, name in Attachment.objects.order_by("pk").values_list("sha256", "name").iterator(_CHUNK):
        yield _below(path_of(digest)), digest, name


def _deliveries(*states: str) -> Callable[[], Iterator[Named]]:
    def read() -> Iterator[Named]:
        for delivery in Delivery.objects.filter(state__in=states).order_by("pk").iterator(_CHUNK):
            yield _below(kept_at(delivery)), delivery.sha256, f"{delivery.register} {delivery.pk}"

    return read


def _changes() -> Iterator[Named]:
    for delivery in Delivery.objects.filter(state__in=_NOT_OVER).order_by("pk").iterator(_CHUNK):
        yield _below(changes_at(delivery)), "", f"{delivery.register} {delivery.pk}"


def _uploads() -> Iterator[Named]:
    """Whole ones whose visit is not here yet: their phones have thrown their own copies away."""
    rows = Upload.objects.exclude(finished_at=None).order_by("pk")
    for digest, visit in rows.values_list("sha256", "visit_client_id").iterator(_CHUNK):
        yield evidence_path(digest), digest, str(visit)


def _parts() -> Iterator[Named]:
    for upload in Upload.objects.filter(finished_at=None).order_by("pk").iterator(_CHUNK):
        yield _below(part_file(upload)), "", str(upload.visit_client_id)


def _waiting_submissions() -> Iterator[Named]:
    rows = Submission.objects.filter(taken_at=None).order_by("pk").values_list("files", "instance_id")
    for files, name in rows.iterator(_CHUNK):
        for digest, _size in files.values():
            yield evidence_path(digest), digest, name


SHELVES: Final = (
    Shelf(_("文书"), _columns(lambda: Notice.objects.all(), "path", "sha256", "number")),
    Shelf(
        _("送达回证"),
        _columns(lambda: Service.objects.exclude(slip_path=""), "slip_path", "slip_sha256", "notice__number"),
    ),
    Shelf(_("提醒函"), _columns(lambda: Reminder.objects.exclude(path=""), "path", "sha256", "pk")),
    Shelf(
        _("走访照片"),
        _columns(lambda: Evidence.objects.exclude(received_at=None), "path", "sha256", "visit__code"),
    ),
    Shelf(
        _("单位提交的材料"), _columns(lambda: Material.objects.all(), "path", "sha256", "submission__receipt")
    ),
    Shelf(
        _("调查取证附件"),
        _columns(lambda: RecordFile.objects.all(), "path", "sha256", "record__inspection__code"),
    ),
    Shelf(
        _("听证笔录附件"),
        _columns(lambda: HearingFile.objects.all(), "path", "sha256", "record__inspection__code"),
    ),
    Shelf(_("复查附件"), _columns(lambda: LookFile.objects.all(), "path", "sha256", "look__case__code")),
    Shelf(
        _("列入依据文书附件"),
        _columns(lambda: ProofFile.objects.all(), "path", "sha256", "proof__case__code"),
    ),
    Shelf(_("转办附件"), _attachments),
    Shelf(_("等走访的照片"), _uploads),
    Shelf(
        _("待读的名册"),
        _deliveries(*_NOT_OVER),
        is_needed=False,
    ),
    Shelf(_("名册变动表"), _changes, is_needed=False),
    Shelf(_("在传的照片"), _parts, is_needed=False),
    Shelf(_("等齐的提交"), _waiting_submissions, is_needed=False),
)
