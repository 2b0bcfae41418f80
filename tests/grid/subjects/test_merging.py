"""Two subjects that are one: the history stays, what is to come goes to the one kept, phones are told."""

from datetime import date, datetime
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import CITY_TIME, moved_to
from grid.ledger.models import Entry
from grid.registers.models import Row
from grid.subjects import problems as subjects_problems
from grid.subjects.actions.merging import merge_subjects, merged_by
from grid.subjects.models import Subject
from tasks.coverage.models import Span
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.contract.world import a_lead
from tests.doors import arrival, make_round, make_task, push
from workflows.cases import problems as cases_problems

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
    assert Span.objects.get(subject=dropped, until=None).state == "ended"
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
    with pytest.raises(subjects_problems.DifferentUnits):
        merge_subjects(kept, make_employer(), "像", by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        merge_subjects(kept, dropped, " ", by=cast.by.zhao)
    with pytest.raises(problems.NotHere):
        merge_subjects(kept, dropped, "像", by=cast.by.chen)
    merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
    with pytest.raises(subjects_problems.AlreadyMerged):
        merge_subjects(kept, dropped, "再来", by=cast.by.zhao)


def test_a_case_is_ended_first(cast: Any, pair: Any) -> None:
    from tests.workflows.makers import make_case

    kept, dropped = pair
    make_case(cast, dropped, cast.by.zhao)
    with pytest.raises(cases_problems.CaseInTheWay):
        merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)


def test_what_the_registers_said_before_the_merge_they_said_of_the_duplicate(cast: Any, pair: Any) -> None:
    """A figure of an earlier day counts whom it counted then."""
    kept, dropped = pair
    with moved_to(datetime(2026, 3, 1, 12, tzinfo=CITY_TIME)):
        row = a_lead(dropped).left
    with moved_to(datetime(2026, 5, 1, 12, tzinfo=CITY_TIME)):
        merge_subjects(kept, dropped, "同一家店", by=cast.by.zhao)
    row.refresh_from_db()
    assert (row.subject, row.since, row.until) == (dropped, date(2026, 3, 1), date(2026, 5, 1))
    now_held = Row.objects.get(subject=kept, until=None)
    assert (now_held.since, now_held.data, now_held.line) == (date(2026, 5, 1), row.data, row.line)
    assert merged_by(date(2026, 4, 30)) == {}
    assert merged_by(date(2026, 5, 1)) == {dropped.pk: kept.pk}


def test_a_chain_of_merges_leads_to_the_subject_kept_at_last(cast: Any, make_employer: Any) -> None:
    first, second, third = (
        make_employer(credit_code=None, legacy_code="150302600012345"),
        make_employer(credit_code=None, local_code="X"),
        make_employer(),
    )
    with moved_to(datetime(2026, 3, 1, 12, tzinfo=CITY_TIME)):
        merge_subjects(second, first, "同一家店", by=cast.by.zhao)
    with moved_to(datetime(2026, 4, 1, 12, tzinfo=CITY_TIME)):
        merge_subjects(third, second, "同一家店", by=cast.by.zhao)
    assert merged_by(date(2026, 3, 15)) == {first.pk: second.pk}
    assert merged_by(date(2026, 4, 1)) == {first.pk: third.pk, second.pk: third.pk}
