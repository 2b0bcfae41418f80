"""The part of XPath that XLSForm tables use, read the same way as on the phone. Pure.

`${name}` · `.` · numbers · strings · = != < <= > >= · and or · + - * div mod · parentheses · the functions
in FUNCTIONS. An unanswered question is the empty string; compared as a number it is not a number, so that
`${employees} > 0` does not hold before somebody answered.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Value = str | float | bool
Answers = Mapping[str, Any]
Node = Callable[[Answers, Any], Value]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\$\{\s*(?P<ref>[^}\s]+)\s*\}"""
    r"""|(?P<name>[A-Za-z_][\w-]*)|(?P<op>!=|<=|>=|[=<>+\-*(),.]))"""
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


def truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def number(value: Value) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return math.nan
    return float(value)


def text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}" if value % 1 else str(int(value))
    return value


def _plain(answer: Any) -> Value:
    """An answer as it came → what expressions reckon with."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return " ".join(str(one) for one in answer)
    if isinstance(answer, bool | str):
        return answer
    try:
        return float(answer) if isinstance(answer, int | float) else str(answer)
    except OverflowError:
        return math.nan


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
    return left / right if right else math.nan


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divided,
    "mod": lambda a, b: math.fmod(a, b) if b else math.nan,
}

FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {
    "not": (1, lambda a: not truth(a)),
    "true": (0, lambda: True),
    "false": (0, lambda: False),
    "selected": (2, lambda a, b: text(b) in text(a).split()),
    "count-selected": (1, lambda a: float(len(text(a).split()))),
    "if": (3, lambda test, yes, no: yes if truth(test) else no),
    "coalesce": (2, lambda a, b: a if text(a) else b),
    "number": (1, lambda a: number(a)),
    "string-length": (1, lambda a: float(len(text(a)))),
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
            return lambda answers, own: _plain(answers.get(word))
        if kind == "name":
            return self._call(word)
        raise ExpressionError(f"unexpected {word or 'end'!r}")

    def _call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise ExpressionError(f"unknown function {name!r}")
        count, function = FUNCTIONS[name]
        given: list[Node] = []
        self._need("(")
        while not self._take(")"):
            if given:
                self._need(",")
            given.append(self._either())
        if len(given) != count:
            raise ExpressionError(f"{name} takes {count} arguments, not {len(given)}")
        return lambda answers, own: function(*(one(answers, own) for one in given))


def _or(left: Node, right: Node) -> Node:
    return lambda answers, own: truth(left(answers, own)) or truth(right(answers, own))


def _and(left: Node, right: Node) -> Node:
    return lambda answers, own: truth(left(answers, own)) and truth(right(answers, own))


def _compared(compare: Callable[[Value, Value], bool], left: Node, right: Node) -> Node:
    return lambda answers, own: compare(left(answers, own), right(answers, own))


def _reckoned(apply: Callable[[float, float], float], left: Node, right: Node) -> Node:
    return lambda answers, own: apply(number(left(answers, own)), number(right(answers, own)))
