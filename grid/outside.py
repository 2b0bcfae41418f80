"""Numbers, times and words from outside, read in one place.

What a browser, a phone, a header or a file says is text that anybody may have written. Here it becomes a number that
fits a column, a time in UTC, or words both databases keep; whatever else it is gets refused or mended here, so that
nobody behind has to ask again. `tests/security/test_one_reading.py` keeps every other reading out of the house.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from grid.texts import Text

BIGGEST: Final = 2**63 - 1  # of a column of ours
# No clock on earth is further from UTC; PostgreSQL refuses what is 16 hours away.
FURTHEST_ZONE: Final = timedelta(hours=14)
# Founding days reach back, terms ahead; what is outside is a slip of the hand, and no calendar of ours has it.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
LONGEST_AREA: Final = 15


class Unreadable(ValueError):
    """The text is not what it should be; `reason` says in words why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


# --- numbers -----------------------------------------------------------------------------------


def whole(text: object, most: int = BIGGEST) -> int | None:
    """A whole number in plain digits, at most `most`; None for anything else.

    `str.isdigit` alone would let pass what `int` refuses (²), what no column holds, and 4,400 digits.

    >>> whole("42"), whole("007"), whole("²"), whole("٣"), whole("-1"), whole(""), whole("9" * 4400), whole(None)
    (42, 7, None, None, None, None, None, None)
    >>> whole(str(BIGGEST)) == BIGGEST, whole(str(BIGGEST + 1)), whole("2101", most=2100)
    (True, None, None)
    """
    if not isinstance(text, str) or len(text) > len(str(BIGGEST)) or not is_digits(text):
        return None
    number = int(text)
    return number if number <= most else None


def wholes(texts: Iterable[object]) -> list[int]:
    """Those of the texts that are numbers.

    >>> wholes(["3", "x", "²", "4"])
    [3, 4]
    """
    return [number for text in texts if (number := whole(text)) is not None]


def is_digits(text: str) -> bool:
    """Plain digits and nothing else, of any length.

    >>> is_digits("0150"), is_digits(""), is_digits("１２")
    (True, False, False)
    """
    return text.isascii() and text.isdigit()


def is_area(text: str) -> bool:
    """Whether it can be the code of an area.

    >>> is_area("150302"), is_area("²"), is_area("1" * 16)
    (True, False, False)
    """
    return len(text) <= LONGEST_AREA and is_digits(text)


# --- times -------------------------------------------------------------------------------------


def in_utc(at: datetime) -> datetime:
    """The same moment in UTC. Raises Unreadable without a zone, or with one that does not exist.

    >>> in_utc(datetime.fromisoformat("2026-11-30T08:00:00+08:00")).isoformat()
    '2026-11-30T00:00:00+00:00'
    >>> in_utc(datetime.fromisoformat("0001-01-01T00:00:00+08:00")).isoformat()
    '0001-01-01T00:00:00+00:00'
    """
    offset = at.utcoffset()
    if offset is None:
        raise Unreadable(_("日期时间须带时区"))
    if abs(offset) > FURTHEST_ZONE:
        raise Unreadable(_("时区超出范围，应在 -14:00 至 +14:00 之间"))
    try:
        return at.astimezone(UTC)
    except OverflowError:  # within hours of the first or the last moment there is
        return at.replace(tzinfo=UTC)


def moment(text: object) -> datetime:
    """A time as ISO 8601 writes it, in UTC. Raises Unreadable.

    >>> moment("2026-11-30T08:00:00+08:00").hour, moment("2026-11-30T00:00:00Z").hour
    (0, 0)
    >>> moment("2057-12-26T21:20:03+22:46")
    Traceback (most recent call last):
    grid.outside.Unreadable: 时区超出范围，应在 -14:00 至 +14:00 之间
    """
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable(_("不是日期时间")) from error
    return in_utc(read)


def http_date(text: str) -> datetime:
    """A time as HTTP and mail headers write it, in UTC. Raises Unreadable."""
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable(_("不是日期时间")) from error
    return in_utc(read)


def day(text: object) -> date:
    """A date as 2026-11-30. Raises Unreadable, also for a year no calendar of ours has.

    >>> day("2026-11-30")
    datetime.date(2026, 11, 30)
    """
    try:
        read = date.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable(_("不是日期")) from error
    return in_our_days(read)


def in_our_days(read: date) -> date:
    """The date as it is. Raises Unreadable for one before FIRST_DAY or after LAST_DAY."""
    if not FIRST_DAY <= read <= LAST_DAY:
        words = _("日期应在 {first} 至 {last} 之间").format(first=FIRST_DAY, last=LAST_DAY)
        raise Unreadable(words)
    return read


# --- words -------------------------------------------------------------------------------------

# NUL is kept by SQLite and refused by PostgreSQL; half of a surrogate pair is no character, and can neither be sent
# nor stored; other controls break headers and XML. The line and page ends of word processors (VT, FF) come with what
# is honestly pasted, and stay.
_NO_WORDS = re.compile("[\0-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_HALF_PAIR = re.compile("[\ud800-\udfff\ufffe\uffff]")


def is_readable(text: str) -> bool:
    r"""Whether it holds nothing but characters, blanks and line ends.

    >>> is_readable("和平社区\n𬱖\t😀"), is_readable("a\0"), is_readable("\ud800"), is_readable("\x1b")
    (True, False, False, False)
    """
    return _NO_WORDS.search(text) is None


def readable(text: str) -> str:
    r"""The text without what cannot be kept: controls fall away, half a pair becomes the sign for an unknown one.

    >>> mended("a\0b\x1bc"), mended("好\ud83d")
    ('abc', '好�')
    """
    if is_readable(text):
        return text
    return _CONTROLS.sub("", _HALF_PAIR.sub("\ufffd", text))


def storable(value: Any) -> Any:
    r"""What JSON told with nothing in it that one of the databases refuses: controls fall out of its texts, names are
    mended. A half pair in a value stays, for whoever knows the value's shape to refuse it in words.

    >>> storable({"a\0": ["\0b", 1, None]}), storable({"\ud800": "c"})
    ({'a': ['b', 1, None]}, {'�': 'c'})
    """
    if isinstance(value, str):
        return _CONTROLS.sub("", value)
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {readable(name): storable(inner) for name, inner in value.items()}
    return value
