"""Every screen and state of the phone at 360 px, in light, in the dark and in large type: nothing cut off to the
side, nothing axe calls serious. tests/browser/test_phone_screens.py looks at the screens that need no doing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from grid.calendar.now import now
from mobile_api.devices.models import Device
from tests.browser.conftest import FIRST, SECOND
from tests.browser.everybody import serious
from tests.journeys.people import Walker

MODES = ("light", "dark", "large")
WIDTH = 360


class Looker:
    """Looks at what is on the screen now, and remembers what is wrong with it."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.page, self.faults = walker, walker.page, list[str]()

    def goes(self, place: str) -> None:
        self.page.evaluate("place => { location.hash = '#/' + place }", place)

    def reloads(self, words: str) -> None:
        self.page.reload()
        self.walker.sees(words)

    def looks(self, name: str) -> None:
        self.page.wait_for_timeout(120)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > WIDTH:
            self.faults.append(f"{name}: {wide} px wide")
        self.faults += [f"{name}: {fault}" for fault in serious(self.page)]


def at_a_door(look: Looker) -> None:
    walker = look.walker
    look.looks("today")
    look.page.get_by_role("searchbox").or_(look.page.locator(".van-search input")).first.fill("没有这一家")
    look.looks("nothing found")
    look.page.locator(".van-search input").fill("")
    walker.comes_to(FIRST)
    look.looks("door")
    walker.presses(re.compile("^没查成"))
    look.looks("outcomes")
    look.page.locator(".tile.outcome").filter(has_text="当时没人").click()
    walker.sees("什么时候再来")
    look.page.locator(".again .tile").first.click()
    look.looks("nobody in")
    look.page.get_by_role("radio", name="见到人，已核查").click()
    walker.presses("保存")
    walker.sees("必填")
    look.looks("faults")
    walker.answers("现在是否在经营", "在经营")
    look.looks("all questions")


def on_the_way(look: Looker) -> None:
    walker = look.walker
    walker.loses_the_network()
    look.goes("today")
    walker.opens(SECOND)
    walker.answers("现在是否在经营", "已停业")
    walker.answers("凭什么这样判断", "门已封闭或人去屋空")
    walker.saves()
    look.looks("saved")
    look.goes("today")
    look.looks("today without network")
    look.goes("mine")
    walker.sees("待发送")
    look.looks("outbox and drafts")
    look.page.locator(".row").first.click()
    look.looks("visit on its way")
    walker.is_on_line_again()
    look.goes("map")
    look.looks("map")


def on_the_street(look: Looker) -> None:
    walker = look.walker
    look.goes("unlisted")
    look.page.get_by_label(re.compile("^单位名称")).fill(FIRST)
    look.looks("unlisted")
    walker.presses("查一查有没有登记过")
    walker.sees("可能就是这几家")
    look.looks("duplicates")


def behind_the_lock(look: Looker) -> None:
    walker, page = look.walker, look.page
    look.goes("settings")
    walker.presses("设置密码")
    page.get_by_label("新密码").fill("2580")
    page.get_by_label("再输一次").fill("2581")
    walker.presses("保存")
    walker.sees("两次输的不一样")
    look.looks("PIN being set")
    page.get_by_label("再输一次").fill("2580")
    walker.presses("保存")
    walker.sees("密码已设好")
    look.goes("today")
    look.reloads("请输入解锁密码")
    look.looks("locked")
    Device.objects.update(revoked_at=now())
    page.get_by_label("解锁密码").fill("2580")
    walker.presses("打开")
    walker.sees("这部手机已被停用")
    look.looks("revoked")


WALKS: tuple[Callable[[Looker], None], ...] = (at_a_door, on_the_way, on_the_street, behind_the_lock)


def paint(look: Looker, mode: str) -> None:
    page: Page = look.page
    if mode == "dark":
        page.emulate_media(color_scheme="dark")
    if mode == "large":
        look.goes("settings")
        page.get_by_role("switch", name="大字").click()
        look.goes("today")


@pytest.mark.parametrize("mode", MODES)
def test_every_state_is_for_everybody(walker: Walker, cast: Any, mode: str) -> None:
    look = Looker(walker)
    paint(look, mode)
    walker.sees(FIRST)
    for walk in WALKS:
        walk(look)
    assert not look.faults, "\n".join(look.faults)
