"""What the employer is told will follow, and what the case then does."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.conftest import Walk
from workflows.cases.actions import rectify_cases
from workflows.cases.models import Case, CaseState
from workflows.counter import queries

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (CaseState.TERM, True), (CaseState.ESCALATED, True), (CaseState.INSPECTED, False),
        (CaseState.DEFENCE, True), (CaseState.PUBLISHED, False),
    ],
)  # fmt: skip
def test_a_proof_of_correction_ends_the_case_where_it_says_so(
    make_case: Callable[..., Case], walk: Walk, cast: Any, state: str, ends: bool
) -> None:
    case = walk.to(make_case(), state)
    said = str(queries.follows_at("correction", case))
    assert ("核实无误后结案" in said, "不因此结案" in said) == (ends, not ends)
    rectify_cases([case.subject_id], by=cast.by.wu)
    case.refresh_from_db()
    assert case.is_open is not ends
