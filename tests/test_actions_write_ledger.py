"""Every act leaves an entry: a public function that takes `by`, wherever it stands, reaches the ledger.

Read from the source, without running it: a call counts when its name leads, through the imports of its file,
to a function that itself reaches `record` or `record_many`.

An act that is only ever a part of others says so: a line of its docstring begins with "Part of". Then whoever
calls it must write the entry; being registered in an app's `ready` counts as being called by one who does. What only
asks whether `by` may, or in whose name, begins a line with "Asks", and saves nothing.

And every act has a door: something that is not a test calls it, or names it to be called.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("grid", "tasks", "workflows", "mobile_api", "project")
SAVING = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
}
# Writes no entry and is no part of an act that does: why not.
SILENT = {
    "grid.people.actions.keep_sheet": "a list counts for nothing before it is taken, which writes its entries"
}
LEDGER = {f"grid.ledger.actions.{name}" for name in ("record", "record_many", "record_acts")}

Calls = dict[str, set[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(module: str, tree: ast.AST) -> dict[str, str]:
    """Name in this file → what it stands for, for imports anywhere in it (also inside functions)."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                names[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            names |= {name.asname or name.name: f"{source}.{name.name}" for name in node.names}
    return names


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def functions(module: str, tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Top-level functions and methods by their full names."""
    for node in tree.body:
        if isinstance(node, Function):
            yield f"{module}.{node.name}", node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{module}.{node.name}.{inner.name}", inner


def called(module: str, tree: ast.Module) -> Calls:
    """Function → the full names it mentions: called, or handed on to be called."""
    names = imported(module, tree)
    own = {node.name for node in tree.body if isinstance(node, Function)}

    def full(name: str) -> str:
        first, dot, rest = name.partition(".")
        return names[first] + dot + rest if first in names else f"{module}.{name}" if first in own else ""

    return {
        name: {full(dotted(inner)) for inner in ast.walk(node) if isinstance(inner, ast.Name | ast.Attribute)}
        for name, node in functions(module, tree)
    }


def graph(trees: dict[str, ast.Module]) -> Calls:
    """All calls, with names that a package only passes on (`from .opening import open_case`) resolved."""
    passed = {
        f"{module}.{name}": full
        for module, tree in trees.items()
        for name, full in imported(module, tree).items()
    }

    def origin(name: str) -> str:
        for _ in range(5):
            name = passed.get(name, name)
        return name

    calls: Calls = {}
    for module, tree in trees.items():
        calls |= {name: {origin(callee) for callee in inner} for name, inner in called(module, tree).items()}
    return calls


def writing(calls: Calls) -> set[str]:
    """Functions from which the ledger is reached."""
    reached = set(LEDGER)
    while more := {name for name, inner in calls.items() if inner & reached} - reached:
        reached |= more
    return reached


def acts(trees: dict[str, ast.Module]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions that take `by`, in whatever file."""
    for module, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = {argument.arg for argument in node.args.args + node.args.kwonlyargs}
                if "by" in arguments:
                    yield f"{module}.{node.name}", node


def silent(sources: dict[str, str]) -> set[str]:
    """Acts that write no entry. `sources`: module → text."""
    trees = {module: ast.parse(source) for module, source in sources.items()}
    calls = graph(trees)
    writes = writing(calls)

    def told_by_callers(name: str, seen: frozenset[str] = frozenset()) -> bool:
        callers = {caller for caller, inner in calls.items() if name in inner} - seen - {name}
        return bool(callers) and all(
            caller in writes or caller.endswith(".ready") or told_by_callers(caller, seen | {name})
            for caller in callers
        )

    def says(act: ast.FunctionDef, word: str) -> bool:
        return bool(re.search(rf"^\s*{word} ", ast.get_docstring(act) or "", re.MULTILINE))

    return {
        name
        for name, act in acts(trees)
        if name not in writes
        and not (says(act, "Part of") and told_by_callers(name))
        and not (says(act, "Asks") and not _saves(act))
    }


def _saves(act: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in SAVING for node in ast.walk(act))


def mentioned(trees: dict[str, ast.Module]) -> set[str]:
    """Full names of everything some code mentions outside its own definition; paths in strings count."""
    found: set[str] = set()
    calls = graph(trees)
    for name, inner in calls.items():
        found |= inner - {name}
    for module, tree in trees.items():
        names = imported(module, tree)
        rest = [node for node in tree.body if not isinstance(node, Function | ast.Import | ast.ImportFrom)]
        for node in (inner for top in rest for inner in ast.walk(top)):
            if isinstance(node, ast.Name | ast.Attribute):
                first, dot, more = dotted(node).partition(".")
                found.add(names[first] + dot + more if first in names else f"{module}.{first}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value.replace(":", "."))
    passed = {f"{m}.{n}": full for m, tree in trees.items() for n, full in imported(m, tree).items()}
    for _ in range(5):
        found |= {passed[name] for name in found if name in passed}
    return found


def sources() -> dict[str, str]:
    """Module → text, of all five packages."""
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    return {module_of(file): file.read_text() for file in files if "node_modules" not in file.parts}


def test_every_act_writes_the_ledger() -> None:
    found = silent(sources())
    assert found - SILENT.keys() == set(), "these write no ledger entry, and say neither Part of nor Asks"
    assert SILENT.keys() <= found


def test_every_act_has_a_door() -> None:
    trees = {module: ast.parse(source) for module, source in sources().items()}
    known = mentioned(trees)
    # f"{_PACKAGE}.name": the end of a path.
    ends = {name for name in known if name.startswith(".")}
    closed = {
        name for name, _act in acts(trees) if name not in known and f".{name.rsplit('.', 1)[1]}" not in ends
    }
    assert closed == set()


def test_the_search_finds_a_silent_act_and_no_other() -> None:
    made_up = {
        "tasks.a.actions": (
            "from grid.ledger.actions import record\nfrom tasks.b import actions as b\nfrom tasks.c import deep\n"
            "def straight(*, by): record(1)\n"
            "def through_other(x, *, by): b.act(x, by=by)\n"
            "def through_private(by): _inner(by)\n"
            "def _inner(by): record(2)\n"
            "def through_module(*, by): deep.walk()\n"
            "def handed_on(*, by): each(straight)\n"
            "def silent(*, by): b.look(by)\n"
            "def same_name(*, by): thing.record(by)\n"
            "def without_actor(x): pass\n"
            "def part(*, by): 'Part of whole.'\n"
            "def whole(*, by):\n    part(by=by)\n    record(4)\n"
            "def lost_part(*, by): 'Part of nothing.'\n"
            "def loose_part(*, by): 'Part of whole, and called elsewhere.'\n"
            "def careless(): loose_part(by=1)\n"
            "def asking(*, by): 'Asks whether.'\n"
            "def asking_much(*, by):\n    'Asks whether.'\n    by.save()\n"
        ),
        "tasks.b.actions": (
            "def act(x, *, by):\n    from grid.ledger import actions\n    actions.record_many(x)\n"
            "def look(by): return 1\n"
        ),
        "tasks.d.actions": "from tasks.d.actions.inner import shown",
        "tasks.d.actions.inner": "def shown(*, by): 'Part of d.'\n",
        "tasks.e": (
            "from tasks.d.actions import shown\nfrom grid.ledger.actions import record\n"
            "def outer():\n    _middle()\n    record(5)\n"
            "def _middle(): shown(by=1)\n"
        ),
        "tasks.c.deep": "from grid.ledger.actions import record\ndef walk(): record(3)\n",
    }
    names = {
        "a.actions." + name for name in ("silent", "same_name", "lost_part", "loose_part", "asking_much")
    }
    assert silent(made_up) == {"tasks." + name for name in names | {"b.actions.look"}}
