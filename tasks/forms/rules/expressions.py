"""The part of XPath that XLSForm tables use, read the same way as on the phone. Pure.

`${name}` · `.` · numbers · strings · = != < <= > >= · and or · + - * div mod · parentheses · the functions
in FUNCTIONS. An unanswered question is the empty string; compared as a number it is not a number, so that
`${employees} > 0` does not hold before somebody answered.

What can be read can be reckoned: each part of an expression is asked once, nothing calls itself deeper than
DEEPEST, and no answer makes one raise. So a table that was read is the last place where it can fail.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from tasks.forms.rules import patterns, values
from tasks.forms.rules.pattern_reading import PatternRefused
from tasks.forms.rules.values import Answers, Value, number, plain, text, truth

Node = Callable[[Answers, object], Value]

TODAY: Final = "today()"
PLACE: Final = "position(..)"
LONGEST: Final = 4_000
MOST_WORDS: Final = 300
DEEPEST: Final = 30
_SPACE: Final = " \t\r\n"
_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'"""
    r"""|\$\{[ \t\r\n]*(?P<ref>[^} \t\r\n]+)[ \t\r\n]*\}"""
    r"""|(?P<name>[A-Za-z_][\w-]*)|(?P<op>!=|<=|>=|\.\.|[=<>+\-*(),.]))""",
    re.ASCII,
)
_END: Final = ("end", "")
# Questions a form may ask of one expression: patterns and walks over items are dear.
_DEAR: Final = frozenset({"regex", "sum", "count"})
_DEAR_WORTH: Final = 50

Token = tuple[str, str]


class ExpressionError(ValueError):
    """A form's table holds an expression that cannot be read."""


class TooLong(ExpressionError):
    """More than LONGEST letters or MOST_WORDS words."""


class TooDeep(ExpressionError):
    """More than DEEPEST brackets inside each other."""


class BadPattern(ExpressionError):
    """A pattern that is not written out (`pattern` is empty), or cannot be matched."""

    def __init__(self, message: str, pattern: str = "") -> None:
        super().__init__(message)
        self.pattern = pattern


def evaluate(source: str, answers: Answers, own: object = None) -> Value:
    """The value of an expression; `own` is what `.` stands for. Raises ExpressionError."""
    return compiled(source)(answers, own)


def holds(source: str, answers: Answers, own: object = None) -> bool:
    return truth(evaluate(source, answers, own))


@lru_cache(maxsize=5_000)
def compiled(source: str) -> Node:
    """Read once and kept: forms hold a few hundred expressions. Raises ExpressionError."""
    return _Reader(_tokens(source)).whole()


def is_readable(source: str) -> bool:
    try:
        compiled(source)
    except ExpressionError:
        return False
    return True


@lru_cache(maxsize=5_000)
def references(source: str) -> frozenset[str]:
    """The names of the questions an expression reads. Raises ExpressionError."""
    return frozenset(word for kind, word in _tokens(source) if kind == "ref")


@lru_cache(maxsize=5_000)
def reads_itself(source: str) -> bool:
    """Whether `.` stands in it, the answer of the very question. Raises ExpressionError."""
    return ("op", ".") in _tokens(source)


@lru_cache(maxsize=5_000)
def counted(source: str) -> frozenset[str]:
    """The names an expression reads nowhere but in count(). Raises ExpressionError."""
    tokens = _tokens(source)
    refs = [(at, word) for at, (kind, word) in enumerate(tokens) if kind == "ref"]
    others = {word for at, word in refs if tokens[max(at - 2, 0) : at] != [("name", "count"), ("op", "(")]}
    return frozenset(word for _at, word in refs if word not in others)


def patterns_of(source: str) -> list[str]:
    """The patterns written out in an expression. Raises ExpressionError."""
    tokens, found = _tokens(source), []
    compiled(source)
    open_calls: list[str] = []
    for at, (kind, word) in enumerate(tokens):
        if (kind, word) == ("op", "("):
            open_calls.append(tokens[at - 1][1] if at and tokens[at - 1][0] == "name" else "")
        elif (kind, word) == ("op", ")") and open_calls.pop() == "regex":
            found.append(tokens[at - 1][1])
    return found


def is_fit(source: str) -> bool:
    """Whether a form uploaded today may hold it: what others are given must not keep their engines busy."""
    try:
        for pattern in patterns_of(source):
            patterns.check(pattern)
    except (ExpressionError, PatternRefused):
        return False
    return True


def effort(source: str) -> int:
    """What it costs to reckon once, in words. Raises ExpressionError."""
    return sum(_DEAR_WORTH if kind == "name" and word in _DEAR else 1 for kind, word in _tokens(source))


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": values.same,
    "!=": lambda a, b: not values.same(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
}


def _matches(value: Value, pattern: Value) -> Value:
    return patterns.matches(text(pattern), text(value))


_NODE_SETS: dict[str, Callable[[Answers, str], Value]] = {"count": values.count, "sum": values.total}


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": values.divided,
    "mod": lambda a, b: math.fmod(a, b) if b and math.isfinite(a) else math.nan,
}


def _takes(least: int, most: int = 0) -> range:
    return range(least, (most or least) + 1)


FUNCTIONS: dict[str, tuple[range, Callable[..., Value]]] = {
    "not": (_takes(1), lambda a: not truth(a)),
    "true": (_takes(0), lambda: True),
    "false": (_takes(0), lambda: False),
    "selected": (_takes(2), lambda a, b: text(b) in values.chosen(a)),
    "count-selected": (_takes(1), lambda a: float(len(values.chosen(a)))),
    "if": (_takes(3), lambda test, yes, no: yes if truth(test) else no),
    "coalesce": (_takes(2), lambda a, b: a if text(a) else b),
    "number": (_takes(1), lambda a: number(a)),
    "string": (_takes(1), lambda a: text(a)),
    "string-length": (_takes(1), lambda a: float(len(text(a)))),
    "concat": (_takes(1, 9), values.joined),
    "regex": (_takes(2), _matches),
    "round": (_takes(1, 2), values.rounded),
    "int": (_takes(1), values.whole),
}


def _tokens(source: str) -> list[Token]:
    found: list[Token] = []
    at, depth, source = 0, 0, source.rstrip(_SPACE)
    if len(source) > LONGEST:
        raise TooLong(f"{len(source)} letters")
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise ExpressionError(f"cannot read {source[at : at + 80]!r}")
        kind = match.lastgroup or "op"
        found.append(("text" if kind in ("double", "single") else kind, match[kind]))
        depth += {"(": 1, ")": -1}.get(match[kind], 0) if kind == "op" else 0
        at = match.end()
        if len(found) > MOST_WORDS:
            raise TooLong(f"more than {MOST_WORDS} words")
        if depth > DEEPEST:
            raise TooDeep(f"more than {DEEPEST} brackets")
    return [*found, _END]


class _Reader:
    """Recursive descent: or, and, comparison, sum, product, sign, primary."""

    def __init__(self, tokens: Sequence[Token]) -> None:
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
        nodes = [self._both()]
        while self._take("or"):
            nodes.append(self._both())
        return nodes[0] if len(nodes) == 1 else _any_of(nodes)

    def _both(self) -> Node:
        nodes = [self._comparison()]
        while self._take("and"):
            nodes.append(self._comparison())
        return nodes[0] if len(nodes) == 1 else _all_of(nodes)

    def _comparison(self) -> Node:
        node, steps = self._sum(), []
        while word := self._take(*_COMPARISONS):
            steps.append((_COMPARISONS[word], self._sum()))
        return _in_turn(node, steps) if steps else node

    def _sum(self) -> Node:
        return self._reckoned(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._reckoned(("*", "div", "mod"), self._signed)

    def _reckoned(self, words: Sequence[str], next_node: Callable[[], Node]) -> Node:
        node, steps = next_node(), []
        while word := self._take(*words):
            steps.append((_on_numbers(_ARITHMETIC[word]), next_node()))
        return _in_turn(node, steps) if steps else node

    def _signed(self) -> Node:
        signs = 0
        while self._take("-"):
            signs += 1
        node = self._primary()
        return _negated(node, signs) if signs else node

    def _primary(self) -> Node:
        if self._take("("):
            node = self._either()
            self._need(")")
            return node
        if self._take("."):
            return lambda answers, own: plain(own)
        kind, word = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return lambda answers, own: float(word)
        if kind == "text":
            return lambda answers, own: word
        if kind == "ref":
            return lambda answers, own: values.first(answers, word)
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
            return lambda answers, own: plain(answers.get(TODAY))
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
        return lambda answers, own: function(*(node(answers, own) for node in given))


def _check_pattern(tokens: Sequence[Token]) -> None:
    """A pattern is written out, so that a bad one is refused with the table and not met at a door."""
    kind, pattern = tokens[-2]
    if kind != "text" or tokens[-3][1] != ",":
        raise BadPattern("a pattern must be written out")
    try:
        patterns.matcher(pattern)
    except PatternRefused as error:
        raise BadPattern(f"cannot use the pattern {pattern!r}", pattern) from error


# Each of these asks its parts one after the other, not each the next: a long expression is as flat as a short one.


def _any_of(nodes: Sequence[Node]) -> Node:
    return lambda answers, own: any(truth(node(answers, own)) for node in nodes)


def _all_of(nodes: Sequence[Node]) -> Node:
    return lambda answers, own: all(truth(node(answers, own)) for node in nodes)


def _in_turn(node: Node, steps: Sequence[tuple[Callable[[Value, Value], Value], Node]]) -> Node:
    def reckon(answers: Answers, own: object) -> Value:
        value = node(answers, own)
        for apply, other in steps:
            value = apply(value, other(answers, own))
        return value

    return reckon


def _on_numbers(apply: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    return lambda left, right: apply(number(left), number(right))


def _negated(node: Node, signs: int) -> Node:
    def reckon(answers: Answers, own: object) -> Value:
        value = number(node(answers, own))
        for _sign in range(signs):
            value = 0.0 - value
        return value

    return reckon
