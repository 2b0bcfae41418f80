"""A worker claims without a network what waits for a grid, and settles at the door in which grid it lies."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grid.codes import grouped
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Placement
from mobile_api.devices.actions import invite_phone
from tasks.claims.models import Claim, Way
from tasks.doors.models import CheckTask
from tests.browser.conftest import FIRST, SECOND
from tests.browser.everybody import serious
from tests.cast import GRID_1, GRID_2
from tests.journeys.people import People, Walker

COMMUNITY, STREET = GRID_1[:12], GRID_1[:9]


@pytest.fixture
def round_about(
    phone: Page, built_phone: None, plan: Callable[..., Any], make_employer: Any, cast: Any
) -> tuple[Walker, Any, Any]:
    """Two doors of which the community is known are sent out; a third subject is known by its street alone."""
    made = [make_employer(name, area=COMMUNITY) for name in (FIRST, SECOND)]
    waits = make_employer("乌海市老王汽车修理部", area=STREET, address="新华西街12号")
    for subject in (*made, waits):
        subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    plan(sent=True)
    own = [task.subject for task in CheckTask.objects.filter(posting=cast.post.wang)]
    assert len(own) == 1
    _invited, code = invite_phone(cast.post.wang, by=cast.by.zhao)
    hand = Walker(phone)
    hand.enrols(grouped(code))
    hand.sees(own[0].name)
    return hand, own[0], waits


def goes(walker: Walker, place: str) -> None:
    walker.page.evaluate("place => { location.hash = '#/' + place }", place)


def test_claimed_off_line_settled_at_the_door_and_sent_back_at_the_desk(
    round_about: tuple[Walker, Any, Any], another_page: Callable[..., Page]
) -> None:
    hand, door, waits = round_about
    page = hand.page
    goes(hand, "claim")
    hand.sees("手机里存着", waits.name, "只知道街道")
    assert not serious(page)
    hand.loses_the_network()
    page.get_by_role("searchbox").fill("老王汽车维修")
    hand.sees(waits.name)
    hand.does_not_see(door.name)
    hand.presses("这是我网格里的")
    hand.sees("已认领，送到后生效")
    hand.is_on_line_again()
    hand.waits_until(lambda: Claim.objects.filter(way=Way.POOL).exists())
    waits.refresh_from_db()
    assert (waits.area, waits.placement) == (GRID_1, Placement.HAND)

    goes(hand, "today")
    hand.opens(door.name)
    hand.answers("现在是否在经营", "在经营")
    hand.answers("在岗人数", 8)
    hand.answers("自报参保人数", 8)
    hand.answers("缴费基数是否按实际工资申报", "按实际工资")
    hand.answers("今年是否有职工中断缴费", "否")
    hand.presses("保存")
    hand.sees("请定一下在哪个网格")
    asked = page.locator("#q-grid")
    asked.get_by_role("radio", name="在别的网格").click()
    expect(asked.get_by_role("radio", name=re.compile("第二网格"))).to_be_visible()
    assert not serious(page)
    asked.get_by_role("radio", name=re.compile("^在我的网格")).click()
    hand.saves()
    hand.waits_until(lambda: Claim.objects.filter(way=Way.DOOR).exists())
    door.refresh_from_db()
    assert (door.area, door.placement) == (GRID_1, Placement.HAND) and door.area != GRID_2

    people = People(another_page)
    people.zhao.takes("网格员认领、定格 2 户")
    row = people.zhao.row(waits.name)
    row.get_by_role("textbox").fill("门牌在第二网格")
    row.get_by_role("button", name="退回").click()
    people.zhao.sees("回到待归格")
    goes(hand, "claim")
    hand.sees("被退回的认领", "赵敏退回：门牌在第二网格")
    waits.refresh_from_db()
    assert (waits.area, waits.placement) == (STREET, Placement.UNPLACED)
