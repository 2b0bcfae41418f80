"""One document served twice in the same moment: by the phone and at the desk, or by two posts of one phone. It is
served once, nobody waits for each other for ever, and no visit is lost."""

from typing import Any

import pytest

from grid.calendar.now import now, today
from mobile_api.devices.actions import enrol_phone, invite_phone
from mobile_api.sync.actions import take_visits
from tests.approving import approved
from tests.concurrency.test_two_approvers import at_once
from tests.workflows.conftest import case_at, grounds, make_case, make_finding, walk
from tests.workflows.notices.test_doorstep import handing
from workflows.cases import actions
from workflows.cases.models import CaseState
from workflows.notices.actions import Receipt
from workflows.notices.actions.doorstep import recall_from_door, send_to_door
from workflows.notices.models import DoorService, Service

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["case_at", "grounds", "make_case", "make_finding", "walk"]
ROUNDS = 4


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_phone_and_desk(case_at: Any, cast: Any, turn: int) -> None:
    notice = approved(actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao))
    send_to_door(notice, by=cast.by.zhao)
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, _token = enrol_phone(code, "手机", "0.1.0")
    first, second = handing(notice), handing(notice, recorded_at=now())
    receipt = Receipt("direct", today(), "张三", "法定代表人")
    outcomes = at_once(
        lambda: take_visits(device, [first], now()),
        lambda: actions.record_service(notice, receipt, by=cast.by.zhao),
        lambda: take_visits(device, [first, second], now()),
        lambda: recall_from_door(notice, by=cast.by.sun),
    )
    assert all(outcome is not None for outcome in outcomes), outcomes
    assert {service.visit.client_id for service in DoorService.objects.select_related("visit")} == {
        first.client_id, second.client_id,
    }  # fmt: skip
    assert Service.objects.filter(notice=notice).count() == 1
    notice.case.refresh_from_db()
    assert notice.case.state == CaseState.TERM and notice.case.clocks.count() == 1
