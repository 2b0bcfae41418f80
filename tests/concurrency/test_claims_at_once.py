"""Two workers at once: of two claims one holds, and the other hears whose; at one door of two grids as well."""

from typing import Any

import pytest

from grid.subjects.models import Placement, Subject
from tasks.claims.models import Claim
from tasks.coverage.models import Span
from tests.cast import GRID_1, GRID_2
from tests.concurrency.test_two_approvers import at_once
from tests.doors import arrival, make_round, make_task, push

pytestmark = pytest.mark.django_db(transaction=True)


def says(cast: Any, name: str, sent: Any) -> Any:
    return lambda: push(getattr(cast.post, name), getattr(cast.by, name), sent)[0]


def holds_once(subject: Subject, answers: list[Any]) -> None:
    subject.refresh_from_db()
    assert subject.placement == Placement.HAND
    assert sorted(answer.code for answer in answers) == ["", "claimed-by-another"]
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["lost", "standing"]
    assert Claim.objects.get(state="standing").area == subject.area
    assert Span.objects.filter(subject=subject, until=None).count() == 1


def test_two_claims_at_once_hold_once(cast: Any, make_employer: Any) -> None:
    subject = make_employer(area=GRID_1[:12])
    claim = {"subject_id": subject.pk, "form": "pool_claim", "form_version": "1", "answers": {}}
    answers = at_once(
        says(cast, "wang", arrival(**claim, grid=GRID_1)), says(cast, "li", arrival(**claim, grid=GRID_2))
    )
    holds_once(subject, answers)


def test_one_at_the_door_and_one_with_the_list(cast: Any, make_employer: Any) -> None:
    """The door is wang's, and li claims it: whoever is first, nobody's word is lost and nobody waits for ever."""
    subject = make_employer(area=GRID_1[:12])
    task = make_task(make_round(cast.qian), subject, cast.post.wang)
    claim = {"subject_id": subject.pk, "form": "pool_claim", "form_version": "1", "answers": {}}
    answers = at_once(
        says(cast, "wang", arrival(task, outcome="nobody_in", answers={}, grid=GRID_1)),
        says(cast, "li", arrival(**claim, grid=GRID_2)),
    )
    holds_once(subject, answers)
    task.refresh_from_db()
    subject.refresh_from_db()
    assert (task.state, task.area) == ("open", subject.area)
