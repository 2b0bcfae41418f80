"""What else tells where a subject is, in its order; and where nothing is sure, a person says yes or no."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from grid.ledger.models import Entry
from grid.placing import followers
from grid.placing.actions import order_replacing, replace_pool
from grid.placing.followers import Elsewhere, Position
from grid.placing.geocoding.actions import Geocoder, Unreachable, geocoder
from grid.placing.models import Geocoded, PlaceName, Proposal
from grid.placing.proposals.actions import confirm_proposals, refuse_proposals
from grid.placing.proposals.queries import proposals_waiting
from grid.registers.models import Delivery, Row
from grid.subjects.models import Placement, Subject, SubjectKind
from grid.territory.models import Area, Succession
from tests.cast import GRID_1, GRID_2

COMMUNITY = "150302001002"
DISTRICT = "150302"


def named(kind: str, name: str, area: str, **fields: Any) -> PlaceName:
    return PlaceName.objects.create(
        district=DISTRICT, kind=kind, name=name, area=area, valid_from="2020-01-01", **fields
    )


def read_again(cast: Any) -> None:
    replace_pool(order_replacing(DISTRICT, by=cast.by.qian), by=cast.by.qian)


def where(subject: Subject) -> tuple[str, str]:
    subject.refresh_from_db()
    return subject.area, subject.placement


@pytest.fixture
def offered() -> Iterator[None]:
    before = list(followers._addresses), list(followers._positions)
    yield
    followers._addresses[:], followers._positions[:] = before


def test_the_gazetteer_places_narrows_and_proposes(cast: Any, make_employer: Any) -> None:
    named("compound", "金鼎花园", GRID_1)
    named("market", "某某商厦", COMMUNITY)
    placed, narrowed, unsure, none = (
        make_employer(area=DISTRICT, address=f"海勃湾区{text}")
        for text in ("金鼎花园小区3号楼", "某某商厦一层", "金顶花园5号楼", "无名厂")
    )
    read_again(cast)
    assert where(placed) == (GRID_1, Placement.GAZETTEER) and "金鼎花园" in placed.placement_why
    assert placed.placement_why.endswith("（把握97%）")
    assert where(narrowed) == (COMMUNITY, Placement.UNPLACED), (
        "the community is known, and it waits in its pool"
    )
    assert where(unsure) == (DISTRICT, Placement.UNPLACED) == where(none)
    proposal = Proposal.objects.get()
    assert (proposal.subject, proposal.area, proposal.how, proposal.sure) == (unsure, GRID_1, "slip", 85)
    assert "疑为" in proposal.why
    read_again(cast)
    assert Proposal.objects.count() == 1, "reading again proposes nothing twice"


def test_a_name_that_is_over_places_nobody(cast: Any, make_employer: Any) -> None:
    named("compound", "金鼎花园", GRID_1, valid_to="2021-01-01")
    waits = make_employer(area=DISTRICT, address="海勃湾区金鼎花园3号楼")
    read_again(cast)
    assert where(waits) == (DISTRICT, Placement.UNPLACED)


def test_names_follow_the_ground_when_it_is_cut_anew(cast: Any, make_employer: Any) -> None:
    named("compound", "金鼎花园", GRID_1)
    named("compound", "银鼎花园", GRID_2)
    Succession.objects.create(old_id=GRID_1, new_id=GRID_2, on="2026-01-01", reason="合并")
    Area.objects.filter(pk=GRID_1).update(valid_to="2025-12-31")
    merged = make_employer(area=DISTRICT, address="海勃湾区金鼎花园")
    read_again(cast)
    assert where(merged) == (GRID_2, Placement.GAZETTEER)


def test_yes_places_no_is_remembered_and_what_others_settled_is_passed_over(
    cast: Any, make_employer: Any
) -> None:
    named("compound", "金鼎花园", GRID_1)
    subjects = [make_employer(area=DISTRICT, address=f"海勃湾区金顶花园{n}号楼") for n in range(1, 5)]
    read_again(cast)
    yes, no, settled, open_ = proposals_waiting(cast.by.qian)
    assert not proposals_waiting(cast.by.han) and not proposals_waiting(cast.by.zhao)
    Subject.objects.filter(pk=settled.subject_id).update(area=GRID_2, placement=Placement.HAND)
    assert set(proposals_waiting(cast.by.qian)) == {yes, no, open_}
    decided = confirm_proposals([yes.pk, settled.pk], by=cast.by.qian)
    assert (len(decided.subjects), decided.passed_over) == (1, 1)
    assert (
        where(subjects[0]) == (GRID_1, Placement.HAND)
        and "钱卫东人工归格：确认系统的建议" in subjects[0].placement_why
    )
    assert refuse_proposals([no.pk], reason="在马路对面", by=cast.by.qian).refused == 1
    read_again(cast)
    assert [row.pk for row in proposals_waiting(cast.by.qian)] == [open_.pk], (
        "what was refused is not proposed again"
    )
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs.count("subject.placed") == 1 and verbs.count("proposal.refused") == 1
    no.refresh_from_db()
    assert (no.state, no.ended_by) == ("refused", cast.qian)


def test_ten_are_answered_from_the_desk(cast: Any, client: Client, make_employer: Any) -> None:
    named("compound", "金鼎花园", GRID_1)
    for n in range(3):
        make_employer(area=DISTRICT, address=f"海勃湾区金顶花园{n}号楼")
    read_again(cast)
    first, *others = (row.pk for row in proposals_waiting(cast.by.qian))
    address = "/pool/proposals/"
    client.force_login(cast.zheng)
    assert client.post(address, {"chosen": others}).status_code == 403
    client.force_login(cast.han)
    page = client.post(address, {"chosen": [first]}, follow=True).content.decode()
    assert "另有 1 条" in page
    client.force_login(cast.qian)
    page = client.post(address, {"chosen": others, "answer": "yes"}, follow=True).content.decode()
    assert "按建议归了 2 户" in page
    page = client.post(address, {"chosen": [first], "answer": "no"}, follow=True).content.decode()
    assert "否定了 1 条" in page
    assert Subject.objects.filter(area=GRID_1).count() == 2


# --- other evidence ---------------------------------------------------------------------------------------


def test_another_register_knows_the_community(cast: Any, make_employer: Any) -> None:
    subject = make_employer(area=DISTRICT, address="海勃湾区无名厂")
    delivery = Delivery.objects.create(
        register="tax", area="1503", file_name="x", sha256="0" * 64, as_of="2026-01-31",
        delivered_at="2026-02-01T00:00:00Z",
    )  # fmt: skip
    Row.objects.create(
        register="tax", subject=subject, area=DISTRICT, delivery=delivery, line=2, hash="", since="2026-01-31",
        data={"address": "海勃湾区公园社区3号楼"},
    )  # fmt: skip
    read_again(cast)
    assert where(subject) == ("150302001003001", Placement.RECORDS)
    assert "税务" in subject.placement_why and "公园社区" in subject.placement_why


def test_who_is_placed_at_the_same_number_tells_where_it_is(cast: Any, make_employer: Any) -> None:
    make_employer(area=GRID_1, address="海勃湾区人民路93号一楼")
    make_employer(area=GRID_1, address="海勃湾区黄河街7号")
    make_employer(area=GRID_2, address="海勃湾区黄河街７号二楼")
    same, two, other = (
        make_employer(area=DISTRICT, address=f"海勃湾区{text}")
        for text in ("人民路九十三号", "黄河街7号", "人民路95号")
    )
    read_again(cast)
    assert where(same) == (GRID_1, Placement.NEIGHBOUR) and "同在人民路93号" in same.placement_why
    assert where(two) == (COMMUNITY, Placement.UNPLACED), "two grids of one community: the community is known"
    assert where(other) == (DISTRICT, Placement.UNPLACED)


def square(west: float) -> dict[str, Any]:
    ring = [[west, 39.0], [west + 1, 39.0], [west + 1, 40.0], [west, 40.0], [west, 39.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_door_that_a_phone_stood_at_is_proposed(cast: Any, make_employer: Any, offered: None) -> None:
    Area.objects.filter(pk=GRID_1).update(outline=square(106.0))
    Area.objects.filter(pk=GRID_2).update(outline=square(107.0))
    inside, abroad = (make_employer(area=DISTRICT, address="海勃湾区") for _ in range(2))
    followers.offer_positions(
        lambda pks: {inside.pk: Position(107.5, 39.5), abroad.pk: Position(100.0, 39.5)}
    )
    read_again(cast)
    proposal = Proposal.objects.get()
    assert (proposal.subject, proposal.area, proposal.how) == (inside, GRID_2, "position")
    # What is sure comes before: another register's address.
    followers.offer_addresses(lambda pks: {inside.pk: [Elsewhere("其他名册", "海勃湾区公园社区")]})
    read_again(cast)
    assert where(inside) == ("150302001003001", Placement.RECORDS)


# --- a geocoder -------------------------------------------------------------------------------------------


class Answers:
    """A map that answers from a table, and falls silent."""

    name = "file"
    title = "示例地图"
    pause = 0.5

    def __init__(self) -> None:
        self.asked: list[str] = []

    def look_up(self, address: str) -> Position | None:
        self.asked.append(address)
        if "静" in address:
            raise Unreachable("no answer")
        return Position(106.5, 39.5) if "金鼎" in address else None


@pytest.mark.once
def test_a_geocoder_is_asked_once_and_with_pauses(db: None) -> None:
    answers, pauses = Answers(), []
    asked = Geocoder(answers, pauses.append)
    assert asked.ask(["金鼎花园", "无名厂", "金鼎 花园"]) == 2
    assert asked.ask(["金鼎花园", "无名厂"]) == 0 and pauses == [0.5, 0.5]
    assert asked.find("金鼎花园") == Position(106.5, 39.5) and asked.find("无名厂") is None
    assert asked.ask(["静街", "别街"]) == 0 and asked.find("别街") is None
    assert "金鼎" not in str(list(Geocoded.objects.values_list())), "of an address only a fingerprint is kept"


def test_a_geocoder_is_off_and_where_it_is_on_it_never_hears_of_persons(
    cast: Any, make_employer: Any, settings: Any, tmp_path: Any
) -> None:
    assert geocoder() is None
    Area.objects.filter(pk=GRID_1).update(outline=square(106.0))
    table = tmp_path / "positions.csv"
    table.write_text("address,lng,lat\n海勃湾区金鼎花园,106.5,39.5\n", encoding="utf-8")
    settings.GEOCODER, settings.GEOCODER_FILE = "file", str(table)
    unit = make_employer(area=DISTRICT, address="海勃湾区金鼎花园")
    make_employer(area=DISTRICT, address="海勃湾区银鼎花园", kind=SubjectKind.RESIDENT)
    read_again(cast)
    assert Geocoded.objects.count() == 1
    proposal = Proposal.objects.get()
    assert (proposal.subject, proposal.area, proposal.how) == (unit, GRID_1, "geocoder")
