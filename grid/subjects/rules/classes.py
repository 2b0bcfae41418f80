"""Every class of units that GB 32100 knows, the first two characters of a code, and which kind each is here.

classes.csv is the one written table: who registers, what, our kind and its basis. Our kinds are fewer than the classes,
so each class has the nearest: special legal persons of the countryside are counted with cooperatives, self-governing
committees of villages and neighbourhoods with institutions, because public money pays them, and whoever is no enterprise
without being either with social organisations. None is an enterprise because nobody thought of it. Pure.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class UnitClass:
    """`is_open`: the standard only says 其他, so that what the register says of the unit is heard first."""

    pair: str
    authority: str
    title: str
    kind: str
    basis: str

    @property
    def is_open(self) -> bool:
        return self.title == "其他"


@cache
def classes() -> Mapping[str, UnitClass]:
    """pair → class."""
    with Path(__file__).parent.with_name("classes.csv").open(newline="") as file:
        return {row["pair"]: UnitClass(**row) for row in csv.DictReader(file)}


# 工商注册号编制规则 (GS 15-2006): the first digit of the serial number, the seventh of fifteen, says what was registered.
LEGACY_TRADERS: Final = frozenset("6789")
