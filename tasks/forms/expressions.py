"""The part of XPath that XLSForm tables use, read the same way as on the phone. Pure.

`${name}` · `.` · numbers · strings · = != < <= > >= · and or · + - * div mod · parentheses · the functions
in FUNCTIONS. An unanswered question is the empty string; compared as a number it is not a number, so that
`${employees} > 0` does not hold before somebody answered.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

Value = str | float | bool
Answers = Mapping[str, Any]
Node = Callable[[Answers, Any], Value]

TODAY: Final = "today()"
PLACE: Final = "position(..)"
LONGEST_PATTERN: Final = 200
_MOST_PLACES: Final = 300
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# As XPath writes numbers: no exponent, no other script's digits.
_NUMBER = re.compile(r"[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*", re.ASCII)
# A group that repeats and is repeated: one such pattern can keep a process busy for hours on a short answer.
_ENDLESS = re.compile(r"[*+}]\)[*+{]")
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\$\{\s*(?P<ref>[^}\s]+)\s*\}"""
    r"""|(?P<name>[A-Za-z_][\w-]*)|(?P<op>!=|<=|>=|\.\.|[=<>+\-*(),.]))"""
)
_END = ("end", "")


class ExpressionError(ValueError):
    """A form's table holds an expression that cannot be read."""


def evaluate(source: str, answers: Answers, own: Any = None) -> Value:
    """The value of an expression; `own` is what `.` stands for. Raises ExpressionError."""
    return compiled(source)(answers, own)


def holds(source: str, answers: Answers, own: Any = None) -> bool:
    return truth(evaluate(source, answers, own))


@cache
def compiled(source: str) -> Node:
    """Read once, kept for ever: the tables hold a few dozen expressions. Raises ExpressionError."""
    return _Reader(_tokens(source)).whole()


@cache
def references(source: str) -> frozenset[str]:
    """The names of the questions an expression reads. Raises ExpressionError."""
    return frozenset(word for kind, word in _tokens(source) if kind == "ref")


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


def _plain(answer: Any) -> Value:
    """An answer as it came → what expressions reckon with."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return " ".join(str(one) for one in answer if not isinstance(one, Mapping))
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
    lat, lng = position.get("lat"), position.get("lng")
    return "" if lat is None or lng is None else f"{lat} {lng} 0 {position.get('accuracy') or 0}"


def _nodes(answers: Answers, name: str) -> Iterator[Any]:
    """What a name stands for: a repeat's items, the answer of that name, or that answer in each item of a repeat."""
    if name in answers:
        value = answers[name]
        yield from value if _is_repeat(value) else [value]
        return
    for value in answers.values():
        if _is_repeat(value):
            yield from (item[name] for item in value if name in item)


def _is_repeat(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _first(answers: Answers, name: str) -> Value:
    """As in XPath, a name that stands for many is the first of them."""
    if name in answers:
        return _plain(answers[name])
    return _plain(next(_nodes(answers, name), None))


def _count(answers: Answers, name: str) -> Value:
    return float(sum(1 for _one in _nodes(answers, name)))


def _sum(answers: Answers, name: str) -> Value:
    """Unanswered items count nothing."""
    numbers = (number(_plain(one)) for one in _nodes(answers, name))
    return sum((one for one in numbers if not math.isnan(one)), 0.0)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _same,
    "!=": lambda a, b: not _same(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
}


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    return math.copysign(math.inf, left) if left and not math.isnan(left) else math.nan


def _rounded(value: Value, places: Value = 0.0) -> Value:
    """Halves go away from nought, as ODK rounds; not to the even number, as Python would."""
    exact, digits = number(value), number(places)
    if math.isnan(digits) or abs(digits) > _MOST_PLACES:
        return exact
    scale = 10.0**digits
    shifted = abs(exact) * scale
    return math.copysign(math.floor(shifted + 0.5) / scale, exact) if math.isfinite(shifted) else exact


def _whole(value: Value) -> Value:
    exact = number(value)
    return float(math.trunc(exact)) if math.isfinite(exact) else exact


def _matches(value: Value, pattern: Value) -> Value:
    try:
        return re.fullmatch(text(pattern), text(value), re.ASCII) is not None
    except re.error as error:
        raise ExpressionError(f"cannot read the pattern {pattern!r}") from error


_NODE_SETS: dict[str, Callable[[Answers, str], Value]] = {"count": _count, "sum": _sum}


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divided,
    "mod": lambda a, b: math.fmod(a, b) if b and math.isfinite(a) else math.nan,
}


def _takes(least: int, most: int = 0) -> range:
    return range(least, (most or least) + 1)


FUNCTIONS: dict[str, tuple[range, Callable[..., Value]]] = {
    "not": (_takes(1), lambda a: not truth(a)),
    "true": (_takes(0), lambda: True),
    "false": (_takes(0), lambda: False),
    "selected": (_takes(2), lambda a, b: text(b) in text(a).split()),
    "count-selected": (_takes(1), lambda a: float(len(text(a).split()))),
    "if": (_takes(3), lambda test, yes, no: yes if truth(test) else no),
    "coalesce": (_takes(2), lambda a, b: a if text(a) else b),
    "number": (_takes(1), lambda a: number(a)),
    "string": (_takes(1), lambda a: text(a)),
    "string-length": (_takes(1), lambda a: float(len(text(a)))),
    "concat": (_takes(1, 9), lambda *parts: "".join(text(part) for part in parts)),
    "regex": (_takes(2), _matches),
    "round": (_takes(1, 2), _rounded),
    "int": (_takes(1), _whole),
}


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at, source = [], 0, source.rstrip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise ExpressionError(f"cannot read {source[at:]!r}")
        kind = match.lastgroup or "op"
        found.append(("text" if kind in ("double", "single") else kind, match[kind]))
        at = match.end()
    return [*found, _END]


class _Reader:
    """Recursive descent: or, and, comparison, sum, product, sign, primary."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    def whole(self) -> Node:
        node = self._either()
        if self._tokens[self._at] != _END:
            raise ExpressionError(f"unexpected {self._tokens[self._at][1]!r}")
        return node

    def _take(self, *words: str) -> str:
        kind, word = self._tokens[self._at]
        if kind in ("op", "name") and word in words:
            self._at += 1
            return word
        return ""

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise ExpressionError(f"expected {word!r}")

    def _either(self) -> Node:
        node = self._both()
        while self._take("or"):
            node = _or(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._comparison()
        while self._take("and"):
            node = _and(node, self._comparison())
        return node

    def _comparison(self) -> Node:
        node = self._sum()
        while word := self._take(*_COMPARISONS):
            node = _compared(_COMPARISONS[word], node, self._sum())
        return node

    def _sum(self) -> Node:
        node = self._product()
        while word := self._take("+", "-"):
            node = _reckoned(_ARITHMETIC[word], node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while word := self._take("*", "div", "mod"):
            node = _reckoned(_ARITHMETIC[word], node, self._signed())
        return node

    def _signed(self) -> Node:
        if self._take("-"):
            return _reckoned(_ARITHMETIC["-"], lambda answers, own: 0.0, self._signed())
        return self._primary()

    def _primary(self) -> Node:
        if self._take("("):
            node = self._either()
            self._need(")")
            return node
        if self._take("."):
            return lambda answers, own: _plain(own)
        kind, word = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return lambda answers, own: float(word)
        if kind == "text":
            return lambda answers, own: word
        if kind == "ref":
            return lambda answers, own: _first(answers, word)
        if kind == "name":
            return self._call(word)
        raise ExpressionError(f"unexpected {word or 'end'!r}")

    def _call(self, name: str) -> Node:
        self._need("(")
        if name in _NODE_SETS:
            return self._over_items(_NODE_SETS[name])
        if name == "position":
            self._need("..")
            self._need(")")
            return lambda answers, own: float(answers.get(PLACE, 0))
        if name == "today":
            self._need(")")
            return lambda answers, own: _plain(answers.get(TODAY))
        if name not in FUNCTIONS:
            raise ExpressionError(f"unknown function {name!r}")
        return self._plain_call(name)

    def _over_items(self, function: Callable[[Answers, str], Value]) -> Node:
        kind, word = self._tokens[self._at]
        if kind != "ref":
            raise ExpressionError("count and sum take one ${name}")
        self._at += 1
        self._need(")")
        return lambda answers, own: function(answers, word)

    def _plain_call(self, name: str) -> Node:
        takes, function = FUNCTIONS[name]
        given: list[Node] = []
        first = self._at
        while not self._take(")"):
            if given:
                self._need(",")
            given.append(self._either())
        if len(given) not in takes:
            raise ExpressionError(f"{name} takes {takes.start} arguments, not {len(given)}")
        if name == "regex":
            _check_pattern(self._tokens[first : self._at])
        return lambda answers, own: function(*(one(answers, own) for one in given))


def _check_pattern(tokens: list[tuple[str, str]]) -> None:
    """A pattern is written out, so that a bad one is refused with the table and not met at a door."""
    kind, pattern = tokens[-2]
    if kind != "text" or tokens[-3][1] != "," or len(pattern) > LONGEST_PATTERN or _ENDLESS.search(pattern):
        raise ExpressionError(f"cannot use the pattern {pattern!r}")
    try:
        re.compile(pattern)
    except re.error as error:
        raise ExpressionError(f"cannot read the pattern {pattern!r}") from error


def _or(left: Node, right: Node) -> Node:
    return lambda answers, own: truth(left(answers, own)) or truth(right(answers, own))


def _and(left: Node, right: Node) -> Node:
    return lambda answers, own: truth(left(answers, own)) and truth(right(answers, own))


def _compared(compare: Callable[[Value, Value], bool], left: Node, right: Node) -> Node:
    return lambda answers, own: compare(left(answers, own), right(answers, own))


def _reckoned(apply: Callable[[float, float], float], left: Node, right: Node) -> Node:
    return lambda answers, own: apply(number(left(answers, own)), number(right(answers, own)))
