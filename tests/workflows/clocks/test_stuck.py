"""What stands still without a lawful reason is mended where that is safe, and named with what to do otherwise."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from viewflow.workflow import STATUS
from viewflow.workflow.models import Task

from grid.calendar.now import moved_to, today
from grid.law.models import Provision
from grid.ledger.models import Entry
from grid.scope import Role, machine
from grid.territory.models import Posting
from tests.workflows.conftest import noon
from workflows.cases import actions as cases
from workflows.cases.flow import CaseFlow
from workflows.cases.models import Case, CaseState
from workflows.clocks import actions
from workflows.clocks.models import Clock, Snag
from workflows.engine.actions.stuck import LONGEST_PAUSE, find_stuck
from workflows.engine.agenda import reopen_step

BY = machine("测试")


def kinds() -> list[tuple[str, bool]]:
    return [(snag.kind, snag.repaired_at is not None) for snag in find_stuck()]


def open_tasks(case: Case) -> list[str]:
    return [task.flow_task.name for task in Task.objects.filter(process=case.process_id, finished=None)]


@pytest.mark.parametrize(
    "state", [CaseState.STREET_APPROVAL, CaseState.TERM, CaseState.ESCALATED, CaseState.PUBLISHED]
)
def test_a_case_on_its_lawful_way_is_not_stuck(case_at: Callable[..., Case], state: CaseState) -> None:
    case_at(state)
    assert kinds() == []


def test_a_case_that_ended_is_not_stuck(cast: Any, case_at: Callable[..., Case]) -> None:
    cases.withdraw_case(case_at(CaseState.STREET_APPROVAL), "误立", by=cast.by.sun)
    assert kinds() == []


def test_a_lost_step_is_opened_again_and_can_be_taken(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    Task.objects.filter(process=case.process_id, finished=None).update(
        status=STATUS.CANCELED, finished="2026-01-01T00:00Z"
    )
    assert kinds() == [("no-step", True)]
    assert open_tasks(case) == ["street_approval"]
    entry = Entry.objects.get(verb="step.reopened")
    assert (entry.case, entry.data["step"]) == (case.code, "街道审批")
    assert kinds() == []
    cases.approve_case(case, by=cast.by.sun)
    case.refresh_from_db()
    assert case.state == CaseState.DISTRICT_APPROVAL and open_tasks(case) == ["district_approval"]


def test_a_step_of_another_state_gives_way_to_the_right_one(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.DISTRICT_APPROVAL)
    Case.objects.filter(pk=case.pk).update(state=CaseState.STREET_APPROVAL)
    assert kinds() == [("no-step", True)]
    assert open_tasks(case) == ["street_approval"]


def test_a_step_of_no_state_of_ours_gives_way_to_the_right_one(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    Task.objects.filter(process=case.process_id, finished=None).update(
        flow_task=CaseFlow.instance.node("start")
    )
    assert kinds() == [("no-step", True)]
    assert open_tasks(case) == ["street_approval"]


def test_a_case_whose_agenda_was_lost_as_a_whole_gets_its_step_again(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    Task.objects.filter(process=case.process_id).delete()
    assert reopen_step("case", case.process_id, by=BY) == "街道审批"
    assert open_tasks(case) == ["street_approval"]


def test_where_all_is_well_or_over_no_step_is_opened(cast: Any, case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    assert reopen_step("case", case.process_id, by=BY) == ""
    cases.withdraw_case(case, "误立", by=cast.by.sun)
    assert reopen_step("case", case.process_id, by=BY) == ""
    assert open_tasks(case) == []


def test_an_error_of_the_engine_is_named_and_the_step_opened_beside_it(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    Task.objects.filter(process=case.process_id, finished=None).update(status=STATUS.ERROR)
    assert sorted(kinds()) == [("error", False), ("no-step", True)]
    assert open_tasks(case) == ["street_approval"] and kinds() == []


def test_a_term_that_never_fired_is_fired(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    with moved_to(noon(case.clocks.get().due_on + timedelta(days=3))):
        assert kinds() == [("unfired", True)]
    case.refresh_from_db()
    assert case.state == CaseState.ESCALATED


def test_a_term_nobody_answers_for_is_named(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    Clock.objects.filter(case=case).update(kind="nobody.answers")
    with moved_to(noon(case.clocks.get().due_on + timedelta(days=3))):
        assert kinds() == [("unfired", False)]
    assert Snag.objects.get().advice


def test_a_term_over_since_yesterday_is_left_to_the_sweep(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    with moved_to(noon(case.clocks.get().due_on + timedelta(days=1))):
        assert kinds() == []


def test_a_state_that_waits_for_a_term_none_runs_for(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    actions.stop_clock(case.clocks.get(), "误操作", by=BY)
    assert kinds() == [("no-term", False)]
    assert "整改期限" in Snag.objects.get().what or "限期内" in Snag.objects.get().what


def test_a_pause_that_nobody_ends(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    actions.pause_clock(case.clocks.get(), "诉讼", by=BY)
    assert kinds() == []
    with moved_to(noon(today() + timedelta(days=70))):
        assert kinds() == [("long-pause", False)]
        actions.resume_clock(case.clocks.get(), by=BY)
        assert kinds() == []
    assert Snag.objects.get().gone_at is not None


def test_where_the_law_names_no_longest_pause_none_is_too_long(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    actions.pause_clock(case.clocks.get(), "诉讼", by=BY)
    Provision.objects.filter(key=LONGEST_PAUSE).delete()
    with moved_to(noon(today() + timedelta(days=70))):
        assert kinds() == []


def test_a_step_nobody_may_take(cast: Any, case_at: Callable[..., Case]) -> None:
    case_at(CaseState.STREET_APPROVAL)
    Posting.objects.filter(role=Role.STREET).update(valid_to=today() - timedelta(days=1))
    assert kinds() == [("nobody", False)]
    assert "街道审批案件" in Snag.objects.get().what


def test_the_same_snag_is_one_row_with_the_day_it_was_first_seen(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    actions.stop_clock(case.clocks.get(), "误操作", by=BY)
    find_stuck()
    first = Snag.objects.get().first_seen
    with moved_to(noon(today() + timedelta(days=2))):
        find_stuck()
    assert Snag.objects.get().first_seen == first < Snag.objects.get().last_seen


def test_the_command_prints_what_it_found(case_at: Callable[..., Case]) -> None:
    case = case_at(CaseState.TERM)
    actions.stop_clock(case.clocks.get(), "误操作", by=BY)
    out = StringIO()
    call_command("find_stuck", stdout=out)
    assert case.code in out.getvalue() and "需要人办理的 1 处" in out.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "status", "sees"),
    [
        ("wu", 200, True),
        ("zheng", 200, True),
        ("qian", 403, False),
        ("zhao", 403, False),
        ("han", 403, False),
        ("fang", 403, False),
    ],
)
def test_who_sees_what_is_stuck(
    cast: Any, client: Client, case_at: Callable[..., Case], who: str, status: int, sees: bool
) -> None:
    case = case_at(CaseState.TERM)
    actions.stop_clock(case.clocks.get(), "误操作", by=BY)
    find_stuck()
    client.force_login(getattr(cast, who))
    answer = client.get("/clocks/stuck/")
    assert answer.status_code == status
    assert (case.code in answer.content.decode()) == sees


def test_only_the_city_has_it_checked_at_once(
    cast: Any, client: Client, case_at: Callable[..., Case]
) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    Task.objects.filter(process=case.process_id, finished=None).update(
        status=STATUS.CANCELED, finished="2026-01-01T00:00Z"
    )
    client.force_login(cast.zheng)
    assert client.post("/clocks/stuck/check/").status_code == 403 and open_tasks(case) == []
    client.force_login(cast.wu)
    page = client.post("/clocks/stuck/check/", follow=True).content.decode()
    assert "自动修复 1 处" in page and open_tasks(case) == ["street_approval"]


def test_looking_costs_the_same_for_one_case_and_for_many(
    case_at: Callable[..., Case], django_assert_max_num_queries: Any
) -> None:
    for _n in range(5):
        case_at(CaseState.STREET_APPROVAL)
    with django_assert_max_num_queries(25):
        assert find_stuck() == []
