"""What the phone was shown tells a correction from two people who knew nothing of each other."""

from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import now
from mobile_api.devices.actions import enrol_phone, invite_phone
from tasks.doors.models import CheckTask
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.doors import SHORT, arrival, make_round, make_task, push
from tests.mobile_api.phones import Phone, visit_json

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FOUND = {**SHORT, "employees": 14}
CORRECTED = {**SHORT, "employees": 11}


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    """li found 14 people there, zhao confirmed it, and the door is wang's now."""
    task = make_task(make_round(cast.qian), make_employer(), cast.post.li)
    push(cast.post.li, cast.by.li, arrival(task, answers=FOUND, recorded_at=now() - timedelta(hours=2)))
    confirm_finding(Finding.objects.select_related("visit").get(), by=cast.by.zhao)
    cast.post.wang.refresh_from_db()
    cast.post.wang.feed += 1
    cast.post.wang.save()
    CheckTask.objects.filter(pk=task.pk).update(posting=cast.post.wang, feed=cast.post.wang.feed)
    task.refresh_from_db()
    return task


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "手机", "0.1.0")
    return Phone(client, token, device)


def test_a_correction_of_a_prefilled_visit_fact_is_no_clash(phone: Phone, task: CheckTask) -> None:
    (door,) = phone.get("changes").json()["doors"]
    shown = {name: known["value"] for name, known in door["prefill"].items()}
    assert shown["employees"] == 14
    (result,) = phone.results(visit_json(task, answers=CORRECTED, shown=shown))
    assert (result["status"], result["route"]) == ("accepted", "normal")
    visit = Visit.objects.get(code=result["visit"])
    assert visit.shown == shown and not visit.claim.get("clashes")


def test_the_same_word_of_one_who_was_shown_nothing_of_it_is_a_clash(phone: Phone, task: CheckTask) -> None:
    (result,) = phone.results(visit_json(task, answers=CORRECTED, shown={"employees": 9}))
    assert (result["status"], result["route"]) == ("accepted", "clash")
