"""What was placed at once is kept, and undone as one: but not whom somebody has gone to since."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid import problems
from grid.calendar.now import now
from grid.ledger.models import Entry
from grid.operations.jobs import carry_out
from grid.operations.models import Operation
from grid.placing.actions import place_subject
from grid.placing.batches import actions as batches
from grid.placing.batches import followers
from grid.placing.batches.models import PlacingBatch
from grid.placing.bulk import actions, queries
from grid.subjects.models import Alias, Placement, Subject
from tests.cast import GRID_1, GRID_2
from tests.doors import make_round, make_task

ROAD = "乌海市海勃湾区凤凰岭西街北二街坊"
COMMUNITY = "150302001002"


@pytest.fixture
def waiting(make_employer: Any) -> list[Subject]:
    return [make_employer(f"示例{n}公司", area="150302", address=f"{ROAD}{n}号") for n in range(5)]


def place_all(cast: Any, to: str = GRID_1) -> PlacingBatch:
    key = queries.groups_of(cast.by.qian, "")[0].key
    actions.place_groups({key: to}, "", by=cast.by.qian)
    return PlacingBatch.objects.get()


def where() -> list[str]:
    return list(Subject.objects.order_by("pk").values_list("area", flat=True))


def test_a_batch_is_undone_as_one_and_says_whom_it_left(
    cast: Any, client: Client, waiting: list[Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = place_all(cast)
    assert where() == [GRID_1] * 5 and Alias.objects.get().grid == GRID_1
    Subject.objects.filter(pk=waiting[0].pk).update(area=GRID_2)
    monkeypatch.setattr(followers, "_asked", [lambda pks, since: {waiting[1].pk: "此后有人走访过"}])
    client.force_login(cast.sun)
    assert (
        client.get(reverse("pool-batch", args=[batch.pk])).status_code == 404
    )  # its subjects waited above the street
    client.force_login(cast.qian)
    address = reverse("pool-batch", args=[batch.pk])
    assert client.post(address, {"why": ""}).status_code == 422
    page = client.post(address, {"why": "选错了网格"}, follow=True).content.decode()
    assert where() == [GRID_2, GRID_1, "150302", "150302", "150302"]
    back = Subject.objects.get(pk=waiting[2].pk)
    assert (back.placement, back.placement_why) == (Placement.UNPLACED, waiting[2].placement_why)
    assert "此后有人走访过" in page and "此后又归入" in page and "选错了网格" in page
    assert not Alias.objects.exists()
    entry = Entry.objects.get(verb="placing.undone")
    assert (entry.data["n"], entry.data["kept"], entry.area) == (3, 2, "150302")
    assert Entry.objects.filter(verb="subject.unplaced").count() == 3
    with pytest.raises(problems.AlreadyDone, match="钱卫东"):
        batches.undo_batch(batch, why="再来", by=cast.by.wu)
    table = client.get(reverse("pool-batch-lines", args=[batch.pk, "csv"]))
    assert b"".join(table.streaming_content).decode().count("已撤销") == 3  # type: ignore[attr-defined]


def test_a_visit_or_a_dispatch_since_keeps_it(cast: Any, waiting: list[Subject]) -> None:
    batch = place_all(cast)
    make_task(
        make_round(cast.qian), Subject.objects.get(pk=waiting[3].pk), cast.post.wang, dispatched_at=now()
    )
    batches.undo_batch(batch, why="选错了", by=cast.by.qian)
    assert where() == ["150302", "150302", "150302", GRID_1, "150302"]
    assert batch.lines.get(state="kept").why == "此后已派发核查"


@pytest.mark.once
def test_what_was_taught_means_again_what_it_meant(
    cast: Any, waiting: list[Subject], make_employer: Any
) -> None:
    place_all(cast)
    other = make_employer("示例甲公司", area="150302", address=f"{ROAD}77号")
    place_subject(other, GRID_2, by=cast.by.qian)
    assert Alias.objects.get().grid == GRID_2
    second = PlacingBatch.objects.latest("pk")
    assert second.way == "one" and second.lines.count() == 1
    with pytest.raises(problems.NotHere):
        batches.undo_batch(second, why="错", by=cast.by.han)
    with pytest.raises(problems.ReasonMissing):
        batches.undo_batch(second, why=" ", by=cast.by.qian)
    batches.undo_batch(second, why="错", by=cast.by.qian)
    assert Alias.objects.get().grid == GRID_1
    assert Subject.objects.get(pk=other.pk).area == "150302"


@pytest.mark.once
def test_a_group_goes_to_a_community_where_that_is_all_one_knows(
    cast: Any, waiting: list[Subject], make_employer: Any
) -> None:
    batch = place_all(cast, COMMUNITY)
    assert where() == [COMMUNITY] * 5
    assert set(Subject.objects.values_list("placement", flat=True)) == {Placement.UNPLACED}
    assert Alias.objects.get().grid == COMMUNITY
    # The next of its kind is known to lie there as well, and waits there.
    index = queries.gazetteer("1503")
    spot = index.locate(f"{ROAD}99号")
    assert (spot.area, spot.placement) == (COMMUNITY, Placement.UNPLACED)
    batches.undo_batch(batch, why="不在那里", by=cast.by.qian)
    assert where() == ["150302"] * 5


@pytest.mark.once
def test_many_are_undone_behind_the_request(
    cast: Any, client: Client, waiting: list[Subject], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = place_all(cast)
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    monkeypatch.setattr(batches, "PIECE", 2)
    client.force_login(cast.qian)
    page = client.post(reverse("pool-batch", args=[batch.pk]), {"why": "选错了网格"}, follow=True)
    assert "正在后台撤销" in page.content.decode() and where() == [GRID_1] * 5
    carry_out.call(Operation.objects.get().pk, cast.qian.pk)
    assert where() == ["150302"] * 5
    assert Operation.objects.get().result == "看过 5 户，退回待归格 5 户。"


@pytest.mark.once
def test_batches_are_listed_in_ones_territory(
    cast: Any, client: Client, waiting: list[Subject], django_assert_max_num_queries: Any
) -> None:
    batch = place_all(cast)
    Subject.objects.filter(pk=waiting[0].pk).update(added_at=now() - timedelta(days=3))
    for who, status, seen in (
        ("qian", 200, True),
        ("wu", 200, True),
        ("zhao", 200, False),
        ("wang", 403, False),
    ):
        client.force_login(getattr(cast, who))
        answer = client.get(reverse("pool-batches"))
        assert (answer.status_code, batch.what in answer.content.decode()) == (status, seen)
    client.force_login(cast.qian)
    with django_assert_max_num_queries(12):
        client.get(reverse("pool-batch", args=[batch.pk]))
    assert client.get(reverse("pool-batch-lines", args=[batch.pk, "pdf"])).status_code == 404
