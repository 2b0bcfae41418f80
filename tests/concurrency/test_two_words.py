"""Two at once: one visit pushed twice, two people at one door, two reviewers of one clash."""

from collections.abc import Callable
from typing import Any

import pytest

from grid import problems
from grid.territory.queries import actor_of
from tasks.facts.actions import Choice, decide_fields
from tasks.facts.models import Decision
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.cast import GRID_1
from tests.concurrency.test_two_approvers import at_once
from tests.doors import SHORT, arrival, make_round, make_task, push

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    cast.post.li.area_id = GRID_1
    cast.post.li.save()
    cast.by.li = actor_of(cast.li)
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def sends(cast: Any, name: str, sent: Any) -> Callable[[], Any]:
    return lambda: push(getattr(cast.post, name), getattr(cast.by, name), sent)[0]


def test_one_visit_pushed_twice_at_once_is_there_once(cast: Any, task: Any) -> None:
    sent = arrival(task, answers=SHORT)
    answers = at_once(*[sends(cast, "wang", sent)] * 4)
    assert sorted(answer.status for answer in answers) == ["accepted", "repeated", "repeated", "repeated"]
    assert (Visit.objects.count(), Finding.objects.count()) == (1, 1)


def test_two_people_at_once_clash_once(cast: Any, task: Any) -> None:
    answers = at_once(sends(cast, "wang", arrival(task)), sends(cast, "li", arrival(task, answers=SHORT)))
    assert sorted(answer.route == "clash" for answer in answers) == [False, True]
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["clashing", "open"]


def test_two_reviewers_at_once_decide_once(cast: Any, task: Any) -> None:
    first = sends(cast, "wang", arrival(task))()
    second = sends(cast, "li", arrival(task, answers=SHORT))()
    visit = Visit.objects.get(code=second.visit)

    def decides(by: Any, code: str) -> Callable[[], Any]:
        return lambda: decide_fields(visit, [Choice("insured_seen", code, "核对过")], by=by)

    outcomes = at_once(decides(cast.by.zhao, first.visit), decides(cast.by.sun, second.visit))
    assert sum(isinstance(outcome, problems.AlreadyDone) for outcome in outcomes) == 1
    assert Decision.objects.count() == 1
    assert not Finding.objects.filter(state="clashing").exists()
