"""One door for files: `grid/keeping.py` makes them, with their modes, and opens those that are handed out."""

import ast
import re
from collections.abc import Iterator

from tests.test_house import SOURCES, name_of, tree_of

MAKES = {
    "mkdir",
    "makedirs",
    "write_bytes",
    "write_text",
    "copyfile",
    "copy",
    "copy2",
    "copytree",
    "touch",
    "symlink",
}
# What is made for a developer, for the demo's story, or beside the city's files: each says where and for whom.
OTHERS = {
    "grid/keeping.py",  # the door
    "project/bootstrap.py", "project/packages.py", "project/settings.py",  # before there is a city
    "project/demo/registers.py", "project/demo/stage.py", "project/demo/story.py",  # a folder of the story's own
    "grid/ledger/keys.py",  # the demo's key, 0600
    "project/process.py",  # the lock of a data folder
    "grid/confined.py",  # a child's own /proc entry
    "project/management/commands/export_ledger.py", "project/management/commands/list_problems.py",
    "workflows/management/commands/export_flows.py",  # where whoever runs it says
}  # fmt: skip

# Most files say none of these words, and are not taken apart.
WORDS = re.compile(r"\b(" + "|".join(sorted(MAKES - {"copy"})) + r"|shutil\.copy|open)\(")
SUSPECTS = [file for file in SOURCES if WORDS.search(file.read_text(encoding="utf-8"))]


def calls(file) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call))


def name_called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def opens_to_write(call: ast.Call) -> bool:
    modes = [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return name_called(call) == "open" and any(mode[:1] in "wax" and len(mode) <= 3 for mode in modes if mode)


def makes_a_file(call: ast.Call) -> bool:
    if name_called(call) in MAKES:
        # `copy` of a dictionary, and `touch` of our own, take no folder.
        return name_called(call) not in {"copy", "touch"} or _is_of(call, {"shutil"})
    return opens_to_write(call)


def _is_of(call: ast.Call, modules: set[str]) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in modules


def test_files_are_made_behind_one_door():
    # Within `arriving()` the file is already made, with its mode.
    beside = {"grid/registers/actions/changes.py"}
    # A backup is a place of its own, written under a umask that leaves nothing to others.
    beside |= {name_of(file) for file in SUSPECTS if name_of(file).startswith("project/backup/")}
    wrong = [
        f"{name_of(file)}:{call.lineno} {name_called(call)}"
        for file in SUSPECTS
        if name_of(file) not in OTHERS | beside
        for call in calls(file)
        if makes_a_file(call)
    ]
    assert wrong == []


def test_what_is_sent_to_be_read_lies_on_the_disk_by_one_way():
    """A full disk is then a refusal for all of them. A list of packages for a developer is sent by nobody."""
    wrong = [
        name_of(file)
        for file in SOURCES
        if "tempfile" in file.read_text(encoding="utf-8")
        and name_of(file) not in {"grid/keeping.py", "project/packages.py"}
        and any(name_called(call).endswith("TemporaryFile") for call in calls(file))
    ]
    assert wrong == []


def test_what_is_handed_out_is_opened_behind_one_door():
    """Whoever sends a file and opens it himself answers a missing one with a fault of the program."""
    wrong = [
        f"{name_of(file)}:{call.lineno}"
        for file in SOURCES
        if "FileResponse(" in file.read_text(encoding="utf-8")
        for call in calls(file)
        if name_called(call) == "open"
    ]
    assert wrong == []


def test_every_exception_is_still_needed():
    needed = {name_of(file) for file in SUSPECTS if any(makes_a_file(call) for call in calls(file))}
    assert OTHERS - needed == set()
