"""Tables as departments send them: a line, the header above it, and how headers are compared. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from grid.spelling import folded, visible
from grid.texts import Text

BRACKETS: Final = re.compile(r"[(\[【〔<{]([^()\[\]【】〔〕<>{}]*)[)\]】〕>}]")

# Why a line of a file could not be cut into cells: `Line.fault` and its words.
UNREADABLE: Final[Mapping[str, Text]] = {
    "bad-bytes": _("有无法识别的字符（乱码）"),
    "open-quote": _("引号没有成对"),
    "line-too-long": _("一行超过 6 万字，不像表格的一行（可能没有换行）"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """One table's header, understood: field → column, how many columns there are, and field → what its header says of
    its numbers (a factor and a currency). `cells` are the header's own words, `unused` those of columns not taken,
    `doubled` those that two columns share."""

    columns: Mapping[str, int]
    width: int
    units: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file. `fault` is set when it could not even be cut into cells. `sheet` is empty where there is but
    one; `head` belongs to the table the line stands in."""

    number: int
    cells: Sequence[str]
    raw: str
    fault: str = ""
    sheet: str = ""
    head: Head | None = None


def full_key(text: str) -> str:
    """A header as compared: NFKC, no blanks, no stars or quotes around, lower case."""
    return re.sub(r"\s+", "", folded(visible(text))).strip("*\"'`").lower()


def header_key(text: str) -> str:
    """The same without the remarks in brackets."""
    plain = full_key(text)
    # Brackets behind the last that closes are left as they are, and not looked through once for each.
    end = plain.rfind(")") + 1
    return BRACKETS.sub("", plain[:end]) + plain[end:] or plain
