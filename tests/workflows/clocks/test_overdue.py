"""Overdue human work is told to the superior exactly once, and is gone from there when it is done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from grid.calendar.now import moved_to, today
from grid.law.actions import end_version
from grid.law.models import Provision
from grid.law.queries import the_law
from grid.ledger.models import Entry
from grid.scope import Right, Role
from grid.territory.models import Posting
from project.inbox import inbox_of
from tests.workflows.conftest import Walk, noon
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.clocks.models import Clock, Escalation
from workflows.clocks.rules.posts import superior_of
from workflows.engine.actions.overdue import escalate_overdue, report_term
from workflows.engine.kind import kinds
from workflows.inspections.models import InspectionState

LATER = timedelta(days=40)


@pytest.fixture
def waiting(case_at: Callable[..., Case]) -> Case:
    return case_at(CaseState.STREET_APPROVAL)


def told_to(viewer: Any) -> list[str]:
    return [item.title for item in inbox_of(viewer).items if item.kind == "escalation"]


def test_a_step_within_its_limit_is_nobodys_business(waiting: Case) -> None:
    assert escalate_overdue() == 0
    with moved_to(noon(today() + timedelta(days=1))):
        assert escalate_overdue() == 0


def test_a_step_past_its_limit_is_told_to_the_superior_exactly_once(cast: Any, waiting: Case) -> None:
    with moved_to(noon(today() + LATER)):
        assert [escalate_overdue() for _n in range(3)] == [1, 0, 0]
        assert told_to(cast.by.qian) and waiting.code in told_to(cast.by.qian)[0]
        for other in ("sun", "wu", "han", "zhou", "zhao"):
            assert told_to(getattr(cast.by, other)) == []
    row = Escalation.objects.get()
    assert (row.role, row.superior, row.step) == (Role.DISTRICT, "150302", "street_approval")
    entry = Entry.objects.get(verb="step.overdue")
    assert (entry.case, entry.data["superior"]) == (waiting.code, "区主管")
    assert not Clock.objects.filter(case=waiting).exists()  # nothing began in law


def test_what_was_done_is_gone_from_the_superiors_inbox(cast: Any, waiting: Case) -> None:
    with moved_to(noon(today() + LATER)):
        escalate_overdue()
        cases.approve_case(waiting, by=cast.by.sun)
        assert told_to(cast.by.qian) == []
        assert escalate_overdue() == 0
        assert Escalation.objects.get().ended_at is not None
    with moved_to(noon(today() + 3 * LATER)):
        assert escalate_overdue() == 1  # the next step, with its own limit and superior
    assert Escalation.objects.get(ended_at=None).superior == "1503"


def test_each_step_of_the_same_name_counts_by_itself(cast: Any, waiting: Case) -> None:
    with moved_to(noon(today() + LATER)):
        escalate_overdue()
        cases.return_case(waiting, "补充材料", [], by=cast.by.sun)
        cases.correct_case(waiting, None, "已补充", by=cast.by.zhao)
        assert escalate_overdue() == 0
    with moved_to(noon(today() + 3 * LATER)):
        assert escalate_overdue() == 1
    assert Escalation.objects.filter(step="street_approval").count() == 2


def test_a_statutory_term_of_the_office_is_told_once_whatever_the_local_limits(
    make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = walk.inspection_at(make_case(), InspectionState.INVESTIGATING)
    walk.wait(one.case, "inspection.investigation")
    row = Escalation.objects.get(case=one.case)
    assert (row.step, row.role, row.basis) == (
        "investigating",
        Role.DISTRICT,
        "《劳动保障监察条例》第17条：自立案之日起60个工作日内完成",
    )
    assert told_to(cast.by.qian) and told_to(cast.by.zhou) == []
    # Another term that runs out at the same step tells nobody again.
    if one.case.clocks.filter(kind="inspection.outer", fired_at=None).exists():
        walk.wait(one.case, "inspection.outer")
    escalate_overdue()
    assert Entry.objects.filter(verb="step.overdue", case=one.case.code).count() == 1


def test_a_community_is_told_to_its_street(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.URGING)
    with moved_to(noon(today() + LATER)):
        assert escalate_overdue() == 1
        assert case.code in told_to(cast.by.sun)[0]


def test_without_a_limit_nothing_is_told(cast: Any, waiting: Case) -> None:
    end_version(Provision.objects.get(key="sla.street_approval"), today(), "取消", by=cast.by.fang)
    with moved_to(noon(today() + LATER)):
        assert escalate_overdue() == 0


def test_where_the_law_names_no_limit_at_all_nothing_is_looked_for(
    waiting: Case, django_assert_max_num_queries: Any
) -> None:
    Provision.objects.filter(key__startswith="sla.").delete()
    with moved_to(noon(today() + LATER)), django_assert_max_num_queries(3):
        assert escalate_overdue() == 0


def test_the_term_of_work_that_ended_is_told_to_nobody(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    clock = case.clocks.get()
    # At this step a term is awaited, and no person works.
    assert not report_term("case", case.process_id, clock)
    cases.withdraw_case(case, "误立", by=cast.by.qian)
    assert not report_term("case", case.process_id, clock)
    assert not Escalation.objects.exists()


def test_where_nobody_is_posted_above_nobody_is_told(waiting: Case) -> None:
    Posting.objects.filter(role__in=[Role.DISTRICT, Role.CITY]).update(valid_to=today())
    with moved_to(noon(today() + LATER)):
        assert escalate_overdue() == 0
    assert not Escalation.objects.exists()


def test_a_waiting_term_is_no_overdue_work(case_at: Callable[..., Case]) -> None:
    case_at(CaseState.TERM)
    with moved_to(noon(today() + LATER)):
        assert escalate_overdue() == 0


def test_where_nobody_is_posted_the_next_level_up_is_told(cast: Any, walk: Walk, waiting: Case) -> None:
    Posting.objects.filter(role=Role.DISTRICT).update(valid_to=today())
    with moved_to(noon(today() + LATER)):
        assert escalate_overdue() == 1
    assert (Escalation.objects.get().role, Escalation.objects.get().superior) == (Role.CITY, "1503")


AREA = "150302001002001"
EVERYBODY = {(Role.STREET, "150302001"), (Role.DISTRICT, "150302"), (Role.CITY, "1503")}


@pytest.mark.parametrize(
    ("right", "above"),
    [
        (Right.REVIEW, (Role.STREET, "150302001")),
        (Right.SERVE, (Role.STREET, "150302001")),
        (Right.APPROVE_STREET, (Role.DISTRICT, "150302")),
        (Right.INSPECT, (Role.DISTRICT, "150302")),
        (Right.DECIDE_DISTRICT, (Role.CITY, "1503")),
        (Right.LEGAL_REVIEW, (Role.CITY, "1503")),
        (Right.DECIDE_CITY, None),
    ],
)
def test_who_stands_above_whom(right: Right, above: Any) -> None:
    assert superior_of([right], AREA, EVERYBODY) == above


def test_every_limit_names_a_step_that_exists(law: None) -> None:
    steps = {
        node.name for kind in kinds() for node in kind.flow.instance.nodes() if node.task_type == "HUMAN"
    }
    keys = [key.split(".") for key in the_law(today()) if key.startswith("sla.")]
    assert (
        keys
        and {key[-1] for key in keys} <= steps
        and {key[1] for key in keys if len(key) == 3} <= {kind.name for kind in kinds()}
    )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_it_once(cast: Any, case_at: Callable[..., Case]) -> None:
    for _n in range(4):
        case_at(CaseState.STREET_APPROVAL)
    gate, told = threading.Barrier(2), list[int]()

    def sweep() -> None:
        gate.wait()
        try:
            told.append(escalate_overdue())
        finally:
            connections.close_all()

    with moved_to(noon(today() + LATER)):
        threads = [threading.Thread(target=sweep) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(told) == 4 and Entry.objects.filter(verb="step.overdue").count() == 4
