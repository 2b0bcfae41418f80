"""Whatever happens between pulls, and however small the pages, the phone ends with exactly what it should hold."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.models import CalendarDay
from grid.calendar.now import now, today
from grid.scope import machine
from mobile_api.suggestions.actions import answer_suggestion
from mobile_api.suggestions.models import Suggestion
from mobile_api.sync.queries import paging
from mobile_api.sync.queries.paging import changes
from mobile_api.sync.rules import Cursor, read_cursor
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask
from tasks.forms import tables
from tasks.rounds.actions import hand_over_tasks
from tests.cast import GRID_2
from tests.doors import make_task
from tests.mobile_api.phones import API, Phone, visit_json

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORMS = [f"{form.code}:{form.version}" for form in tables.all_current()]


class Kept:
    """What a phone keeps: it applies every page as the app does, of whatever size it chose."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.device = phone, phone.device
        self.cursor: Any = 0
        self.doors: dict[int, Any] = {}
        self.suggestions: dict[str, Any] = {}

    def page(self, limit: int, budget: int) -> bool:
        self.device.posting.refresh_from_db()
        told = changes(self.device, read_cursor(str(self.cursor)), limit, FORMS, budget)
        if told["fresh"]:
            self.doors.clear()
        assert len(told["doors"]) <= limit
        weighed = {**told, "gone": []}
        assert paging.size_of(weighed) <= budget or len(told["doors"]) + len(told.get("suggestions", ())) == 1
        assert self.cursor != told["cursor"] or not told["more"], "it would ask for ever"
        self.doors |= {door["task_id"]: door for door in told["doors"]}
        self.suggestions |= {change["client_id"]: change for change in told.get("suggestions", ())}
        for task_id in told["gone"]:
            self.doors.pop(task_id, None)
        self.cursor = told["cursor"]
        return bool(told["more"])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["many", "many", "give", "give", "visit", "say", "answer", "away", "back", "page", "page"]
        ),
        st.integers(0, 40),
    ),
    max_size=18,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, limit=st.integers(1, 7), budget=st.integers(500, 6000))
def test_the_phone_ends_with_its_doors_and_news(
    cast: Any,
    phone: Phone,
    round: Any,
    make_employer: Any,
    steps: list[tuple[str, int]],
    limit: int,
    budget: int,
) -> None:
    """Many doors come under one number of change, move between three postings, are visited; covers come and go;
    pages are taken in between, one at a time."""
    kept, post = Kept(phone), cast.post
    everyone = [post.wang, post.li, post.liu]
    for step, number in steps:
        tasks = list(CheckTask.objects.filter(posting__in=everyone).order_by("pk"))
        to = everyone[number % 3]
        if step == "many":
            dispatched(round, make_employer, to, number % 6 + 1)
        elif step == "give" and tasks:
            chosen = [task.pk for task in tasks[number % 4 :: 2] if task.posting_id != to.pk]
            hand_over_tasks(chosen, to, "调换", by=machine("测试"))
        elif step == "visit" and (own := [task for task in tasks if task.posting_id == post.wang.pk]):
            phone.results(visit_json(own[number % len(own)]))
        elif step == "say":
            say(phone)
        elif step == "answer" and (open_one := Suggestion.objects.filter(state="open").first()):
            answer_suggestion(open_one, "好" * number + "。", by=cast.by.zhao)
        elif step == "away":
            post.li.absences.all().delete()
            post.li.absences.create(cover=post.wang, first_day=today(), last_day=today())
        elif step == "back":
            post.li.absences.update(first_day=today() - timedelta(9), last_day=today() - timedelta(1))
        elif step == "page":
            kept.page(limit, budget)
    while kept.page(limit, budget):
        pass
    covered = post.li.absences.filter(last_day__gte=today()).exists()
    served = [post.wang, post.li] if covered else [post.wang]
    held = CheckTask.objects.filter(posting__in=served)
    assert kept.doors.keys() == set(held.values_list("pk", flat=True))
    shown = {"open": "open", "visited": "done", "returned": "returned", "done": "done"}
    states = dict(held.values_list("pk", "state"))
    assert {pk: door["state"] for pk, door in kept.doors.items()} == {
        pk: shown[s] for pk, s in states.items()
    }
    news = {str(row.client_id): row.answer for row in Suggestion.objects.all()}
    assert {number: suggestion["answer"] for number, suggestion in kept.suggestions.items()} == news


def dispatched(round: Any, make_employer: Any, posting: Any, count: int) -> None:
    """As a dispatch does it: all of a chunk under one number."""
    made = [make_task(round, make_employer(area=GRID_2), posting).pk for _ in range(count)]
    CheckTask.objects.filter(pk__in=made).update(feed=raise_feeds([posting.pk])[posting.pk])
    posting.refresh_from_db()


def say(phone: Phone) -> None:
    item = {"client_id": str(uuid4()), "text": "话" * 300, "task_id": None, "written_at": now().isoformat()}
    answer = phone.client.post(
        API + "suggestions", json.dumps({"items": [item]}), content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )  # fmt: skip
    assert answer.status_code == 200


def test_forms_come_within_the_budget_and_the_phone_gets_them_all(phone: Phone) -> None:
    had: dict[str, Any] = {}
    cursor, more, pages = 0, True, 0
    while more:
        names = ",".join(f"{form['code']}:{form['version']}" for form in had.values())
        answer = phone.get(f"changes?cursor={cursor}&budget=20000&forms={names}")
        told = answer.json()
        had |= {form["code"]: form for form in told.get("forms", ())}
        assert len(answer.content) <= 20_000 or len(told["forms"]) == 1
        cursor, more, pages = told["cursor"], told["more"], pages + 1
    assert had.keys() == {form.code for form in tables.all_current()} and pages > 1


def test_a_client_that_keeps_no_forms_does_not_ask_for_ever(
    phone: Phone, cast: Any, round: Any, make_employer: Any
) -> None:
    make_task(round, make_employer(), cast.post.wang)
    first = phone.get("changes?budget=20000").json()
    assert first["more"] and not phone.get(f"changes?budget=20000&cursor={first['cursor']}").json()["more"]


def test_a_budget_out_of_bounds_is_refused(phone: Phone) -> None:
    for budget in (0, 19_999, 5_000_001, "x"):
        answer = phone.get(f"changes?budget={budget}")
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed-request")


def test_an_answer_is_built_with_few_statements(
    phone: Phone, cast: Any, round: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_task(round, make_employer(), cast.post.wang)
    phone.device.posting.refresh_from_db()
    with django_assert_max_num_queries(9):
        assert len(changes(phone.device, Cursor(), 300, FORMS)["doors"]) == 30


def test_the_days_off_come_with_the_first_page_and_with_forms(
    phone: Phone, cast: Any, round: Any, make_employer: Any
) -> None:
    make_task(round, make_employer(), cast.post.wang)
    monday = today() + timedelta(days=7 - today().weekday())
    saturday = monday + timedelta(days=5)
    CalendarDay.objects.update_or_create(day=monday, defaults={"is_workday": False})
    CalendarDay.objects.update_or_create(day=saturday, defaults={"is_workday": True})
    first = phone.get("changes").json()
    assert monday.isoformat() in first["days_off"] and saturday.isoformat() not in first["days_off"]
    assert first["days_off"] == sorted(first["days_off"]) and 10 < len(first["days_off"]) < 40
    known = ",".join(f"{form['code']}:{form['version']}" for form in first["forms"])
    later = f"changes?cursor={first['cursor']}&forms="
    assert "days_off" not in phone.get(later + known).json()
    assert phone.get(later).json()["days_off"] == first["days_off"]
