"""What only tests call is no part of the system: every public function and class of the five packages is used by one of
them, or found by the framework in its place.

Read from the sources, without running them. A use is a name or an attribute that leads, through the imports of its file,
to the thing; or a text that names it whole, as a task, a setting or a reader in a child is named. What uses only itself is
not used. Methods are not looked at.
"""

import ast
import re
from collections.abc import Iterator

from tests.test_actions_write_ledger import dotted, imported, module_of
from tests.test_house import FILES, PACKAGES, ROOT, SOURCES, tree_of

# What the framework finds by its name, or by the file it stands in.
BY_NAME = {"Command", "handler500"}
BY_PLACE = re.compile(r"\.apps$|\.templatetags\.")
NAMED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+(?::\w+)?")
TAIL = re.compile(r"\.\w+")  # behind the name of a module that stands in a constant
TREES = {module_of(file): tree_of(file) for file in SOURCES}
# An old migration runs with what it names.
MIGRATIONS = {
    module_of(file): tree_of(file)
    for file in FILES
    if file.suffix == ".py"
    and file.parent.name == "migrations"
    and file.relative_to(ROOT).parts[0] in PACKAGES
}
# Used where no name leads to it, and by what; the rest are questions that tests ask of what the system wrote.
OTHERWISE = {
    "grid.accounts.sessions.SessionStore": "SESSION_ENGINE names its module",
    "grid.codes.read_door_text": "what a phone does with the code of a door, in its own language: both are held together",
    "grid.ledger.merkle.in_memory": "a tree over a list: the stored one is held against it",
    "grid.ledger.queries.export": "an export without its entry in the ledger, for the verifier's own tests",
    "grid.ledger.actions.times.faults": "what refuses an entry, in words: the same looks as time_of_writing",
    "grid.ledger.queries.search": "what the ledger keeps, by what it is about; the auditor's page asks stories.find",
    "grid.registers.queries.versions_of": "what deliveries leave behind of a unit, version by version",
    "grid.subjects.queries.find_subjects": "search by code, name and initials: no page asks it yet",
    "tasks.forms.judging.faults_of": "one of the two answers of `weighed`",
    "tasks.forms.tables.form_xml": "a version's XForm as a client gets it",
    "tasks.rounds.states.may": "asked through Kind.path, with the transitions an act takes",
    "tasks.rounds.states.sources": "asked through Kind.path, with the transitions an act takes",
    "workflows.audits.states.sources": "asked through Kind.path, with the transitions an act takes",
    "workflows.cases.states.sources": "asked through Kind.path, with the transitions an act takes",
    "workflows.inspections.states.sources": "asked through Kind.path, with the transitions an act takes",
    "workflows.remedies.queries.suspends": "one of the effects of a remedy (rules.effects)",
    "workflows.engine.procedures.open_steps": "what stands open in the engine, held against the states that are ours",
}


def made() -> Iterator[tuple[str, ast.stmt]]:
    for module, tree in TREES.items():
        if BY_PLACE.search(module):
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name[0] != "_" and node.name not in BY_NAME and not _is_registered(node):
                yield f"{module}.{node.name}", node


def _is_registered(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A decorator that hands it to somebody is its use: an address of the API, a lookup, a check."""
    return any(
        re.match(r"router\.|\w+\.register|register", ast.unparse(decorator))
        for decorator in node.decorator_list
    )


def uses(trees: dict[str, ast.Module]) -> Iterator[tuple[str, str]]:
    """(who, what) by their full names; what a package only passes on stands for what it passes on."""
    names = {module: imported(module, tree) for module, tree in trees.items()}
    passed = {f"{module}.{name}": full for module, known in names.items() for name, full in known.items()}

    def origin(name: str) -> str:
        for _ in range(5):
            name = passed.get(name, name)
        return name

    for module, tree in trees.items():
        own = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        }
        for node in tree.body:
            who = f"{module}.{getattr(node, 'name', '')}"
            for inner in ast.walk(node):
                if found := _fetched(inner):
                    yield who, origin(found)
                elif isinstance(inner, ast.Name | ast.Attribute):
                    first, dot, rest = dotted(inner).partition(".")
                    full = names[module].get(first) or (f"{module}.{first}" if first in own else "")
                    if full:
                        yield who, origin(full + dot + rest)
                elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    for text in NAMED.findall(inner.value):
                        yield who, origin(text.replace(":", "."))
                    if TAIL.fullmatch(inner.value):
                        yield who, inner.value


def _fetched(node: ast.AST) -> str:
    """What `import_module("a.b").name` is."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call)):
        return ""
    call = node.value
    is_import = getattr(call.func, "id", "") == "import_module" and isinstance(call.args[0], ast.Constant)
    return f"{call.args[0].value}.{node.attr}" if is_import else ""  # type: ignore[attr-defined]


def unused() -> list[str]:
    used = {what for who, what in uses(TREES | MIGRATIONS) if who != what}
    return [
        name
        for name, _node in made()
        if not {name, f".{name.rpartition('.')[2]}"} & used and name not in OTHERWISE
    ]


def test_everything_is_used_by_the_system_itself() -> None:
    assert unused() == []
    assert OTHERWISE.keys() <= {name for name, _node in made()}


def test_what_only_calls_itself_is_not_used() -> None:
    trees = {
        "grid.one": ast.parse("def f():\n    f()\ndef g():\n    pass\n"),
        "grid.two": ast.parse("from grid import one\none.g()\n"),
    }
    assert set(uses(trees)) == {
        ("grid.one.f", "grid.one.f"),
        ("grid.two.", "grid.one"),
        ("grid.two.", "grid.one.g"),
    }
