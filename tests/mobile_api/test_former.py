"""What a phone is told of the visit a question is about, and of a form it should not have any more."""

from typing import Any

import pytest

from mobile_api.devices.actions import enrol_phone, invite_phone
from tasks.findings.actions import return_finding
from tasks.findings.models import Finding
from tasks.rounds.actions import hand_over_tasks
from tasks.visits.models import Visit
from tests.doors import SHORT, make_task
from tests.mobile_api.phones import Phone, visit_json

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def asked_again(cast: Any, phone: Phone, task: Any) -> Visit:
    phone.results(visit_json(task, answers=SHORT))
    return_finding(Finding.objects.get(visit__task=task), "在岗人数请再核", ["employees"], by=cast.by.zhao)
    return Visit.objects.get(task=task)


def phone_of(cast: Any, client: Any, name: str) -> Phone:
    _invited, code = invite_phone(getattr(cast.post, name), by=cast.by.sun)
    device, token = enrol_phone(code, f"{name}的手机", "0.1.0")
    return Phone(client, token, device)


def test_a_question_comes_with_the_visit_it_is_about(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    visit = asked_again(cast, phone, task)
    (door,) = phone.get("changes").json()["doors"]
    assert door["returned"]["former"] == {
        "client_id": str(visit.client_id), "by": "王建国", "recorded_at": visit.recorded_at.isoformat(),
        "outcome": "done", "answers": SHORT,
    }  # fmt: skip


def test_somebody_else_s_phone_answers_in_its_place(
    cast: Any, client: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    visit = asked_again(cast, phone, task)
    hand_over_tasks([task.pk], cast.post.li, "调休", by=cast.by.zhao)
    other = phone_of(cast, client, "li")
    (door,) = other.get("changes").json()["doors"]
    former = door["returned"]["former"]
    (result,) = other.results(visit_json(task, answers=SHORT, replaces=former["client_id"]))
    assert (result["status"], result["route"]) == ("accepted", "normal")
    assert Visit.objects.get(code=result["visit"]).replaces == visit
    task.refresh_from_db()
    assert task.state == "visited"


def test_doors_sent_back_cost_one_statement_whatever_their_number(
    cast: Any, phone: Phone, round: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        asked_again(cast, phone, make_task(round, make_employer(), cast.post.wang))
    with django_assert_max_num_queries(11):
        doors = phone.get("changes").json()["doors"]
    assert all(door["returned"]["former"] for door in doors) and len(doors) == 3


def test_a_form_the_server_does_not_know_costs_no_visit(
    cast: Any, phone: Phone, round: Any, make_employer: Any, client: Any
) -> None:
    task = make_task(round, make_employer(), cast.post.wang)
    answers = {**SHORT, "asked_once": "是"}
    (result,) = phone.results(visit_json(task, form_version="19990101-0", answers=answers))
    assert (result["status"], result["route"], result["code"]) == ("accepted", "normal", "stale-form-version")
    assert "表单版本不明" in result["message"]
    visit = Visit.objects.get()
    assert (visit.form_version, visit.answers) == ("19990101-0", answers)
    (strange,) = phone.results(visit_json(task, form="no-such-form", form_version="1"))
    assert (strange["status"], strange["code"]) == ("accepted", "stale-form-version")
    client.force_login(cast.zhao)
    page = client.get(f"/visits/{visit.code}/").content.decode()
    assert "表单版本不明，答案按原样保存。" in page and "asked_once" in page
    told = phone.get("changes?forms=employer:19990101-0").json()
    assert "employer" in {form["code"] for form in told["forms"]}
