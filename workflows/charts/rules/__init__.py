"""Laying a flow out as a swimlane chart: one column for each who acts, one row for each step, read downwards.

Lines run in the gaps between rows and in the gutters between lanes, so that none crosses a box. Lines that leave
the same step share a gap line, lines that enter the same step share their way in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["start", "human", "wait", "switch", "end"]
Point = tuple[int, int]

LANE, GUTTER, HEAD, GAP, TRACK, EDGE = 150, 18, 56, 18, 7, 12
SIZES: dict[Kind, tuple[int, int]] = {
    "start": (36, 36),
    "human": (138, 52),
    "wait": (138, 52),
    "switch": (36, 36),
    "end": (36, 36),
}
IN_LINE, IN_HEAD = 9, 11  # Chinese characters in one line of a box, and of a lane's head


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    title: str
    kind: Kind
    lane: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow as plain values: steps in the order of the path, and which may follow which."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    @property
    def lanes(self) -> list[str]:
        return list(dict.fromkeys(node.lane for node in self.nodes))


@dataclass(frozen=True, slots=True)
class Box:
    node: Node
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The title in lines with the height each stands at; beside a small shape, inside a large one."""
        words = wrapped(self.node.title, IN_LINE)
        first = self.middle[1] - 8 * (len(words) - 1) + 5
        return [(first + 16 * place, text) for place, text in enumerate(words)]


@dataclass(frozen=True, slots=True)
class Wire:
    src: str
    dst: str
    points: tuple[Point, ...]

    @property
    def drawn(self) -> str:
        """As the points of an SVG polyline."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    x: int
    width: int

    @property
    def lines(self) -> list[tuple[int, str]]:
        words = wrapped(self.title, IN_HEAD)
        return [(HEAD // 2 + 5 - 8 * (len(words) - 1) + 16 * n, text) for n, text in enumerate(words)]

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    graph: Graph
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    width: int
    height: int


def wrapped(text: str, length: int) -> list[str]:
    """`text` in lines of at most `length` characters of about equal length; Chinese breaks anywhere."""
    count = -(-len(text) // length)
    each = -(-len(text) // count) if count else 1
    return [text[start : start + each] for start in range(0, len(text), each)]


# --- routes: which gaps and gutters a line takes ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leg:
    """A stretch of a line: along the gap below a row, or down a gutter, or down the middle of a lane."""

    where: Literal["gap", "gutter", "lane"]
    number: int
    key: str


class _Plan:
    """Rows, lanes and the lines' routes, before anything has a size."""

    def __init__(self, graph: Graph) -> None:
        lanes = graph.lanes
        self.row = {node.name: place for place, node in enumerate(graph.nodes)}
        self.lane = {node.name: lanes.index(node.lane) for node in graph.nodes}
        self.at = {(self.lane[name], row) for name, row in self.row.items()}
        self.routes = {edge: self._route(*edge) for edge in graph.edges}

    def _is_free(self, lane: int, above: int, below: int) -> bool:
        return not any((lane, row) in self.at for row in range(above + 1, below))

    def _route(self, src: str, dst: str) -> tuple[_Leg, ...]:
        above, below = self.row[src], self.row[dst]
        here, there = self.lane[src], self.lane[dst]
        out, into = _Leg("gap", above, f"out {src}"), _Leg("gap", below - 1, f"in {dst}")
        if above < below and self._is_free(there, above, below):
            return () if here == there else (out, _Leg("lane", there, dst))
        if above < below and here != there and self._is_free(here, above, below):
            return (_Leg("lane", here, src), into)
        side = there + 1 if here >= there else there
        return (out, _Leg("gutter", side, f"{'down' if above < below else 'up'} {dst}"), into)

    def tracks(self, where: str) -> dict[int, list[str]]:
        """For each gap or gutter the lines that run in it side by side."""
        found: dict[int, list[str]] = {}
        for legs in self.routes.values():
            for leg in legs:
                keys = found.setdefault(leg.number, []) if leg.where == where else []
                if leg.where == where and leg.key not in keys:
                    keys.append(leg.key)
        return found


# --- sizes -----------------------------------------------------------------------------------------


def lay_out(graph: Graph) -> Drawing:
    """The chart of a flow; units are pixels, and BPMN's own."""
    plan = _Plan(graph)
    gaps, gutters = plan.tracks("gap"), plan.tracks("gutter")
    columns, gutter_at = _columns(graph.lanes, gutters)
    boxes, gap_at, height = _boxes(graph.nodes, columns, gaps)
    by_name = {box.node.name: box for box in boxes}
    ways = _Ways(columns, _Tracks(gaps, gap_at), _Tracks(gutters, gutter_at))
    wires = tuple(
        Wire(src, dst, _points(by_name[src], by_name[dst], legs, ways))
        for (src, dst), legs in plan.routes.items()
    )
    last = columns[-1]
    width = last.x + last.width + _breadth(gutters.get(len(columns), []))
    return Drawing(graph, tuple(columns), boxes, wires, width, height)


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The lines side by side in each gap, or in each gutter, and where it begins."""

    keys: dict[int, list[str]]
    starts: dict[int, int]

    def at(self, leg: _Leg) -> int:
        return self.starts[leg.number] + EDGE // 2 + TRACK * self.keys[leg.number].index(leg.key)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where lines run once everything has its size."""

    columns: Sequence[Column]
    gaps: _Tracks
    gutters: _Tracks


def _breadth(keys: Sequence[str]) -> int:
    return GUTTER + TRACK * len(keys)


def _columns(lanes: Iterable[str], gutters: dict[int, list[str]]) -> tuple[list[Column], dict[int, int]]:
    """The lanes, and where each gutter begins; a gutter lies to the left of the lane of its number."""
    columns, starts, x = [], {}, 0
    for number, title in enumerate(lanes):
        starts[number] = x
        x += _breadth(gutters.get(number, []))
        columns.append(Column(title, x, LANE))
        x += LANE
    starts[len(columns)] = x
    return columns, starts


def _boxes(
    nodes: Sequence[Node], columns: Sequence[Column], gaps: dict[int, list[str]]
) -> tuple[tuple[Box, ...], dict[int, int], int]:
    """The boxes, where each gap begins, and the height of it all."""
    by_title = {column.title: column for column in columns}
    y, boxes, starts = HEAD, [], {}
    for row, node in enumerate(nodes):
        starts[row - 1] = y
        y += GAP + TRACK * len(gaps.get(row - 1, []))
        width, height = SIZES[node.kind]
        boxes.append(Box(node, by_title[node.lane].middle - width // 2, y, width, height))
        y += height
    starts[len(nodes) - 1] = y
    return tuple(boxes), starts, y + GAP + TRACK * len(gaps.get(len(nodes) - 1, []))


def _points(src: Box, dst: Box, legs: tuple[_Leg, ...], ways: _Ways) -> tuple[Point, ...]:
    """The corners of a line: down from the one, along its legs, down into the other."""
    x, end = src.middle[0], dst.middle[0]
    points: list[Point] = [(x, src.y + src.height)]
    for place, leg in enumerate(legs):
        if leg.where == "gap":
            y = ways.gaps.at(leg)
            points.append((x, y))
            x = _after_gap(legs[place + 1 :], end, ways)
            points.append((x, y))
    return (*points, (end, dst.y))


def _after_gap(rest: tuple[_Leg, ...], end: int, ways: _Ways) -> int:
    """The upright a line turns into when it leaves a gap."""
    if rest and rest[0].where == "gutter":
        return ways.gutters.at(rest[0])
    return ways.columns[rest[0].number].middle if rest else end
