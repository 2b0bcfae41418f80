"""The placer on plain values: what an address says, what it does not, and the sentence that explains it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.placing.reading.rules.parts import read_parts
from grid.placing.rules import Gazetteer, Place, Taught

GRIDS = ("150302001002001", "150302001002002", "150302001003001", "150303102400901", "150304011011001")
PLACES = [
    Place("1503", "乌海市", "乌海", "地级市"),
    Place("150302", "海勃湾区", "海勃湾", "市辖区"),
    Place("150303", "海南区", "海南", "市辖区"),
    Place("150304", "乌达区", "乌达", "市辖区"),
    Place("150302001", "凤凰岭街道", "凤凰岭", "街道"),
    Place("150302101", "千里山镇", "千里山", "镇"),
    Place("150303102", "公乌素镇", "公乌素", "镇"),
    Place("150304011", "苏海图街道", "苏海图", "街道"),
    Place("150302001002", "和平社区居委会", "和平", "居委会"),
    Place("150302001003", "公园社区居委会", "公园", "居委会"),
    Place("150302101203", "新地村委会", "新地", "村委会"),
    Place("150302101206", "新丰村委会", "新丰", "村委会"),
    Place("150303102400", "西来峰工业园社区", "西来峰工业园", "类似居委会"),
    Place("150304011011", "振华社区", "振华", "居委会"),
    *(
        Place(code, f"第{'一二'[int(code[-1]) - 1]}网格", f"第{'一二'[int(code[-1]) - 1]}网格", "基础网格")
        for code in GRIDS
    ),
]
INDEX = Gazetteer(PLACES)


@pytest.mark.parametrize(
    ("address", "area", "placement"),
    [
        ("内蒙古自治区乌海市海勃湾区公园社区3号楼", "150302001003001", "text"),
        ("海勃湾区和平社区第二网格", "150302001002002", "text"),
        ("海勃湾区和平社区12号", "150302001002", "unplaced"),
        ("乌海市海勃湾区千里山镇", "150302101", "unplaced"),
        ("乌海市海勃湾区千里山", "150302101", "unplaced"),
        ("乌海市海勃湾区千里山西街8号", "150302", "unplaced"),
        ("乌海市海勃湾区凤凰岭街道办事处公园社区", "150302001003001", "text"),
        ("海勃湾区新地村", "150302101203", "unplaced"),
        ("乌海市海南区西来峰工业园区", "150303102400901", "text"),
        ("乌海市海勃湾区黄河东街７４号", "150302", "unplaced"),
        ("乌海市海勃湾区海南路3号", "150302", "unplaced"),
        ("乌海市海南路3号", "1503", "unplaced"),
        ("振华社区7栋", "150304011011001", "text"),
        ("", "1503", "unplaced"),
    ],
)
def test_where_an_address_is(address: str, area: str, placement: str) -> None:
    spot = INDEX.locate(address)
    assert (spot.area, spot.placement) == (area, placement)
    assert spot.why


def test_beside_a_community_is_not_in_it() -> None:
    assert INDEX.locate("海勃湾区公园社区对面").area == "150302"
    assert INDEX.locate("海勃湾区公园社区东侧").area == "150302"


def test_the_address_wins_over_the_code_and_the_code_is_the_fallback() -> None:
    assert INDEX.locate("乌海市乌达区工业园区", "150302").area == "150304"
    fallback = INDEX.locate("新华西街33号", "150302")
    assert fallback.area == "150302"
    assert "按代码登记地" in fallback.why
    assert INDEX.locate("新华西街33号", "120111").area == "1503"


def test_what_was_taught_places_the_alike_and_says_why() -> None:
    index = Gazetteer(PLACES, [Taught("150302", "凤凰岭西街北2街坊", GRIDS[0])])
    spot = index.locate("内蒙古自治区乌海市海勃湾区凤凰岭西街北二街坊方圆新村A区3号")
    assert (spot.area, spot.placement) == (GRIDS[0], "alias")
    assert "凤凰岭西街北2街坊" in spot.why and "和平" in spot.why
    assert index.locate("乌海市乌达区凤凰岭西街北二街坊").placement == "unplaced"
    assert index.locate("海勃湾区凤凰岭西街南二街坊").placement == "unplaced"


def test_the_text_outweighs_what_was_taught() -> None:
    index = Gazetteer(PLACES, [Taught("150302", "滨海小区", GRIDS[0])])
    assert index.locate("海勃湾区公园社区滨海小区").area == GRIDS[2]
    assert index.locate("海勃湾区千里山镇滨海小区").area == "150302101"
    assert index.locate("海勃湾区和平社区滨海小区").area == GRIDS[0]


@pytest.mark.parametrize(
    ("tail", "first"),
    [
        ("凤凰岭西街北二街坊方圆新村A区", "凤凰岭西街北2街坊"),
        ("黄河东街四街坊庆和小区16号楼", "黄河东街4街坊"),
        ("北环路北侧滨海小区B区", "滨海小区"),
        ("黄河东街74号", "黄河东街74号"),
        ("西来峰工业区", "西来峰工业区"),
        ("六五四", "六五四"),
        ("黄河东街", ""),
        ("", ""),
    ],
)
def test_landmarks(tail: str, first: str) -> None:
    assert next((piece.name for piece in read_parts(tail).pieces()), "") == first


@given(st.text(max_size=40), st.sampled_from(["150302", "120111", ""]))
def test_any_text_has_a_place(address: str, district: str) -> None:
    spot = INDEX.locate(address, district)
    assert spot.area in {place.code for place in PLACES}
    assert (spot.placement == "unplaced") == (len(spot.area) < 15)


def test_an_index_without_areas_places_nothing() -> None:
    assert Gazetteer([]).locate("海勃湾区").placement == "unplaced"
