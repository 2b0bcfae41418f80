"""Each fault of the papers that was certain when a lawyer read them has a test that bears its number: `test_law_4_…`.

The numbers are those of the list the lawyer left (`law_numbers.json`); what a test asserts says what was wrong.
"""

import ast
import json
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
NUMBERS = json.loads(Path(__file__).with_name("law_numbers.json").read_text(encoding="utf8"))
PREFIX = "test_law_"


def borne_by_tests() -> dict[str, list[ast.FunctionDef]]:
    """Number → its tests, wherever they stand; one may bear two: `test_law_28_and_29_…`."""
    found = defaultdict(list)
    for file in TESTS.rglob("test_*.py"):
        text = file.read_text(encoding="utf8")
        if PREFIX not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith(PREFIX):
                first, *rest = node.name.removeprefix(PREFIX).split("_")
                for number in [first, *rest[1:2]] if rest[:1] == ["and"] else [first]:
                    found[number].append(node)
    return found


def test_every_certain_fault_has_a_test_of_its_number() -> None:
    assert sorted(set(NUMBERS) - borne_by_tests().keys()) == []
    assert len(set(NUMBERS)) == len(NUMBERS) > 30


def test_each_of_them_can_fail() -> None:
    """It asserts something, or says which refusal it expects."""
    telling = ("assert", "raises", "rejected", "refused", "ends", "may_not")
    idle = [
        node.name
        for nodes in borne_by_tests().values()
        for node in nodes
        if not any(word in ast.unparse(node) for word in telling)
    ]
    assert idle == []
