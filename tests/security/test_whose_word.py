"""A clock that was wrong, a phone that was revoked, a post that ended: what they send is kept and marked, and decides
nothing by itself."""

import hashlib
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format

from grid import problems
from grid.calendar.now import CITY_TIME, day_of, moved_to, now, today
from grid.ledger.models import Entry
from grid.territory.actions import deactivate_person, end_posting, give_posting
from grid.territory.models import Posting
from grid.territory.rules import Post
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.devices.models import Device, Revoked
from mobile_api.devices.queries import warrant_of
from mobile_api.openrosa.actions import give_key
from mobile_api.suggestions.models import Suggestion
from tasks.arrivals.actions.admitting import accept_word, dismiss_words
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.facts.queries import confirmed_for
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.visits.models import AfterEnd, Evidence, Visit
from tests.doors import IN_ORDER, SHORT, make_round, make_task
from tests.mobile_api.openrosa.collect import Collect, instance
from tests.mobile_api.phones import API, Phone, visit_json

pytestmark = pytest.mark.django_db
FAR, EPOCH = datetime(2031, 1, 1, tzinfo=CITY_TIME), datetime(1970, 1, 1, 8, tzinfo=CITY_TIME)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path


def phone_of(cast: Any, client: Any, name: str = "wang", browser: str = "") -> Phone:
    _invited, code = invite_phone(getattr(cast.post, name), by=cast.by.zhao)
    device, token = enrol_phone(code, f"{name}的手机", "0.1.0", browser)
    return Phone(client, token, device)


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    return phone_of(cast, client)


@pytest.fixture
def task(cast: Any, make_employer: Any) -> CheckTask:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def sent(phone: Phone, task: Any = None, **fields: Any) -> tuple[dict[str, Any], Visit]:
    (result,) = phone.results(visit_json(task, **fields))
    assert result["status"] == "accepted", result
    return result, Visit.objects.get(code=result["visit"])


def untouched(task: CheckTask) -> bool:
    """Nothing was opened, settled or moved at this door."""
    task.refresh_from_db()
    spans = set(Span.objects.filter(subject=task.subject_id).values_list("state", flat=True))
    return task.state == "open" and not Finding.objects.exists() and "to_review" not in spans


# --- of when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "doubt"), [(FAR, "ahead"), (EPOCH, "before_phone")])
def test_a_wrong_clock_is_kept_marked_and_outlives_nobody(
    cast: Any, phone: Phone, task: CheckTask, client: Any, told: datetime, doubt: str
) -> None:
    result, wrong = sent(phone, task, recorded_at=told.isoformat(), answers=SHORT)
    assert (wrong.recorded_at, wrong.doubt, wrong.counts_at) == (told, doubt, wrong.received_at)
    assert f"{told:%Y-%m-%d}" in result["message"] and "不可信" in result["message"]
    assert Entry.objects.get(verb="visit.recorded").data["doubt"]
    assert Finding.objects.get().state == "open"
    # Its own batch may hold the next visit, made before the sending.
    minutes_ago = (now() - timedelta(seconds=1)).isoformat()
    _result, later = sent(phone, task, answers={**IN_ORDER, "employees": 9}, recorded_at=minutes_ago)
    assert dict(Finding.objects.values_list("visit__code", "state")) == {
        wrong.code: "replaced",
        later.code: "open",
    }
    confirm_finding(Finding.objects.get(visit=later), by=cast.by.zhao)
    assert confirmed_for([task.subject_id])[task.subject_id]["employees"].value == 9
    client.force_login(cast.zhao)
    page = client.get(f"/visits/{wrong.code}/").content.decode()
    assert "不可信" in page and f"{told:%Y-%m-%d}" in page
    assert "不可信" in client.get(f"/visits/facts/{task.subject_id}/").content.decode()


def test_in_one_batch_the_visit_with_the_right_clock_speaks(cast: Any, phone: Phone, task: CheckTask) -> None:
    """Off line with a wrong clock, then with the right one, then both are sent."""
    wrong = visit_json(task, recorded_at=FAR.isoformat(), answers=SHORT)
    right = visit_json(task, recorded_at=(now() - timedelta(seconds=3)).isoformat())
    assert [result["status"] for result in phone.results(wrong, right)] == ["accepted"] * 2
    open_one = Finding.objects.get(state="open")
    assert str(open_one.visit.client_id) == right["client_id"]
    assert [result["status"] for result in phone.results(wrong, right)] == ["repeated"] * 2


def test_an_older_time_than_the_task_or_the_phone_is_doubted_and_two_weeks_off_line_are_not(
    cast: Any, phone: Phone, make_employer: Any
) -> None:
    Device.objects.update(enrolled_at=now() - timedelta(days=60))
    phone.device.refresh_from_db()
    round = make_round(cast.qian)
    task = make_task(round, make_employer(), cast.post.wang, dispatched_at=now() - timedelta(days=20))
    for days, doubt in ((14, ""), (21, "before_task"), (61, "before_phone")):
        at = now() - timedelta(days=days)
        visit = sent(phone, task, recorded_at=at.isoformat())[1]
        assert visit.doubt == doubt and day_of(visit.counts_at) == (today() if doubt else day_of(at)), days
    # Enrolled anew, the phone still holds what was written before.
    again = phone_of(cast, phone.client)
    assert sent(again, task, recorded_at=(now() - timedelta(days=13)).isoformat())[1].doubt == ""


def test_a_senseless_day_to_come_again_is_kept_and_not_followed(phone: Phone, task: CheckTask) -> None:
    nobody = {"outcome": "nobody_in", "answers": {}}
    visit = sent(phone, task, **nobody, recorded_at=FAR.isoformat(), come_again_on="2031-01-02")[1]
    task.refresh_from_db()
    assert task.come_again_on is None and visit.come_again_on == date(2031, 1, 2)
    soon = today() + timedelta(days=1)
    sent(
        phone,
        task,
        **nobody,
        come_again_on=soon.isoformat(),
        recorded_at=(now() - timedelta(minutes=1)).isoformat(),
    )
    task.refresh_from_db()
    assert task.come_again_on == soon


def test_collect_and_a_file_are_marked_alike(cast: Any, client: Any, task: CheckTask) -> None:
    device, key = give_key(cast.post.wang, by=cast.by.zhao)
    collect = Collect(client, device, key)
    xml = instance(
        tables.current("employer"), IN_ORDER, door=task.pk, outcome="done", visit_end=FAR.isoformat()
    )
    assert collect.post(xml).status_code == 201
    client.force_login(cast.zhao)
    give(client, cast.post.wang, visit_json(task, recorded_at=EPOCH.isoformat()))
    doubts = Visit.objects.order_by("pk").values_list("doubt", flat=True)
    assert list(doubts) == ["ahead", "before_phone"]


def give(client: Any, posting: Any, *visits: Any, phone: Device | None = None) -> str:
    told = {
        "format": "grid-canvass-unsent-1",
        "written_at": "",
        "visits": visits,
        "photos": [],
        "suggestions": [],
    }
    file = SimpleUploadedFile("x.json", json.dumps(told).encode())
    chosen = {"phone": phone.pk} if phone else {}
    return client.post("/devices/handin/", {"posting": posting.pk, "file": file, **chosen}).content.decode()


# --- whose word --------------------------------------------------------------------------------------


def ends(cast: Any, device: Device, how: str) -> None:
    match how:
        case "revoked":
            revoke_phone(device, "换机", Revoked.REPLACED, by=cast.by.zhao)
        case "lost":
            revoke_phone(device, "手机被盗", Revoked.LOST, by=cast.by.zhao)
        case "ended":
            end_posting(cast.post.wang, last_day=today() - timedelta(days=1), reason="离职", by=cast.by.qian)
        case "deactivated":
            deactivate_person(cast.wang, reason="离职", by=cast.by.qian)


@pytest.mark.once
@pytest.mark.parametrize("how", ["revoked", "lost", "ended", "deactivated"])
def test_what_is_told_after_the_end_opens_nothing_and_waits(
    cast: Any, phone: Phone, task: CheckTask, client: Any, how: str
) -> None:
    Posting.objects.filter(pk=cast.post.wang.pk).update(valid_from=today() - timedelta(days=90))
    cast.post.wang.refresh_from_db()
    ends(cast, phone.device, how)
    result, visit = sent(phone, task)
    assert result["route"] == "held" and "核定" in result["message"]
    assert (visit.task, visit.subject) == (None, None) and visit.claim["task"] == task.pk
    assert untouched(task)
    late = visit.after_end
    assert (late.verdict, late.ground) == ("waiting", "lost" if how == "lost" else "after")
    assert "wang的手机" in late.phone and Entry.objects.filter(verb="visit.recorded").get().data["ground"]
    client.force_login(cast.zhao)
    home = client.get("/").content.decode()
    assert f"/visits/held/{visit.code}/" in home
    page = client.get(f"/visits/held/{visit.code}/").content.decode()
    assert "王建国" in page and late.get_ending_display() in page
    assert (how != "lost") or "手机被盗" in page
    assert visit.code in client.get("/visits/held/").content.decode()


def test_what_was_recorded_before_is_taken_in_time_but_of_a_lost_phone_nothing_is(
    cast: Any, phone: Phone, client: Any, task: CheckTask
) -> None:
    held = [visit_json(task, recorded_at=(now() - timedelta(seconds=n)).isoformat()) for n in (30, 20, 10)]
    revoke_phone(phone.device, "交还", Revoked.RETURNED, by=cast.by.zhao)
    (first,) = phone.results(held[0])
    assert first["route"] == "normal"
    visit = Visit.objects.get(code=first["visit"])
    assert (visit.after_end.verdict, visit.after_end.ground) == ("taken", "in_time")
    client.force_login(cast.zhao)
    assert "停用或离岗后收到" in client.get("/findings/").content.decode()
    with moved_to(now() + timedelta(days=31)):
        assert phone.results(held[1])[0]["route"] == "held"
        assert AfterEnd.objects.get(verdict="waiting").ground == "overdue"
    Device.objects.update(revoked_as=Revoked.LOST)
    assert phone.results(held[2])[0]["route"] == "held"


def test_after_the_last_day_the_token_is_dead_and_the_file_goes_to_a_named_person(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    device, key = give_key(cast.post.wang, by=cast.by.zhao)
    collect = Collect(client, device, key)
    held = visit_json(task)
    for lost in (phone.device, device):
        revoke_phone(lost, "交还", by=cast.by.zhao)
    with moved_to(now() + timedelta(days=91)):
        for answer in (phone.push(held), phone.get("changes"), phone.begin(held["client_id"], "a" * 64, 3)):
            assert (answer.status_code, answer.json()["code"]) == (401, "device-closed")
        xml = instance(tables.current("employer"), IN_ORDER, door=task.pk, outcome="done")
        assert collect.post(xml).status_code in (401, 403) and not Visit.objects.exists()
        client.force_login(cast.zhao)
        assert "新收到" in give(client, cast.post.wang, held, phone=phone.device)
        # With no phone left in use it can be from none but a revoked one.
        give(client, cast.post.wang, visit_json(task, recorded_at=held["recorded_at"]))
        li = client.post("/devices/handin/", {"posting": cast.post.li.pk, "phone": phone.device.pk})
        assert "这部手机不是这个人的" in li.content.decode()
    assert list(Visit.objects.values_list("route", "after_end__ground")) == [("held", "overdue")] * 2
    assert untouched(task)


def test_accepted_it_goes_the_way_it_would_have_gone_and_keeps_its_mark(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    revoke_phone(phone.device, "误停", by=cast.by.zhao)
    visit = sent(phone, task, answers=SHORT)[1]
    client.force_login(cast.zhao)
    client.post(f"/visits/held/{visit.code}/accept/", {"why": "已向本人核实"})
    visit.refresh_from_db()
    task.refresh_from_db()
    assert (visit.route, visit.task, visit.subject_id, visit.claim) == ("normal", task, task.subject_id, {})
    assert task.state == "visited" and Finding.objects.get().state == "open"
    assert Span.objects.get(subject=task.subject_id, until=None).state == "to_review"
    entry = Entry.objects.get(verb="visit.decided")
    assert entry.actor == cast.zhao.pk and entry.data["reason"] == "已向本人核实"
    assert "核定采用" in client.get(f"/visits/{visit.code}/").content.decode()
    with pytest.raises(problems.AlreadyDone):
        accept_word(visit, by=cast.by.zhao)


def test_an_accepted_word_stands_among_the_visits_that_came_meanwhile(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    revoke_phone(phone.device, "误停", by=cast.by.zhao)
    visit = sent(phone, task, answers=SHORT)[1]
    newer = phone_of(cast, client)
    later = sent(newer, task, recorded_at=(now() + timedelta(seconds=2)).isoformat())[1]
    accept_word(visit, by=cast.by.zhao)
    states = dict(Finding.objects.values_list("visit", "state"))
    assert states == {later.pk: "open", visit.pk: "replaced"}


def test_laid_aside_with_a_reason_one_or_many(cast: Any, phone: Phone, task: CheckTask, client: Any) -> None:
    revoke_phone(phone.device, "手机被盗", Revoked.LOST, by=cast.by.zhao)
    visits = [sent(phone, task)[1] for _n in range(2)]
    client.force_login(cast.zhao)
    assert "2 条走访" in client.get("/").content.decode()
    codes = [visit.code for visit in visits]
    assert client.post("/visits/held/aside/", {"visit": codes, "why": " "}).status_code == 422
    client.post("/visits/held/aside/", {"visit": codes, "why": "手机被盗，本人不在岗"})
    assert set(AfterEnd.objects.values_list("verdict", "why")) == {("aside", "手机被盗，本人不在岗")}
    assert Entry.objects.filter(verb="visit.decided").count() == 2 and untouched(task)
    assert "held" not in client.get("/").content.decode()
    with pytest.raises(problems.AlreadyDone):
        dismiss_words(visits, "再来", by=cast.by.zhao)


def test_who_made_it_does_not_decide_and_others_see_nothing(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    revoke_phone(phone.device, "交还", by=cast.by.zhao)
    visit = sent(phone, task)[1]
    Visit.objects.filter(pk=visit.pk).update(person=cast.zhao)
    with pytest.raises(problems.SamePersonTwice):
        accept_word(visit, by=cast.by.zhao)
    for name, status in (("wang", 403), ("chen", 404)):
        client.force_login(getattr(cast, name))
        assert client.get(f"/visits/held/{visit.code}/").status_code == status
        assert client.post(f"/visits/held/{visit.code}/accept/").status_code == status


def test_a_post_that_goes_on_elsewhere_on_the_same_ground_has_not_ended(
    cast: Any, phone: Phone, task: CheckTask
) -> None:
    yesterday = today() - timedelta(days=1)
    Posting.objects.filter(pk=cast.post.wang.pk).update(
        valid_from=today() - timedelta(days=90), valid_to=yesterday
    )
    phone.device.refresh_from_db()
    assert warrant_of(phone.device).ended_at is not None
    far = give_posting(cast.wang, Post("worker", cast.post.liu.area_id, today()), by=cast.by.wu)
    assert warrant_of(phone.device).ended_at is not None
    Posting.objects.filter(pk=far.pk).update(area=cast.post.wang.area_id)
    assert warrant_of(phone.device).ended_at is None
    assert sent(phone, task)[0]["route"] == "normal"


def test_a_suggestion_and_a_photo_after_the_end(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    earlier = sent(phone, task)[1]
    revoke_phone(phone.device, "手机被盗", Revoked.LOST, by=cast.by.zhao)
    words = {
        "client_id": str(uuid4()),
        "text": "放弃这一户",
        "task_id": task.pk,
        "written_at": now().isoformat(),
    }
    answer = client.post(
        API + "suggestions", json.dumps({"items": [words]}), content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )  # fmt: skip
    assert answer.json()["results"][0]["status"] == "accepted"
    kept = Suggestion.objects.get()
    assert (kept.ground, kept.task) == ("lost", None)
    client.force_login(cast.zhao)
    assert "停用或离岗后收到" in client.get("/suggestions/").content.decode()
    # A photo that the visit never promised does not become its evidence.
    picture = b"\xff\xd8\xff forged"
    sha = hashlib.sha256(picture).hexdigest()
    begun = phone.begin(str(earlier.client_id), sha, len(picture))
    assert phone.patch(begun["Location"], 0, picture).status_code == 204
    assert not Evidence.objects.exists()


# --- phones told apart -------------------------------------------------------------------------------

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"


def test_two_phones_of_one_worker_are_told_apart_and_the_old_one_ends_with_a_click(
    cast: Any, phone: Phone, task: CheckTask, client: Any
) -> None:
    sent(phone, task)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    body = json.dumps({"code": code, "label": "网格员手机", "app_version": "0.1.0"})
    client.post(API + "enrol", body, content_type="application/json", headers={"User-Agent": ANDROID})
    client.force_login(cast.zhao)
    page = client.get("/devices/").content.decode()
    assert "Chrome 126 · Android 14 · SM-A546B" in page and "有 2 部在用" in page
    assert f"最近收到走访 {date_format(now().astimezone(CITY_TIME), 'Y-m-d')}" in page
    shown = client.post(f"/devices/postings/{cast.post.wang.pk}/code/").content.decode()
    assert "/phone/" in shown and f"/devices/{phone.device.pk}/revoke/" in shown and "扫登记二维码" in shown
    client.post(f"/devices/{phone.device.pk}/revoke/", {"kind": "replaced", "why": "换了手机，旧的停用"})
    phone.device.refresh_from_db()
    assert phone.device.revoked_as == "replaced"
    assert Entry.objects.get(verb="device.revoked").data["kind"] == "换了手机"
    assert "有 2 部在用" not in client.get("/devices/").content.decode()
