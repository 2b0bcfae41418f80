"""Two people, one step: one acts, the other is told who was faster."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from grid import problems
from grid.ledger.models import Entry
from tests.workflows.conftest import Walk
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices import problems as notices_problems
from workflows.notices.models import Notice, Number

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts at the same moment, each on a connection of its own: answers or refusals, in order."""
    answers: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = acts[place]()
        except problems.Problem as refused:
            answers[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_approvers_and_a_double_click_make_one_approval(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    case = make_case()

    def approve() -> Case:
        return actions.approve_case(Case.objects.get(pk=case.pk), by=cast.by.sun, at="street_approval")

    answers = together(approve, approve, approve)
    refused = [a for a in answers if isinstance(a, problems.AlreadyDone)]
    assert len(refused) == 2
    assert {r.facts["who"] for r in refused} == {"孙强"}
    case.refresh_from_db()
    assert case.state == CaseState.DISTRICT_APPROVAL
    assert Entry.objects.filter(case=case.code, verb="case.approved").count() == 1


def test_an_approval_and_a_return_at_once_leave_one_of_them(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    case = make_case()
    answers = together(
        lambda: actions.approve_case(Case.objects.get(pk=case.pk), by=cast.by.sun, at="street_approval"),
        lambda: actions.return_case(
            Case.objects.get(pk=case.pk), "请核实", [], by=cast.by.sun, at="street_approval"
        ),
    )
    assert sum(isinstance(a, problems.Problem) for a in answers) == 1
    case.refresh_from_db()
    assert case.state in (CaseState.DISTRICT_APPROVAL, CaseState.CORRECTION)


def test_the_register_and_an_approver_at_once_end_in_one_truth(
    cast: Any, make_case: Callable[..., Case]
) -> None:
    case = make_case()
    together(
        lambda: actions.approve_case(Case.objects.get(pk=case.pk), by=cast.by.sun, at="street_approval"),
        lambda: actions.rectify_cases([case.subject_id], by=cast.by.wu),
    )
    case.refresh_from_db()
    assert case.state == CaseState.HEALED


def test_documents_issued_at_once_are_numbered_without_gap_or_double(
    cast: Any, case_at: Callable[..., Case]
) -> None:
    cases = [case_at(CaseState.URGING) for _n in range(4)]
    together(*[lambda c=c: actions.issue_notice(c, by=cast.by.zhao) for c in cases])
    numbers = sorted(Notice.objects.values_list("number", flat=True))
    year = cases[0].opened_at.year
    assert numbers == [f"乌海勃人社督告〔{year}〕{n}号" for n in range(1, 5)]
    assert Number.objects.get(series="乌海勃人社督告").last == 4


def test_a_document_asked_for_twice_is_issued_once(
    cast: Any, case_at: Callable[..., Case], walk: Walk
) -> None:
    case = case_at(CaseState.URGING)
    answers = together(*[lambda: actions.issue_notice(case, by=cast.by.zhao)] * 2)
    assert sum(isinstance(a, notices_problems.NoticeUnserved) for a in answers) == 1
    assert Notice.objects.count() == 1
