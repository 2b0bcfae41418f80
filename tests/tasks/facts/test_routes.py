"""Situations of docs/phone-routes.md that are shown nowhere else."""

from datetime import timedelta
from typing import Any

import pytest

from grid.calendar.now import now, today
from grid.subjects.models import Standing
from tasks.findings.models import Finding
from tasks.forms import tables
from tasks.visits.models import Visit
from tests.doors import SHORT, arrival, make_round, make_task, push

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def test_a_subject_struck_off_meanwhile(cast: Any, task: Any) -> None:
    task.subject.standing = Standing.CANCELLED
    task.subject.save()
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT))
    assert (answer.status, answer.route) == ("accepted", "normal")
    assert Finding.objects.get().subject == task.subject


def test_an_older_version_of_the_form(cast: Any, task: Any) -> None:
    released = "20260101-"
    version = next(v for code, v in tables._versions() if code == "employer" and v.startswith(released))
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, form_version=version, answers=SHORT))
    assert (answer.status, answer.code) == ("accepted", "")
    assert Visit.objects.get().form_version == version
    assert Finding.objects.get().measures[0]["measure"] == "抓漏保"


def test_nobody_in_says_when_somebody_comes_again(cast: Any, task: Any, client: Any) -> None:
    day, feed = today() + timedelta(days=3), task.feed
    sent = arrival(task, outcome="nobody_in", answers={}, come_again_on=day)
    push(cast.post.wang, cast.by.wang, sent)
    task.refresh_from_db()
    assert (task.state, task.come_again_on) == ("open", day) and task.feed > feed
    earlier = arrival(
        task, outcome="nobody_in", answers={}, come_again_on=today(), recorded_at=now() - timedelta(days=1)
    )
    push(cast.post.wang, cast.by.wang, earlier)
    task.refresh_from_db()
    assert task.come_again_on == day
    client.force_login(cast.zhao)
    page = client.get(f"/visits/{Visit.objects.earliest('pk').code}/").content.decode()
    assert "约定再访" in page and day.isoformat() in page
    page = client.get(f"/rounds/{task.round.code}/doors/").content.decode()
    assert day.isoformat() in page
    push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    assert (task.state, task.come_again_on) == ("visited", None)
