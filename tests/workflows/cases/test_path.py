"""One case the whole way, and the ways beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from grid import problems
from grid.ledger.models import Entry
from tasks.coverage.models import CoverState, Span
from tasks.findings.models import Finding, FindingState
from tasks.visits.models import TaskState
from tests.workflows.conftest import Walk
from workflows import procedures
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices.models import Notice, NoticeKind


def test_the_whole_path_from_the_door_to_the_removal(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.REMOVED)
    assert case.closed_at and not case.is_open
    verbs = list(Entry.objects.filter(case=case.code).order_by("nth").values_list("verb", flat=True))
    milestones = [
        "case.opened", "case.approved", "notice.issued", "notice.served", "case.urged", "term.started",
        "term.expired", "case.escalated", "inspection.ordered", "penalty.recorded", "listing.proposed",
        "listing.noticed", "defence.closed", "listing.reviewed", "listing.approved", "listing.decided",
        "listing.served", "listing.published", "listing.removed",
    ]  # fmt: skip
    places = [verbs.index(verb) for verb in milestones]
    assert places == sorted(places)
    assert procedures.open_steps(case.process) == []
    kinds = set(Notice.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == {
        NoticeKind.URGING,
        NoticeKind.ORDER,
        NoticeKind.LISTING_NOTICE,
        NoticeKind.LISTING_DECISION,
    }


@pytest.mark.parametrize("state", [s for s in CaseState if s.value not in ("correction", "healed", "withdrawn", "not_listed", "removed")])  # fmt: skip
def test_the_agenda_stands_where_the_case_stands(case_at: Callable[..., Case], state: CaseState) -> None:
    case = case_at(state)
    assert [step.name for step in procedures.open_steps(case.process)] == [state.value]
