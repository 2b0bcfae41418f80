"""The house keeps its shape: which rooms there are, what may enter them, and how long a page of code may be."""

import ast
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver

from project import packages
from project.packages import named

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("grid", "tasks", "workflows", "mobile_api", "project")
TOP = {
    *PACKAGES, "templates", "tests", "requirements.txt", "README.md", "manage.py", "Makefile", "pyproject.toml",
    "package.json", "package-lock.json", "CHANGELOG.md", "LICENSE", "docs", "deploy", ".ci", ".gitignore",
    "CONTRIBUTING.md", "SECURITY.md", ".editorconfig", ".pre-commit-config.yaml",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 40

# Written with gaps, so that this file does not find itself.
UNFINISHED = re.compile(r"(#|//|\*|<!--|--)\s*.*\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
# A path that goes on from instance(...) is an XForm's own.
MACHINE_PATH = re.compile(r"(?<![\w.)])/(work/main|work/shared|root/|home/\w+|opt/\w+/simple)")
REGISTRY = re.compile(r"https?://[^\s\"'/]*(registry|pypi|npm|mirror|proxy\.golang)[^\s\"']*", re.IGNORECASE)
INDEX_OPTION = re.compile(r"^\s*(--(extra-)?index-url|--find-links|-i |-f |registry\s*=)", re.MULTILINE)

TEXT = {
    ".py",
    ".md",
    ".txt",
    ".toml",
    ".json",
    ".ts",
    ".vue",
    ".css",
    ".js",
    ".html",
    ".typ",
    ".sh",
    ".yml",
    ".yaml",
}
TEXT |= {".conf", ".service", ".example", ".po", ".sql", ".csv", ""}


def kept_files() -> list[Path]:
    """What belongs to the project: followed by git, or new and not ignored. A bare export counts everything."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


FILES = kept_files()
SOURCES = [
    file
    for file in FILES
    if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in file.parts
]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=name_of(file))


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_text(pattern: re.Pattern[str], but: tuple[str, ...] = ()) -> list[str]:
    found = []
    for file in FILES:
        if file.suffix not in TEXT or name_of(file) in but:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        # Nearly every file has nothing to be found: its lines are not looked at one by one.
        for number, line in enumerate(text.splitlines() if pattern.search(text) else (), 1):
            if pattern.search(line):
                found.append(f"{name_of(file)}:{number}: {line.strip()[:100]}")
    return found


def test_the_top_level_holds_only_what_the_architecture_lists():
    assert {file.relative_to(ROOT).parts[0] for file in FILES} - TOP == set()


def test_no_drawers_for_everything():
    drawers = {"utils.py", "helpers.py", "misc.py", "common.py", "signals.py"}
    assert [name_of(file) for file in SOURCES if file.name in drawers] == []


CHANCE = re.compile(r"(secrets|random)\.\w+|.*uuid[14]|.*urandom|(.*\.)?(now|today|localdate|time)")


CLOCK_READINGS = re.compile(r"(time\.)?(time|monotonic|perf_counter|process_time)(_ns)?")
IN_SECONDS = {"join", "result", "communicate", "receive_from", "timeout", "run", "urlopen", "wait"}
IN_MILLISECONDS = re.compile(r"to_\w+|wait_for|click|set_options|set_default_timeout")


def impatient(tree: ast.Module) -> Iterator[int]:
    """Lines that compare a clock with a number, or give up in less than a minute what must happen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            parts = list(ast.walk(node.test))
            if any(map(reads_a_clock, parts)) and numbers_among(parts):
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, named = node.func.attr, [word.value for word in node.keywords if word.arg == "timeout"]
            # Less than a second is a pause between two looks.
            seconds = numbers_among([*node.args, *named]) if name in IN_SECONDS else []
            thousandths = numbers_among(named) if IN_MILLISECONDS.fullmatch(name) else []
            if any(1 <= n < 60 for n in seconds) or any(n < 60_000 for n in thousandths):
                yield node.lineno


def reads_a_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(CLOCK_READINGS.fullmatch(ast.unparse(node.func)))


def numbers_among(nodes: Iterable[ast.AST]) -> list[float]:
    return [
        node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]


def by_chance(tree: ast.Module) -> Iterator[int]:
    """Lines of decorators whose values come from chance, the clock or the order of a set.

    A parameter stands in the name of its test. Each worker of a run reads the modules for itself and must find the
    same tests under the same names.
    """
    drawn: set[str] = set()

    def chancy(node: ast.AST) -> bool:
        if isinstance(node, ast.Lambda):
            return False
        if isinstance(node, ast.Name):
            return node.id in drawn
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if CHANCE.fullmatch(called):
                return True
            if called.endswith("parametrize") and any(
                isinstance(given, ast.Set | ast.SetComp) for given in node.args
            ):
                return True
        return any(map(chancy, ast.iter_child_nodes(node)))

    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and chancy(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            drawn |= {
                name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from (given.lineno for given in node.decorator_list if chancy(given))


def test_every_worker_finds_the_same_tests():
    modules = [file for file in FILES if file.suffix == ".py" and name_of(file).startswith("tests/")]
    assert [f"{name_of(file)}:{line}" for file in modules for line in by_chance(tree_of(file))] == []
    assert list(
        by_chance(ast.parse("@mark.parametrize('key', [secrets.token_hex(8)])\ndef test(): now()"))
    ) == [1]


def test_no_test_is_decided_by_what_else_the_machine_does():
    """What is asked for soon is measured by tests/patience.py; what must happen is waited for as long as it says."""
    files = [file for file in FILES if name_of(file).startswith("tests/") and file.suffix == ".py"]
    judged = [
        file
        for file in files
        if not name_of(file).startswith(("tests/bench/", "tests/deploy/", "tests/patience"))
    ]
    assert [f"{name_of(file)}:{line}" for file in judged for line in impatient(tree_of(file))] == []
    for hasty in ("assert perf_counter() - began < 3", "thread.join(5)", "expect(box).to_be_visible(timeout=9_000)",
                  "await page.receive_from(timeout=3)"):  # fmt: skip
        assert list(impatient(ast.parse(hasty))) == [1], hasty


# A pause is no proof that something has happened: where one stands, how many times, and why.
PAUSES = {
    "tests/journeys/people.py": (1, "between two looks, while the page goes on"),
    "tests/browser/pictures.py": (4, "for pictures, which prove nothing"),
    "tests/browser/test_phone_screens.py": (1, "a screen comes to rest before it is measured"),
    "tests/browser/test_phone_looks.py": (1, "a screen comes to rest before it is measured"),
    "tests/browser/test_phone_doors.py": (2, "a screen comes to rest before it is measured"),
    "tests/browser/test_live_pages.py": (1, "the page asks by itself what it missed"),
    "tests/browser/test_desk.py": (1, "the page asks by itself what it missed"),
    "tests/browser/test_week.py": (4, "nothing must happen, or what follows is waited for"),
}


def test_no_pause_stands_for_what_must_have_happened():
    found = Counter(
        name_of(file)
        for file in FILES
        if name_of(file).startswith("tests/") and not name_of(file).startswith("tests/bench/")
        if file.suffix == ".py"
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute) and node.attr == "wait_for_timeout"
    )
    assert found == {name: count for name, (count, _why) in PAUSES.items()}


def test_nothing_is_left_unfinished():
    assert in_text(UNFINISHED, but=("package-lock.json", "LICENSE")) == []


def test_no_path_of_somebodys_machine():
    assert in_text(MACHINE_PATH) == []


def test_no_address_of_a_package_registry():
    assert in_text(REGISTRY) == []
    for file in FILES:
        if file.name in {".npmrc", "pip.conf"} or file.name.endswith("requirements.txt"):
            assert not INDEX_OPTION.search(file.read_text()), name_of(file)


def test_the_lock_file_names_versions_and_hashes_not_places():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package.get("link") or "integrity" in package, name


def test_every_python_package_is_pinned_exactly():
    for file in (
        ROOT / "requirements.txt",
        ROOT / "tests/requirements.txt",
        ROOT / "deploy/requirements.txt",
    ):
        for line in file.read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", line), f"{name_of(file)}: {line}"


def test_every_python_package_is_locked_to_the_bytes_of_its_files():
    lock = {named(line.split(" ")[0]): line for line in packages.LOCK.read_text().splitlines()}
    wanted = packages.pins(*(ROOT / name for name in packages.PINS))
    assert set(lock) == {named(pin) for pin in wanted}, "make lock"
    assert [
        line for line in lock.values() if not re.fullmatch(r"\S+( --hash=sha256:[0-9a-f]{64})+", line)
    ] == []


def test_files_can_be_read_in_one_sitting():
    lengths = {name_of(file): len(file.read_text().splitlines()) for file in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_can_be_read_at_a_glance():
    long: dict[str, int] = {}
    for file in SOURCES:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{name_of(file)}:{node.name}"
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[name] = length
    assert long == {}


MOST_PARAMETERS = 6
# How many functions of a package take more: only ever fewer. Past six, what belongs together is a value of its own.
TAKING_MORE = {"grid": 12, "tasks": 0, "workflows": 0, "mobile_api": 0, "project": 2}


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    named = [posonlyarg.arg for posonlyarg in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in named if name not in ("self", "cls")]) + sum(
        rest is not None for rest in (given.vararg, given.kwarg)
    )


def test_functions_take_few_parameters():
    more: dict[str, list[str]] = {package: [] for package in PACKAGES}
    for file in SOURCES:
        for node in ast.walk(tree_of(file)):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and parameters(node) > MOST_PARAMETERS
            ):
                more[name_of(file).split("/")[0]].append(f"{name_of(file)}:{node.lineno} {node.name}")
    assert {package: found for package, found in more.items() if len(found) > TAKING_MORE[package]} == {}


# --- the rooms ---------------------------------------------------------------------------------

CLOCKS = {"now", "today", "utcnow", "localtime", "localdate"}


def in_room(file: Path, *rooms: str) -> bool:
    """A room is a file of that name, or what stands in a folder of that name."""
    return bool({file.stem, *(folder.name for folder in file.relative_to(ROOT).parents)} & set(rooms))


def test_rules_touch_neither_tables_nor_the_clock():
    wrong = []
    for file in SOURCES:
        if not in_room(file, "rules"):
            continue
        for module in imports(file):
            if module.startswith(("django.db", "django.utils.timezone")):
                wrong.append(f"{name_of(file)} imports {module}")
            if module.rsplit(".", 1)[-1] in {"models", "actions", "queries"}:
                wrong.append(f"{name_of(file)} imports {module}")
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in CLOCKS:
                    wrong.append(f"{name_of(file)}:{node.lineno} asks the clock")
    assert wrong == []


ENGINE = "viewflow.workflow"


def test_only_the_engine_and_the_flows_talk_to_viewflow():
    """A table may hang on the engine's process row; starting, finishing and asking go through one door."""
    allowed = {"procedures", "nodes", "agenda", "kind"}
    process = {f"{ENGINE}.models", f"{ENGINE}.models.Process"}
    wrong = []
    for file in SOURCES:
        heard = {module for module in imports(file) if f"{module}.".startswith(f"{ENGINE}.")}
        if file.name == "models.py" or file.parent.name == "models":
            heard -= process
        # What a matter's agenda consists of is declared in its own room.
        if file.name == "flow.py" or file in {ROOT / f"workflows/engine/{name}.py" for name in allowed}:
            continue
        if heard:
            wrong.append(f"{name_of(file)} imports {sorted(heard)}")
    assert wrong == []


def test_one_place_knows_the_time():
    """Everything else asks grid.calendar.now; leases and settings measure the machine, not the city."""
    allowed = {"grid/calendar/now.py"}
    asking = re.compile(r"\btimezone\.now\(")
    assert [name_of(f) for f in SOURCES if asking.search(f.read_text()) and name_of(f) not in allowed] == []


def test_views_leave_tables_to_actions_and_queries():
    wrong = []
    for file in SOURCES:
        if not in_room(file, "views", "api", "urls") and file.name != "forms.py":
            continue
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Attribute) and node.attr in {
                "objects",
                "_base_manager",
                "_default_manager",
            }:
                wrong.append(f"{name_of(file)}:{node.lineno}")
    assert wrong == []


def test_queries_do_not_write():
    writing = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_for_update"}
    wrong = []
    for file in SOURCES:
        if not in_room(file, "queries"):
            continue
        for node in ast.walk(tree_of(file)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in writing
            ):
                wrong.append(f"{name_of(file)}:{node.lineno} {node.func.attr}")
    assert wrong == []


def test_whatever_answers_an_address_is_a_view():
    """So that the laws above bind it. Asked of the addresses themselves, not of names of files."""

    def callbacks(patterns) -> Iterator[str]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from callbacks(pattern.url_patterns)
            else:
                yield pattern.callback.__module__

    ours = {name for name in callbacks(get_resolver().url_patterns) if name.split(".")[0] in PACKAGES}
    assert {name for name in ours if not {"views", "api"} & set(name.split("."))} == set()


NATIVE = {"python_calamine", "pikepdf", "PIL", "pillow_heif", "zipfile", "lxml"}
CONFINED = re.compile(r'"((?:\w+\.)+\w+):\w+"')


def test_strange_files_are_opened_by_readers_that_run_in_a_child():
    """A reader that believes what a file says of its size may end the process: `grid.confined` starts it in another.

    Such a module is named in a string, "module:function".
    """
    readers = {
        found.replace(".", "/") + ".py"
        for file in SOURCES
        for found in CONFINED.findall(file.read_text(encoding="utf-8"))
    }
    opening = {name_of(file) for file in SOURCES if {name.split(".")[0] for name in imports(file)} & NATIVE}
    assert opening - readers == set()


def test_lines_of_templates_can_be_read_in_a_difference() -> None:
    """A break shows as a blank between Chinese words: a line is broken where one is, or inside a tag, before its end."""
    templates = [file for file in FILES if name_of(file).startswith("templates/") and file.suffix != ".txt"]
    long = [
        f"{name_of(file)}:{number}"
        for file in templates
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []
