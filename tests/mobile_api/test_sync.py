"""Pulling one's own doors, and pushing visits item by item."""

from datetime import date, timedelta
from typing import Any

import pytest

from grid.calendar.now import now, today
from grid.registers.models import Delivery, DeliveryState, Row
from grid.subjects.models import Premise
from tasks.doors.models import Gone
from tasks.findings.actions import return_finding
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.visits.models import Visit
from tests.cast import FAR_GRID, GRID_1
from tests.doors import SHORT, make_round, make_task
from tests.mobile_api.phones import Phone, visit_json

pytestmark = pytest.mark.django_db


def register_row(subject: Any, register: str, **data: Any) -> Row:
    delivery, _new = Delivery.objects.get_or_create(
        register=register, sha256=register * 8, area="1503", file_name="a.csv", as_of=date(2026, 1, 31),
        delivered_at=now(), state=DeliveryState.DONE,
    )  # fmt: skip
    return Row.objects.create(
        register=register, subject=subject, area=subject.area, delivery=delivery, line=2, data=data, hash="h",
        since=delivery.as_of,
    )  # fmt: skip


def test_the_first_pull_brings_doors_forms_and_grids(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    subject = make_employer(premise=Premise.objects.create(code="AAAAAAAA", area=GRID_1, label="新华街1号"))
    task = make_task(round, subject, cast.post.wang)
    make_task(round, make_employer(area=FAR_GRID), cast.post.liu)
    register_row(subject, "social", insured=3)
    Row.objects.all().update(since=date(2026, 1, 31))
    told = phone.get("changes").json()
    (door,) = told["doors"]
    assert (door["task_id"], door["state"], door["premise"]["code"]) == (task.pk, "open", "AAAAAAAA")
    assert door["prefill"]["insured_seen"] == {"value": 3, "source": "社会保险参保", "as_of": "2026-01-31"}
    assert {form["code"] for form in told["forms"]} == {form.code for form in tables.all_current()}
    assert [grid["code"] for grid in told["grids"]] == [GRID_1] and told["more"] is False
    have = ",".join(f"{form['code']}:{form['version']}" for form in told["forms"])
    later = phone.get(f"changes?cursor={told['cursor']}&forms={have}").json()
    assert (
        later["doors"] == later["gone"] == [] and "forms" not in later and later["cursor"] == told["cursor"]
    )


def test_pages_lose_nothing_at_their_seams(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    tasks = [make_task(round, make_employer(), cast.post.wang) for _ in range(7)]
    for task in tasks[2:5]:
        task.feed = tasks[2].feed
        task.save()
    cursor, seen, pages, more = 0, [], 0, True
    while more:
        told = phone.get(f"changes?cursor={cursor}&limit=2").json()
        seen += [door["task_id"] for door in told["doors"]]
        cursor, more, pages = told["cursor"], told["more"], pages + 1
    assert sorted(seen) == [task.pk for task in tasks] and pages < 8


def test_tombstones(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    _kept, left, back = (make_task(round, make_employer(), cast.post.wang) for _ in range(3))
    cursor = phone.get("changes").json()["cursor"]
    left.posting = cast.post.li
    left.save()
    for number, task in enumerate((left, back), start=1):
        Gone.objects.create(posting=cast.post.wang, task=task, feed=cursor + number)
    cast.post.wang.feed = cursor + 2
    cast.post.wang.save()
    assert phone.get(f"changes?cursor={cursor}").json()["gone"] == [left.pk]


def test_a_question_reaches_the_phone(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    phone.results(visit_json(task, answers=SHORT))
    done = phone.get("changes").json()
    assert done["doors"][0]["state"] == "done"
    return_finding(Finding.objects.get(), "在岗人数请再核", ["employees"], by=cast.by.zhao)
    (door,) = phone.get(f"changes?cursor={done['cursor']}").json()["doors"]
    assert door["state"] == "returned"
    assert door["returned"]["questions"] == ["employees"] and door["returned"]["by"] == "赵敏"


def test_a_door_behind_a_label(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    mine = Premise.objects.create(code="AAAAAAAA", area=GRID_1, label="新华街1号")
    theirs = Premise.objects.create(code="BBBBBBBB", area=FAR_GRID, label="振华路2号")
    task = make_task(round, make_employer(premise=mine), cast.post.wang)
    make_task(round, make_employer(premise=theirs, area=FAR_GRID), cast.post.liu)
    assert [door["task_id"] for door in phone.get("doors/AAAAAAAA").json()] == [task.pk]
    foreign = phone.get("doors/BBBBBBBB")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not-here")


def test_overdue(cast: Any, phone: Phone, make_employer: Any) -> None:
    late = make_round(cast.qian, due_on=today() - timedelta(days=1))
    make_task(late, make_employer(), cast.post.wang)
    assert phone.get("changes").json()["doors"][0]["overdue"] is True


WITHOUT_NUMBER: list[Any] = [
    {"client_id": "7"},
    {"client_id": None},
    {"client_id": ["x"], "outcome": "flew away"},
]


@pytest.mark.parametrize("fault", WITHOUT_NUMBER, ids=str)
def test_what_cannot_be_known_again_is_refused_alone(
    cast: Any, phone: Phone, round: Any, make_employer: Any, fault: dict[str, Any]
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    broken, fine = phone.results(visit_json(**fault), visit_json(task))
    assert (broken["status"], broken["code"]) == ("refused", "malformed-visit")
    assert broken["message"].startswith("这条走访无法读取") and "Input" not in broken["message"]
    assert fine["status"] == "accepted" and Visit.objects.count() == 1


BAD_PIECES: list[Any] = [
    {"outcome": "flew away"}, {"answers": ["x"]}, {"answers": {"a": {"b": {"c": {"d": 1}}}}},
    {"recorded_at": "yesterday"}, {"recorded_at": "2026-03-01T10:00:00"}, {"task_id": 2**70},
    {"photos": [{"sha256": "zz", "size": 1, "kind": "x"}]}, {"photos": 7}, {"position": {"lng": 999, "lat": 0}},
    {"answers": {"remark": "x" * 25_000}}, {"answers": {"remark": "\ud800"}}, {"answers": {"": 1}},
    {"come_again_on": "soon"}, {"replaces": "the other"}, {"form_version": "9" * 99}, {"unlisted": {"name": ""}},
]  # fmt: skip


def test_a_bad_piece_is_marked_and_its_visit_taken(phone: Phone) -> None:
    sent = [visit_json(**piece) for piece in BAD_PIECES]
    for status in ("accepted", "repeated"):
        assert [result["status"] for result in phone.results(*sent)] == [status] * len(sent)
    unmarked = [visit for visit in Visit.objects.order_by("pk") if not visit.marks]
    assert unmarked == [] and Visit.objects.count() == len(sent)


def test_odd_answers_are_taken(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    answers = {
        "employees": "十二",
        "insured_seen": 10**30,
        "remark": "a\0b",
        "unheard_of": 1.5,
        "lapsed": None,
        "na\0me": "x",
    }
    (result,) = phone.results(visit_json(task, answers=answers, task_id=task.pk))
    assert result["status"] == "accepted"
    kept = Visit.objects.get().answers
    assert kept["remark"] == "ab" and kept["name"] == "x"


def test_a_broken_batch_is_a_problem_in_chinese(phone: Phone) -> None:
    too_many = phone.push(*[{}] * 201)
    assert (too_many.status_code, too_many.json()["code"]) == (422, "malformed-request")
    assert "数量太多" in too_many.json()["detail"]
    headers = {"Authorization": f"Bearer {phone.token}"}
    no_json = phone.client.post("/api/v1/visits", "{", content_type="application/json", headers=headers)
    assert no_json.status_code == 422 and "JSON" in no_json.json()["detail"]
    assert phone.get("changes?cursor=x").json()["detail"].endswith("cursor：格式不符")


def test_a_senseless_clock_costs_nothing(phone: Phone) -> None:
    assert phone.push(visit_json(), phone_time="gestern").status_code == 200


def test_few_statements_for_many_doors(
    cast: Any, phone: Phone, round: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_task(round, make_employer(), cast.post.wang)
    with django_assert_max_num_queries(10):
        assert len(phone.get("changes").json()["doors"]) == 30


def test_an_answer_is_compressed(cast: Any, phone: Phone, round: Any, make_employer: Any) -> None:
    make_task(round, make_employer(), cast.post.wang)
    answer = phone.get("changes", **{"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"


def test_the_version_of_a_form_is_its_day_and_content() -> None:
    day, _dash, mark = tables.current("employer").version.partition("-")
    assert len(day) == len(mark) == 8
