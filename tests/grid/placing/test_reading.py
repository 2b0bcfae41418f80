"""Addresses taken apart, and what the gazetteer makes of the parts: pure, on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.placing.reading.rules.address import Flaw, Sureness
from grid.placing.reading.rules.parts import What, read_parts
from grid.placing.reading.rules.toponyms import Toponym, Toponyms
from grid.placing.rules import Gazetteer, Place, Taught

pytestmark = pytest.mark.once
GRID_1, GRID_2, PARK_GRID = "150302001002001", "150302001002002", "150302001003001"
PLACES = [
    Place("1503", "乌海市", "乌海", "地级市"),
    Place("150302", "海勃湾区", "海勃湾", "市辖区"),
    Place("150303", "海南区", "海南", "市辖区"),
    Place("150302001", "凤凰岭街道", "凤凰岭", "街道"),
    Place("150302003", "新华街道", "新华", "街道"),
    Place("150303102", "公乌素镇", "公乌素", "镇"),
    Place("150302001002", "和平社区居委会", "和平", "居委会"),
    Place("150302001003", "公园社区居委会", "公园", "居委会"),
    Place("150302003013", "新南社区居委会", "新南", "居委会"),
    Place("150302003014", "新海社区居委会", "新海", "居委会"),
    Place("150303102007", "建设社区居委会", "建设", "居委会"),
    Place("150303102008", "小康社区居委会", "小康", "居委会"),
    *(
        Place(code, f"第{n}网格", f"第{n}网格", "基础网格")
        for code, n in ((GRID_1, "一"), (GRID_2, "二"), (PARK_GRID, "一"))
    ),
]
SURE = Sureness(
    90, {"text": 100, "alias": 100, "name": 97, "segment": 95, "road": 90, "slip": 85, "clash": 60}
)


@pytest.mark.parametrize(
    ("tail", "pieces", "roads"),
    [
        ("新华西街北二街坊8号楼3单元902", ["新华西街北2街坊"], ["新华西街北"]),
        ("人民路九十三号", ["人民路93号"], ["人民路93"]),
        ("黄河西街57#", ["黄河西街57号"], ["黄河西街57"]),
        ("110国道1090公里处东侧", ["110国道1090公里"], ["110国道"]),
        ("公乌素109国道111公里处", ["109国道111公里"], ["109国道"]),
        ("君正街北和谐路东", [], ["君正街北", "和谐路东"]),
        ("双拥街西街北一街坊13号", ["双拥西街北1街坊"], ["双拥西街北"]),
        ("海达西街(车管所院内)", ["车管所"], ["海达西街"]),
        ("海北西街(农贸市场对面)", ["农贸市场旁"], ["海北西街"]),
        ("人民路、千里山东街交汇处新锐商厦8层102号", ["新锐商厦"], ["人民路", "千里山东街"]),
        ("大庆北路丽日花园小区3号楼2号商铺", ["丽日花园"], ["大庆北路"]),
        ("千里山东街博泰佳苑住宅小区", ["博泰佳苑"], ["千里山东街"]),
        ("新华东街北25号22(博泰佳园西门对面)", ["新华东街北25号", "博泰佳园旁"], ["新华东街北25"]),
        ("高载能工业园区", ["高载能工业区"], []),
        ("三号井东", ["三号井旁"], []),
        ("前进农场二街坊祥和家园小区C1号楼", ["前进农场2街坊", "祥和家园"], ["前进农场"]),
        ("卡布其南侧", ["卡布其旁"], []),
        ("滨海B区C段53号", ["滨海"], []),
        ("", [], []),
    ],
)
def test_an_address_is_taken_apart(tail: str, pieces: list[str], roads: list[str]) -> None:
    parts = read_parts(tail)
    assert [piece.name for piece in parts.pieces()] == pieces
    assert [f"{road.name}{road.side}{road.number or ''}" for road in parts.roads] == roads


def test_a_building_and_a_unit_are_read_and_a_yard_is_inside() -> None:
    parts = read_parts("新华西街北二街坊8号楼3单元902")
    assert (parts.building, parts.unit, parts.block) == ("8", "3", "2街坊")
    assert read_parts("海达西街(车管所院内)").is_inside
    assert read_parts("兴泰小区A座").named(What.COMPOUND) == "兴泰小区"


@pytest.mark.parametrize(
    ("address", "code", "area", "flaw"),
    [
        ("", "", "1503", Flaw.EMPTY),
        ("", "150302", "150302", Flaw.EMPTY),
        ("海勃湾区" + "新华西街" * 75, "", "150302", Flaw.LONG),
        ("鄂尔多斯市鄂托克旗棋盘井镇", "150302", "150302", Flaw.ELSEWHERE),
        ("鄂尔多斯市鄂托克旗棋盘井镇", "", "1503", Flaw.ELSEWHERE),
        ("海勃湾区与海南区交界处", "150303", "150303", Flaw.DISTRICTS),
        ("海勃湾区与海南区交界处", "", "1503", Flaw.DISTRICTS),
        ("新华西街33号", "150302", "150302", Flaw.NO_DISTRICT),
        ("新华西街33号", "120111", "1503", Flaw.NO_DISTRICT),
        ("农贸市场东侧路北", "150302", "150302", Flaw.NO_DISTRICT),
        ("乌海市乌海市海南区广场", "", "150303", Flaw.NONE),
    ],
)
def test_bad_addresses_have_an_answer_and_a_code(address: str, code: str, area: str, flaw: Flaw) -> None:
    spot = Gazetteer(PLACES).locate(address, code)
    assert (spot.area, spot.placement, spot.flaw) == (area, "unplaced", flaw)
    assert spot.why


def test_a_street_is_told_by_its_bare_name_unless_it_is_a_road() -> None:
    index = Gazetteer(PLACES)
    assert index.locate("海南区公乌素三号井工业区").area == "150303102"
    assert index.locate("海勃湾区凤凰岭西街12号").area == "150302"
    assert index.locate("海勃湾区新华园").area == "150302", "two letters begin many names"
    # A park that every street has is known with its street's name alone, however the street is written.
    assert index.pieces("海南区公乌素镇工业园区") == ["公乌素工业区"] == index.pieces("海南区公乌素工业区")


def gazetteer(*rows: Toponym, taught: tuple[Taught, ...] = ()) -> Gazetteer:
    return Gazetteer(PLACES, taught, rows, SURE)


STRETCHES = (
    Toponym("150302", "road", "新华东街", GRID_1, "", "odd", 1, 39),
    Toponym("150302", "road", "新华东街", GRID_2, "", "even", 2, 40),
    Toponym("150302", "road", "新华东街", PARK_GRID, "北", "", 41, 0),
)


@pytest.mark.parametrize(
    ("address", "area", "how"),
    [
        ("海勃湾区新华东街7号", GRID_1, "segment"),
        ("海勃湾区新华东街8号", GRID_2, "segment"),
        ("海勃湾区新华东街北99号", PARK_GRID, "segment"),
        ("海勃湾区新华东街", "150302001", "road"),
        ("海勃湾区新华东街北", "150302001", "road"),
        ("海南区新华东街7号", "150303", ""),
    ],
)
def test_roads_have_stretches_with_sides_and_parities(address: str, area: str, how: str) -> None:
    spot = gazetteer(*STRETCHES).locate(address)
    assert (spot.area, spot.how) == (area, how)
    assert (spot.placement == "gazetteer") == (len(area) == 15)


def test_a_name_in_two_communities_leads_to_what_they_share() -> None:
    twice = [Toponym("150302", "compound", "金鼎花园", area) for area in (GRID_1, PARK_GRID)]
    assert gazetteer(*twice).locate("海勃湾区金鼎花园3号楼").area == "150302001"
    assert gazetteer(*twice).locate("海勃湾区公园社区金鼎花园3号楼").area == PARK_GRID


def test_a_compound_that_is_not_on_its_road_is_asked_about() -> None:
    index = gazetteer(*STRETCHES, Toponym("150302", "compound", "金鼎花园", "150302003013"))
    spot = index.locate("海勃湾区新华东街金鼎花园3号楼")
    assert (
        spot.area == "150302"
        and spot.guess
        and (spot.guess.area, spot.guess.how) == ("150302003013", "clash")
    )


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("金顶花园", GRID_1),
        ("金鼎东花园", ""),  # a direction is never a slip
        ("金鼎2花园", ""),
        ("银顶花园", ""),
    ],
)
def test_one_letter_away_is_a_proposal_never_a_placing(written: str, guess: str) -> None:
    spot = gazetteer(Toponym("150302", "compound", "金鼎花园", GRID_1)).locate(f"海勃湾区{written}3号楼")
    assert spot.area == "150302" and (spot.guess.area if spot.guess else "") == guess
    taught = gazetteer(taught=(Taught("150302", "金鼎花园", GRID_1),)).locate(f"海勃湾区{written}3号楼")
    assert (taught.guess.area if taught.guess else "") == guess, "what people taught is known as well"


def test_a_community_misspelt_is_proposed() -> None:
    spot = gazetteer().locate("海勃湾区公圆社区3号楼")
    assert spot.area == "150302" and spot.guess and spot.guess.area == PARK_GRID
    assert gazetteer().locate("海勃湾区无名社区3号楼").guess is None


def test_without_the_row_of_the_law_the_gazetteer_only_proposes() -> None:
    spot = Gazetteer(PLACES, toponyms=[Toponym("150302", "compound", "金鼎花园", GRID_1)]).locate(
        "海勃湾区金鼎花园"
    )
    assert spot.area == "150302" and spot.guess and spot.guess.area == GRID_1


def test_an_old_name_is_read_as_todays_through_every_renaming() -> None:
    index = gazetteer(
        Toponym("150302", "old", "卡布其", current="新村街道"),
        Toponym("150302", "old", "新村街道", current="新华街道"),
    )
    for written in ("卡布其", "卡布其镇", "卡布其街道办事处"):
        spot = index.locate(f"海勃湾区{written}3号" if written != "卡布其" else "海勃湾区卡布其")
        assert spot.area == "150302003", written
    assert "卡布其" in index.locate("海勃湾区卡布其").why
    # A circle that came in some other way ends all the same.
    Toponyms(
        [Toponym("150302", "old", "甲村", current="乙村"), Toponym("150302", "old", "乙村", current="甲村")]
    ).renewed("150302", "甲村")


def test_a_road_may_be_given_to_a_community_and_what_is_beside_a_place_to_its_street() -> None:
    index = gazetteer(
        taught=(
            Taught("150302", "黄河街", "150302001002"),
            Taught("150302", "水泥厂", GRID_1),
            Taught("150302", "东关煤矿", GRID_1),
        )
    )
    spot = index.locate("海勃湾区黄河街88号")
    assert (spot.area, spot.placement) == ("150302001002", "unplaced")
    assert index.locate("海勃湾区东关煤矿").area == GRID_1
    assert index.locate("海勃湾区东关煤矿西侧").area == "150302001"


@given(st.text(max_size=60), st.text("新华东西街路北一二坊号小区0123456789院内旁、()", max_size=40))
def test_any_text_can_be_read(before: str, after: str) -> None:
    spot = gazetteer(*STRETCHES, taught=(Taught("150302", "新华小区", GRID_1),)).locate(
        f"海勃湾区{before}{after}"
    )
    assert spot.area in {place.code for place in PLACES}
    assert (spot.placement == "unplaced") == (len(spot.area) < 15)
