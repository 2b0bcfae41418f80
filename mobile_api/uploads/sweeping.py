"""Giving up what nobody will ask for any more: uploads whose visit never came.

A photo may come before its visit, and its phone may be off line for two weeks in between; so an upload waits a month
(UPLOADS_KEPT_DAYS) before it goes. What is evidence of a visit never goes. Should the visit come after all, its phone
is told that the photo is missing and sends it again, as long as it has it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from grid.calendar.now import day_of
from grid.keeping import clear_away
from mobile_api.devices.actions import acting
from mobile_api.uploads.actions import bind_waiting, evidence_file, part_file
from mobile_api.uploads.models import Allowance, Upload
from tasks.visits.queries import evidence_among, is_evidence_of, visits_here

_BATCH: Final = 500
Naming = Callable[[], set[str]]
_naming: list[Naming] = []


def named_by(naming: Naming) -> None:
    """Registers a question to a room above that keeps bytes here: whose hashes does what waits there name?"""
    if naming not in _naming:
        _naming.append(naming)


def forget_allowances(before: datetime) -> int:
    """What phones sent on days that count no more. How many."""
    gone, _each = Allowance.objects.filter(day__lt=day_of(before)).delete()
    return gone


def give_up_uploads(since: datetime) -> int:
    """Forgets uploads begun before this moment; of those whose visit is not here, or that nobody went on with, the
    bytes go too. How many of the latter."""
    after, count = None, 0
    while rows := _old(since, after):
        after = rows[-1].pk
        gone = [row for row in rows if _is_given_up(row, since)]
        _clear_bytes({row.sha256 for row in gone if row.finished_at is not None}, since)
        count += len(gone)
    return count


def _old(since: datetime, after: UUID | None) -> list[Upload]:
    rows = Upload.objects.filter(started_at__lt=since).order_by("pk")
    return list((rows.filter(pk__gt=after) if after else rows)[:_BATCH])


@transaction.atomic
def _is_given_up(upload: Upload, since: datetime) -> bool:
    """Asked under the row's lock: its phone may have gone on, or its visit come, a moment ago. The row of a photo that
    is evidence is only forgotten; one that was never bound to a visit that is here is bound now."""
    rows = Upload.objects.select_for_update(of=("self",), skip_locked=True).select_related("device__posting")
    row = rows.filter(pk=upload.pk).first()
    if row is None:
        return False
    is_evidence = row.finished_at is not None and _is_bound(row)
    part = part_file(row)
    if not is_evidence and part.exists() and not clear_away(part, since.timestamp()):
        return False
    upload.finished_at = row.finished_at
    row.delete()
    return not is_evidence


def _is_bound(row: Upload) -> bool:
    if is_evidence_of(row.visit_client_id, row.sha256):
        return True
    if not visits_here([row.visit_client_id]):
        return False
    bound = bind_waiting(row.device, [row.visit_client_id], by=acting(row.device.posting))
    return row.sha256 in bound.get(row.visit_client_id, ())


def _clear_bytes(hashes: Iterable[str], since: datetime) -> None:
    """Bytes nobody else names; whoever is about to name them has touched the file, and then it stays."""
    left = set(hashes)
    if not left:
        return
    left -= evidence_among(left)
    left -= set(Upload.objects.filter(sha256__in=left).values_list("sha256", flat=True))
    for naming in _naming:
        left -= naming()
    for sha256 in left:
        clear_away(evidence_file(sha256), since.timestamp())
