"""Grounds, periods and what the public may read."""

import re
from datetime import date

_CITIZEN_ID = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d{3}[0-9Xx])(?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def masked(text: str) -> str:
    """`text` without citizens' numbers and telephones (信公条例 第15条): the middle becomes stars.

    >>> masked("身份证11010519491231002X,电话13812345678")
    '身份证110105********002X,电话138****5678'
    """
    text = _CITIZEN_ID.sub(lambda found: f"{found[1]}********{found[3]}", text)
    return _MOBILE.sub(lambda found: f"{found[1]}****{found[2]}", text)


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    return valid_from <= on and (valid_to is None or on <= valid_to)


def lacks_penalty(needs_penalty: bool, penalty_number: str) -> bool:
    """人社部规〔2019〕2号 第五条第(一)项 lists only after a penalty that did not help."""
    return needs_penalty and not penalty_number
