"""Re-cutting a grid: everything in it goes somewhere, the old one closes, history stays."""

from datetime import date
from typing import Any

import pytest

from grid import problems
from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.recut import problems as recut_problems
from grid.recut.actions import Part, recut_grid
from grid.scope import Role
from grid.subjects.actions.moves import Move, _followers, on_subjects_moved
from grid.subjects.models import Alias, Placement, Premise, Subject
from grid.territory import problems as territory_problems
from grid.territory.models import Area, Posting, Succession
from grid.territory.queries import current_area
from grid.territory.succession.queries import successors_of
from tests.cast import FAR_GRID, GRID_1, GRID_2

pytestmark = pytest.mark.once

WEST = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
EAST = {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]}
NEW_1, NEW_2 = "150302001002003", "150302001002004"


@pytest.fixture
def door(db: None) -> Premise:
    return Premise.objects.create(code="P1", area=GRID_1, label="1号楼", lng=1.5, lat=0.5)


def cut(cast: Any, *parts: Part, by: str = "sun", old: str = GRID_1, **options: Any) -> Any:
    return recut_grid(
        Area.objects.get(code=old), parts, reason="网格过大", by=getattr(cast.by, by), **options
    )


def test_one_grid_becomes_two(cast: Any, make_employer: Any, door: Premise) -> None:
    named, by_point = make_employer(), make_employer(premise=door)
    elsewhere = make_employer(area=GRID_2)
    told: list[Move] = []
    listener = on_subjects_moved(lambda moves, by: told.extend(moves))
    try:
        done = cut(
            cast, Part(name="西", outline=WEST, subjects=frozenset({named.pk})), Part(name="东", outline=EAST)
        )
    finally:
        _followers.remove(listener)
    assert [grid.code for grid in done.successors] == [NEW_1, NEW_2]
    assert done.moves == told == [Move(named.pk, GRID_1, NEW_1), Move(by_point.pk, GRID_1, NEW_2)]
    assert dict(Subject.objects.values_list("pk", "area")) == {
        named.pk: NEW_1,
        by_point.pk: NEW_2,
        elsewhere.pk: GRID_2,
    }
    assert Subject.objects.get(pk=named.pk).placement == Placement.RECUT
    assert Premise.objects.get().area == NEW_2
    old = Area.objects.get(code=GRID_1)
    assert old.valid_to is not None and old.valid_to < today()
    assert set(Succession.objects.values_list("old", "new")) == {(GRID_1, NEW_1), (GRID_1, NEW_2)}
    assert successors_of(GRID_1) == [NEW_1, NEW_2]
    entry = Entry.objects.get(verb="area.recut")
    assert (entry.area, entry.data["successors"], entry.data["subjects"]) == (GRID_1, [NEW_1, NEW_2], 2)
    assert Entry.objects.filter(verb="subject.placed").count() == 2


def test_the_worker_is_carried_over_until_somebody_decides(cast: Any, make_employer: Any) -> None:
    done = cut(cast, Part(name="全部"))
    assert [(p.person, p.role, p.area_id) for p in done.postings] == [(cast.wang, Role.WORKER, NEW_1)]
    assert Posting.objects.get(pk=cast.post.wang.pk).valid_to is None


def test_a_grid_merged_into_its_neighbour(cast: Any, make_employer: Any) -> None:
    subject = make_employer()
    Alias.objects.create(
        district="150302", pattern="黄河东街2街坊", community="150302001002", grid=GRID_1, taught_by=cast.zhao,
        taught_at="2026-01-01T00:00:00Z", taught_from=subject,
    )  # fmt: skip
    done = cut(cast, Part(code=GRID_2, households=400))
    assert Subject.objects.get().area == GRID_2
    assert Area.objects.get(code=GRID_2).households == 400
    assert Alias.objects.get().grid == GRID_2
    assert done.postings == []


def test_a_closed_grid_names_its_successors_and_is_not_cut_again(cast: Any) -> None:
    cut(cast, Part(name="一"), on=date(2026, 1, 1))
    with pytest.raises(territory_problems.AreaNotCurrent) as caught:
        current_area(GRID_1)
    assert "一" in caught.value.detail
    with pytest.raises(territory_problems.AreaNotCurrent):
        cut(cast, Part(name="二"))
    cut(cast, Part(name="三"), old=NEW_1)
    assert successors_of(GRID_1) == [NEW_2]


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (Part(),),
        (Part(code=GRID_1),),
        (Part(code=FAR_GRID),),
        (Part(name="一", subjects=frozenset({1})), Part(name="二", subjects=frozenset({1}))),
        (Part(name="一", kind="没有这种"),),
    ],
)
def test_cuts_that_make_no_sense(cast: Any, parts: tuple[Part, ...]) -> None:
    with pytest.raises(recut_problems.RecutWrong):
        cut(cast, *parts)
    assert Area.objects.get(code=GRID_1).valid_to is None


def test_nobody_is_left_without_a_grid(cast: Any, make_employer: Any) -> None:
    make_employer()
    with pytest.raises(recut_problems.RecutIncomplete):
        cut(cast, Part(name="一", outline=WEST), Part(name="二", outline=EAST))
    assert not Area.objects.filter(code=NEW_1).exists()


def test_who_may_recut(cast: Any) -> None:
    with pytest.raises(problems.NotYourPost):
        cut(cast, Part(name="一"), by="zhao")
    with pytest.raises(problems.NotHere):
        cut(cast, Part(name="一"), by="chen")
    with pytest.raises(problems.ReasonMissing):
        recut_grid(Area.objects.get(code=GRID_1), [Part(name="一")], reason="", by=cast.by.sun)
