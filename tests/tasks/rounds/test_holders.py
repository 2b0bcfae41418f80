"""Whose door it is, whatever happens to grids, subjects and postings."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.recut.actions import Part, recut_grid
from grid.scope import Role
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Placement, Subject
from grid.territory.actions import deactivate_person, end_posting, give_posting, note_absence
from grid.territory.models import Absence, Area, Posting
from grid.territory.rules import Post
from tasks.doors.models import CheckTask
from tasks.rounds.actions import hand_over_tasks, settle_nobodys
from tasks.rounds.models import RoundState
from tasks.rounds.queries import receivers
from tasks.rounds.queries.drafting import nobodys, workers_near
from tasks.rounds.rules import COMMUNITY, Holder, OpenDoor, Worker, holders
from tasks.rounds.verbs import RoundVerb
from tests.cast import GRID_1, GRID_2
from tests.doors import make_task
from tests.workflows.makers import make_round

HERE, THERE = "150302001002", "150302001003"
GRIDS = [HERE + end for end in ("001", "002", "003")] + [THERE + "001"]


# --- the law alone -------------------------------------------------------------------------------------


def worker(posting, area, person=None, **fields):
    return Worker(posting, f"员{person or posting}", area, person=person or posting, **fields)


@pytest.mark.parametrize(
    ("door", "staff", "posting"),
    [
        (OpenDoor(1, GRIDS[0], 1, 1), [worker(1, GRIDS[0]), worker(2, GRIDS[0])], 1),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(1, GRIDS[0], 1), worker(9, GRIDS[1], 1), worker(2, GRIDS[1])], 9),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(1, HERE), worker(2, GRIDS[1])], 1),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(1, GRIDS[0]), worker(2, GRIDS[1])], 2),
        (OpenDoor(1, GRIDS[1], 1, 1, is_given=True), [worker(1, GRIDS[0]), worker(2, GRIDS[1])], 1),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(1, GRIDS[0]), worker(2, GRIDS[2])], 1),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(2, GRIDS[1], away=True, cover=3), worker(3, GRIDS[2])], 3),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(5, GRIDS[2], 1), worker(2, GRIDS[0])], 5),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(2, GRIDS[2])], 2),
        (OpenDoor(1, GRIDS[1], 1, 1), [], None),
        (OpenDoor(1, GRIDS[1], 1, 1), [worker(2, GRIDS[1], away=True)], None),
    ],
    ids=[
        "who has it and holds the ground", "with another posting", "with a wider posting", "who serves the ground",
        "given by hand on renamed ground", "nobody there: stays", "the cover of who is away", "its person next door",
        "a neighbour", "nobody", "only somebody away",
    ],
)  # fmt: skip
def test_the_order_of_the_law(door, staff, posting):
    found = holders([door], staff)[1]
    assert found.posting == posting
    stays = posting == door.posting and (door.is_given or door.area.startswith(staff[0].area))
    assert bool(found.words) != stays


STAFF = st.lists(
    st.builds(
        Worker, st.integers(1, 6), st.just("员"), st.sampled_from([*GRIDS, HERE]), away=st.booleans(),
        cover=st.none() | st.integers(1, 6), cover_only=st.booleans(), person=st.integers(1, 4),
    ),
    unique_by=lambda member: member.posting, max_size=6,
)  # fmt: skip
DOORS = st.lists(
    st.builds(OpenDoor, st.integers(1, 30), st.sampled_from(GRIDS), st.integers(1, 8), st.integers(1, 4)),
    unique_by=lambda door: door.task, max_size=8,
)  # fmt: skip


@given(DOORS, STAFF)
def test_every_door_has_one_holder_or_a_reason(doors, staff):
    found = holders(doors, staff)
    posts = {member.posting: member for member in staff}
    assert found.keys() == {door.task for door in doors}
    for door in doors:
        whose = found[door.task]
        assert whose.posting in posts or (whose == Holder(None, whose.words) and whose.words)
        own = posts.get(door.posting)
        if own and door.area.startswith(own.area):
            assert whose.posting == own.posting
        elif any(member.person == door.person and door.area.startswith(member.area) for member in staff):
            assert posts[whose.posting].person == door.person
        if own:
            assert whose.posting is not None


# --- through grids, subjects and postings --------------------------------------------------------------


@pytest.fixture
def round(cast):
    return make_round(cast, state=RoundState.WORKED)


@pytest.fixture
def doors(round, cast, make_employer):
    def make(count, who="wang", area=GRID_1):
        return [make_task(round, make_employer(area=area), getattr(cast.post, who)) for _ in range(count)]

    return make


def whose(tasks):
    fresh = CheckTask.objects.select_related("posting__person").in_bulk([task.pk for task in tasks])
    return [(fresh[task.pk].posting.person.username, fresh[task.pk].posting.area_id) for task in tasks]


def cut(cast, *parts, old=GRID_1):
    return recut_grid(Area.objects.get(code=old), parts, reason="网格过大", by=cast.by.sun)


def split(cast, tasks, old=GRID_1):
    some = frozenset(task.subject_id for task in tasks[::2])
    rest = frozenset(Subject.objects.filter(area=old).values_list("pk", flat=True)) - some
    return cut(cast, Part(name="东", subjects=some), Part(name="西", subjects=rest), old=old)


def test_after_a_split_the_worker_has_every_door_where_it_is_now(cast, doors):
    tasks = doors(5)
    east, west = (grid.code for grid in split(cast, tasks).successors)
    assert whose(tasks) == [("wang", east), ("wang", west), ("wang", east), ("wang", west), ("wang", east)]
    words = {entry.data["reason"] for entry in Entry.objects.filter(verb=RoundVerb.TASK_HANDED_OVER)}
    assert words == {"网格调整：王建国在本网格任职，仍由其走访"}


def test_one_half_to_a_neighbour_takes_only_that_half_s_doors(cast, doors):
    tasks = doors(4)
    kept = frozenset(task.subject_id for task in tasks[:2])
    given = frozenset(task.subject_id for task in tasks[2:])
    done = cut(cast, Part(name="余部", subjects=kept), Part(code=GRID_2, subjects=given))
    assert whose(tasks) == [("wang", done.successors[0].code)] * 2 + [("li", GRID_2)] * 2


def test_merged_into_a_neighbour_with_a_worker_goes_to_that_one(cast, doors):
    tasks, theirs = doors(2), doors(1, "li", GRID_2)
    cut(cast, Part(code=GRID_2))
    assert whose([*tasks, *theirs]) == [("li", GRID_2)] * 3


def test_who_is_away_stays_so_and_covered_at_each_half(cast, doors):
    tasks = doors(2)
    note_absence(
        cast.post.wang, first_day=today(), last_day=today() + timedelta(3), cover=cast.post.li, by=cast.by.zhao
    )  # fmt: skip
    halves = {grid.code for grid in split(cast, tasks).successors}
    assert {place for _name, place in whose(tasks)} == halves
    away = Absence.objects.filter(posting__area__in=halves)
    assert {(absence.posting.person, absence.cover) for absence in away} == {(cast.wang, cast.post.li)}
    assert away.count() == 2


def test_a_door_given_by_hand_stays_where_the_ground_only_got_another_name(cast, doors):
    tasks = doors(2)
    hand_over_tasks([tasks[0].pk], cast.post.li, "培训", by=cast.by.zhao)
    done = cut(cast, Part(name="全部"))
    assert whose(tasks) == [("li", GRID_2), ("wang", done.successors[0].code)]


@pytest.mark.parametrize(("both", "expected"), [(False, "li"), (True, "wang")])
def test_a_subject_placed_elsewhere_takes_its_door_along_unless_its_worker_is_posted_there(
    cast, doors, both, expected
):
    (task,) = doors(1)
    if both:
        give_posting(cast.wang, Post(Role.WORKER, GRID_2, today()), by=cast.by.qian)
    subject = Subject.objects.get(pk=task.subject_id)
    subject.area, subject.placement = GRID_2, Placement.HAND
    save_moves([subject], [GRID_1], by=cast.by.zhao)
    assert whose([task]) == [(expected, GRID_2)]


def test_when_a_posting_ends_a_neighbour_helps_and_without_one_the_door_waits_with_its_reason(cast, doors):
    (near,), (far,) = doors(1), doors(1, "liu", "150304011011001")
    for who, by in (("wang", "qian"), ("liu", "han")):
        post = getattr(cast.post, who)
        end_posting(post, last_day=today() - timedelta(1), reason="离职", by=getattr(cast.by, by))
    assert whose([near]) == [("li", GRID_2)]
    assert list(nobodys()) == [far]
    assert settle_nobodys() == 0
    new = give_posting(cast.li, Post(Role.WORKER, "150304011011001", today()), by=cast.by.han)
    assert whose([far]) == [("li", new.area_id)]
    assert not nobodys().exists()


def test_an_end_in_days_to_come_gives_nothing_away_before(cast, doors):
    (task,) = doors(1)
    end_posting(cast.post.wang, last_day=today(), reason="离职", by=cast.by.qian)
    assert whose([task]) == [("wang", GRID_1)]
    Posting.objects.filter(pk=cast.post.wang.pk).update(valid_to=today() - timedelta(1))
    assert settle_nobodys() == 1
    assert whose([task]) == [("li", GRID_2)]


def test_a_person_shut_out_leaves_no_door_behind(cast, doors):
    tasks = doors(3)
    deactivate_person(cast.wang, reason="离职", by=cast.by.qian)
    assert whose(tasks) == [("li", GRID_2)] * 3


def test_a_new_colleague_takes_nothing_from_who_has_it(cast, doors):
    tasks = doors(2)
    give_posting(cast.li, Post(Role.WORKER, GRID_1, today()), by=cast.by.qian)
    assert whose(tasks) == [("wang", GRID_1)] * 2


def test_after_a_split_one_worker_counts_once_for_each_grid(cast, doors):
    halves = {grid.code for grid in split(cast, doors(2)).successors}
    grids = [worker.area for worker in workers_near(HERE, today()) if worker.person == cast.wang.pk]
    assert sorted(grids) == sorted(halves)
    offered = [post.area_id for post in receivers(cast.by.zhao, HERE) if post.person_id == cast.wang.pk]
    assert sorted(offered) == sorted(halves)


STEPS = st.lists(
    st.tuples(st.sampled_from(["split", "merge", "place", "end", "post", "give"]), st.integers(0, 7)),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.mark.once
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_no_door_is_lost(walk, steps):
    with walk() as (cast, tasks):
        for step, number in steps:
            _step(cast, tasks, step, number)
            _check(tasks)


def _step(cast, tasks, step, number):
    held = Posting.objects.filter(role=Role.WORKER, area__code__startswith=HERE, area__valid_to=None)
    live = list(held.filter(valid_to=None).order_by("pk"))
    grids = list(Area.objects.filter(code__startswith=HERE, level=5, valid_to=None).order_by("code"))
    grid, other = grids[number % len(grids)], grids[(number + 1) % len(grids)]
    before = _on_their_ground(tasks)
    if step == "split":
        split(cast, tasks, grid.code)
    elif step == "merge" and grid != other:
        cut(cast, Part(code=other.code), old=grid.code)
    elif step == "place":
        subject = Subject.objects.get(pk=tasks[number % len(tasks)].subject_id)
        was, subject.area, subject.placement = subject.area, other.code, Placement.HAND
        save_moves([subject], [was], by=cast.by.zhao)
    elif step == "end" and live:
        end_posting(live[number % len(live)], last_day=today() - timedelta(1), reason="离职", by=cast.by.qian)
    elif step == "post":
        who = (cast.wang, cast.li)[number % 2]
        if not Posting.objects.filter(person=who, area=grid).exists():
            give_posting(who, Post(Role.WORKER, grid.code, today()), by=cast.by.qian)
    elif step == "give" and live:
        hand_over_tasks([tasks[number % len(tasks)].pk], live[number % len(live)], "培训", by=cast.by.zhao)
        return
    for pk, person in before.items():
        task = CheckTask.objects.get(pk=pk)
        still = Posting.objects.filter(person=person, role=Role.WORKER, valid_from__lte=today())
        still = still.exclude(valid_to__lt=today())
        if any(task.area.startswith(post.area_id) for post in still):
            assert task.posting.person_id == person


def _on_their_ground(tasks):
    rows = CheckTask.objects.filter(pk__in=[task.pk for task in tasks]).select_related("posting")
    return {row.pk: row.posting.person_id for row in rows if row.area.startswith(row.posting.area_id)}


def _check(tasks):
    lost = set(nobodys().values_list("pk", flat=True))
    for task in CheckTask.objects.filter(pk__in=[task.pk for task in tasks]).select_related(
        "posting", "subject"
    ):
        assert task.area == task.subject.area
        if task.pk in lost:
            assert not workers_near(task.area[:COMMUNITY], today())


@pytest.fixture
def walk(cast, doors):
    """Each example in a transaction of its own, taken back afterwards."""
    tasks = [*doors(3), *doors(2, "li", GRID_2)]

    @contextmanager
    def one():
        point = transaction.savepoint()
        try:
            yield cast, tasks
        finally:
            transaction.savepoint_rollback(point)

    return one
