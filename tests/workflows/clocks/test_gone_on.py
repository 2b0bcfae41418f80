"""A term may end when what it was for has gone on or ended: then it moves nothing and says nothing."""

from collections.abc import Callable

import pytest

from grid.calendar.now import today
from grid.ledger.models import Entry
from grid.scope import machine
from workflows.audits.rules import LETTER_TERM
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock
from workflows.clocks.terms import term_of

KINDS = (
    "urging.term", "order.term", "inspection.investigation", "inspection.statement", "inspection.remedy",
    "audit.answer", "audit.opinion_days", "audit.correction", LETTER_TERM, "tax.reminder", "tax.answer",
    "listing.defence", "listing.period",
)  # fmt: skip


@pytest.fixture
def case(case_at: Callable[..., Case]) -> Case:
    """Neither inspected nor audited nor listed."""
    return case_at(CaseState.ESCALATED)


def test_a_term_that_outlived_its_matter_changes_nothing(case: Case) -> None:
    before = Entry.objects.count()
    for kind in KINDS:
        late = Clock(case=case, kind=kind, started_on=today(), length=1, unit="d", due_on=today())
        term_of(kind).handler(late, by=machine("测试"))
        case.refresh_from_db()
        assert (case.state, Entry.objects.count()) == (CaseState.ESCALATED, before), kind
    assert not case.clocks.filter(fired_at=None, stopped_at=None).exists()
