"""The flows as graphs of plain values, read from the flows themselves."""

from typing import Any

from django.utils.translation import gettext as _

from workflows.charts.rules import Graph, Kind, Node
from workflows.engine.kind import kind_named
from workflows.engine.nodes import posts_with

KINDS: dict[str, Kind] = {"HUMAN": "human", "WAIT": "wait", "SWITCH": "switch", "END": "end"}


def graph_of(name: str) -> Graph:
    """The graph of a flow by its short name. Raises KeyError for one that is none."""
    flow = kind_named(name).flow
    # The engine keeps its nodes by name; the class keeps them in the order of the path.
    placed = {name: flow.instance.node(name) for name in vars(flow) if name in _names(flow)}
    edges = tuple(
        (node.name, edge.dst.name) for node in placed.values() for edge in node._outgoing() if edge.dst
    )
    nodes = tuple(
        Node(node.name, _title(node), KINDS.get(node.task_type, "start"), _lane(node, edges, placed))
        for node in placed.values()
    )
    return Graph(flow.__name__, _title_of(flow), nodes, edges)


def _names(flow: Any) -> set[str]:
    return {node.name for node in flow.instance.nodes()}


def _title_of(flow: Any) -> str:
    """What a flow is called: the first line of its docstring."""
    return str(flow.__doc__).strip().partition("\n")[0].strip()


def _title(node: Any) -> str:
    return "" if node.task_type == "SWITCH" else str(node.task_title)


def _lane(node: Any, edges: tuple[tuple[str, str], ...], placed: dict[str, Any]) -> str:
    """Who acts there. A switch and an end stand with the step before them, a start with the step after it."""
    before = [(dst, src) for src, dst in edges]
    step = _nearest(node, before, placed) or _nearest(node, list(edges), placed) or node
    return posts_with(step.rights[0]) if step.task_type == "HUMAN" else _("等待（期限、另案或者外部）")


def _nearest(node: Any, edges: list[tuple[str, str]], placed: dict[str, Any]) -> Any:
    """The first step, from `node` itself on along `edges`, that somebody takes or waits at."""
    reached, waiting = {node.name}, [node]
    while waiting:
        current = waiting.pop(0)
        if current.task_type in ("HUMAN", "WAIT"):
            return current
        new = [there for here, there in edges if here == current.name and there not in reached]
        reached |= set(new)
        waiting += [placed[name] for name in new]
    return None
