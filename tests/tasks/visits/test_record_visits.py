"""A visit is taken whatever happened meanwhile, exactly once, and moves what it should."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.subjects.models import Premise
from tasks.arrivals.actions.claiming import claim_visit
from tasks.arrivals.actions.recording import bind_evidence
from tasks.coverage.models import Span
from tasks.doors.models import Gone
from tasks.facts.actions import Choice, decide_fields
from tasks.findings.actions import confirm_finding, return_finding
from tasks.findings.models import Finding
from tasks.visits.models import Evidence, Visit
from tasks.visits.rules import Photo
from tests import cast as city_of
from tests.doors import SHORT, UNINSURED, arrival, make_round, make_task, push

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def cover_of(task: Any) -> str:
    return Span.objects.get(subject=task.subject_id, until=None).state


def test_a_visit_moves_its_task_and_is_reviewed(cast: Any, task: Any) -> None:
    feed = task.feed
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT))
    task.refresh_from_db()
    assert (answer.status, answer.route, task.state) == ("accepted", "normal", "visited")
    assert task.feed > feed and cover_of(task) == "to_review"
    finding = Finding.objects.get()
    assert (finding.state, finding.measures[0]["measure"]) == ("open", "抓漏保")
    verbs = list(Entry.objects.filter(subject=task.subject_id).order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["visit.recorded", "finding.made"]


def test_a_repeat_changes_nothing(cast: Any, task: Any) -> None:
    seen = arrival(task, photos=(Photo("a" * 64, 10, "refusal_photo"),))
    first, again = push(cast.post.wang, cast.by.wang, seen, seen)
    (later,) = push(cast.post.wang, cast.by.wang, seen)
    assert [a.status for a in (first, again, later)] == ["accepted", "repeated", "repeated"]
    assert first.visit == again.visit == later.visit
    assert later.missing_photos == ("a" * 64,)
    assert (Visit.objects.count(), Finding.objects.count(), Evidence.objects.count()) == (1, 1, 1)


def test_a_number_used_for_other_content_is_refused_alone(cast: Any, task: Any) -> None:
    seen = arrival(task)
    push(cast.post.wang, cast.by.wang, seen)
    other, fine = push(cast.post.wang, cast.by.wang, replace(seen, outcome="closed"), arrival(task))
    assert (other.status, other.code, fine.status) == ("refused", "client-id-reused", "accepted")


def test_two_contents_of_one_number_in_one_batch_are_told_apart(cast: Any, task: Any) -> None:
    seen = arrival(task)
    first, other = push(cast.post.wang, cast.by.wang, seen, replace(seen, outcome="closed"))
    assert (first.status, other.status, other.code) == ("accepted", "refused", "client-id-reused")
    assert Visit.objects.get().outcome == "done"


@pytest.mark.parametrize(("deadlocks", "taken"), [(1, True), (99, False)])
def test_a_deadlock_that_chose_us_is_tried_again_and_not_for_ever(
    cast: Any, task: Any, deadlocks: int, taken: bool
) -> None:
    left = iter(range(deadlocks))

    def chosen(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "tasks_visit"') and next(left, None) is not None:
            raise OperationalError("deadlock detected")
        return execute(sql, *rest)

    with connection.execute_wrapper(chosen):
        if taken:
            assert push(cast.post.wang, cast.by.wang, arrival(task))[0].status == "accepted"
        else:
            with pytest.raises(OperationalError):
                push(cast.post.wang, cast.by.wang, arrival(task))
    assert Visit.objects.exists() == taken


def test_late(cast: Any, make_employer: Any) -> None:
    round = make_round(cast.qian, due_on=today() - timedelta(days=1))
    task = make_task(round, make_employer(), cast.post.wang)
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    assert (answer.status, answer.route, task.state) == ("accepted", "late", "visited")


def test_handed_over(cast: Any, task: Any) -> None:
    task.posting = cast.post.li
    task.save()
    cast.post.li.refresh_from_db()
    before = cast.post.li.feed
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    cast.post.li.refresh_from_db()
    assert (answer.route, task.state, task.posting_id) == ("handed_over", "visited", cast.post.li.pk)
    assert task.feed == cast.post.li.feed > before


def test_handed_over_to_another_street_is_known_by_its_tombstone(cast: Any, make_employer: Any) -> None:
    task = make_task(make_round(cast.qian), make_employer(area=city_of.FAR_GRID), cast.post.liu)
    (stranger,) = push(cast.post.wang, cast.by.wang, arrival(task))
    Gone.objects.create(posting=cast.post.wang, task=task, feed=1)
    (former,) = push(cast.post.wang, cast.by.wang, arrival(task))
    assert (stranger.route, former.route) == ("unknown_task", "handed_over")
    assert Visit.objects.get(code=stranger.visit).claim == {"task": task.pk, "subject": task.subject_id}


def test_recut(cast: Any, task: Any) -> None:
    task.subject.area = city_of.GRID_2
    task.subject.save()
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task))
    assert (answer.route, Visit.objects.get().area) == ("recut", city_of.GRID_2)


def test_closed_round(cast: Any, task: Any) -> None:
    task.round.state = "closed"
    task.round.save()
    task.state = "cancelled"
    task.save()
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    assert (answer.route, task.state) == ("closed_round", "cancelled")
    assert Finding.objects.get().state == "open"


def test_unknown_task_is_kept_and_claimed(cast: Any, make_employer: Any) -> None:
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task_id=999_999, answers=UNINSURED))
    visit = Visit.objects.get()
    assert (answer.status, answer.route, visit.claim) == ("accepted", "unknown_task", {"task": 999_999})
    assert not Finding.objects.exists()
    subject = make_employer()
    claim_visit(visit, subject, "店主姓名一致", by=cast.by.zhao)
    assert Finding.objects.get().subject == subject
    with pytest.raises(problems.OutOfOrder):
        claim_visit(visit, subject, "再认领", by=cast.by.zhao)


def test_a_subject_without_a_task(cast: Any, make_employer: Any) -> None:
    subject = make_employer()
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(subject_id=subject.pk))
    (far,) = push(cast.post.wang, cast.by.wang, arrival(subject_id=make_employer(area=city_of.FAR_GRID).pk))
    assert (answer.route, far.route) == ("normal", "unknown_task")
    assert Finding.objects.get().subject == subject


def test_a_scanned_subject_answers_its_open_task(cast: Any, task: Any) -> None:
    door = Premise.objects.create(code="AAAAAAAA", area=city_of.GRID_1, label="新华街1号")
    push(cast.post.wang, cast.by.wang, arrival(subject_id=task.subject_id, premise_code=door.code))
    visit = Visit.objects.get()
    assert (visit.task_id, visit.premise_id) == (task.pk, door.pk)


def test_nobody_in_leaves_the_door_open(cast: Any, task: Any) -> None:
    push(cast.post.wang, cast.by.wang, arrival(task, outcome="nobody_in", answers={}))
    task.refresh_from_db()
    assert task.state == "open" and not Finding.objects.exists()


def test_two_people_at_one_door(cast: Any, task: Any) -> None:
    """Both visits stay; a third person decides, and not one of the two."""
    push(cast.post.wang, cast.by.wang, arrival(task))
    task.refresh_from_db()
    task.posting = cast.post.li
    task.save()
    (answer,) = push(cast.post.li, cast.by.li, arrival(task, answers=SHORT))
    clash = Visit.objects.get(code=answer.visit)
    assert answer.route == "clash" and clash.finding.state == "clashing"
    choice = Choice("insured_seen", clash.code, "当面核对用工名册")
    decide_fields(clash, [choice], by=cast.by.zhao)
    states = dict(Finding.objects.values_list("recorded_by__username", "state"))
    assert states == {"wang": "replaced", "li": "open"}
    with pytest.raises(problems.AlreadyDone):
        decide_fields(clash, [choice], by=cast.by.zhao)


def test_a_correction_replaces_the_open_finding(cast: Any, task: Any) -> None:
    first = arrival(task, answers=SHORT)
    second = arrival(task, replaces=first.client_id, recorded_at=now())
    push(cast.post.wang, cast.by.wang, first, second)
    states = dict(Finding.objects.values_list("visit__client_id", "state"))
    assert states == {first.client_id: "replaced", second.client_id: "open"}
    assert Visit.objects.get(client_id=second.client_id).replaces.client_id == first.client_id


def test_the_answer_to_a_question_reaches_review_again(cast: Any, task: Any) -> None:
    push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT))
    return_finding(Finding.objects.get(), "在岗人数请再核", ["employees"], by=cast.by.zhao)
    task.refresh_from_db()
    assert (task.state, task.question, task.question_fields) == ("returned", "在岗人数请再核", ["employees"])
    push(cast.post.wang, cast.by.wang, arrival(task, answers=UNINSURED, recorded_at=now()))
    task.refresh_from_db()
    assert (task.state, task.question) == ("visited", "")
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["open", "returned"]


def test_a_visit_after_the_review_waits_for_a_new_one(cast: Any, task: Any) -> None:
    push(cast.post.wang, cast.by.wang, arrival(task))
    confirm_finding(Finding.objects.get(), by=cast.by.zhao)
    push(cast.post.wang, cast.by.wang, arrival(task, answers=SHORT, recorded_at=now()))
    task.refresh_from_db()
    assert (task.state, cover_of(task)) == ("done", "compliant")
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["confirmed", "open"]


def test_skew_is_measured_and_the_phones_time_kept(cast: Any, task: Any) -> None:
    wrong = now() + timedelta(hours=2)
    seen = arrival(task, recorded_at=wrong - timedelta(minutes=5))
    push(cast.post.wang, cast.by.wang, seen, phone_time=wrong)
    visit = Visit.objects.get()
    assert abs(visit.skew_seconds - 7200) <= 2 and visit.recorded_at == seen.recorded_at


def test_a_form_version_never_given_out_is_taken(cast: Any, task: Any) -> None:
    (answer,) = push(cast.post.wang, cast.by.wang, arrival(task, form_version="19990101-0", answers=SHORT))
    assert (answer.status, answer.code) == ("accepted", "stale-form-version")
    assert Finding.objects.get().measures[0]["measure"] == "抓漏保"


def test_evidence_is_bound_once_and_only_to_ones_own_visit(cast: Any, task: Any) -> None:
    photo = Photo("b" * 64, 9, "refusal_photo")
    seen = arrival(task, outcome="refused", answers={}, photos=(photo,))
    assert not bind_evidence(seen.client_id, photo, "p", by=cast.by.wang)
    push(cast.post.wang, cast.by.wang, seen)
    assert bind_evidence(seen.client_id, photo, "p", by=cast.by.wang)
    assert bind_evidence(seen.client_id, photo, "p", by=cast.by.wang)
    assert Entry.objects.filter(verb="evidence.bound").count() == 1
    (again,) = push(cast.post.wang, cast.by.wang, seen)
    assert again.missing_photos == ()
    with pytest.raises(problems.NotHere):
        bind_evidence(seen.client_id, photo, "p", by=cast.by.li)


def test_few_statements_whatever_the_size(
    cast: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    round = make_round(cast.qian)
    tasks = [make_task(round, make_employer(), cast.post.wang) for _ in range(50)]
    with django_assert_max_num_queries(21):
        push(cast.post.wang, cast.by.wang, *[arrival(task, answers=SHORT) for task in tasks])
    assert Visit.objects.count() == Finding.objects.count() == 50
