"""The server adds over the items of a repeat as the phone does (tests/contract/totals.json)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tasks.forms.judging import effective
from tasks.forms.rules.compiling import compile_table

ROOT = Path(__file__).parents[3]
TOLD = json.loads((ROOT / "tests/contract/totals.json").read_text())
WORKOUT = "workout-20260101"
FORM = compile_table(WORKOUT, (ROOT / f"mobile_api/phone/tests/tables/{WORKOUT}.md").read_text())


@pytest.mark.parametrize("case", TOLD["cases"], ids=lambda case: case["why"])
def test_totals_are_those_of_the_phone(case: dict[str, Any]) -> None:
    scope = effective(FORM, case["answers"], TOLD["outcome"], date.fromisoformat(TOLD["today"]))
    assert {name: scope[name] for name in case["values"]} == case["values"]
    for name, values in case["items"].items():
        assert [item.get(name) for item in scope["people"]] == values
