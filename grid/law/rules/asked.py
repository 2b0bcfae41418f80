"""What is asked of a party for each thing that may be found: which duty, by which clause, with what consequence. Pure.

One dated table (`asked.json`). What a paper asks follows from what was found, insurance by insurance, and never from
the name of the measure alone (社会保险法 第十条、第三十三条、第四十四条、第五十七条、第五十八条、第六十条).
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypedDict

from django.conf import settings

from grid.law.rules.mandate import SHIPPED, cited

FILE = SHIPPED.with_name("asked.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """`is_voluntary`: the law leaves it to the person (可以), so nothing is demanded and nothing follows."""

    about: str
    asks: str
    basis: tuple[str, ...]
    consequences: tuple[str, ...]
    is_voluntary: bool
    reviewed: bool


class _Row(TypedDict):
    about: str
    asks: str
    basis: list[str]
    consequences: list[str]
    voluntary: bool
    reviewed: bool
    valid_from: str


def asked_about(about: str, on: date) -> Asked:
    """The row in force on a day; before the first one, the first. Raises KeyError for what the table does not know."""
    versions = _table()[about]
    day = on.isoformat()
    row = next((row for row in versions if row["valid_from"] <= day), versions[-1])
    # What the mandate of another city says at that place nobody has read.
    reviewed = row["reviewed"] and (cited(row["basis"]) == row["basis"] or settings.MANDATE_CLAUSES)
    basis, consequences = tuple(cited(row["basis"])), tuple(row["consequences"])
    return Asked(about, row["asks"], basis, consequences, row["voluntary"], reviewed)


@cache
def _table() -> dict[str, list[_Row]]:
    """What may be found → its rows as they are shipped, the newest first."""
    found: dict[str, list[_Row]] = {}
    for row in sorted(json.loads(FILE.read_text(encoding="utf8")), key=_day, reverse=True):
        found.setdefault(row["about"], []).append(row)
    return found


def _day(row: _Row) -> str:
    return row["valid_from"]
