"""How long a correction may take is the officer's to choose, within the law's bounds; page, paper and clock agree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from grid.calendar.now import today
from grid.law.queries import the_law
from tests.workflows.conftest import Walk
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.inspections import actions as inspecting
from workflows.inspections.models import Inspection, InspectionState
from workflows.notices import problems as notices_problems
from workflows.notices.models import NoticeKind
from workflows.notices.queries.spans import span_of
from workflows.notices.rules.spans import Span, span_for

pytestmark = pytest.mark.once
ROWS = [{"up_to": 20, "least": 5, "most": 30}, {"least": 10, "most": 60}]


def test_law_50_more_people_may_take_longer() -> None:
    assert span_for(ROWS, 15, 1) == span_for(ROWS, 15, 20) == Span(5, 15, 30)
    assert span_for(ROWS, 15, 21) == span_for(ROWS, 15, 66) == Span(10, 15, 60)
    assert span_for(ROWS, 3, 66) == Span(3, 3, 60)
    assert span_for([], 15, 1) == Span(15, 15, 15)


def test_law_50_the_urging_gives_the_days_that_were_chosen(
    case_at: Callable[..., Case], walk: Walk, cast: Any, client: Any
) -> None:
    case = case_at(CaseState.URGING)
    span = span_of(case, "urging.term", the_law(today()))
    assert (span.least, span.most) == (5, 30)
    client.force_login(cast.zhao)
    page = client.get(reverse("case", args=[case.code])).content.decode()
    assert f"从 {span.least} 到 {span.most} 日" in page
    address = reverse("case-act", args=[case.code, "urge"])
    assert client.post(address, {"at": case.state, "days": "31"}).status_code == 422
    with pytest.raises(notices_problems.DaysOutside):
        actions.issue_notice(case, 4, by=cast.by.zhao)
    assert client.post(address, {"at": case.state, "days": "7"}).status_code == 302
    notice = case.notices.get()
    assert notice.values["term"]["length"] == 7
    service = walk.serve(notice, cast.by.zhao)
    clock = case.clocks.get()
    assert (clock.length, clock.due_on) == (
        7,
        service.effective_on + timedelta(days=7),
    ) or clock.due_on > today()
    assert clock.length == 7 and clock.basis == the_law(today())["urging.term"].basis


def test_law_50_nobody_chose_and_it_is_as_long_as_before(
    case_at: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    case = case_at(CaseState.URGING)
    notice = actions.issue_notice(case, by=cast.by.zhao)
    walk.serve(notice, cast.by.zhao)
    assert notice.values["term"]["length"] == case.clocks.get().length == 15


def test_law_50_an_order_and_a_decision(
    inspection_at: Callable[..., Inspection], make_case: Callable[..., Case], walk: Walk, cast: Any
) -> None:
    one = inspection_at(InspectionState.INVESTIGATING)
    walk.gather(one)
    order = inspecting.issue_order(one, "", 9, by=cast.by.zhou)
    assert order.values["term"]["length"] == 9
    walk.serve(order, cast.by.zhou)
    assert one.case.clocks.get(kind="order.term").length == 9
    one = walk.inspection_at(one.case, InspectionState.DECIDING)
    with pytest.raises(notices_problems.DaysOutside):
        inspecting.decide(one, days=90, by=cast.by.qian)
    inspecting.decide(one, days=20, by=cast.by.qian)
    decision = one.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    assert decision.values["correction"]["length"] == 20
    walk.serve(decision, cast.by.zhou)
    assert one.case.clocks.get(kind="penalty.correction").length == 20
