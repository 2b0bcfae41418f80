"""Numbers of persons in text that was meant for something else: known by their build, and masked wherever shown.

A citizen's number (GB 11643-1999; residence permits of Hong Kong, Macao and Taiwan residents and of foreigners are
built alike) is 6 digits of a region, 8 of a birthday, 3 in order and a check character; before 1999 the century and
the check character were left out. Tax offices use it, with two or three signs behind it, as the number of natural
persons and of traders. Pure.
"""

import re
from datetime import date
from typing import Final

from grid.privacy import masked
from grid.spelling import folded, visible

_FIRST_YEAR: Final = 1850
_REGIONS: Final = frozenset(
    re.findall("..", "111213141521222331323334353637414243444546505152535461626364657181828391")
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WHOLE: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLD: Final = re.compile(r"[0-9]{15}")
# In running text: digits of either width, perhaps in groups; not a piece of something longer.
_DIGIT: Final = "[0-9\uff10-\uff19]"
_BETWEEN: Final = "[ \u00a0\u3000-]?"
_RUN: Final = re.compile(
    rf"(?<![0-9\uff10-\uff19]){_DIGIT}(?:{_BETWEEN}{_DIGIT}){{10,16}}(?:{_BETWEEN}(?:{_DIGIT}|[Xx\uff38\uff58]))?"
    rf"(?=[A-Za-z0-9\uff10-\uff19]{{0,4}}(?![0-9A-Za-z\uff10-\uff19]))"
)
_MOBILE: Final = re.compile(r"(?:86)?1[3-9][0-9]{9}")


def is_person_number(value: str) -> bool:
    """Whether 18 or 15 characters are built like a citizen's number; the check character need not be right, for a
    number mistyped is one all the same.

    >>> is_person_number("150302190001030228"), is_person_number("91150302MABT00011R"), is_person_number("911503007014012345")
    (True, False, False)
    """
    if _WHOLE.fullmatch(value):
        born = value[6:14]
    elif _OLD.fullmatch(value):
        born = f"19{value[6:12]}"
    else:
        return False
    return value[:2] in _REGIONS and _is_birthday(born)


def is_checked(value: str) -> bool:
    """Whether the 18th character is the one GB 11643 reckons from the others."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value, strict=False))
    return bool(_WHOLE.fullmatch(value)) and "10X98765432"[total % 11] == value[17]


def _is_birthday(digits: str) -> bool:
    try:
        return _FIRST_YEAR <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def without_numbers(text: str) -> str:
    """The text with the numbers of persons in it masked: citizens' numbers and mobile telephones.

    >>> without_numbers("张某 150302190001030228 电话13800138000，91150302MABT00011R")
    '张某 150***********0228 电话138****8000，91150302MABT00011R'
    """
    return _RUN.sub(_hidden, text if text.isascii() else visible(text))


def _hidden(found: re.Match[str]) -> str:
    run = re.sub("[ \u00a0\u3000-]", "", folded(found[0])).upper()
    is_one = is_person_number(run) or is_person_number(run[:18]) or _MOBILE.fullmatch(run)
    return masked(run) if is_one else found[0]
