"""Two subjects that are one: the history stays, what is to come goes to the one kept, phones are told."""

from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from grid.subjects.merging import merge_subjects
from grid.subjects.models import Subject
from tasks.coverage.models import Span
from tasks.findings.models import Finding
from tasks.visits.models import CheckTask, Visit
from tests.doors import arrival, make_round, make_task, push

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_employer: Any) -> tuple[Subject, Subject]:
    kept = make_employer("老王汽修")
    return kept, make_employer("老王汽车修理部", credit_code=None, legacy_code="150302600012345")


def test_what_is_known_goes_over_and_nothing_is_lost(cast: Any, pair: Any) -> None:
    kept, dropped = pair
    task = make_task(make_round(cast.qian), dropped, cast.post.wang)
    push(cast.post.wang, cast.by.wang, arrival(task))
    feed = cast.post.wang.feed
    merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert (dropped.same_as, kept.legacy_code) == (kept, "150302600012345")
    assert {Visit.objects.get().subject, Finding.objects.get().subject, CheckTask.objects.get().subject} == {
        kept
    }
    assert Span.objects.get(subject=kept, until=None).state == "to_review"
    assert Span.objects.get(subject=dropped, until=None).state == "not_a_subject"
    cast.post.wang.refresh_from_db()
    assert cast.post.wang.feed > feed
    assert Entry.objects.filter(verb="subjects.merged").count() == 2
    assert Entry.objects.filter(subject=dropped.pk, verb="visit.recorded").exists()


def test_a_visit_of_the_duplicate_s_door_is_one_of_the_subject_kept(cast: Any, pair: Any) -> None:
    """The phone was off line while the desk merged."""
    kept, dropped = pair
    round = make_round(cast.qian)
    task, own = make_task(round, dropped, cast.post.wang), make_task(round, kept, cast.post.wang)
    merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, task.subject) == ("cancelled", dropped)
    by_task, by_subject = push(
        cast.post.wang, cast.by.wang, arrival(task), arrival(subject_id=dropped.pk, task_id=None)
    )
    assert (by_task.route, by_subject.status) == ("closed_round", "accepted")
    assert {visit.subject for visit in Visit.objects.all()} == {kept}
    assert own.subject == kept


def test_two_units_in_law_are_not_merged(cast: Any, make_employer: Any, pair: Any) -> None:
    kept, dropped = pair
    with pytest.raises(problems.DifferentUnits):
        merge_subjects(kept, make_employer(), "像", by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        merge_subjects(kept, dropped, " ", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        merge_subjects(kept, dropped, "像", by=cast.by.chen)
    merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
    with pytest.raises(problems.AlreadyMerged):
        merge_subjects(kept, dropped, "再来", by=cast.by.zhao)


def test_a_case_is_ended_first(cast: Any, pair: Any) -> None:
    from tests.workflows.makers import make_case

    kept, dropped = pair
    make_case(cast, dropped, cast.by.zhao)
    with pytest.raises(problems.CaseInTheWay):
        merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
