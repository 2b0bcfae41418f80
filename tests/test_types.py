"""The type checker looks at everything, and `Any`, before which it closes its eyes, becomes only ever rarer."""

import ast
import re
import tomllib

import pytest

from tests.test_house import PACKAGES, ROOT, SOURCES, name_of, tree_of

# Lines that say `Any`: it stays where a library without types begins, and where JSON comes in that has no one shape.
ANYS = {"grid": 126, "tasks": 50, "workflows": 173, "mobile_api": 37, "project": 34}
# Lines that tell the checker to look away, or what to believe: worse than an honest `Any`.
SILENCED = {"grid": 5, "tasks": 2, "workflows": 11, "mobile_api": 7, "project": 14}
SILENCING = re.compile(r"# type: ignore|# mypy:|\bcast\(")


def saying_any(package: str) -> set[str]:
    return {
        f"{name_of(file)}:{node.lineno}"
        for file in SOURCES
        if name_of(file).startswith(f"{package}/")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Name) and node.id == "Any"
    }


def silencing(package: str) -> set[str]:
    return {
        f"{name_of(file)}:{number}"
        for file in SOURCES
        if name_of(file).startswith(f"{package}/")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if SILENCING.search(line)
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_fewer_lines_say_any(package: str) -> None:
    assert len(saying_any(package)) <= ANYS[package]


@pytest.mark.parametrize("package", PACKAGES)
def test_fewer_lines_silence_the_checker(package: str) -> None:
    assert len(silencing(package)) <= SILENCED[package]


def test_every_package_is_checked_strictly() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] and settings["packages"] == list(PACKAGES)
    # What is relaxed is relaxed for libraries without types and whoever stands on one, and only in that.
    relaxed = {
        key for rule in settings["overrides"] for key in rule if key not in ("module", "ignore_errors")
    }
    assert relaxed == {
        "ignore_missing_imports",
        "follow_untyped_imports",
        "disallow_subclassing_any",
        "disallow_untyped_decorators",
        "disallow_untyped_calls",
    }
