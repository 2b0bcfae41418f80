"""How far a phone is: one point in the feed of its own posting, and one in that of each posting it stands in for.
Pure.

To the phone a cursor is opaque. While it covers nobody it is a plain number; with covers it is text: `57,12:40` is
its own posting up to change 57, and posting 12 up to change 40. One change may bring more doors than an answer
holds: `57.803` is everything before change 57, and of change 57 the doors up to number 803.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

PATTERN: Final = r"^[0-9]{1,18}(\.[0-9]{1,18})?(,[0-9]{1,18}:[0-9]{1,18}(\.[0-9]{1,18})?)*$"
LONGEST: Final = 1_000


class Point(NamedTuple):
    """Everything up to the change `feed`; of that change itself only up to number `upto` when that is given."""

    feed: int = 0
    upto: int | None = None

    def as_text(self) -> str:
        return str(self.feed) if self.upto is None else f"{self.feed}.{self.upto}"


START: Final = Point()


@dataclass(frozen=True, slots=True)
class Cursor:
    """`own` is the point reached in the phone's own feed; `covered` those in the feeds of other postings."""

    own: Point = START
    covered: Mapping[int, Point] = field(default_factory=dict)

    @property
    def is_start(self) -> bool:
        return self.own == START and not self.covered

    def as_json(self) -> int | str:
        """
        >>> Cursor(Point(57)).as_json(), Cursor(Point(57, 803), {12: Point(40), 9: Point()}).as_json()
        (57, '57.803,9:0,12:40')
        """
        if not self.covered and self.own.upto is None:
            return self.own.feed
        covered = (f"{posting}:{point.as_text()}" for posting, point in sorted(self.covered.items()))
        return ",".join([self.own.as_text(), *covered])


def read_cursor(text: str) -> Cursor:
    """Reads what `as_json` wrote; the text has the form of PATTERN.

    >>> read_cursor("57.803,12:40") == Cursor(Point(57, 803), {12: Point(40)})
    True
    """
    own, *pairs = text.split(",")
    covered = dict(pair.split(":") for pair in pairs)
    return Cursor(_point(own), {int(posting): _point(point) for posting, point in covered.items()})


def _point(text: str) -> Point:
    feed, _dot, upto = text.partition(".")
    return Point(int(feed), int(upto) if upto else None)


def fitting(sizes: Sequence[int], budget: int) -> int:
    """How many of the pieces, from the first, come into the budget together.

    >>> fitting([40, 40, 40], 100), fitting([400], 100), fitting([], 100)
    (2, 0, 0)
    """
    used = 0
    for count, size in enumerate(sizes):
        used += size
        if used > budget:
            return count
    return len(sizes)
