"""What stands in an address behind its district: roads with side and number, blocks, compounds, buildings, landmarks.

Pure, and in time that grows with the text alone. The rules were drawn from registers as they come: "新华西街北二街坊8号
楼3单元", "110国道1090公里处东侧", "君正街北和谐路东", "车管所院内".
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from grid.placing.reading.rules.numerals import number_in

MOST_READ: Final = 120  # letters; what stands behind them is no address any more
LONGEST_BARE: Final = 10


class What(StrEnum):
    """What a piece of an address is, the most telling first."""

    BLOCK = "block"
    COMPOUND = "compound"
    MARKET = "market"
    NUMBER = "number"
    MINE = "mine"
    LANDMARK = "landmark"
    KM = "km"
    COMMUNITY = "community"
    PARK = "park"
    BARE = "bare"
    ROAD = "road"


class Piece(NamedTuple):
    """A piece of an address that may stand for a place; `name` ends with BESIDE where it is only beside it."""

    what: What
    name: str


BESIDE: Final = "旁"
_FIRST: Final = (What.COMPOUND, What.MARKET)


@dataclass(frozen=True, slots=True)
class Road:
    """A road as it is written, the side of it (`北` of 新华西街北), the house number and the kilometre, 0 where none."""

    name: str
    side: str = ""
    number: int = 0
    km: float = 0.0


@dataclass(frozen=True, slots=True)
class Parts:
    """An address behind its district, taken apart; empty where it says nothing of the kind. `is_inside`: in the yard of
    what is named (院内)."""

    roads: tuple[Road, ...] = ()
    block: str = ""
    names: tuple[Piece, ...] = ()
    building: str = ""
    unit: str = ""
    bare: str = ""
    is_inside: bool = False

    def named(self, what: What) -> str:
        return next((piece.name for piece in self.names if piece.what == what), "")

    def pieces(self) -> list[Piece]:
        """What may stand for a community or a grid, the most telling first; a road alone does not: it runs through many.

        Beside a place is not in it, but what lies beside the same place lies together: such a piece says so (旁).
        """
        found: list[Piece] = []
        if self.roads and self.block:
            found.append(Piece(What.BLOCK, self.roads[0].name + self.roads[0].side + self.block))
        first = [piece for piece in self.names if piece.what in _FIRST and not piece.name.endswith(BESIDE)]
        found += first
        if not self.block:
            found += [Piece(What.NUMBER, f"{r.name}{r.side}{r.number}号") for r in self.roads if r.number]
        found += [piece for piece in self.names if piece not in first]
        found += [Piece(What.KM, f"{r.name}{int(r.km)}公里") for r in self.roads if r.km]
        return found or ([Piece(What.BARE, self.bare)] if self.bare else [])


# --- patterns ---------------------------------------------------------------------------------------------

_HAN: Final = r"[\u4e00-\u9fff]"
_SPLIT: Final = re.compile(r"[、,;:。()\[\]【】“”\"]|与(?=[\u4e00-\u9fff]{1,6}[街路道])")
_HIGHWAY: Final = r"(?:[0-9]{2,4}|[一二三四五六七八九〇零O]{2,4})(?:国道|省道|县道)"
_ROAD: Final = re.compile(
    rf"{_HIGHWAY}|{_HAN}{{1,6}}?(?:大街|大道|公路|[东西南北中](?:街|路)|街(?![坊道区口])|(?<!铁)(?<!线)路(?![口段]))"
)
_ONLY_SIDE: Final = re.compile(r"^([东西南北中])(街|路)$")
_SIDE: Final = re.compile(rf"以?([东西南北])(?!{_HAN}?(?:路|街(?!坊)))(?:侧|段|面|边)?")
_CROSSING: Final = re.compile(r"^(?:交汇处|交叉处|交界处|交叉口|路口|口)")
_BEFORE_NAMES: Final = re.compile(r"^[0-9A-Z]+(?:号楼?|#楼?|栋|幢|座)")
_BLOCK_OF: Final = re.compile(rf"({_HAN}{{2,5}}?)(?=[一二三四五六七八九十百零0-9]{{1,4}}街坊)")
_NO_DISTRICT: Final = re.compile(rf"^(?!工业|开发|园|矿|小|养殖|服务|经济){_HAN}{{1,2}}区(?={_HAN}{{2}})")
_NUMERAL: Final = r"[0-9]{1,5}|[一二三四五六七八九十百零]{1,5}"
_NUMBER: Final = re.compile(rf"({_NUMERAL})(?:[-—][0-9A-Z]+)*(?:号|#|栋)(?!井|线|地)")
_KM: Final = re.compile(r"(?:[东西南北])?([0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十百]{1,4})(?:公里|千米)")
_BLOCK: Final = re.compile(r"([一二三四五六七八九十百零0-9]{1,4})街坊")
_BUILDING: Final = re.compile(r"([A-Z]?[0-9]{1,3}|[A-Z])(?:号楼|#楼|栋|幢|座)")
_UNIT: Final = re.compile(r"([0-9一二三四五六七八九])单元")
_BESIDE_IT: Final = re.compile(
    r"^(?:[东西南北]{0,2}门)?[东西南北]{0,2}(?:侧|边|对面|对过|附近|旁|以[东西南北]|[0-9]+米|外[^围])|^[东西南北]{1,2}(?![\u4e00-\u9fff])"
)
_INSIDE_IT: Final = re.compile(r"院内|厂区内|大院|后院|园内|区内")

_COMPOUND: Final = (
    "小区|花园|家园|花苑|佳苑|佳园|嘉园|嘉苑|雅园|雅苑|雅居|名苑|名都|新村|新城|家属院|家属楼|公寓"
)
_MARKET: Final = "市场|商城|广场|商厦|商场|大厦|装饰城|建材城|汽车城|艺术城|车城|购物中心|宾馆|酒店"
_PARK: Final = (
    "养殖开发小区|养殖小区|工业小区|工业园区|工业园|工业区|产业园区|产业园|经济开发区|工业开发区|开发区|加工园区|加工园|加工区"
    "|物流园区|物流园|园区"
)
_MINE: Final = "煤矿|矿区|铁矿|石矿|[一二三四五六七八九]号井|洗煤厂|选煤厂"
_LANDMARK: Final = (
    "人民医院|医院|中心|小学|中学|幼儿园|学校|火车站|车站|加油站|变电站|液化气站|储蓄所|车管所|派出所|车辆管理所|输电所"
    "|电厂|水泥厂|钢铁厂|厂|公司|立交桥|农场|渡口|粮食局|工商局|局楼|俱乐部|村|沟"
)
_KINDS: Final = (
    # One the divisions do not know: an old one, or a slip of the pen.
    (What.COMMUNITY, re.compile(rf"{_HAN}{{2,6}}?(?:社区居委会|社区|居委会|村委会)")),
    # A compound of beasts is a park, whatever its name ends with: looked for first.
    (What.PARK, re.compile(rf"{_HAN}{{0,8}}?(?:{_PARK})(?![域])")),
    (
        What.COMPOUND,
        re.compile(rf"{_HAN}{{1,6}}?(?:住宅)?(?:{_COMPOUND})(?:(?:住宅)?小区)?|{_HAN}{{2,4}}(?=[A-Z]区)"),
    ),
    (What.MARKET, re.compile(rf"[0-9]{{0,3}}{_HAN}{{2,6}}?(?:{_MARKET})")),
    (What.MINE, re.compile(rf"{_HAN}{{0,6}}?(?:{_MINE})")),
    (What.LANDMARK, re.compile(rf"{_HAN}{{0,8}}?(?:{_LANDMARK})")),
)
# Words that are no names: there are many of each.
_GENERAL: Final = frozenset(
    {"园区", "广场", "公司", "市场", "商场", "宾馆", "酒店", "大厦", "小区", "住宅小区", "医院", "中心", "小学", "中学", "学校",
     "厂", "村", "沟", "加油站", "车站"}
)  # fmt: skip
_PARK_END: Final = re.compile("(?:工业园区|工业园|工业开发区)$")
_DOUBLE: Final = re.compile(r"(?<=[园苑居村城寓院])(?:住宅)?小区$|住宅(?=小区$)")


@dataclass(slots=True)
class _Scan:
    """What has been found so far."""

    roads: list[Road] = field(default_factory=list)
    block: str = ""
    names: list[Piece] = field(default_factory=list)


def read_parts(tail: str) -> Parts:
    """Takes an address (behind its district, cleaned) apart. Whatever stands there, it answers."""
    text = _NO_DISTRICT.sub("", tail[:MOST_READ])
    found = _Scan()
    for segment in filter(None, _SPLIT.split(text)):
        _read_names(_read_roads(segment, found), found)
    building, unit = _BUILDING.search(text), _UNIT.search(text)
    whole = not found.roads and not found.names and not found.block
    bare = text if whole and 2 <= len(text) <= LONGEST_BARE and text.isalpha() else ""
    if bare and (cut := re.search(r"[东西南北]{1,2}侧$|附近$|对面$", bare)) and cut.start() >= 2:
        bare = bare[: cut.start()] + BESIDE
    return Parts(
        tuple(found.roads), found.block, tuple(dict.fromkeys(found.names)),
        building[1] if building else "", unit[1] if unit else "", bare,
        is_inside=bool(_INSIDE_IT.search(text)),
    )  # fmt: skip


def _read_roads(text: str, found: _Scan) -> str:
    """Reads the roads a segment begins with, one behind the other, and answers what is left."""
    while (road := _ROAD.match(text)) is not None:
        name, text = road[0], text[road.end() :]
        if _ONLY_SIDE.match(name) and found.roads:  # 双拥街西街 is 双拥西街
            name = re.sub(r"(?:大?街|路)$", "", found.roads.pop().name) + name
        text = _read_place_on(name, text, found)
    if found.roads:
        return _CROSSING.sub("", text)
    if highway := re.search(_HIGHWAY, text):
        return text[: highway.start()] + "。" + _read_place_on(highway[0], text[highway.end() :], found)
    if of := _BLOCK_OF.match(text):  # 前进农场二街坊
        text = _read_place_on(of[0], text[of.end() :], found)
    elif block := _BLOCK.match(text):
        found.block, text = _block(block[1]), text[block.end() :]
    return text


def _read_place_on(name: str, text: str, found: _Scan) -> str:
    """The side, the block, the number or the kilometre behind a road."""
    side = _SIDE.match(text)
    text = text[side.end() :] if side else text
    number, km, block = 0, 0.0, _BLOCK.match(text)
    if reached := _KM.match(text):
        km, text = _kilometres(reached[1]), text[reached.end() :]
    elif block and not found.block:
        found.block, text = _block(block[1]), text[block.end() :]
    elif numbered := _NUMBER.match(text):
        number, text = number_in(numbered[1]), text[numbered.end() :]
    found.roads.append(Road(name, side[1] if side else "", number, km))
    return text


def _read_names(text: str, found: _Scan) -> None:
    """The names in what is left of a segment; what one kind has read, the next does not read again."""
    text = _BEFORE_NAMES.sub("", text)
    for what, pattern in _KINDS:
        for named in pattern.finditer(text):
            name = plain_name(named[0])
            if len(name) >= 2 and name not in _GENERAL:
                is_beside = _BESIDE_IT.match(text[named.end() :])
                found.names.append(Piece(what, name + BESIDE if is_beside else name))
        text = pattern.sub("。", text)


def starts_with_road(text: str) -> bool:
    return _ROAD.match(text) is not None


def plain_name(name: str) -> str:
    """A name without what one writer adds and another leaves out.

    >>> plain_name("丽日花园小区"), plain_name("馨佳苑住宅小区"), plain_name("君正小区"), plain_name("原粮食局")
    ('丽日花园', '馨佳苑', '君正小区', '粮食局')
    """
    name = re.sub(r"社区居委会$", "社区", name)
    name = _DOUBLE.sub("", re.sub(r"^(?:原|位于|[东西南北]侧)", "", name))
    return _PARK_END.sub("工业区", name)


def _block(numeral: str) -> str:
    """二街坊 and 2街坊 are one."""
    return f"{number_in(numeral)}街坊"


def _kilometres(numeral: str) -> float:
    return float(numeral) if numeral[0].isascii() else float(number_in(numeral.replace("两", "二")))


_TAUGHT: Final = re.compile(rf"^(.*?)({_NUMERAL})(?:[-—][0-9A-Z]+)*(?:号|#)$")
_TAUGHT_BLOCK: Final = re.compile(r"^(.*?)([一二三四五六七八九十百零0-9]{1,4})街坊$")


def taught_form(pattern: str) -> str:
    """A piece as it was taught, in the form in which pieces are read today.

    >>> taught_form("黄河西街57#"), taught_form("凤凰岭西街北十二街坊"), taught_form("滨海小区")
    ('黄河西街57号', '凤凰岭西街北12街坊', '滨海小区')
    """
    if block := _TAUGHT_BLOCK.match(pattern):
        return f"{block[1]}{_block(block[2])}"
    if numbered := _TAUGHT.match(pattern):
        return f"{numbered[1]}{number_in(numbered[2])}号"
    return plain_name(pattern)
