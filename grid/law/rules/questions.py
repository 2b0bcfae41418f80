"""What only the city's lawyers can say: the questions as they are shipped, with the rows of the law each touches. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from grid.law.rules.mandate import SHIPPED

FILE = SHIPPED.with_name("questions.json")
LAW, GROUND, MEASURE, OFFICE = "law:", "ground:", "measure:", "office:"


@dataclass(frozen=True, slots=True)
class Question:
    """`touches`: `law:` a parameter, or all that begin so; `ground:`, `measure:` a code or all; `office:` a part or all."""

    number: int
    asks: str
    why: str
    touches: tuple[str, ...]

    def touched(self, of: str, names: Iterable[str]) -> list[str]:
        """Those of `names` it touches.

        >>> Question(1, "", "", ("law:cite.", "ground:5-1")).touched("law:", ["cite.audit", "base.floor"])
        ['cite.audit']
        """
        asked = [place.removeprefix(of) for place in self.touches if place.startswith(of)]
        return [name for name in names if any(_is_of(name, place) for place in asked)]


def _is_of(name: str, place: str) -> bool:
    return name.startswith(place) if not place or place.endswith(".") else name == place


def questions(on: date) -> list[Question]:
    """Those asked on a day, by number; of one that was worded anew the newest wording."""
    asked = {
        question.number: question
        for since, question in sorted(_shipped(), key=lambda row: row[0])
        if since <= on.isoformat()
    }
    return [asked[number] for number in sorted(asked)]


@cache
def _shipped() -> list[tuple[str, Question]]:
    rows = json.loads(FILE.read_text(encoding="utf8"))
    return [
        (row["valid_from"], Question(row["number"], row["asks"], row["why"], tuple(row["touches"])))
        for row in rows
    ]
