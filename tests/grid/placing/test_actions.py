"""Placing by hand teaches, and what was taught places the rest of the pool."""

from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from grid.placing import problems as placing_problems
from grid.placing.actions import order_replacing, place_subject, replace_pool
from grid.placing.queries import pool
from grid.registers.models import Delivery, Row
from grid.subjects.actions.moves import Move, _followers, on_subjects_moved
from grid.subjects.models import Alias, Placement, Subject
from grid.territory import problems as territory_problems
from tests.cast import FAR_GRID, GRID_1, GRID_2

ROAD = "内蒙古自治区乌海市海勃湾区凤凰岭西街北二街坊"


@pytest.fixture
def waiting(make_employer: Any) -> dict[str, Subject]:
    return {
        "first": make_employer(area="150302", address=ROAD + "方圆新村A区3号"),
        "alike": make_employer(area="150302", address=ROAD.replace("二", "２") + "5号楼"),
        "other_side": make_employer(area="150302", address=ROAD.replace("北二", "南二")),
        "far": make_employer(area="150304", address="乌达区凤凰岭西街北二街坊"),
    }


def test_placing_one_places_the_alike(cast: Any, waiting: dict[str, Subject]) -> None:
    placed = place_subject(waiting["first"], GRID_1, by=cast.by.qian)
    assert placed.alias is not None and placed.alias.pattern == "凤凰岭西街北2街坊"
    assert placed.others == [waiting["alike"]]
    for name, area, how in [
        ("first", GRID_1, Placement.HAND),
        ("alike", GRID_1, Placement.ALIAS),
        ("other_side", "150302", Placement.UNPLACED),
        ("far", "150304", Placement.UNPLACED),
    ]:
        subject = Subject.objects.get(pk=waiting[name].pk)
        assert (subject.area, subject.placement) == (area, how), name
    assert "凤凰岭西街北2街坊" in Subject.objects.get(pk=waiting["alike"].pk).placement_why
    assert Alias.objects.get().uses == 1
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert verbs == ["subject.placed", "alias.taught", "subject.placed"]


def test_the_newest_hand_decides_what_an_alias_means(cast: Any, waiting: dict[str, Subject]) -> None:
    place_subject(waiting["first"], GRID_1, by=cast.by.qian)
    place_subject(Subject.objects.get(pk=waiting["alike"].pk), GRID_2, by=cast.by.qian)
    assert Alias.objects.get().grid == GRID_2
    assert Subject.objects.get(pk=waiting["first"].pk).area == GRID_1


def test_only_a_grid_within_reach_will_do(cast: Any, waiting: dict[str, Subject]) -> None:
    with pytest.raises(problems.NotHere):
        place_subject(waiting["first"], GRID_1, by=cast.by.han)
    with pytest.raises(problems.NotHere):
        place_subject(waiting["first"], FAR_GRID, by=cast.by.qian)
    with pytest.raises(placing_problems.NotAGrid):
        place_subject(waiting["first"], "150302", by=cast.by.wu)
    known = place_subject(waiting["other_side"], "150302001", by=cast.by.qian).subject
    with pytest.raises(placing_problems.KnownAlready):
        place_subject(known, "150302001", by=cast.by.qian)
    with pytest.raises(territory_problems.UnknownArea):
        place_subject(waiting["first"], "150302001002099", by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        place_subject(waiting["first"], GRID_1, by=cast.by.zhou)


def test_the_pool_is_scoped(cast: Any, waiting: dict[str, Subject]) -> None:
    assert set(pool(cast.by.qian)) == {waiting["first"], waiting["alike"], waiting["other_side"]}
    assert set(pool(cast.by.han)) == {waiting["far"]}
    assert set(pool(cast.by.zheng)) == set()


def test_rows_and_followers_come_along(cast: Any, waiting: dict[str, Subject]) -> None:
    delivery = Delivery.objects.create(
        register="market", area="1503", file_name="x", sha256="0" * 64, as_of="2026-01-31",
        delivered_at="2026-02-01T00:00:00Z",
    )  # fmt: skip
    row = Row.objects.create(
        register="market", subject=waiting["first"], area="150302", delivery=delivery, line=2, data={}, hash="",
        since="2026-01-31",
    )  # fmt: skip
    told: list[Move] = []
    listener = on_subjects_moved(lambda moves, by: told.extend(moves))
    try:
        place_subject(waiting["first"], GRID_1, by=cast.by.qian)
    finally:
        _followers.remove(listener)
    row.refresh_from_db()
    assert row.area == GRID_1
    assert told == [Move(waiting["first"].pk, "150302", GRID_1), Move(waiting["alike"].pk, "150302", GRID_1)]


def test_reading_the_pool_again_after_areas_changed(cast: Any, make_employer: Any) -> None:
    waits = make_employer(area="150302", address="海勃湾区公园社区3号")
    for seen, placed in ((1, 1), (0, 0)):
        operation = order_replacing("150302", by=cast.by.qian)
        replace_pool(operation, by=cast.by.qian)
        operation.refresh_from_db()
        assert (operation.done, operation.changed, operation.is_running) == (seen, placed, False)
    waits.refresh_from_db()
    assert waits.placement == "text"


def test_the_slower_of_two_hears_who_was_faster(cast: Any, waiting: dict[str, Subject]) -> None:
    shown = Subject.objects.get(pk=waiting["first"].pk)
    place_subject(waiting["first"], GRID_1, by=cast.by.qian)
    with pytest.raises(problems.AlreadyDone, match="钱卫东"):
        place_subject(shown, GRID_2, by=cast.by.wu)
    assert Subject.objects.get(pk=shown.pk).area == GRID_1


def test_what_an_address_means_already_is_not_taught_again(cast: Any, make_employer: Any) -> None:
    address = ROAD + "3号"
    first = place_subject(make_employer(area="150302", address=address), GRID_1, by=cast.by.qian)
    second = place_subject(make_employer(area="150302", address=address), GRID_1, by=cast.by.qian)
    assert first.alias == second.alias == Alias.objects.get()
    assert Entry.objects.filter(verb="alias.taught").count() == 1
