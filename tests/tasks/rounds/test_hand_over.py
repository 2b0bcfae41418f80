"""Doors change hands: by a decision at the desk, or because the grid itself was re-cut."""

from datetime import timedelta

import pytest

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.scope import NOBODY
from grid.subjects.actions.moves import Move, subjects_moved
from tasks.doors.models import CheckTask, Gone, TaskState
from tasks.rounds import problems as rounds_problems
from tasks.rounds.actions import change_round, hand_over_tasks, withdraw_round
from tasks.rounds.models import RoundState
from tasks.rounds.verbs import RoundVerb
from tests.cast import FAR_GRID, GRID_1, GRID_2
from tests.workflows.makers import make_round

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def door(cast, make_employer):
    rounds = []

    def make(area=GRID_1, who="wang", **fields):
        if not rounds:
            rounds.append(make_round(cast, state=RoundState.WORKED))
        subject = make_employer(area=area)
        return CheckTask.objects.create(
            round=rounds[0], subject=subject, area=area, posting=getattr(cast.post, who), why="全面摸排",
            form="employer", due_on=today() + timedelta(5), feed=1, dispatched_at=now(), **fields,
        )  # fmt: skip

    return make


def told():
    return [
        (e.subject, e.data["from"], e.data["to"])
        for e in Entry.objects.filter(verb=RoundVerb.TASK_HANDED_OVER)
    ]


def test_a_door_leaves_one_phone_and_reaches_the_other(cast, door):
    one = door()
    assert hand_over_tasks([one.pk], cast.post.li, "培训", by=cast.by.zhao) == 1
    one.refresh_from_db()
    cast.post.li.refresh_from_db()
    cast.post.wang.refresh_from_db()
    gone = Gone.objects.get()
    assert (one.posting, one.feed) == (cast.post.li, cast.post.li.feed)
    assert (gone.posting, gone.task, gone.feed) == (cast.post.wang, one, cast.post.wang.feed)
    assert told() == [(one.subject_id, "王建国", "李秀英")]


def test_giving_it_to_whoever_has_it_changes_nothing(cast, door):
    one = door()
    assert hand_over_tasks([one.pk], cast.post.wang, "误点", by=cast.by.zhao) == 0
    assert told() == []
    assert not Gone.objects.exists()


@pytest.mark.parametrize("state", [TaskState.VISITED, TaskState.DONE, TaskState.CANCELLED])
def test_what_was_visited_stays(cast, door, state):
    assert hand_over_tasks([door(state=state).pk], cast.post.li, "培训", by=cast.by.zhao) == 0


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("zhou", problems.NotYourPost), ("wang", problems.NotHere), ("chen", problems.NotHere)],
)
def test_only_who_assigns_there_hands_over(cast, door, who, refusal):
    with pytest.raises(refusal):
        hand_over_tasks([door().pk], cast.post.li, "试", by=getattr(cast.by, who))
    with pytest.raises(problems.NotHere):
        hand_over_tasks([door().pk], cast.post.li, "试", by=NOBODY)


def test_one_door_outside_stops_all(cast, door):
    doors = [door(), door(area=FAR_GRID, who="liu")]
    with pytest.raises(problems.NotHere):
        hand_over_tasks([check_task.pk for check_task in doors], cast.post.li, "试", by=cast.by.sun)
    assert told() == []


def test_only_a_worker_in_office_receives(cast, door):
    with pytest.raises(rounds_problems.NotAWorker):
        hand_over_tasks([door().pk], cast.post.sun, "试", by=cast.by.sun)
    cast.post.li.valid_to = today() - timedelta(1)
    cast.post.li.save()
    with pytest.raises(rounds_problems.NotAWorker):
        hand_over_tasks([door().pk], cast.post.li, "试", by=cast.by.sun)


def test_a_reason_is_needed(cast, door):
    with pytest.raises(problems.ReasonMissing):
        hand_over_tasks([door().pk], cast.post.li, " ", by=cast.by.zhao)


def test_a_re_cut_takes_open_doors_to_the_new_grid_s_worker(cast, door):
    moved, stays = door(), door()
    subjects_moved([Move(moved.subject_id, GRID_1, GRID_2)], by=cast.by.sun)
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.area, moved.posting) == (GRID_2, cast.post.li)
    assert (stays.area, stays.posting) == (GRID_1, cast.post.wang)
    assert Gone.objects.get().task == moved
    assert told() == [(moved.subject_id, "王建国", "李秀英")]


def test_a_new_grid_without_a_worker_keeps_the_old_one(cast, door):
    one = door()
    subjects_moved([Move(one.subject_id, GRID_1, "150302001003001")], by=cast.by.sun)
    one.refresh_from_db()
    assert (one.area, one.posting) == ("150302001003001", cast.post.wang)
    cast.post.wang.refresh_from_db()
    assert one.feed == cast.post.wang.feed
    assert told() == []


def test_a_new_subject_moves_nothing(cast, make_employer, django_assert_max_num_queries):
    subject = make_employer()
    subjects_moved([Move(subject.pk, "", GRID_1)], by=cast.by.sun)
    assert told() == []


def test_a_round_under_way_is_not_changed_nor_taken_back_without_a_reason(cast):
    round = make_round(cast, state=RoundState.WORKED)
    with pytest.raises(problems.OutOfOrder):
        change_round(
            round, title="补查", lead_rules=[], due_on=today() + timedelta(9), per_worker=5, by=cast.by.qian
        )
    with pytest.raises(problems.ReasonMissing):
        withdraw_round(round, " ", by=cast.by.qian)
    round.refresh_from_db()
    assert (round.state, round.title == "补查") == (RoundState.WORKED, False)
