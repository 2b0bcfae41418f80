"""How much work a pattern can make: places its letters take, and readings an engine may try in vain. Pure.

An engine that goes back and tries again needs, at worst, one try for each way the pattern can read a text. Where the
next letter decides what is meant there is one way. Where it does not, the ways of parts that follow each other
multiply, and those of a part that is repeated grow with a power: that is what never ends.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from tasks.forms.rules.pattern_reading import Choice, Letter, Part, Ranges, Repeat, Row

MOST_PLACES: Final = 1_000
MOST_WAYS: Final = 10**6
# Letters of a long answer: .* can end after each of them.
_LONG: Final = 1_000
_NO_END: Final = MOST_WAYS + 1
_END: Final[Ranges] = ((-1, -1),)


def places(part: Part) -> int:
    """Letters of the pattern when every counted repetition is written out."""
    match part:
        case Letter():
            return 1
        case Row(parts) | Choice(parts):
            return sum(places(inner) for inner in parts)
        case Repeat(body, least, most):
            return places(body) * max(most or least, 1)


def ways(part: Part, after: Ranges = _END) -> int:
    """At most so many readings of one text, counted up to a bit more than MOST_WAYS. `after` may come next."""
    match part:
        case Letter():
            return 1
        case Row(parts):
            return _of_row(parts, after)
        case Choice(branches):
            counts = [ways(branch, after) for branch in branches]
            begins = [_next(branch, after) for branch in branches]
            is_open = any(_meet(begin, other) for begin, other in combinations(begins, 2))
            return min(sum(counts) if is_open else max(counts), _NO_END)
        case Repeat():
            return _of_repeat(part, after)


def _of_row(parts: Sequence[Part], after: Ranges) -> int:
    count = 1
    for part in reversed(parts):
        count = min(count * ways(part, after), _NO_END)
        after = _next(part, after)
    return count


def _of_repeat(part: Repeat, after: Ranges) -> int:
    most = _LONG + part.least - 1 if part.most is None else part.most
    begin = _first(part.body)
    each = ways(part.body, (*begin, *after) if most > 1 else after)
    # Twice as many ways in each round are past every bound after twenty.
    rounds = each ** min(most, 20) if each > 1 else 1
    ends = most - part.least + 1 if _meet(begin, after) else 1
    return min(rounds * ends, _NO_END)


def _first(part: Part) -> Ranges:
    """The letters it can begin with."""
    match part:
        case Letter(ranges):
            return ranges
        case Row(parts):
            found: Ranges = ()
            for inner in parts:
                found += _first(inner)
                if not _may_be_empty(inner):
                    break
            return found
        case Choice(branches):
            return tuple(letters for branch in branches for letters in _first(branch))
        case Repeat(body):
            return _first(body)


def _may_be_empty(part: Part) -> bool:
    match part:
        case Letter():
            return False
        case Row(parts):
            return all(_may_be_empty(inner) for inner in parts)
        case Choice(branches):
            return any(_may_be_empty(branch) for branch in branches)
        case Repeat(body, least):
            return least == 0 or _may_be_empty(body)


def _next(part: Part, after: Ranges) -> Ranges:
    return (*_first(part), *after) if _may_be_empty(part) else _first(part)


def _meet(ranges: Ranges, other: Ranges) -> bool:
    return any(low <= end and start <= high for low, high in ranges for start, end in other)
