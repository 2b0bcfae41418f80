"""The look at the door a repair waits for: it reaches the worker's phone, and what was seen comes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grid.calendar.now import today
from grid.calendar.rules import add_months
from mobile_api.devices.actions import enrol_phone, invite_phone
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tests.doors import IN_ORDER, SHORT
from tests.mobile_api.phones import Phone, visit_json
from workflows.cases.models import Case
from workflows.listing import problems as listing_problems
from workflows.listing.actions.repairing import apply_repair, decide_repair
from workflows.listing.models import Listing

pytestmark = pytest.mark.once


@pytest.fixture
def repairable(listed: Callable[..., Listing], go_to: Callable[..., None]) -> Listing:
    listing = listed()
    assert listing.decided_on
    go_to(add_months(listing.decided_on, 12) + timedelta(days=1))
    return listing


@pytest.fixture
def phone(cast: Any, repairable: Listing) -> Phone:
    """wang's phone, handed out today: months went by since the case began."""
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    device, token = enrol_phone(code, "王建国的手机", "0.1.0")
    return Phone(Client(), token, device)


def seen(phone: Phone, answers: dict[str, Any], task: Any) -> Finding:
    phone.results(visit_json(task, answers=answers))
    return Finding.objects.get(visit__task=task)


def test_it_reaches_the_phone_and_comes_back(repairable: Listing, cast: Any, phone: Phone) -> None:
    repair = apply_repair(repairable, "已补缴2026年社会保险费", "不再违法", by=cast.by.zhou)
    assert repair.task
    told = phone.get("changes").json()
    (door,) = [candidate for candidate in told["doors"] if candidate["task_id"] == repair.task.pk]
    assert "信用修复" in door["why"]
    assert door["due_on"] == repair.task.due_on.isoformat() > today().isoformat()
    finding = seen(phone, IN_ORDER, repair.task)
    with pytest.raises(listing_problems.RepairUninspected):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    confirm_finding(finding, by=cast.by.zhao)
    assert decide_repair(repair, True, "现场核查已改正", by=cast.by.ma).granted
    assert phone.get(f"changes?cursor={told['cursor']}").json()["more"] is False


def test_what_is_still_wrong_at_the_door_refuses_it(repairable: Listing, cast: Any, phone: Phone) -> None:
    repair = apply_repair(repairable, "已补缴2026年社会保险费", "不再违法", by=cast.by.zhou)
    confirm_finding(seen(phone, SHORT, repair.task), by=cast.by.zhao)
    assert Case.objects.filter(subject=repairable.subject).count() == 1
    with pytest.raises(listing_problems.RepairUnfounded):
        decide_repair(repair, True, "已改正", by=cast.by.ma)
    assert not decide_repair(repair, False, "仍有9人未参保", by=cast.by.ma).granted


def test_taken_back_it_leaves_the_phone(repairable: Listing, cast: Any, phone: Phone) -> None:
    repair = apply_repair(repairable, "已补缴2026年社会保险费", "不再违法", by=cast.by.zhou)
    told = phone.get("changes").json()
    decide_repair(repair, False, "材料不实", by=cast.by.ma)
    later = phone.get(f"changes?cursor={told['cursor']}").json()
    assert repair.task and repair.task.pk in later["gone"]
