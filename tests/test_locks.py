"""Rows are locked by themselves: PostgreSQL refuses to lock the nullable side of a join, and locks what else is read."""

import ast
import re

from tests.test_house import SOURCES, name_of, tree_of

SUSPECTS = [
    file for file in SOURCES if re.search(r"select_for_update\(\)", text := file.read_text(encoding="utf-8"))
    and "select_related(" in text
]  # fmt: skip


def steps(node: ast.expr) -> list[ast.Call]:
    """The calls of a chain `a.b().c()`, the last first."""
    found = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        found.append(node)
        node = node.func.value
    return found


def test_who_reads_along_says_which_rows_are_locked() -> None:
    wrong = []
    for file in SUSPECTS:
        for node in ast.walk(tree_of(file)):
            chain = {
                step.func.attr: step for step in steps(node)
                if isinstance(step.func, ast.Attribute)
            } if isinstance(node, ast.Call) else {}  # fmt: skip
            locks = chain.get("select_for_update")
            reads = chain.get("select_related")
            if locks and reads and reads.args and not any(given.arg == "of" for given in locks.keywords):
                wrong.append(f"{name_of(file)}:{node.lineno}")
    assert wrong == [], 'select_for_update(of=("self",))'
