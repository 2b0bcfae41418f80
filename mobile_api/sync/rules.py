"""How far a phone is: one number for its own posting, and one for each posting it stands in for. Pure.

To the phone a cursor is opaque. While it covers nobody it is a plain number, as it always was; with covers it is
text: `57,12:40` is its own posting up to change 57, and posting 12 up to change 40.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PATTERN: Final = r"^\d{1,18}(,\d{1,18}:\d{1,18})*$"
LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """`own` is the number reached in the phone's own feed; `covered` those in the feeds of other postings."""

    own: int = 0
    covered: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_start(self) -> bool:
        return not self.own and not self.covered

    def as_json(self) -> int | str:
        """
        >>> Cursor(57).as_json(), Cursor(57, {12: 40, 9: 0}).as_json()
        (57, '57,9:0,12:40')
        """
        if not self.covered:
            return self.own
        return ",".join([str(self.own), *(f"{pk}:{feed}" for pk, feed in sorted(self.covered.items()))])


def read_cursor(text: str) -> Cursor:
    """Reads what `as_json` wrote; the text has the form of PATTERN.

    >>> read_cursor("57,12:40") == Cursor(57, {12: 40})
    True
    """
    own, *pairs = text.split(",")
    covered = dict(pair.split(":") for pair in pairs)
    return Cursor(int(own), {int(pk): int(feed) for pk, feed in covered.items()})
