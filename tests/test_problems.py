"""Every refusal has a stable code of its own, a Chinese text, a line in docs/problems.md, and stands where it is raised."""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

from grid.ledger.verbs import every_verb
from grid.problems import Problem
from project.management.commands import list_problems
from tests.test_actions_write_ledger import dotted, imported, module_of
from tests.test_house import PACKAGES, ROOT, SOURCES, tree_of

KINDS = list_problems._below(Problem)


def test_the_page_lists_exactly_what_the_code_can_refuse():
    assert list_problems.PAGE.read_text(encoding="utf8") == list_problems.page(), (
        "run manage.py list_problems --write"
    )


def test_codes_are_unique_and_kebab_case():
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


def test_every_text_is_chinese_and_fills_from_its_facts():
    for kind in KINDS:
        facts = {name: "甲" for _, name, _, _ in Formatter().parse(str(kind.template)) if name}
        text = f"{kind.title}{kind(**facts).detail}"
        assert re.search("[\u4e00-\u9fff]", text), kind.code
        assert "{" not in text


def room_of(module: str) -> str:
    """The room a module is in; what stands beside the rooms of a package is of the package."""
    package, room, *_ = [*module.split("."), ""]
    return f"{package}.{room}" if (ROOT / package / room / "__init__.py").is_file() and room else package


def named_in(tree: ast.Module, module: str) -> Iterator[str]:
    """What a file names of others, in full; what it only catches is not named by it."""
    names = imported(module, tree)
    caught = {id(part) for handler in ast.walk(tree) if isinstance(handler, ast.ExceptHandler) and handler.type
              for part in ast.walk(handler.type)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in caught:
            first, dot, rest = dotted(node).partition(".")
            if first in names:
                yield names[first] + dot + rest


def rooms_that_name(files: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    rooms = defaultdict(set)
    for module, tree in files.items():
        for name in named_in(tree, module):
            rooms[name].add(room_of(module))
    return rooms


def others_than(file: str) -> dict[str, ast.Module]:
    """The system's own files that declare nothing of the kind."""
    return {module_of(source): tree_of(source) for source in SOURCES if source.name != file}


def test_each_is_declared_once_in_the_file_of_a_room():
    assert [kind.__module__ for kind in KINDS if not is_of_a_room(kind.__module__, "problems")] == []
    assert [name for name, times in Counter(kind.__name__ for kind in KINDS).items() if times > 1] == []


def is_of_a_room(module: str, file: str) -> bool:
    place, _, name = module.rpartition(".")
    return (
        name == file
        and place == room_of(module)
        and Path(ROOT, *module.split(".")).with_suffix(".py").is_file()
    )


def test_all_are_known_as_soon_as_the_apps_are_ready():
    """Here most rooms were imported by other tests already."""
    count = (
        "import django; django.setup()\n"
        "from grid.ledger.verbs import every_verb\n"
        "from grid.problems import Problem\n"
        "from project.management.commands.list_problems import _below\n"
        "print(len(_below(Problem)), len(every_verb()))"
    )
    told = subprocess.run([sys.executable, "-c", count], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(len(KINDS)), str(len(every_verb()))]


def test_no_room_declares_what_it_does_not_raise():
    raising = rooms_that_name(others_than("problems.py"))
    for kind in KINDS:
        room, rooms = kind.__module__.removesuffix(".problems"), raising[f"{kind.__module__}.{kind.__name__}"]
        if room not in PACKAGES:
            assert room in rooms, f"{kind.__name__} is raised in {sorted(rooms)}, not in {room}"
        else:
            alone = len(rooms) == 1 and not rooms & {*PACKAGES}
            assert rooms and not alone, (
                f"{kind.__name__} stands with what is common and is raised in {sorted(rooms)}"
            )


def test_a_room_that_only_catches_does_not_raise():
    tree = ast.parse(
        "from grid import problems\ntry:\n    pass\nexcept problems.Busy:\n    raise problems.NotHere()\n"
    )
    names = set(named_in(tree, "grid.people.views"))
    assert "grid.problems.NotHere" in names and "grid.problems.Busy" not in names
    assert rooms_that_name({"grid.people.views": tree, "grid.requests": tree})["grid.problems.NotHere"] == {
        "grid.people", "grid",
    }  # fmt: skip
