"""What expressions reckon with, and how: an answer as a number, a text, a truth. The same on the phone. Pure."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

Value = str | float | bool
Answers = Mapping[str, Any]

# No answer is longer. Words put together end there, or calculations that double each other would fill the memory.
LONGEST_TEXT: Final = 4_000
_MOST_PLACES: Final = 300
_EPOCH: Final = date(1970, 1, 1).toordinal()
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# As XPath writes numbers: no exponent, no other script's digits.
_NUMBER: Final = re.compile(r"[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*", re.ASCII)


def truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def number(value: Value) -> float:
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    try:
        return float(date.fromisoformat(value).toordinal() - _EPOCH) if _DAY.fullmatch(value) else math.nan
    except ValueError:
        return math.nan


def text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _digits(value)
    return value


def _digits(value: float) -> str:
    """XPath writes numbers without an exponent, and whole ones without a point."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{Decimal(repr(value)):f}" if value % 1 else str(int(value))


def plain(answer: object) -> Value:
    """An answer as it came → what expressions reckon with."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return " ".join(item for item in answer if isinstance(item, str))
    if isinstance(answer, Mapping):
        return _point(answer)
    if isinstance(answer, bool | str):
        return answer
    try:
        return float(answer) if isinstance(answer, int | float) else str(answer)
    except OverflowError:
        return math.nan


def _point(position: Mapping[str, Any]) -> str:
    """A position as XForms write it: latitude, longitude, height, accuracy."""
    lat, lng, accuracy = (position.get(name) for name in ("lat", "lng", "accuracy"))
    parts = (lat, lng, 0, accuracy or 0)
    return "" if lat is None or lng is None else " ".join(text(plain(part)) for part in parts)


def _nodes(answers: Answers, name: str) -> Iterator[Any]:
    """What a name stands for: a repeat's items, the answer of that name, or that answer in each item of a repeat."""
    if name in answers:
        value = answers[name]
        yield from value if _is_repeat(value) else [value]
        return
    for value in answers.values():
        if _is_repeat(value):
            yield from (item[name] for item in value if name in item)


def _is_repeat(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def first(answers: Answers, name: str) -> Value:
    """As in XPath, a name that stands for many is the first of them."""
    if name in answers:
        return plain(answers[name])
    return plain(next(_nodes(answers, name), None))


def count(answers: Answers, name: str) -> Value:
    return float(sum(1 for _node in _nodes(answers, name)))


def total(answers: Answers, name: str) -> Value:
    """As XPath adds: an item without an answer, or with one that is no number, leaves no total."""
    return sum((number(plain(node)) for node in _nodes(answers, name)), 0.0)


def same(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


def divided(left: float, right: float) -> float:
    if right:
        return left / right
    return math.copysign(math.inf, left) if left and not math.isnan(left) else math.nan


def rounded(value: Value, places: Value = 0.0) -> Value:
    """Halves go away from nought, as ODK rounds; not to the even number, as Python would."""
    exact, digits = number(value), number(places)
    if math.isnan(digits) or abs(digits) > _MOST_PLACES:
        return exact
    scale = 10.0**digits
    shifted = abs(exact) * scale
    return math.copysign(math.floor(shifted + 0.5) / scale, exact) if math.isfinite(shifted) else exact


def whole(value: Value) -> Value:
    exact = number(value)
    return float(math.trunc(exact)) if math.isfinite(exact) else exact


def chosen(value: Value) -> list[str]:
    """The names in the answer to a question with several choices."""
    return [name for name in _SPACES.split(text(value)) if name]


def joined(*parts: Value) -> Value:
    return "".join(text(part) for part in parts)[:LONGEST_TEXT]
