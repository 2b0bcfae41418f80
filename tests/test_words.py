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


def called_one(tree: ast.Module) -> Iterator[int]:
    """Lines of loops, comprehensions and lambdas whose variable is `one`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            names = [name for name in ast.walk(node.target) if isinstance(name, ast.Name)]
            yield from (name.lineno for name in names if name.id == "one")
        elif isinstance(node, ast.Lambda):
            yield from (
                argument.lineno
                for argument in ast.walk(node.args)
                if isinstance(argument, ast.arg) and argument.arg == "one"
            )


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


def test_no_loop_variable_is_called_one() -> None:
    """A subject is called subject; in the demo city, in migrations and in tests as well."""
    files = (file for folder in (*PACKAGES, "tests") for file in sorted((ROOT / folder).rglob("*.py")))
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files
        if "node_modules" not in file.parts
        for line in called_one(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_search_finds_what_is_outlawed_and_nothing_else() -> None:
    made_up = (
        "def tell(): ...\ndef teller(): ...\nclass Told: ...\nclass ToldTwice: ...\ndef _lay_aside(): ...\n"
    )
    assert list(outlawed("a.py", ast.parse(made_up))) == [
        f"a.py:{name}" for name in ("tell", "Told", "ToldTwice", "_lay_aside")
    ]
    refusing = "def ask_right():\n    raise Wrong\ndef ask_person():\n    return 1\n"
    assert list(asking_and_raising("a.py", ast.parse(refusing))) == ["a.py:ask_right"]
    loops = "for one in x: ...\n[y for (one, z) in x]\nlambda one: one\none = 1\n"
    assert list(called_one(ast.parse(loops))) == [1, 3, 2]
