"""A group is opened, its list read, and placed at once; who is not to go stays, and who was faster is named."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid.calendar.now import now
from grid.ledger.models import Entry
from grid.placing.batches.models import PlacingBatch
from grid.placing.bulk import actions
from grid.placing.bulk.rules import Kind, acts_left, road_of, stretch_of, stretches_of, traits_of
from grid.placing.models import Proposal
from grid.placing.proposals.queries import next_proposals
from grid.placing.reading.rules.parts import read_parts
from grid.subjects.models import Alias, Placement, Subject
from grid.territory.models import Area
from tests.cast import GRID_1, GRID_2

BLOCK = "乌海市海勃湾区凤凰岭西街北二街坊"
ROAD = "乌海市海勃湾区新华西街"
COMMUNITY = "150302001002"
KEY = "150302:block:凤凰岭西街北2街坊"


@pytest.fixture
def waiting(make_employer: Any) -> list[Subject]:
    addresses = [f"{BLOCK}{n}号" for n in range(3)]
    addresses += [f"{ROAD}{side}侧{n}号" for side, n in (("北", 3), ("北", 61), ("南", 4))] + [
        f"{ROAD}粮食局楼下"
    ]
    return [make_employer(f"示例{n}公司", area="150302", address=a) for n, a in enumerate(addresses)]


def listed(subjects: list[Subject], but: int = 0) -> dict[str, list[int]]:
    pks = [subject.pk for subject in subjects]
    return {"shown": pks, "chosen": pks[: len(pks) - but]}


@pytest.mark.parametrize(
    ("tail", "kinds"),
    [
        ("凤凰岭西街北二街坊5号", ["block", "road"]), ("方圆新村3栋", ["estate"]), ("新华西街33号", ["door", "road"]),
        ("新华西街粮食局楼下", ["mark", "road"]), ("拉僧仲", ["mark"]), ("", []), ("A" * 300, []),
    ],
)  # fmt: skip
def test_what_an_address_shares(tail: str, kinds: list[str]) -> None:
    assert [trait.kind.value for trait in traits_of(read_parts(tail))] == kinds


def test_the_parts_of_a_road() -> None:
    roads = [
        road_of(read_parts(tail))
        for tail in ("新华西街北侧3号", "新华西街北50号", "新华西街北51号", "新华西街南", "如意小区")
    ]
    parts = stretches_of(roads)
    assert [(part.key, part.last, n) for part, n in parts] == [
        ("", None, 1), ("北1", 50, 2), ("北51", 100, 1), ("南", None, 1),
    ]  # fmt: skip
    assert stretch_of(road_of(read_parts("新华西街0号"))).first is None
    assert acts_left([], 7) == 7


def test_a_group_is_placed_after_its_list_was_read(
    cast: Any, client: Client, waiting: list[Subject], django_assert_max_num_queries: Any
) -> None:
    """Three clicks: the group, the grid on the map or typed, the button; then the next group is there."""
    client.force_login(cast.qian)
    overview = client.get(reverse("pool-groups")).content.decode()
    assert "还要办 2 次" in overview  # one block; and a road, of which no house number is shared
    address = f"{reverse('pool-group')}?key={KEY}"
    with django_assert_max_num_queries(20):
        page = client.get(address)
    assert [row[0].pk for row in page.context["rows"]] == [subject.pk for subject in waiting[:3]]
    given = {"key": KEY, "area": "", "by": "", "grid": GRID_1, **listed(waiting[:3])}
    with django_assert_max_num_queries(60):
        done = client.post(reverse("pool-group"), given)
    assert done.status_code == 302 and done["Location"].startswith(reverse("pool-group"))
    assert "归格 3 户。记住了“凤凰岭西街北2街坊”。" in client.get(done["Location"]).content.decode()
    assert Subject.objects.filter(area=GRID_1, placement=Placement.HAND).count() == 3
    gone = client.get(address, follow=True).content.decode()
    assert "这一组已经没有待归格的对象" in gone


@pytest.mark.once
def test_an_exception_stays_and_nothing_is_taught(cast: Any, client: Client, waiting: list[Subject]) -> None:
    client.force_login(cast.qian)
    key = KEY
    given = {"key": key, "grid": GRID_1}
    assert (
        client.post(reverse("pool-group"), given | {"grid": "哪里", **listed(waiting[:3])}).status_code == 422
    )
    assert client.post(reverse("pool-group"), given | {"shown": [waiting[0].pk]}).status_code == 422
    # One of another group, slipped in among them, stays where it is.
    client.post(reverse("pool-group"), given | listed([waiting[5], *waiting[:3]], but=1))
    assert Subject.objects.filter(area=GRID_1).count() == 2
    assert not Alias.objects.exists() and PlacingBatch.objects.get().taught == []
    assert {Subject.objects.get(pk=waiting[n].pk).area for n in (2, 5)} == {"150302"}


@pytest.mark.once
def test_a_road_is_placed_by_parts_and_never_taught(
    cast: Any, client: Client, waiting: list[Subject]
) -> None:
    client.force_login(cast.qian)
    key = f"150302:{Kind.ROAD.value}:新华西街"
    page = client.get(reverse("pool-group"), {"key": key, "by": "road", "part": "北1"})
    assert [row[0].pk for row in page.context["rows"]] == [waiting[3].pk]
    assert [(part.key, n) for part, n in page.context["parts"]] == [
        ("", 1),
        ("北1", 1),
        ("北51", 1),
        ("南1", 1),
    ]
    given = {"key": key, "by": "road", "part": "北1", "grid": GRID_2, **listed(waiting[3:4])}
    assert client.post(reverse("pool-group"), given).status_code == 302
    assert Subject.objects.get(area=GRID_2) == waiting[3] and not Alias.objects.exists()
    assert client.get(reverse("pool-group"), {"key": "150302:nothing:新华西街"}).status_code == 302


@pytest.mark.once
def test_the_slower_of_two_hears_who_placed_which(cast: Any, client: Client, waiting: list[Subject]) -> None:
    key = KEY
    shown = listed(waiting[:3])
    actions.place_many([waiting[0].pk], GRID_1, by=cast.by.wu)
    Subject.objects.filter(pk=waiting[1].pk).update(area="150302001003")
    client.force_login(cast.qian)
    page = client.post(reverse("pool-group"), {"key": key, "grid": GRID_2, **shown}).content.decode()
    assert "1 户已由别人归格，另有 1 户没有归格" in page and "吴霞" in page and waiting[0].name in page
    assert Subject.objects.get(pk=waiting[0].pk).area == GRID_1
    assert Entry.objects.filter(verb="subject.placed", subject=waiting[0].pk).count() == 1
    assert Subject.objects.get(pk=waiting[2].pk).area == GRID_2


@pytest.mark.once
def test_a_grid_is_clicked_on_the_map(cast: Any, client: Client, waiting: list[Subject]) -> None:
    client.force_login(cast.qian)
    address, key = reverse("pool-group"), KEY
    assert "data-choose" not in client.get(address, {"key": key}).content.decode()
    square = {
        "type": "Polygon",
        "coordinates": [[[106.8, 39.6], [106.9, 39.6], [106.9, 39.7], [106.8, 39.6]]],
    }
    Area.objects.filter(pk__in=(GRID_1, "150304011011001")).update(outline=square)
    page = client.get(address, {"key": key}).content.decode()
    assert page.count("data-choose") == 1 and GRID_1 in page
    chosen = client.get(address, {"key": key, "to": GRID_1}).content.decode()
    assert f'value="{client.get(address, {"key": key}).context["map"].labels[GRID_1]}"' in chosen


@pytest.mark.once
def test_proposals_are_confirmed_ten_at_a_time(cast: Any, client: Client, make_employer: Any) -> None:
    unsure = [make_employer(f"示例待{n}", area=COMMUNITY, address=f"{BLOCK}{n + 10}号") for n in range(12)]
    rows = [
        Proposal.objects.create(
            subject=subject, area=GRID_1, how="door", sure=80, why="同一门牌", made_at=now()
        )
        for subject in unsure
    ]
    assert next_proposals(cast.by.han, "") == []
    client.force_login(cast.zhao)
    address = reverse("pool-proposals")
    page = client.get(address)
    assert [shown.row for shown in page.context["proposals"]] == rows[:10]
    given = {"shown": [row.pk for row in rows[:10]], "answer": "yes"}
    assert "请至少选择一项" in client.post(address, given, follow=True).content.decode()
    page = client.post(address, given | {"chosen": [row.pk for row in rows[1:10]]}, follow=True)
    assert [shown.row for shown in page.context["proposals"]] == rows[10:]
    assert Subject.objects.filter(area=GRID_1).count() == 9 and PlacingBatch.objects.get().way == "proposed"
    client.post(address, {"shown": [rows[0].pk], "chosen": [rows[0].pk], "answer": "no"})
    assert Subject.objects.filter(area=GRID_1).count() == 9
    assert [shown.row for shown in next_proposals(cast.by.zhao, "")] == rows[10:]


@pytest.mark.once
def test_who_goes_along_is_shown_before_and_may_be_left_out(
    cast: Any, client: Client, waiting: list[Subject]
) -> None:
    client.force_login(cast.qian)
    address = reverse("pool-place", args=[waiting[0].pk])
    page = client.get(address)
    assert [row.pk for row, _ticked in page.context["rows"]] == [waiting[1].pk, waiting[2].pk]
    given = {"grid": GRID_1, "shown": [waiting[1].pk, waiting[2].pk], "chosen": [waiting[2].pk]}
    done = client.post(address, given, follow=True).content.decode()
    assert "勾选的 1 户一同归格" in done and not Alias.objects.exists()
    assert Subject.objects.filter(area=GRID_1).count() == 2
    assert Subject.objects.get(pk=waiting[1].pk).area == "150302"
    assert PlacingBatch.objects.get().lines.count() == 2
