"""The rooms of workflows stand in one order, and the imports say so: no circle of files, none of rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import ROOT, tree_of

pytestmark = pytest.mark.once
HOUSE = ROOT / "workflows"
# Files at the top put the rooms together: Django looks for them there, or rows of the engine name them.
TOP = {"apps", "flows", "models", "management"}


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_of(file): file for file in sorted(HOUSE.rglob("*.py")) if "migrations" not in file.parts}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def read_by(module: str) -> Iterator[str]:
    """The files of workflows that a file imports, anywhere in it; not what it only names in its types."""
    tree = tree_of(FILES[module])
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in (node for node in ast.walk(tree) if id(node) not in typed):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if inner in FILES else node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


READS = {
    module: {other for other in read_by(module) if other in FILES and other != module} for module in FILES
}


def rings(reads: dict[str, set[str]]) -> list[list[str]]:
    """What reaches itself along imports, each ring once."""
    reached = {name: _all_from(name, reads) for name in reads}
    found = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in reads
        if name in reached[name]
    }
    return sorted(sorted(ring) for ring in found)


def _all_from(name: str, reads: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(reads[name])
    while waiting:
        if (other := waiting.pop()) not in reached:
            reached.add(other)
            waiting += reads.get(other, ())
    return reached


def between_rooms() -> dict[str, set[str]]:
    rooms: dict[str, set[str]] = {room_of(module): set() for module in FILES if room_of(module) not in TOP}
    for module, others in READS.items():
        here = room_of(module)
        if here in rooms:
            rooms[here] |= {room_of(other) for other in others} & set(rooms) - {here}
    return rooms


def test_no_files_import_each_other_in_a_ring() -> None:
    assert rings(READS) == []


def test_no_rooms_import_each_other_in_a_ring() -> None:
    assert rings(between_rooms()) == []


def test_a_ring_would_be_found() -> None:
    assert rings({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
