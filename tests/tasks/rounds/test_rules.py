"""The planner: nobody twice, nobody above the limit, nobody forgotten, and every choice said in words."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rounds.rules import COMMUNITY, Candidate, Why, Worker, approval_path, plan

G1, G2, FAR = "150302001002001", "150302001002002", "150302001003001"
GRIDS = [G1, G2, FAR, "150302001003002"]


def doors(count, area=G1, first=1, **facts):
    return [Candidate(n, area, "全面摸排", **facts) for n in range(first, first + count)]


def given_to(made):
    return Counter(door.posting for door in made.assigned)


def test_everybody_works_at_home_first():
    made = plan(doors(3) + doors(2, G2, 10), [Worker(1, "王", G1), Worker(2, "李", G2)], 50)
    assert given_to(made) == {1: 3, 2: 2}
    assert {door.how for door in made.assigned} == {"本网格网格员王", "本网格网格员李"}


def test_two_workers_of_a_grid_share_by_load():
    made = plan(doors(10), [Worker(1, "王", G1, load=6), Worker(2, "李", G1)], 50)
    assert given_to(made) == {1: 2, 2: 8}


def test_a_neighbour_helps_when_the_grid_is_full_and_says_so():
    made = plan(doors(5), [Worker(1, "王", G1, load=8), Worker(2, "李", G2)], 10)
    assert given_to(made) == {1: 2, 2: 3}
    assert "本网格人手已满，由同社区李协助" in {door.how for door in made.assigned}


def test_a_neighbour_serves_the_own_grid_before_helping():
    made = plan(doors(5) + doors(4, G2, 100), [Worker(1, "王", G1), Worker(2, "李", G2)], 4)
    assert {door.candidate.area for door in made.assigned if door.posting == 2} == {G2}
    assert [door.why for door in made.left_over] == [Why.FULL]


def test_help_ends_at_the_community():
    made = plan(doors(3), [Worker(1, "王", FAR)], 10)
    assert [door.why for door in made.left_over] == [Why.NO_WORKER] * 3


def test_a_cover_works_for_the_absent_within_its_own_limit():
    workers = [Worker(1, "王", G1, away=True, cover=9), Worker(9, "周", FAR, load=3, cover_only=True)]
    made = plan(doors(5), workers, 5)
    assert given_to(made) == {9: 2}
    assert made.assigned[0].how == "王缺勤，由周代班"
    assert [door.why for door in made.left_over] == [Why.FULL] * 3


@pytest.mark.parametrize("cover", [None, 9, 77])
def test_absent_without_a_present_cover_means_the_neighbours(cover):
    workers = [
        Worker(1, "王", G1, away=True, cover=cover),
        Worker(9, "周", FAR, away=True, cover_only=True),
        Worker(2, "李", G2),
    ]
    (one,) = plan(doors(1), workers, 5).assigned
    assert (one.posting, one.how) == (2, "王缺勤且无人代班，由同社区李协助")


def test_a_stand_in_from_elsewhere_is_nobody_s_neighbour():
    workers = [Worker(1, "王", G1, away=True, cover=9), Worker(9, "周", FAR, cover_only=True)]
    made = plan(doors(1, FAR), workers, 5)
    assert [door.why for door in made.left_over] == [Why.NO_WORKER]


def test_leads_are_served_first_when_room_is_short():
    made = plan(doors(3) + doors(2, first=50, urgent=True), [Worker(1, "王", G1)], 2)
    assert [door.candidate.subject for door in made.assigned] == [50, 51]


def test_what_cannot_be_sent_is_named():
    made = plan(doors(1, "150302") + doors(1, G1, 5, busy="LC-2026-000007"), [Worker(1, "王", G1)], 5)
    assert {door.why for door in made.left_over} == {Why.UNPLACED, Why.BUSY}
    assert any("LC-2026-000007" in door.words for door in made.left_over)


@pytest.mark.parametrize(
    ("area", "planner", "path"),
    [
        ("150302001", "street", ["district_approval"]),
        ("150302001", "district", ["street_approval"]),
        ("150302001002001", "city", ["street_approval", "district_approval"]),
        ("150302", "city", ["district_approval"]),
        ("150302", "district", ["district_approval"]),
        ("1503", "city", ["city_approval"]),
    ],
)
def test_every_level_but_the_planner_s_approves(area, planner, path):
    assert approval_path(area, planner) == path


workers = st.lists(
    st.builds(
        Worker,
        posting=st.integers(1, 12),
        name=st.sampled_from(["王", "李", "赵"]),
        area=st.sampled_from([*GRIDS, G1[:COMMUNITY]]),
        load=st.integers(0, 8),
        away=st.booleans(),
        cover=st.one_of(st.none(), st.integers(1, 12)),
        cover_only=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda worker: worker.posting,
)
candidates = st.lists(
    st.builds(
        Candidate,
        subject=st.integers(1, 40),
        area=st.sampled_from([*GRIDS, "150302"]),
        why=st.just("全面摸排"),
        urgent=st.booleans(),
        busy=st.sampled_from(["", "", "", "LC-2026-000001"]),
    ),
    max_size=40,
)


@given(candidates, workers, st.integers(1, 10))
def test_everybody_chosen_is_given_away_once_or_named(chosen, staff, limit):
    made = plan(chosen, staff, limit)
    handled = [door.candidate.subject for door in [*made.assigned, *made.left_over]]
    assert sorted(handled) == sorted({candidate.subject for candidate in chosen})
    assert all(door.how for door in made.assigned)
    assert all(door.words for door in made.left_over)


@given(candidates, workers, st.integers(1, 10))
def test_nobody_gets_more_than_the_limit(chosen, staff, limit):
    load = {worker.posting: worker.load for worker in staff}
    for posting, count in given_to(plan(chosen, staff, limit)).items():
        assert load[posting] + count <= limit


@given(candidates, workers, st.integers(1, 10))
def test_only_the_present_of_the_community_or_their_covers_go(chosen, staff, limit):
    by_posting = {worker.posting: worker for worker in staff}
    covers = {(w.area[:COMMUNITY], w.cover) for w in staff if w.away and not w.cover_only}
    for door in plan(chosen, staff, limit).assigned:
        worker, community = by_posting[door.posting], door.candidate.area[:COMMUNITY]
        assert not worker.away
        at_home = worker.area[:COMMUNITY] == community and not worker.cover_only
        assert at_home or (community, door.posting) in covers


@given(candidates, workers, st.integers(1, 10))
def test_nobody_is_left_over_while_somebody_near_has_room(chosen, staff, limit):
    made = plan(chosen, staff, limit)
    load = {worker.posting: worker.load for worker in staff}
    load.update({posting: load[posting] + count for posting, count in given_to(made).items()})
    for door in made.left_over:
        if door.why in (Why.FULL, Why.NO_WORKER):
            near = [w for w in staff if w.area[:COMMUNITY] == door.candidate.area[:COMMUNITY]]
            assert not [w for w in near if not w.away and not w.cover_only and load[w.posting] < limit]


@given(candidates.flatmap(lambda c: st.tuples(st.just(c), st.permutations(c))), workers, st.integers(1, 10))
def test_the_plan_does_not_hang_on_the_order_of_reading(orders, staff, limit):
    first, second = orders
    if len({candidate.subject for candidate in first}) == len(first):
        assert plan(first, staff, limit) == plan(second, list(reversed(staff)), limit)
