"""Whoever stands in for an absent colleague sees that colleague's doors, as long as the absence lasts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import CITY_TIME, moved_to, now, today
from grid.ledger.models import Entry
from grid.scope import machine
from grid.subjects.models import Premise
from grid.territory.actions import note_absence
from mobile_api.sync.rules import PATTERN, Cursor, Point, read_cursor
from tasks.doors.models import CheckTask
from tasks.rounds.actions import hand_over_tasks
from tasks.visits.models import Visit
from tests.cast import GRID_2
from tests.doors import SHORT, make_task
from tests.mobile_api.phones import Phone, visit_json

pytestmark = pytest.mark.django_db

DAYS = 3


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with moved_to(datetime.combine(today() + timedelta(days=days), time(9), CITY_TIME)):
        yield


class Shown:
    """What a phone holds: it applies every answer as the app does."""

    def __init__(self, phone: Phone, limit: int = 300) -> None:
        self.phone, self.limit = phone, limit
        self.cursor: Any = 0
        self.doors: dict[int, Any] = {}

    def pull(self) -> set[int]:
        more = True
        while more:
            told = self.phone.get(f"changes?cursor={self.cursor}&limit={self.limit}").json()
            if told["fresh"]:
                self.doors.clear()
            self.doors |= {door["task_id"]: door for door in told["doors"]}
            for task_id in told["gone"]:
                self.doors.pop(task_id, None)
            self.cursor, more = told["cursor"], told["more"]
        return set(self.doors)


@pytest.fixture
def absence(cast: Any) -> Any:
    """li is away for three days, wang stands in."""
    return note_absence(
        cast.post.li, first_day=today(), last_day=today() + timedelta(days=DAYS - 1), cover=cast.post.wang,
        by=cast.by.zhao,
    )  # fmt: skip


@pytest.fixture
def theirs(cast: Any, round: Any, make_employer: Any) -> Any:
    return make_task(round, make_employer(area=GRID_2), cast.post.li)


def test_doors_come_with_the_absence_and_go_with_it(
    cast: Any, phone: Phone, round: Any, make_employer: Any, theirs: Any
) -> None:
    mine = make_task(round, make_employer(), cast.post.wang)
    shown = Shown(phone)
    assert shown.pull() == {mine.pk} and isinstance(shown.cursor, int)
    note_absence(
        cast.post.li, first_day=today() + timedelta(days=1), last_day=today() + timedelta(days=2),
        cover=cast.post.wang, by=cast.by.zhao,
    )  # fmt: skip
    assert shown.pull() == {mine.pk}
    with days_later(1):
        assert shown.pull() == {mine.pk, theirs.pk}
        assert shown.cursor == f"{cast.post.wang.feed},{cast.post.li.pk}:{cast.post.li.feed}"
        assert shown.phone.get(f"changes?cursor={shown.cursor}").json()["doors"] == []
    with days_later(3):
        assert shown.pull() == {mine.pk} and shown.cursor == cast.post.wang.feed


def test_the_covered_grid_is_drawn_and_its_label_opens(
    cast: Any, phone: Phone, absence: Any, round: Any, make_employer: Any
) -> None:
    door = Premise.objects.create(code="BBBBBBBB", area=GRID_2, label="新华街2号")
    task = make_task(round, make_employer(area=GRID_2, premise=door), cast.post.li)
    told = phone.get("changes").json()
    assert told["fresh"] and GRID_2 in {grid["code"] for grid in told["grids"]}
    assert [shown["task_id"] for shown in phone.get("doors/BBBBBBBB").json()] == [task.pk]
    with days_later(DAYS):
        assert phone.get("doors/BBBBBBBB").status_code == 404


def test_a_visit_there_is_a_normal_one_in_the_coverer_s_own_name(
    cast: Any, phone: Phone, absence: Any, theirs: Any
) -> None:
    (result,) = phone.results(visit_json(theirs, answers=SHORT))
    assert (result["status"], result["route"]) == ("accepted", "normal")
    visit = Visit.objects.get()
    assert (visit.person, visit.posting, visit.task, visit.area) == (
        cast.wang,
        cast.post.wang,
        theirs,
        GRID_2,
    )
    entry = Entry.objects.get(verb="visit.recorded")
    assert (entry.posting, entry.data["task"]) == (cast.post.wang.pk, theirs.pk)
    assert Shown(phone).pull() == {theirs.pk}
    theirs.refresh_from_db()
    assert theirs.state == "visited"


def test_a_scanned_subject_answers_the_covered_task(
    cast: Any, phone: Phone, absence: Any, theirs: Any
) -> None:
    door = Premise.objects.create(code="BBBBBBBB", area=GRID_2, label="新华街2号")
    (result,) = phone.results(visit_json(subject_id=theirs.subject_id, premise_code=door.code))
    assert result["route"] == "normal"
    visit = Visit.objects.get()
    assert (visit.task, visit.premise) == (theirs, door)


def test_a_visit_made_in_time_and_sent_after_the_end_is_normal_and_one_made_after_it_is_not(
    cast: Any, phone: Phone, absence: Any, round: Any, theirs: Any, make_employer: Any
) -> None:
    later = make_task(round, make_employer(area=GRID_2), cast.post.li)
    made = now()
    with days_later(DAYS):
        in_time, too_late = phone.results(visit_json(theirs, recorded_at=made.isoformat()), visit_json(later))
    assert (in_time["route"], too_late["route"]) == ("normal", "handed_over")
    (senseless,) = phone.results(visit_json(later, recorded_at="9999-12-31T23:59:59-12:00"))
    assert senseless["status"] == "accepted"


def test_somebody_who_covers_nobody_learns_nothing_from_a_made_up_cursor(
    cast: Any, phone: Phone, round: Any, make_employer: Any, theirs: Any
) -> None:
    make_task(round, make_employer(), cast.post.wang)
    told = phone.get(f"changes?cursor=1,{cast.post.li.pk}:1").json()
    assert told["gone"] == told["doors"] == [] and told["cursor"] == 1


def test_another_database_starts_over(cast: Any, phone: Phone, absence: Any, theirs: Any) -> None:
    told = phone.get(f"changes?cursor=0,{cast.post.li.pk}:99").json()
    assert told["fresh"] and [door["task_id"] for door in told["doors"]] == [theirs.pk]


def test_a_cover_costs_few_statements(
    cast: Any, phone: Phone, absence: Any, round: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_task(round, make_employer(), cast.post.wang)
        make_task(round, make_employer(area=GRID_2), cast.post.li)
    with django_assert_max_num_queries(14):
        told = phone.get("changes").json()
    assert len(told["doors"]) == 40
    with django_assert_max_num_queries(3):
        phone.get(f"changes?cursor={told['cursor']}")


STEPS = st.lists(
    st.tuples(st.sampled_from(["task", "away", "back", "over", "return", "pull"]), st.integers(0, 5)),
    max_size=14,
)


@pytest.mark.once
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, limit=st.integers(1, 3))
def test_whatever_happens_the_phone_ends_up_with_its_doors(
    cast: Any, phone: Phone, round: Any, make_employer: Any, steps: list[tuple[str, int]], limit: int
) -> None:
    """Doors are added, handed to and fro between the two and a third, and the cover comes and goes; however the
    pulls fall in between, what the phone holds after the last one is what its posting and its covers hold."""
    shown, post = Shown(phone, limit), cast.post
    everyone = [post.wang, post.li, post.liu]
    for step, number in steps:
        tasks = list(CheckTask.objects.filter(posting__in=everyone).order_by("pk"))
        if step == "task":
            make_task(round, make_employer(area=GRID_2), everyone[number % 2])
        elif step == "over" and tasks:
            give(tasks[number % len(tasks)], everyone[number % 3])
        elif step == "away":
            post.li.absences.all().delete()
            post.li.absences.create(cover=post.wang, first_day=today(), last_day=today())
        elif step == "back":
            post.li.absences.update(first_day=today() - timedelta(9), last_day=today() - timedelta(1))
        elif step == "pull":
            shown.pull()
    covered = post.li.absences.filter(last_day__gte=today()).exists()
    served = [post.wang, post.li] if covered else [post.wang]
    assert shown.pull() == set(CheckTask.objects.filter(posting__in=served).values_list("pk", flat=True))


def give(task: CheckTask, to: Any) -> None:
    if task.posting_id != to.pk:
        hand_over_tasks([task.pk], to, "调换", by=machine("测试"))


POINTS = st.builds(Point, st.integers(0, 10**18 - 1), st.none() | st.integers(0, 10**18 - 1))


@given(own=POINTS, covered=st.dictionaries(st.integers(1, 10**6), POINTS, max_size=5))
def test_a_cursor_reads_as_it_was_written(own: Point, covered: dict[int, Point]) -> None:
    text = str(Cursor(own, covered).as_json())
    assert read_cursor(text) == Cursor(own, covered) and re.fullmatch(PATTERN, text)
