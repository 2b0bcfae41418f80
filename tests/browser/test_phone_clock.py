"""The phone whose clock was wrong, and the phone that speaks after it was revoked: what the server makes of both."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from grid.calendar.now import now
from mobile_api.devices.actions import revoke_phone
from mobile_api.devices.models import Device, Revoked
from tasks.doors.models import CheckTask
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.browser.conftest import FIRST, SECOND
from tests.browser.test_phone import fill_in
from tests.journeys.people import Clerk, Walker


@pytest.fixture
def clock(phone: Page) -> Any:
    """The phone's own clock, in our hands before its app starts."""
    phone.clock.install(time=now())
    return phone.clock


def visits(walker: Walker, name: str, heads: int) -> None:
    fill_in(walker, name, heads=heads)
    walker.saves()
    walker.presses("回到今天")


def test_a_clock_of_2031_is_kept_marked_and_outlived(clock: Any, walker: Walker, page: Page) -> None:
    walker.loses_the_network()
    clock.set_system_time(datetime(2031, 1, 1, 2, tzinfo=UTC))
    visits(walker, FIRST, 8)
    clock.set_system_time(now())
    walker.is_on_line_again()
    walker.has_sent(1)
    wrong = Visit.objects.get()
    assert (wrong.recorded_at.year, wrong.doubt) == (2031, "ahead")
    assert abs(wrong.skew_seconds) < 300 and wrong.counts_at == wrong.received_at
    walker.page.goto("/phone/#/visit/" + str(wrong.client_id))
    walker.sees("不可信")
    clock.set_system_time(now())
    walker.page.goto("/phone/")
    walker.sees("还剩 1 户")
    fill_again(walker, 31)
    walker.has_sent(2)
    states = dict(Finding.objects.values_list("visit__answers__employees", "state"))
    assert states == {8: "replaced", 31: "open"}
    zhao = Clerk(page, "zhao")
    zhao.signs_in()
    zhao.opens(f"/visits/{wrong.code}/")
    zhao.sees("手机时间 2031-01-01 不可信", "一切日期按收到的时间")


def fill_again(walker: Walker, heads: int) -> None:
    task = CheckTask.objects.get(subject__name=FIRST)
    walker.page.evaluate(f"location.hash = '#/fill/{task.pk}'")
    walker.sees("现在是否在经营")
    walker.answers("现在是否在经营", "在经营")
    walker.answers("在岗人数", heads)
    walker.answers("自报参保人数", 0)
    walker.saves()
    walker.presses("回到今天")


def test_what_a_revoked_phone_claims_later_goes_to_a_named_person(
    walker: Walker, cast: Any, page: Page
) -> None:
    walker.loses_the_network()
    visits(walker, FIRST, 8)
    revoke_phone(Device.objects.get(), "换了手机", Revoked.REPLACED, by=cast.by.zhao)
    visits(walker, SECOND, 9)
    walker.is_on_line_again()
    walker.has_sent(2)
    taken, held = Visit.objects.order_by("recorded_at")
    assert (taken.route, taken.after_end.verdict, taken.subject.name) == ("normal", "taken", FIRST)
    assert (held.route, held.subject, CheckTask.objects.get(subject__name=SECOND).state) == (
        "held",
        None,
        "open",
    )
    zhao = Clerk(page, "zhao")
    zhao.signs_in()
    zhao.opens("/")
    zhao.follows("王建国的 1 条走访")
    zhao.sees(SECOND, "手机已停用", "换了手机", "所报时间在停用或离岗之后")
    page.get_by_role("button", name="采用", exact=True).click()
    zhao.sees("没有待核定的")
    assert CheckTask.objects.get(subject__name=SECOND).state == "visited"
    assert Finding.objects.filter(state="open").count() == 2
