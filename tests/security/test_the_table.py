"""docs/security.md names every trial and no other: who reads it can run each line."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf8")


def trials() -> set[str]:
    found = set()
    for file in sorted((ROOT / "tests/security").glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{file.stem}::{node.name}")
    return found - {"test_the_table::" + name for name in ("test_every_trial_is_told_of",)}


def test_every_trial_is_told_of() -> None:
    told = set(re.findall(r"`(test_\w+::test_\w+)`", PAGE))
    assert told - trials() == set(), "told of, and not there"
    assert trials() - told == set(), "there, and not told of"
