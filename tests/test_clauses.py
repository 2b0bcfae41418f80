"""docs/clauses.md names code that exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/clauses.md").read_text(encoding="utf8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py):(\w+)`", PAGE)))


def defined_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_the_page_names_enough_to_be_read():
    assert len(NAMED) > 25


def test_what_the_page_names_is_there():
    gone = [
        (path, name)
        for path, name in NAMED
        if not (ROOT / path).exists() or name not in defined_in(ROOT / path)
    ]
    assert gone == []
