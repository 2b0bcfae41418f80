"""Whether a unit met on the street is one that is known already. Pure.

Only a proposal: who is who is for a reviewer to say. The figures are measures of spelling, not of law.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grid.subjects.rules import match_name, plain

ALIKE: Final = 0.6
NEAR_METRES: Final = 30.0
_METRES_PER_DEGREE: Final = 111_320.0
_SHORTEST_ADDRESS: Final = 5
# What all names have in common, the longest first; that of one town, `places`, is for whoever asks to know.
_FORMS: Final = ("有限责任公司", "个体工商户", "有限公司", "分公司", "公司")
_PROVINCE: Final = re.compile(r"^[\u4e00-\u9fff]{2,8}?(?:自治区|省)")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is told of a unit; empty or None where nothing is."""

    name: str = ""
    code: str = ""
    address: str = ""
    lng: float | None = None
    lat: float | None = None
    premise: int | None = None


def same(unit: Unit, other: Unit, places: Sequence[str] = ()) -> list[str]:
    """In what two units agree: code, name, address, door. The surest first. `places`: words for the town, the longest
    first."""
    found = []
    if unit.code and plain(unit.code) == plain(other.code):
        found.append("code")
    if likeness(unit.name, other.name, places) >= ALIKE:
        found.append("name")
    if is_same_address(unit.address, other.address):
        found.append("address")
    if (unit.premise and unit.premise == other.premise) or _is_near(unit, other):
        found.append("door")
    return found


def likeness(name: str, other: str, places: Sequence[str] = ()) -> float:
    """Dice's coefficient over pairs of characters, of the names without what all names have.

    >>> likeness("示例市老王汽车修理有限公司", "老王汽车修理部", ["示例市"]) > ALIKE > likeness("老王汽修", "小李面馆")
    True
    """
    first, second = _core(name, places), _core(other, places)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    pairs, others = _pairs(first), _pairs(second)
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0


def _core(name: str, places: Sequence[str]) -> str:
    text = _PROVINCE.sub("", match_name(name))
    for word in (*_FORMS, *places):
        text = text.replace(word, "")
    return text


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def is_same_address(address: str, other: str) -> bool:
    """The same to the letter, or one is the end of the other: registers write the city before the street."""
    first, second = sorted((match_name(address), match_name(other)), key=len)
    return len(first) >= _SHORTEST_ADDRESS and any(c.isdigit() for c in first) and second.endswith(first)


def _is_near(unit: Unit, other: Unit) -> bool:
    if unit.lng is None or unit.lat is None or other.lng is None or other.lat is None:
        return False
    east = (unit.lng - other.lng) * math.cos(math.radians(unit.lat))
    return math.hypot(east, unit.lat - other.lat) * _METRES_PER_DEGREE <= NEAR_METRES
