"""Who signs: the offices of the city and its districts, as data beside this file."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent / "offices.json"


@dataclass(frozen=True)
class Office:
    """`agency`: the 经办机构 beside it, which audits. `tax`: who collects. `review_body` and `court`: where its
    decisions may be challenged."""

    authority: str
    agency: str
    tax: str
    office: str
    phone: str
    address: str
    review_body: str
    court: str


@cache
def offices() -> dict[str, Office]:
    return {area: Office(**facts) for area, facts in json.loads(SHIPPED.read_text(encoding="utf8")).items()}


def office_at(area: str) -> Office:
    """The office of `area` or of the narrowest area above it."""
    known = offices()
    return known[max((code for code in known if area.startswith(code)), key=len, default="1503")]
