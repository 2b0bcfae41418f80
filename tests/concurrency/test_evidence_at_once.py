"""Two uploads for the last of a day's allowance, and a visit that claims its photo while the sweep gives it up."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from grid.calendar.now import moved_to, now
from mobile_api.devices.actions import acting, enrol_phone, invite_phone
from mobile_api.devices.models import Device
from mobile_api.sync.actions import take_visits
from mobile_api.uploads import problems as uploads_problems
from mobile_api.uploads.actions import append, evidence_file, start_upload
from mobile_api.uploads.models import Allowance
from mobile_api.uploads.sweeping import give_up_uploads
from tasks.visits.models import Evidence
from tasks.visits.rules import Photo
from tests.concurrency.test_two_approvers import at_once
from tests.doors import arrival, make_round, make_task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def device(cast: Any) -> Device:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    return enrol_phone(code, "手机", "1")[0]


def test_two_uploads_at_once_do_not_both_have_the_last_of_the_day(device: Device, settings: Any) -> None:
    settings.EARLY_PHOTOS_A_DAY_MB = 1

    def begins(n: int) -> Any:
        return lambda: start_upload(device, uuid4(), f"{n:064x}", "door", 600_000)

    outcomes = at_once(*[begins(n) for n in range(4)])
    assert sum(isinstance(outcome, uploads_problems.PhotoAllowance) for outcome in outcomes) == 3
    assert Allowance.objects.get().used == 600_000


def test_a_photo_is_claimed_or_missing_and_never_lost(cast: Any, device: Device, make_employer: Any) -> None:
    """Whoever comes first: evidence that counts as here lies on the disk, and what is gone is asked for again."""
    round, seen = make_round(cast.qian), set()
    for turn in range(4):
        content = b"\xff\xd8\xff" + str(turn).encode()
        digest = hashlib.sha256(content).hexdigest()
        task = make_task(round, make_employer(), cast.post.wang)
        sent = arrival(task, photos=(Photo(digest, len(content), "door"),))
        upload = start_upload(device, sent.client_id, digest, "door", len(content))
        append(device, upload.pk, 0, content, by=acting(device.posting))
        with moved_to(now() + timedelta(days=settings.UPLOADS_KEPT_DAYS + 1)):
            since = now() - timedelta(days=settings.UPLOADS_KEPT_DAYS)
            claims, gives_up = _claim(device, sent), (lambda since=since: give_up_uploads(since))
            acts = [claims, gives_up] if turn % 2 else [gives_up, claims]
            at_once(*acts)
            (told,) = take_visits(device, [sent], now())
        evidence = Evidence.objects.get(visit__client_id=UUID(str(sent.client_id)))
        is_here = evidence.received_at is not None
        assert is_here == (not told.missing_photos)
        assert not is_here or evidence_file(digest).read_bytes() == content
        seen.add(is_here)
    assert seen


def _claim(device: Device, sent: Any) -> Any:
    return lambda: take_visits(device, [sent], now())
