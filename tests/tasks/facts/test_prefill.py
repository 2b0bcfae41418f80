"""What a confirmed visit found out stands in the next form, with who and when, and is not asked again."""

from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import now, today
from mobile_api.devices.actions import enrol_phone, invite_phone
from tasks.facts.queries import confirmed_for, with_confirmed
from tasks.findings.actions import confirm_finding, return_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.doors import IN_ORDER, SHORT, arrival, make_round, make_task, push
from tests.mobile_api.phones import Phone
from tests.patience import PATIENCE
from tests.tasks.visits.test_deciding_pages import tell

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def phone(cast: Any, client: Any) -> Phone:
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "手机", "0.1.0")
    return Phone(client, token, device)


def visited(cast: Any, task: Any, **fields: Any) -> Finding:
    push(cast.post.wang, cast.by.wang, arrival(task, **fields))
    return confirm_finding(Finding.objects.select_related("visit").get(state="open"), by=cast.by.zhao)


def test_the_newest_word_stands_in_the_form(cast: Any, phone: Phone, make_employer: Any) -> None:
    subject = make_employer()
    tell(subject, "tax", heads=9)
    first = make_task(make_round(cast.qian), subject, cast.post.wang)
    visited(cast, first, answers={**SHORT, "employees": 14})
    make_task(make_round(cast.qian), subject, cast.post.wang)
    door = phone.get("changes").json()["doors"][-1]
    told = door["prefill"]["employees"]
    assert told == {"value": 14, "source": f"走访 {today()} 网格员", "as_of": today().isoformat()}
    assert door["prefill"]["operating"]["value"] == "yes"
    assert "王建国" not in str(door["prefill"]) and "remark" not in door["prefill"]


def test_a_newer_row_of_a_register_is_believed_again(cast: Any, make_employer: Any) -> None:
    subject = make_employer()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    visited(cast, task, recorded_at=now() - timedelta(days=3))
    known = confirmed_for([subject.pk])[subject.pk]
    row = {"employees": {"value": 9, "source": "税务申报", "as_of": today().isoformat()}}
    assert with_confirmed(row, known, {"employees"}, None)["employees"]["value"] == 9
    older = {"employees": {**row["employees"], "as_of": "2020-01-01"}}
    assert with_confirmed(older, known, {"employees"}, None)["employees"]["value"] == 12
    mine = with_confirmed(older, known, {"employees"}, cast.wang.pk)["employees"]
    assert mine["source"].endswith("王建国")


def test_what_nobody_confirmed_is_no_fact(cast: Any, make_employer: Any) -> None:
    subject = make_employer()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task))
    assert confirmed_for([subject.pk]) == {}


def test_the_answer_to_a_question_is_a_new_version_and_the_new_fact(
    cast: Any, phone: Phone, make_employer: Any, client: Any
) -> None:
    subject = make_employer()
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT))
    return_finding(Finding.objects.get(), "在岗人数请再核", ["employees"], by=cast.by.zhao)
    (door,) = phone.get("changes").json()["doors"]
    former = door["returned"]["former"]["client_id"]
    visited(cast, task, answers={**IN_ORDER, "employees": 11}, replaces=former, recorded_at=now())
    second = Visit.objects.latest("pk")
    assert second.replaces is not None and str(second.replaces.client_id) == former
    assert confirmed_for([subject.pk])[subject.pk]["employees"].value == 11
    client.force_login(cast.zhao)
    page = client.get(f"/visits/facts/{subject.pk}/").content.decode()
    assert "本人后来另有走访，或已按要求补充" in page and "11" in page
    client.force_login(cast.chen)
    assert client.get(f"/visits/facts/{subject.pk}/").status_code == 404


def test_a_clock_that_was_wrong_is_put_right_before_days_are_compared(cast: Any, make_employer: Any) -> None:
    """A phone seven months ahead, and one a year behind: both times are kept, and the corrected one counts."""
    subject = make_employer()
    for days in (210, -365):
        task = make_task(make_round(cast.qian), subject, cast.post.wang)
        wrong = now() + timedelta(days=days)
        sent = arrival(task, recorded_at=wrong - timedelta(seconds=5))
        push(cast.post.wang, cast.by.wang, sent, phone_time=wrong)
        visit = Visit.objects.latest("pk")
        assert abs(visit.skew_seconds - days * 86400) < 10 and visit.recorded_at == sent.recorded_at
        assert abs((visit.received_at - now()).total_seconds()) < PATIENCE
        confirm_finding(Finding.objects.get(state="open"), by=cast.by.zhao)
        assert confirmed_for([subject.pk])[subject.pk]["employees"].on == today()


def test_it_costs_one_query_for_any_number_of_subjects(
    cast: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    round = make_round(cast.qian)
    subjects = [make_employer() for _ in range(5)]
    for subject in subjects:
        visited(cast, make_task(round, subject, cast.post.wang))
    with django_assert_max_num_queries(1):
        assert len(confirmed_for([subject.pk for subject in subjects])) == 5
