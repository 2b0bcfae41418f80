"""Two people at the same step in the same moment: one acts, the other hears who was faster."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from viewflow.workflow.models import Task

from grid import problems
from tests.workflows.makers import make_case
from workflows.cases.models import Case, CaseState
from workflows.engine.procedures import close_procedure, open_steps, step

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, PEOPLE = 8, 4


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs the acts in threads on connections of their own, released together; their results or refusals."""
    gate, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes[place] = act()
        except problems.Problem as refused:
            outcomes[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.fixture
def case(cast, make_employer):
    return make_case(cast, make_employer(), cast.by.zhao)


def approve(case, by):
    def act() -> str:
        with transaction.atomic(), step(case.process, "street_approval", by=by):
            Case.objects.filter(pk=case.pk).update(state=CaseState.DISTRICT_APPROVAL)
        return by.name

    return act


def send_back(case, by):
    def act() -> str:
        with transaction.atomic(), step(case.process, "street_approval", by=by):
            Case.objects.filter(pk=case.pk).update(
                state=CaseState.CORRECTION, returned_to="street_approval", returned_why="缺少合同"
            )
        return by.name

    return act


def test_one_of_many_clicks_counts(case, cast):
    outcomes = at_once(*[approve(Case.objects.get(pk=case.pk), cast.by.sun) for _ in range(PEOPLE)])
    assert outcomes.count("孙强") == 1
    told = [outcome for outcome in outcomes if isinstance(outcome, problems.AlreadyDone)]
    assert len(told) == PEOPLE - 1
    assert all("孙强" in refusal.detail for refusal in told)
    assert Task.objects.filter(process=case.process_id, flow_task_type="HUMAN").count() == 2
    assert [s.name for s in open_steps(case.process)] == ["district_approval"]


def test_yes_and_no_at_once_make_one_decision(cast, make_employer):
    for _ in range(ROUNDS):
        case = make_case(cast, make_employer(), cast.by.zhao)
        first, second = at_once(approve(case, cast.by.sun), send_back(case, cast.by.sun))
        assert sorted(type(outcome).__name__ for outcome in (first, second)) == ["AlreadyDone", "str"]
        case.refresh_from_db()
        assert [s.name for s in open_steps(case.process)] == [case.state]


def test_a_case_closed_meanwhile_is_not_approved(cast, make_employer):
    for _ in range(ROUNDS):
        case = make_case(cast, make_employer(), cast.by.zhao)

        def close(case=case):
            with transaction.atomic():
                close_procedure(case.process, by=cast.by.qian)
            return "closed"

        approved, closed = at_once(approve(case, cast.by.sun), close)
        assert closed == "closed"
        assert approved == "孙强" or isinstance(approved, problems.OutOfOrder)
        assert open_steps(case.process) == []
