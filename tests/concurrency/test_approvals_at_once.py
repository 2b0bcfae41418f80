"""One paper approved twice in the same moment, or approved and sent back: one word stands, and nobody waits for ever."""

from typing import Any

import pytest

from grid import problems
from tests.concurrency.test_two_approvers import at_once
from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk
from workflows.cases import actions
from workflows.cases.actions import withdraw_case
from workflows.cases.models import CaseState
from workflows.notices.actions.approving import approve_paper, approve_papers, return_paper
from workflows.notices.models import Approval, ApprovalWay, Notice, SealUse

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]
ROUNDS = 4


@pytest.fixture
def drafted(case_at: Any, cast: Any) -> Notice:
    return actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_approve_and_one_sends_back(drafted: Notice, cast: Any, turn: int) -> None:
    at_once(
        lambda: approve_paper(drafted, 2, by=cast.by.sun),
        lambda: approve_papers([drafted.pk], 2, by=cast.by.qian),
        lambda: return_paper(drafted, "人数不符", by=cast.by.sun),
    )
    approval = Approval.objects.get(notice=drafted)
    drafted.refresh_from_db()
    is_back = approval.way == ApprovalWay.RETURNED
    assert (drafted.withdrawn_at is not None) is is_back
    assert SealUse.objects.filter(notice=drafted).exists() is not is_back


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_one_approves_while_the_case_is_withdrawn(drafted: Notice, cast: Any, turn: int) -> None:
    outcomes = at_once(
        lambda: approve_paper(drafted, 2, by=cast.by.sun),
        lambda: withdraw_case(drafted.case, "重复立案", by=cast.by.qian),
    )
    drafted.refresh_from_db()
    assert drafted.withdrawn_at is not None
    refused = [outcome for outcome in outcomes if isinstance(outcome, problems.Problem)]
    assert Approval.objects.get(notice=drafted).is_given is not bool(refused)
