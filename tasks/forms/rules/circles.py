"""Questions that hang on each other in a circle, found in the lines of a table. Pure.

What a line hangs on: the answers its condition, its calculation, its obligation and its number of items read, and the
group or repeat it stands in. A limit (constraint) weighs an answer that is there and is no link of a circle; ODK's
engine draws the line at the same place, and does not open a form with a circle (docs/forms.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tasks.forms.reading import Line
from tasks.forms.rules.expressions import is_fit, reads_itself, references

MOVING: Final = ("relevant", "calculation", "required", "repeat_count")


@dataclass(frozen=True, slots=True)
class Circle:
    """`way` goes round once and ends where it began; `lines` are those of everybody in it."""

    way: tuple[str, ...]
    lines: tuple[int, ...]


def circles_in(lines: Sequence[Line]) -> list[Circle]:
    """Every circle once, those that share a question as one, in the order of the table."""
    hangs_on = _hangs_on(lines)
    numbers = {name: line.number for line in reversed(lines) if (name := line.get("name"))}
    found = []
    for members in _knots(hangs_on):
        begin = min(members, key=lambda name: numbers[name])
        way = _shortest(begin, members, hangs_on)
        found.append(Circle(way, tuple(sorted({numbers[name] for name in members}))))
    return sorted(found, key=lambda circle: circle.lines)


def _hangs_on(lines: Iterable[Line]) -> dict[str, list[str]]:
    """name → names, of those there are."""
    read: dict[str, set[str]] = {}
    around: list[str] = []
    for line in lines:
        kind, name = line.get("type"), line.get("name")
        if kind.startswith("end "):
            del around[-1:]
            continue
        if name:
            read.setdefault(name, set()).update(_read_by(line, name), around[-1:])
        if kind.startswith("begin "):
            around.append(name)
    return {name: sorted(names & read.keys()) for name, names in read.items()}


def _read_by(line: Line, name: str) -> Iterator[str]:
    """An expression that is refused for itself leads nowhere."""
    for source in filter(is_fit, filter(None, map(line.get, MOVING))):
        yield from references(source)
        if reads_itself(source):
            yield name


def _knots(hangs_on: Mapping[str, Sequence[str]]) -> Iterator[set[str]]:
    """Sets of names that all hang on each other: each reaches every other. A name alone is one if it reads itself."""
    reached = {name: _reach(name, hangs_on) for name in hangs_on}
    seen: set[str] = set()
    for name, others in reached.items():
        if name in others and name not in seen:
            members = {other for other in others if name in reached[other]}
            seen |= members
            yield members


def _reach(begin: str, hangs_on: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    level = list(hangs_on[begin])
    while level:
        name = level.pop()
        if name not in found:
            found.add(name)
            level += hangs_on[name]
    return found


def _shortest(begin: str, members: set[str], hangs_on: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The shortest way from `begin` back to it."""
    ways: list[tuple[str, ...]] = [(begin,)]
    seen: set[str] = set()
    for way in ways:
        for name in hangs_on[way[-1]]:
            if name == begin:
                return (*way, begin)
            if name in members and name not in seen:
                seen.add(name)
                ways.append((*way, name))
    raise AssertionError(begin)
