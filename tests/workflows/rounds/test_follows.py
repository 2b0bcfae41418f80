"""What a round's page says will follow, and what the act then did."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from grid.calendar.now import today
from grid.subjects.actions.moves import Move, subjects_moved
from tasks.doors.models import CheckTask
from tasks.rounds import actions as rounds
from tasks.rounds.actions import clear_closed_rounds
from tasks.rounds.actions.single import send_one
from tasks.rounds.dispatch import send_out
from tasks.rounds.joining.actions import join_newcomers
from tasks.rounds.models import Round
from tasks.rounds.queries import dry_run
from workflows.clocks.models import Clock
from workflows.rounds import actions

pytestmark = pytest.mark.django_db
APPROVERS = {"street_approval": "sun", "district_approval": "qian", "city_approval": "ma"}
PLANNERS = [("wu", "150302001"), ("qian", "150302001"), ("qian", "150302"), ("wu", "150302")]


@pytest.fixture
def plan(cast: Any, make_employer: Any) -> Callable[..., Round]:
    def make(by: str = "wu", area: str = "150302001") -> Round:
        make_employer()
        due = today() + timedelta(days=10)
        return rounds.plan_round(
            title="摸排", area=area, lead_rules=[], due_on=due, per_worker=50, by=getattr(cast.by, by)
        )

    return make


def promised(client: Client, who: Any, round: Round, act: str) -> str:
    client.force_login(who)
    page = client.get(f"/rounds/{round.code}/").content.decode()
    found = re.search(rf'id="act-{act}".*?class="follows">(.*?)</span>', page, re.DOTALL)
    return unescape(found[1]).removeprefix("接下来：") if found else ""


def do(client: Client, round: Round, act: str) -> None:
    answer = client.post(f"/rounds/{round.code}/acts/{act}/", {"at": round.state, "why": "理由"})
    assert answer.status_code == 302
    round.refresh_from_db()


@pytest.mark.parametrize(("planner", "area"), PLANNERS)
def test_each_approval_leads_where_it_says(
    client: Client, cast: Any, plan: Callable[..., Round], planner: str, area: str
) -> None:
    round = plan(planner, area)
    words = promised(client, getattr(cast, planner), round, "submit")
    do(client, round, "submit")
    assert words == f"{round.get_state_display()}，制定人不能审批自己的轮次"
    while round.state in APPROVERS:
        # A colleague of the same post, where the planner holds it.
        who = getattr(cast, APPROVERS[round.state])
        if who.pk == round.planned_by_id:
            return
        words = promised(client, who, round, "approve")
        do(client, round, "approve")
        assert words == ("可以派发" if round.state == "approved" else round.get_state_display())


def test_what_is_sent_back_is_submitted_again(client: Client, cast: Any, plan: Callable[..., Round]) -> None:
    round = plan()
    actions.submit_round(round, by=cast.by.wu)
    assert promised(client, cast.sun, round, "return") == "制定人修改后重新提交"
    do(client, round, "return")
    assert promised(client, cast.wu, round, "submit").startswith("待街道审批")


def test_a_dispatch_writes_the_dry_run_and_a_closed_round_takes_back_the_rest(
    client: Client, cast: Any, plan: Callable[..., Round]
) -> None:
    round = plan("qian")
    actions.submit_round(round, by=cast.by.qian)
    actions.approve_round(round, by=cast.by.sun)
    round.refresh_from_db()
    planned = len(dry_run(round).plan.assigned)
    assert (
        promised(client, cast.qian, round, "dispatch") == f"按试算写入各网格员的手机，期限至 {round.due_on}"
    )
    do(client, round, "dispatch")
    assert Clock.objects.get(round=round).due_on == round.due_on
    send_out(round.pk, by=cast.by.qian)
    # What is written is not written twice.
    assert promised(client, cast.qian, round, "resume") in ("", "派发中断时使用：已派的不会重复")
    send_out(round.pk, by=cast.by.qian)
    round.refresh_from_db()
    assert CheckTask.objects.filter(round=round).count() == planned > 0
    assert promised(client, cast.qian, round, "close") == "未走访的任务收回，已走访的照常复核"
    do(client, round, "close")
    clear_closed_rounds()
    assert not CheckTask.objects.filter(round=round, state__in=("sent", "pulled")).exists()


def test_a_round_that_is_worked_takes_who_comes_later_or_no_more(
    client: Client, cast: Any, plan: Callable[..., Round], make_employer: Any
) -> None:
    round = plan("qian")
    actions.submit_round(round, by=cast.by.qian)
    actions.approve_round(round, by=cast.by.sun)
    actions.dispatch_round(round, by=cast.by.qian)
    send_out(round.pk, by=cast.by.qian)
    round.refresh_from_db()
    # All is written: nothing is left to go on with.
    assert promised(client, cast.qian, round, "resume") == ""
    assert promised(client, cast.qian, round, "stop-newcomers") == ""
    words = promised(client, cast.qian, round, "take-newcomers")
    assert words == "派发以后归入范围、符合条件的自动派发，到截止才结束"
    do(client, round, "take-newcomers")
    new = make_employer("后来的")
    subjects_moved([Move(new.pk, "", new.area)], by=cast.by.wu)
    assert join_newcomers() == 1
    CheckTask.objects.update(state="done")
    assert actions.close_finished_rounds() == 0
    assert promised(client, cast.qian, round, "stop-newcomers") == "已派的照常走访，之后归格的不再加入"
    do(client, round, "stop-newcomers")
    assert actions.close_finished_rounds() == 1


def test_a_withdrawn_round_is_not_sent_out(client: Client, cast: Any, plan: Callable[..., Round]) -> None:
    round = plan()
    assert promised(client, cast.wu, round, "withdraw") == "轮次作废，不派发"
    do(client, round, "withdraw")
    assert round.state == "withdrawn" and promised(client, cast.qian, round, "dispatch") == ""


def test_a_single_door_is_closed_by_the_decision_it_waits_for(
    client: Client, cast: Any, make_employer: Any
) -> None:
    task = send_one(
        make_employer(), "信用修复现场核查", "核实改正", today() + timedelta(days=5), by=cast.by.zhou
    )
    assert task.round.state == "worked" and promised(client, cast.qian, task.round, "close") == ""
