"""Tables of the law in words: no reader meets the notation they are kept in."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import grid.law
from grid.law.rules.telling import WORDS, lines_of, tier_words
from grid.subjects.models import Sort
from tasks.coverage.states import CoverState
from tasks.followups.models import FollowKind
from tasks.visits.models import Outcome
from workflows.inspections.models import Violation
from workflows.inspections.queries.weighing import CORRECTED

SHIPPED = json.loads((Path(grid.law.__file__).parent / "provisions.json").read_text(encoding="utf-8"))
TABLES = [row for row in SHIPPED if isinstance(row["value"], dict)]


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row["key"])
def test_every_shipped_table_is_told_without_a_word_of_its_notation(row: dict[str, Any]) -> None:
    lines = lines_of(row["value"], row.get("unit", ""))
    said = "\n".join(words for line in lines for words in (line.words, *line.under))
    assert len(lines) == len(row["value"]) and not re.search(r"[a-z]{3,}|[{}\[\]]", said), said


def test_violations_and_corrections_are_named_as_the_inspections_name_them() -> None:
    """Their words stand in a room above the law, which may not ask there."""
    named = {**dict(Violation.choices), **dict(CORRECTED)}
    assert {key: str(WORDS[key]) for key in named} == {key: str(words) for key, words in named.items()}


def test_outcomes_are_named_as_the_field_names_them() -> None:
    """They too stand in rooms above the law."""
    states = {
        state.value: str(state.label)
        for state in (CoverState.TO_CHECK, CoverState.NOT_SENT, CoverState.TO_REVIEW, CoverState.GONE)
    }
    sorts = {str(sort): str(Sort(sort).label) for sort in ("units", "traders", "homes", "persons")}
    named = {outcome.value: str(outcome.label) for outcome in Outcome if outcome != Outcome.UNCLEAR}
    named |= states | sorts | {kind.value: str(kind.label) for kind in FollowKind}
    assert {key: str(WORDS[key]) for key in named} == named


def test_a_tier_says_when_it_applies_and_between_what() -> None:
    mild = {
        "code": "84-1",
        "title": "从轻",
        "when": {"first": True, "corrected": ["before_filing", "in_term"]},
        "from": 1,
        "to": 1.5,
    }
    assert (
        tier_words(mild, "times") == "从轻（84-1）：初次违法，立案前已改正或者责令期限内改正的，1 至 1.5 倍"
    )
    rest = {"code": "30-3", "title": "从重", "when": {}, "from": 10000, "to": 20000}
    assert tier_words(rest, "yuan") == "从重（30-3）：其他情形，10,000 至 20,000 元"


def test_what_it_has_no_word_for_is_shown_as_it_stands() -> None:
    assert lines_of({"hail": 3}, "元")[0].words == "hail：3 元"
    assert tier_words({"when": {"weather": "hail"}, "from": 1, "to": 2}, "times").endswith(
        "weather hail的，1 至 2 倍"
    )
