"""docs/clauses.md names code that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/clauses.md").read_text(encoding="utf8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py):(\w+)`", PAGE)))


def defined_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_the_page_names_enough_to_be_read():
    assert len(NAMED) > 25


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_the_page_names_is_there(path: str, name: str):
    assert (ROOT / path).exists(), path
    assert name in defined_in(ROOT / path), f"{path} has no {name}"
