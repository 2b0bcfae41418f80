"""Whatever the order and repetition of pushes: nothing is dropped, and one person's visits end the same."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tasks.visits.rules import Arrival
from tests.doors import IN_ORDER, SHORT, UNINSURED, arrival, at, make_round, make_task, number, push

pytestmark = pytest.mark.django_db

ANSWERS = (IN_ORDER, SHORT, UNINSURED)


class _Undo(Exception):
    pass


def state() -> Any:
    """Everything that should not depend on the order of arrival."""
    visits = set(Visit.objects.values_list("client_id", "outcome", "task", "hash"))
    findings = set(Finding.objects.values_list("visit__client_id", "state"))
    tasks = set(CheckTask.objects.values_list("pk", "state"))
    return visits, findings, tasks, set(Span.objects.filter(until=None).values_list("subject", "state"))


def outcome_of(plan: list[list[Arrival]], posting: Any, by: Any) -> Any:
    """The state after pushing these batches; undone afterwards."""
    try:
        with transaction.atomic():
            for batch in plan:
                for answer, sent in zip(push(posting, by, *batch), batch, strict=True):
                    assert answer.client_id == sent.client_id and answer.status in ("accepted", "repeated")
            ended = state()
            raise _Undo
    except _Undo:
        return ended


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[tuple[int, int, str, int]], list[list[int]]]:
    """Visits (door, minute, outcome, answers) and batches of their numbers in any order, with repeats."""
    count = draw(st.integers(1, 5))
    minutes = draw(st.permutations(range(count)))
    visits = []
    for n in range(count):
        door = draw(st.integers(0, 1))
        outcome = draw(st.sampled_from(["done", "refused", "closed", "nobody_in"]))
        visits.append((door, minutes[n], outcome, draw(st.integers(0, 2))))
    order = draw(st.permutations(list(range(count)) + draw(st.lists(st.integers(0, count - 1), max_size=4))))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=3)))
    edges = [0, *cuts, len(order)]
    return visits, [list(order[a:b]) for a, b in itertools.pairwise(edges) if a < b]


# Every input undoes what it did, so one ground serves them all.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHARED
@given(story=stories())
def test_one_person_in_any_order(ground: Any, story: Any) -> None:
    cast, tasks = ground
    visits, batches = story
    made = [
        arrival(tasks[door], client_id=number(n + 1), recorded_at=at(minute), outcome=outcome,
                answers=ANSWERS[answers] if outcome == "done" else {})
        for n, (door, minute, outcome, answers) in enumerate(visits)
    ]  # fmt: skip
    straight = outcome_of(
        [[visit] for visit in sorted(made, key=lambda a: a.recorded_at)], cast.post.wang, cast.by.wang
    )
    mixed = outcome_of([[made[n] for n in batch] for batch in batches], cast.post.wang, cast.by.wang)
    assert len(mixed[0]) == len(visits)
    assert mixed == straight


@SHARED
@given(order=st.permutations([0, 1, 2, 0, 1, 2]), size=st.integers(1, 6))
def test_two_people_in_any_order(ground: Any, order: list[int], size: int) -> None:
    """Who came first is chance, but every visit stays, one person's speaks, and the other's clashes."""
    cast, tasks = ground
    made = [
        arrival(tasks[0], client_id=number(n + 1), recorded_at=at(n), answers=ANSWERS[n]) for n in range(3)
    ]
    people = [("wang", made[0]), ("li", made[1]), ("wang", made[2])]
    try:
        with transaction.atomic():
            for place in order:
                name, sent = people[place]
                (answer,) = push(getattr(cast.post, name), getattr(cast.by, name), sent)
                assert answer.status != "refused"
            assert Visit.objects.count() == 3
            open_by = list(
                Finding.objects.filter(state="open").values_list("recorded_by__username", flat=True)
            )
            clashing = set(Visit.objects.filter(route="clash").values_list("person__username", flat=True))
            assert len(open_by) == 1 and set(open_by).isdisjoint(clashing)
            assert CheckTask.objects.get(pk=tasks[0].pk).state == "visited"
            raise _Undo
    except _Undo:
        pass


@pytest.fixture
def ground(cast: Any, make_employer: Any) -> Any:
    round = make_round(cast.qian, due_on=(at(0) + timedelta(days=9000)).date())
    return cast, [make_task(round, make_employer(), cast.post.wang) for _ in range(2)]


def test_an_explicit_correction_that_overtakes_its_original(ground: Any) -> None:
    """The phone's clock was set back in between, so only the name tells which one is the correction."""
    cast, (task, _other) = ground
    first = arrival(task, client_id=number(1), recorded_at=at(9), answers=SHORT)
    second = replace(first, client_id=number(2), recorded_at=at(1), replaces=number(1), answers=IN_ORDER)
    straight = outcome_of([[first], [second]], cast.post.wang, cast.by.wang)
    overtaken = outcome_of([[second], [first]], cast.post.wang, cast.by.wang)
    assert straight == overtaken
    assert (number(2), "open") in straight[1] and (number(1), "replaced") in straight[1]
