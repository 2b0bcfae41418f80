"""The server reads expressions as the phone does (tests/contract/expressions.json), and nothing makes it stumble."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.forms.judging import faults_of
from tasks.forms.rules.compiling import compile_table
from tasks.forms.rules.expressions import PLACE, TODAY, ExpressionError, compiled, evaluate

CORPUS = json.loads(Path("tests/contract/expressions.json").read_text())
ANSWERS = {**CORPUS["answers"], TODAY: CORPUS["today"], PLACE: CORPUS["place"]}


@pytest.mark.parametrize(("source", "own", "value"), CORPUS["cases"])
def test_every_expression_comes_to_what_it_does_on_the_phone(source: str, own: Any, value: Any) -> None:
    found = evaluate(source, ANSWERS, own)
    if value is None:
        assert isinstance(found, float) and math.isnan(found)
    else:
        assert found == value and isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize("source", CORPUS["unreadable"])
def test_what_neither_side_reads(source: str) -> None:
    with pytest.raises(ExpressionError):
        compiled(source)


FORMS = [
    compile_table(file.stem, file.read_text()) for file in sorted(Path("tasks/forms/tables").glob("*.md"))
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_answers_make_a_form_stumble(form: Any, data: Any) -> None:
    names = [question.name for question in form.every_question()]
    answers = data.draw(st.dictionaries(st.sampled_from([*names, "strange"]), anything, max_size=6))
    outcome = data.draw(st.sampled_from(["done", "refused", "nobody_in", "odd"]))
    faults_of(form, answers, outcome)


@settings(max_examples=300, deadline=None)
@given(source=st.sampled_from([source for source, _own, _value in CORPUS["cases"]]), data=st.data())
def test_no_answers_make_an_expression_stumble(source: str, data: Any) -> None:
    answers = data.draw(st.dictionaries(st.sampled_from(sorted(CORPUS["answers"])), anything, max_size=5))
    evaluate(source, {TODAY: "2026-11-23", PLACE: 1, **answers}, data.draw(anything))
