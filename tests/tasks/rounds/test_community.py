"""Doors of which the community alone is known: sent out like any other; what is known less well is asked for, never
silently left."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from grid.subjects.models import Subject
from grid.territory.models import Posting
from tasks.doors.models import CheckTask
from tasks.rounds.actions import settle_doors
from tasks.rounds.dispatch import send_out
from tasks.rounds.queries import dry_run
from tasks.rounds.rules import Candidate, OpenDoor, Why, Worker, holders, plan
from tests.cast import GRID_1, GRID_2
from tests.doors import make_round

HOME, PARK = GRID_1[:12], "150302001003"
PAIR = [Worker(1, "王", GRID_1), Worker(2, "李", GRID_2)]


def doors(count: int, area: str, first: int = 1, **facts: Any) -> list[Candidate]:
    return [Candidate(number, area, "全面摸排", **facts) for number in range(first, first + count)]


def given_to(made: Any) -> Counter[int]:
    return Counter(door.posting for door in made.assigned)


def test_the_workers_of_the_community_share_them_by_load() -> None:
    made = plan(doors(6, HOME), [Worker(1, "王", GRID_1, load=4), PAIR[1]], 50)
    assert given_to(made) == {1: 1, 2: 5}
    assert "只知道社区，由同社区李上门，到门口定网格" in {door.how for door in made.assigned}


def test_who_is_named_for_the_community_has_them_first() -> None:
    made = plan(doors(5, HOME), [*PAIR, Worker(3, "周", HOME)], 3)
    assert given_to(made)[3] == 3
    assert "只知道社区，由本社区指定的周上门，到门口定网格" in {door.how for door in made.assigned}


def test_grids_are_served_before_and_leads_before_all() -> None:
    made = plan(doors(3, GRID_1) + doors(2, HOME, 50) + doors(1, HOME, 90, urgent=True), [PAIR[0]], 4)
    assert [door.candidate.subject for door in made.assigned] == [90, 1, 2, 3]
    assert {(door.why, door.words) for door in made.left_over} == {(Why.FULL, "本社区网格员均已达到每人上限")}


def test_each_one_left_is_left_with_its_reason() -> None:
    chosen = (
        doors(1, HOME[:9], 1) + doors(1, HOME[:6], 2) + doors(1, PARK, 3) + doors(1, HOME, 4, busy="LC-1")
    )
    assert {door.candidate.subject: door.words for door in plan(chosen, PAIR, 9).left_over} == {
        1: "只知道街道，已列入所辖各社区的认领清单",
        2: "街道不明，已列入各街道、社区的认领清单",
        3: "本社区没有在岗网格员",
        4: "已在轮次 LC-1 中待查",
    }


def test_of_a_district_s_8_500_doors_less_than_one_in_twenty_is_left() -> None:
    """Three in a hundred name neither street nor community, nine in ten no more than the community."""
    communities = [f"150302{street:03d}{number:03d}" for street in range(1, 7) for number in range(1, 8)]
    chosen = [
        Candidate(
            number,
            "150302" if number % 33 == 0 else communities[number % 42] + ("001" if number % 10 == 0 else ""),
            "全面摸排",
        )
        for number in range(8_500)
    ]
    crew = [
        Worker(place * 10 + number, "网格员", f"{community}{number:03d}")
        for place, community in enumerate(communities)
        for number in range(1, 6)
    ]
    made = plan(chosen, crew, 200)
    assert len(made.assigned) + len(made.left_over) == 8_500
    assert len(made.left_over) / 8_500 < 0.05 and all(door.words for door in made.left_over)
    assert max(given_to(made).values()) - min(given_to(made).values()) < 60


def test_a_door_stays_with_its_worker_while_the_grid_is_not_known() -> None:
    (holder,) = holders([OpenDoor(9, HOME, 2, 20)], [Worker(1, "王", GRID_1), PAIR[1]]).values()
    assert (holder.posting, holder.words) == (2, "")
    (holder,) = holders([OpenDoor(9, HOME, 7, 70)], PAIR).values()
    assert (holder.posting, holder.words) == (1, "只知道社区，由同社区王上门，到门口定网格")


@pytest.mark.django_db
@pytest.mark.once
def test_a_round_sends_them_and_a_worker_who_leaves_leaves_them_to_the_other(
    cast: Any, make_employer: Any
) -> None:
    subject, far = make_employer(area=HOME), make_employer(area=HOME[:9])
    round = make_round(cast.qian, state="dispatching")
    run = dry_run(round)
    assert [door.candidate.subject for door in run.plan.left_over] == [far.pk]
    assert run.left_over == [("只知道街道，已列入所辖各社区的认领清单", 1)]
    send_out(round.pk, by=cast.by.qian)
    task = CheckTask.objects.get()
    assert (task.subject, task.area, task.posting) == (subject, HOME, cast.post.wang)
    Posting.objects.filter(pk=cast.post.wang.pk).update(valid_to=date(2021, 1, 1))
    assert settle_doors(by=cast.by.qian) == 1
    task.refresh_from_db()
    assert task.posting == cast.post.li and Subject.objects.get(pk=subject.pk).area == HOME
