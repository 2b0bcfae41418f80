"""An address as a value: what is wrong with it as a whole, and what it says. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from grid.placing.reading.rules.parts import BESIDE, Parts, Piece, What

STREET, COMMUNITY, GRID = 9, 12, 15  # lengths of codes
_PROVINCE: Final = r"(?:中国)?(?:[^市区县路街]{2,5}(?:自治区|省)|内蒙古)?"
_OTHER_CITY: Final = re.compile(
    rf"^{_PROVINCE}([\u4e00-\u9fff]{{2,5}}?市)(?!场|民|政|委|医|一|第|直|立|花园|广场|中心)"
    r"(?=[\u4e00-\u9fff]{1,8}?(?:区|县|旗|镇|乡|街|路|大道|村))"
)
# Parks that every street has one of: only with the street's name before them they are a name.
_OF_A_STREET: Final = frozenset(
    {"工业区", "开发区", "经济开发区", "产业园", "工业小区", "养殖小区", "加工区"}
)


class Flaw(StrEnum):
    """What is wrong with an address as a whole; docs/gazetteer.md says what is done with each."""

    NONE = ""
    EMPTY = "address-empty"
    LONG = "address-long"
    ELSEWHERE = "address-elsewhere"
    DISTRICTS = "address-districts"
    NO_DISTRICT = "address-no-district"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address says by itself. `district`, `street`, `community` and `area` (the narrowest of them) are codes,
    empty where it does not say; `tail` stands behind the
    district. `why` is the sentence about its district, `old` an old name that was read as today's."""

    district: str
    why: str
    area: str = ""
    parts: Parts = field(default_factory=Parts)
    tail: str = ""
    street_name: str = ""
    old: str = ""
    flaw: Flaw = Flaw.NONE

    @property
    def street(self) -> str:
        return self.area[:9] if len(self.area) >= 9 else ""

    @property
    def community(self) -> str:
        return self.area[:12] if len(self.area) >= 12 else ""

    def pieces(self) -> list[Piece]:
        """What may stand for a community or a grid, the most telling first."""
        return [
            Piece(piece.what, self.street_name + piece.name)
            if piece.what == What.PARK and piece.name in _OF_A_STREET
            else piece
            for piece in self.parts.pieces()
        ]

    def names(self) -> list[tuple[str, int]]:
        """Under what names such an address may have been explained, the most telling first, and how close each can tell
        (the length of an area's code): what lies beside a place is in its street, and a road runs through grids."""
        pieces = self.pieces()
        found = [(p.name, COMMUNITY if p.what == What.COMMUNITY else GRID) for p in pieces]
        found += [(p.name.removesuffix(BESIDE), STREET) for p in pieces if p.name.endswith(BESIDE)]
        return found + [(road.name, COMMUNITY) for road in self.parts.roads]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure each way of placing is, in percent, and from where on nobody is asked. The figures are a row of the law
    (placing.sure); without it only what an address says and what people taught places."""

    threshold: int = 100
    of: Mapping[str, int] = field(default_factory=lambda: {"text": 100, "alias": 100})

    def sure(self, how: str) -> int:
        return self.of.get(how, 0)

    def places(self, how: str) -> bool:
        return self.sure(how) >= self.threshold


def other_city(text: str, city: str) -> str:
    """The city an address begins with, where it is not ours; empty where it names none or ours.

    >>> other_city("某省某某市东城区8号", "乙乙市"), other_city("乙乙市某区", "乙乙市"), other_city("农贸市场东侧路北", "乙乙市")
    ('某某市', '', '')
    """
    found = _OTHER_CITY.match(text)
    return found[1] if found and not found[1].endswith(city) else ""
