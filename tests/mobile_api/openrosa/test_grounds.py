"""An outcome that ends the check of its door, by the phone's own API and by ODK Collect."""

from typing import Any

import pytest

from mobile_api.devices.actions import enrol_phone, invite_phone
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.findings.rules import GROUND
from tasks.forms import tables
from tasks.visits.models import Visit
from tests.doors import make_round, make_task
from tests.mobile_api.openrosa.collect import Collect, instance
from tests.mobile_api.phones import Phone, visit_json

pytestmark = pytest.mark.once


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "王建国的手机", "0.1.0")
    return Phone(client, token, device)


def test_the_phone_hears_that_the_door_stays_and_gets_it_again(phone: Phone, task: CheckTask) -> None:
    known = phone.get("changes").json()["cursor"]
    (told,) = phone.results(visit_json(task, outcome="not_a_subject", answers={}))
    assert told["status"] == "accepted" and "没有写明依据，这一户仍待查" in told["message"]
    (door,) = phone.get(f"changes?cursor={known}").json()["doors"]
    assert (door["task_id"], door["state"]) == (task.pk, "open")
    (told,) = phone.results(visit_json(task, outcome="not_a_subject", answers={GROUND: "not_employer"}))
    assert "依据" not in told["message"]
    (door,) = phone.get(f"changes?cursor={known}").json()["doors"]
    assert door["state"] == "done"


def test_the_phone_s_form_asks_for_it(phone: Phone, task: CheckTask) -> None:
    forms = {form["code"]: form for form in phone.get("forms").json()["forms"]}
    asked = next(form for form in forms["employer"]["questions"] if form["name"] == GROUND)
    assert asked["required"] is True and len(asked["choices"]) > 4
    assert "not_found" in asked["relevant"] and "operating" in asked["relevant"]


def test_collect_asks_for_it_and_what_came_without_is_kept_and_the_door_stays(
    collect: Collect, task: CheckTask
) -> None:
    form = tables.current("employer")
    xml = tables.form_xml(form.code, form.version)
    assert 'nodeset="/data/end_ground"' in xml and "required" in xml
    answer = collect.post(instance(form, {}, door=task.pk, outcome="not_found"))
    assert answer.status_code == 201 and "没有写明依据" in answer.content.decode()
    task.refresh_from_db()
    assert task.state == "open" and Finding.objects.get().is_ungrounded
    collect.post(instance(form, {GROUND: "witness"}, door=task.pk, outcome="not_found"))
    task.refresh_from_db()
    assert task.state == "visited" and Visit.objects.count() == 2
