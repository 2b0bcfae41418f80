"""A year that was played: see `played`."""

from datetime import date
from typing import Any

import pytest

from grid.calendar.now import moved_to
from grid.registers.models import Register
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.comparison.verbs import ComparisonVerb
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.findings.verbs import FindingVerb
from tests.cast import FAR_GRID
from tests.workflows.assessment.ground import CLOCK, at, register_row, tell
from workflows.cases.verbs import CaseVerb


@pytest.fixture
def played(cast: Any, make_employer: Any) -> tuple[Subject, Subject, Subject]:
    """Near: one healed employer of nine, one found lead never looked at. Far: one uninsured employer nobody visited."""
    good, bad, far = make_employer(), make_employer(), make_employer(area=FAR_GRID)
    with moved_to(at(1, 10)):
        subjects_moved([Move(s.pk, "", s.area) for s in (good, bad, far)], by=CLOCK)
        for subject, heads in ((good, 9), (bad, 4), (far, 5)):
            register_row(subject, Register.MARKET, date(2026, 1, 10), standing="存续", employees=heads)
    tell(ComparisonVerb.LEAD_FOUND, at(2, 1), good)
    tell(ComparisonVerb.LEAD_FOUND, at(2, 1), bad)
    tell(FindingVerb.FINDING_CONFIRMED, at(2, 10), good)
    tell(CaseVerb.CASE_HEALED, at(3, 20), good, case="HBW-2026-000001")
    with moved_to(at(3, 20)):
        register_row(good, Register.SOCIAL, date(2026, 3, 20), status="参保缴费", insured=8)
        mark_state([good.pk], CoverState.RECTIFIED, by=CLOCK)
    return good, bad, far
