"""The document by which a city ordered the drive: what is shipped cites it by a mark, the city's own name fills it.

`{mandate 四（二）3}` stands for that document and a place in it, `{clause 五（二）1}` for the place alone. The places
are those of the document the product was written for (MANDATE_CLAUSES); of another city's they say nothing, so they
fall away and what rests on them waits for review.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path(__file__).parent.parent / "provisions.json"
_MARK = re.compile(r"\{(mandate|clause)( ?[^{}]*)\}")


def cited(value: Any) -> Any:
    """`value` with the marks in its texts filled; lists and dictionaries are gone through."""
    if isinstance(value, str):
        return _MARK.sub(_words, value)
    if isinstance(value, list):
        return [cited(item) for item in value]
    if isinstance(value, dict):
        return {name: cited(inner) for name, inner in value.items()}
    return value


def read_shipped(path: Path) -> Any:
    """A shipped JSON file of rows. A row that rests on another city's document is not reviewed there."""
    return _doubted(json.loads(path.read_text(encoding="utf8")))


def shipped_provisions() -> list[dict[str, Any]]:
    """The law as it is shipped, the oldest version of a parameter first."""
    rows: list[dict[str, Any]] = read_shipped(SHIPPED)
    return sorted(rows, key=lambda row: str(row["valid_from"]))


@cache
def shipped_titles() -> dict[str, str]:
    """Key → title of its newest version. A title never changes at the desk: a new version takes it over."""
    return {row["key"]: row["title"] for row in shipped_provisions()}


def _doubted(value: Any) -> Any:
    if isinstance(value, list):
        return [_doubted(item) for item in value]
    if isinstance(value, dict) and "reviewed" in value and _rests_on_mandate(value):
        return cited(value) | {"reviewed": value["reviewed"] and settings.MANDATE_CLAUSES}
    return cited(value)


def _rests_on_mandate(row: dict[str, object]) -> bool:
    return any(isinstance(text, str) and _MARK.search(text) for text in row.values())


def _words(mark: re.Match[str]) -> str:
    place = mark[2] if settings.MANDATE_CLAUSES else ""
    return f"{settings.MANDATE}{place}" if mark[1] == "mandate" else place.strip()
