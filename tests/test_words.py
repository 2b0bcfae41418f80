"""One word for one thing: what docs/glossary.md calls otherwise is no name of a function or class any more."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("grid", "tasks", "workflows", "mobile_api", "project")
# A word that stood for several things → what is said instead.
OUTLAWED = {
    "tell": "record an entry, notify pages, bump the feed, report what is overdue",
    "told": "record an entry, notify pages, bump the feed, report what is overdue",
    "say": "what it makes: a sentence, a log line",
    "said": "what it holds: answers, an outcome, a statement",
    "put": "place a subject, move a file into place, restore",
    "aside": "dismiss",
    "spare": "impose no penalty, release a door",
    "mend": "correct, rectify, repair",
    "mended": "correct, rectify, repair",
    "heal": "rectify",
    "met": "overlap, circumstances",
    "scene": "context of a batch",
    "heard": "what it is: an input, an answer, a defence",
}
# Where the word has its plain meaning, or the name is stored.
KEPT = {
    "grid/people/queries/judging.py:told": "what the report tells of a line",
    "grid/personal/actions.py:ask_forgetting": "puts a request to a second person",
    "grid/registers/actions/foreseeing.py:said_ended": "what the lines say, beside what silence means",
    "grid/territory/grids/rules/planning.py:told": "what the report tells of a line",
    "mobile_api/suggestions/api/schemas.py:said": "a worker's own words",
    "project/beating.py:told": "what a thread last told of itself",
    "project/layer.py:_Heard": "hears whether its host is there",
    "tasks/arrivals/forms.py:said": "a reviewer's own words",
    "tasks/arrivals/views.py:_met_nobody": "a worker met nobody",
    "tasks/visits/models.py:LaidAside": "the name of a table",
    "workflows/duties/actions/__init__.py:ask_again": "puts a question to a department",
    "workflows/engine/signing/views.py:ask": "asks colleagues for an opinion",
    "workflows/listing/triggers.py:_conditions_met": "conditions that are met",
}
# Loop variables called `one`: only ever fewer. A subject is called subject.
ONES = {"grid": 117, "tasks": 112, "workflows": 60, "mobile_api": 26, "project": 17}


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            # The demo city's story is told in the words of those who act in it.
            if not {"migrations", "demo", "node_modules"} & set(file.parts):
                yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def words_of(name: str) -> set[str]:
    parts = name if "_" in name or name.islower() else "".join(f"_{c}" if c.isupper() else c for c in name)
    return set(parts.lower().strip("_").split("_"))


def outlawed(file: str, tree: ast.Module) -> Iterator[str]:
    # The acts of a states.py and the codes of refusals are stored, or known outside.
    if file.endswith(("states.py", "problems.py")):
        return
    for node in ast.walk(tree):
        is_named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if is_named and words_of(node.name) & OUTLAWED.keys():
            yield f"{file}:{node.name}"


def asking_and_raising(file: str, tree: ast.Module) -> Iterator[str]:
    """Functions called ask that refuse: whoever refuses requires."""
    for node in ast.walk(tree):
        is_asking = isinstance(node, ast.FunctionDef) and "ask" in words_of(node.name)
        if is_asking and any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            yield f"{file}:{node.name}"


def wrong_names() -> set[str]:
    return {
        name
        for file, tree in sources(*PACKAGES)
        for name in (*outlawed(file, tree), *asking_and_raising(file, tree))
    }


def test_a_name_says_what_the_glossary_says() -> None:
    found = wrong_names()
    assert found - KEPT.keys() == set(), OUTLAWED
    assert KEPT.keys() - found == set()


def test_fewer_loop_variables_are_called_one() -> None:
    for package, most in ONES.items():
        count = sum(
            isinstance(name, ast.Name) and name.id == "one"
            for _file, tree in sources(package)
            for node in ast.walk(tree)
            if isinstance(node, ast.For | ast.comprehension)
            for name in ast.walk(node.target)
        )
        assert count <= most, package


def test_the_search_finds_what_is_outlawed_and_nothing_else() -> None:
    made_up = (
        "def tell(): ...\ndef teller(): ...\nclass Told: ...\nclass ToldTwice: ...\ndef _lay_aside(): ...\n"
    )
    assert list(outlawed("a.py", ast.parse(made_up))) == [
        f"a.py:{name}" for name in ("tell", "Told", "ToldTwice", "_lay_aside")
    ]
    refusing = "def ask_right():\n    raise Wrong\ndef ask_person():\n    return 1\n"
    assert list(asking_and_raising("a.py", ast.parse(refusing))) == ["a.py:ask_right"]
