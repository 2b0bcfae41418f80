"""The order among the rooms, drawn from the imports: no file and no room leads back to itself.

A room is a folder of a package, or a file beside those folders. Imports inside functions count as well: they hide a
circle from whoever starts the program, not from whoever reads it. The order itself stands in pyproject.toml.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.test_house import PACKAGES, ROOT, SOURCES, name_of, tree_of

ORDERED = ("grid", "tasks", "mobile_api", "project")
ROOMED = ("grid", "tasks", "workflows", "mobile_api")
Graph = Mapping[str, set[str]]

# Imported inside a function although no app gets ready there: (file, what) → why.
LATE = {
    (
        "project/management/commands/serve.py",
        "project.asgi",
    ): "daphne installs its reactor when it is imported",
    ("project/backup/checking.py", "grid"): "runs before Django is set up",
    ("project/backup/checking.py", "project"): "runs before Django is set up",
}


def module_of(file: Path) -> str:
    return name_of(file).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


MODULES = {module_of(file): file for file in SOURCES}


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules of ours that are imported somewhere below `tree`. The house imports by full names only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in MODULES or node.module in MODULES:
                    yield full if full in MODULES else node.module


def files_of(package: str) -> Graph:
    own = {module: file for module, file in MODULES.items() if module.split(".")[0] == package}
    return {module: (set(imported(tree_of(file))) & own.keys()) - {module} for module, file in own.items()}


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def rooms_of(package: str) -> Graph:
    rooms: dict[str, set[str]] = {}
    for module, others in files_of(package).items():
        rooms.setdefault(room_of(module), set()).update(map(room_of, others - {package}))
    return {room: others - {room} for room, others in rooms.items() if room != package}


def circles(graph: Graph) -> list[list[str]]:
    """Groups of nodes each of which leads to every other of its group."""
    reached = {node: _from(graph, node) for node in graph}
    groups = {frozenset(other for other in reached[node] if node in reached[other]) for node in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _from(graph: Graph, node: str) -> set[str]:
    seen, next_ones = set[str](), [node]
    while next_ones:
        for other in graph[next_ones.pop()] - seen:
            seen.add(other)
            next_ones.append(other)
    return seen


@pytest.mark.parametrize("package", ORDERED)
def test_no_file_leads_back_to_itself(package):
    assert circles(files_of(package)) == []


@pytest.mark.parametrize("package", ORDERED)
def test_no_room_leads_back_to_itself(package):
    assert circles(rooms_of(package)) == []


# --- names of files ------------------------------------------------------------------------------

# The rooms of docs and README: a file of such a name, or what stands in a folder of such a name.
NAMES = {
    "models", "rules", "states", "flow", "kind", "actions", "acts", "queries", "views", "forms", "urls", "api", "terms",
    "documents", "letters", "problems", "verbs", "jobs", "reading", "waiting", "opening", "resting", "sweeping",
    "triggers", "checks", "followers",
}  # fmt: skip
# A file of another name → why.
ELSEWHERE = {
    "grid/accounts/sessions.py": "what SESSION_ENGINE names is a module of Django's making",
    "grid/calendar/now.py": "the one place that asks the clock",
    "grid/ledger/bulk.py": "how rows are written fast, for whichever act",
    "grid/ledger/canonical.py": "the bytes of an entry: the auditor's programs read them too",
    "grid/ledger/findings.py": "an auditor runs it at home",
    "grid/ledger/handover.py": "an auditor runs it at home",
    "grid/ledger/keys.py": "the settings' keys, held against what they signed",
    "grid/ledger/merkle.py": "an auditor runs it at home",
    "grid/ledger/newkey.py": "a program: python -m grid.ledger.newkey",
    "grid/ledger/notes.py": "an auditor runs it at home",
    "grid/ledger/tree.py": "the stored nodes, which the sealer adds and every proof reads",
    "grid/ledger/verify.py": "an auditor runs it at home",
    "grid/ledger/verify_case.py": "an auditor runs it at home",
    "grid/ledger/verify_full.py": "an auditor runs it at home",
    "grid/ledger/verify_keys.py": "an auditor runs it at home",
    "grid/registers/standing.py": "one question in Python and in SQL, held together",
    "tasks/rounds/dispatch.py": "the path of its job lies in the queue",
    "workflows/duties/referring.py": "values that a form builds, and queries and actions take",
    "workflows/engine/agenda.py": "talks to viewflow, below every act",
    "workflows/engine/nodes.py": "what flows are built of",
    "workflows/engine/procedures.py": "the one door to viewflow",
}
# Pure, and no rules of a room: why not.
PURE_ALONE = {
    "grid/discreet.py": "beside the rooms",
    "grid/spelling.py": "beside the rooms",
    "grid/ledger/findings.py": "an auditor runs it at home, without the server",
    "grid/ledger/merkle.py": "an auditor runs it at home, without the server",
    "grid/territory/grids/reading/datum.py": "read in a child, which pays for each import",
}


def rooms_along(file: Path) -> set[str]:
    """The names of a file in a folder of a package, and of the folders it stands in."""
    return set(name_of(file).removesuffix(".py").split("/")[1:])


def test_files_are_named_as_the_rooms_are():
    others = set()
    for file in SOURCES:
        package, *inner = name_of(file).removesuffix(".py").split("/")
        if package in ROOMED and len(inner) > 1 and inner[0] != "management" and inner[-1] != "__init__":
            others |= {name_of(file)} if not rooms_along(file) & NAMES else set()
    assert others == ELSEWHERE.keys()


def test_the_readme_names_the_rooms_there_are():
    told = next(
        line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("Each folder has")
    )
    rooms, _dot, rest = told.partition("A file of any other name")
    assert {name.removesuffix(".py") for name in re.findall(r"`(\w+\.py)`", rooms)} == NAMES
    assert rest.startswith(" stands in `tests/test_rooms.py` with its reason")
    assert {room for file in SOURCES for room in rooms_along(file)} >= NAMES


def test_what_says_that_it_is_pure_stands_among_the_rules():
    """So that the laws of rules bind it (tests/test_house.py, pyproject.toml)."""
    pure = {
        name_of(file)
        for file in SOURCES
        if re.search(r"\b[Pp]ure\b", ast.get_docstring(tree_of(file)) or "")
        and "rules" not in rooms_along(file)
    }
    assert pure == PURE_ALONE.keys()


def test_imports_stand_at_the_top():
    """Inside a function only where an app gets ready, and where the reason is named above."""
    late = {
        (name_of(file), module)
        for file in SOURCES
        if name_of(file).split("/")[0] in ORDERED and file.name != "apps.py"
        for function in ast.walk(tree_of(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for module in imported(function)
    }
    unnamed = {
        f"{file} imports {module} late"
        for file, module in late
        if not any(file == place and f"{module}.".startswith(f"{what}.") for place, what in LATE)
    }
    assert unnamed == set()
    assert {place for place, _what in LATE} == {file for file, _module in late}


def test_the_drawing_sees_a_circle():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [["a", "b", "c"]]
    assert set(ORDERED) < set(PACKAGES)
    assert "grid.scope" in rooms_of("grid")["grid.territory"]
