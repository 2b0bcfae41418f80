"""A phone comes by a code from the desk and goes by the desk's word."""

from datetime import timedelta
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from mobile_api import problems as mobile_api_problems
from mobile_api.devices import problems as devices_problems
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.devices.models import Device, Enrolment
from tests.doors import make_task
from tests.mobile_api.phones import API, Phone, visit_json

pytestmark = pytest.mark.django_db


def test_a_code_enrols_one_phone_once(cast: Any, client: Any) -> None:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    body = {"code": code, "label": "红米", "app_version": "0.1.0"}
    answer = client.post(API + "enrol", body, content_type="application/json")
    told = answer.json()
    assert answer.status_code == 201 and told["person"] == {"name": "王建国"}
    assert told["posting"]["area"] == "150302001002001" and told["posting"]["role"] == "worker"
    assert Device.objects.get().token_hash != told["token"]
    again = client.post(API + "enrol", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "enrolment-used")
    verbs = list(Entry.objects.values_list("verb", flat=True).order_by("pk"))
    assert verbs == ["device.invited", "device.enrolled"]


def test_codes_expire_and_strange_ones_are_named(cast: Any) -> None:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    with moved_to(now() + timedelta(minutes=16)), pytest.raises(devices_problems.EnrolmentExpired):
        enrol_phone(code, "a", "1")
    Enrolment.objects.all().delete()
    with pytest.raises(devices_problems.EnrolmentUnknown):
        enrol_phone(code, "a", "1")
    with pytest.raises(problems.ForeignCode):
        enrol_phone("hello", "a", "1")


def test_only_field_posts_within_reach_get_phones(cast: Any) -> None:
    with pytest.raises(devices_problems.NotAFieldPost):
        invite_phone(cast.post.zhao, by=cast.by.sun)
    with pytest.raises(problems.NotHere):
        invite_phone(cast.post.wang, by=cast.by.chen)
    with pytest.raises(problems.NotYourPost):
        invite_phone(cast.post.wang, by=cast.by.wang)


def test_a_revoked_phone_hands_in_and_sees_nothing(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    held = visit_json(task)
    revoke_phone(phone.device, "手机坏了", by=cast.by.zhao)
    pull = phone.get("changes")
    assert (pull.status_code, pull.json()["code"]) == (401, "device-revoked")
    assert pull["Content-Type"].startswith("application/problem+json")
    (result,) = phone.results(held)
    assert (result["status"], result["route"]) == ("accepted", "normal")
    with pytest.raises(devices_problems.DeviceAlreadyRevoked):
        revoke_phone(phone.device, "再停", by=cast.by.zhao)


def test_a_phone_given_back_opens_nothing_more(phone: Phone) -> None:
    for _again in range(2):
        answer = phone.client.delete(API + "me", headers={"Authorization": f"Bearer {phone.token}"})
        assert answer.status_code == 204
    phone.device.refresh_from_db()
    assert phone.device.revoked_by == phone.device.posting.person
    assert phone.get("changes").json()["code"] == "device-revoked"
    entry = Entry.objects.get(verb="device.revoked")
    assert entry.data["reason"] == "本人交清后退出" and entry.actor == phone.device.posting.person_id


def test_the_end_of_a_posting_ends_its_phone(cast: Any, phone: Phone) -> None:
    cast.post.wang.valid_to = today() - timedelta(days=1)
    cast.post.wang.save()
    assert phone.get("me").json()["code"] == "device-revoked"
    assert phone.results(visit_json())[0]["route"] == "held"


def test_unknown_and_missing_tokens(phone: Phone, client: Any) -> None:
    phone.token = "made-up"
    assert phone.get("changes").json()["code"] == "device-unknown"
    bare = client.get(API + "changes")
    assert (bare.status_code, bare.json()["code"]) == (401, "device-unknown")


def test_the_desk_pages(cast: Any, client: Any, phone: Phone) -> None:
    client.force_login(cast.zhao)
    page = client.get("/devices/").content.decode()
    assert "王建国的手机" in page and "李秀英" in page and "刘洋" not in page
    shown = client.post(f"/devices/postings/{cast.post.li.pk}/code/")
    assert "<svg" in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert client.post(f"/devices/postings/{cast.post.liu.pk}/code/").status_code == 404
    client.post(f"/devices/{phone.device.pk}/revoke/", {"why": "离职"})
    assert Device.objects.get().revoked_at is not None
    client.force_login(cast.chen)
    assert client.post(f"/devices/{phone.device.pk}/revoke/", {"why": "x"}).status_code == 404


def test_a_code_is_worth_nothing_once_the_posting_is_over(cast: Any) -> None:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    cast.post.wang.valid_to = today() - timedelta(days=1)
    cast.post.wang.save()
    with pytest.raises(mobile_api_problems.DeviceRevoked):
        enrol_phone(code, "a", "1")
    assert not Device.objects.exists()


def test_a_phone_is_revoked_with_a_reason_and_only_within_reach(cast: Any, phone: Phone) -> None:
    with pytest.raises(problems.ReasonMissing):
        revoke_phone(phone.device, " ", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        revoke_phone(phone.device, "丢失", by=cast.by.chen)
    assert phone.get("changes").status_code == 200
