"""What hangs on 我的: documents served at the door, suggestions, what was returned, history, practice, the lock.
And every screen of the phone before axe, in light, in the dark and in large type."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grid.subjects.models import Subject
from mobile_api.suggestions.actions import answer_suggestion
from mobile_api.suggestions.models import Suggestion
from tasks.visits.models import Evidence, Visit
from tests.approving import approved
from tests.browser.conftest import FIRST, SECOND
from tests.browser.everybody import serious
from tests.journeys.people import Walker
from workflows.cases.actions import issue_notice
from workflows.cases.models import CaseState
from workflows.notices.actions.doorstep import send_to_door
from workflows.notices.models import Notice, Service

SCREENS = (
    "today", "scan", "suggest", "mine", "returned", "history", "device", "settings", "leave", "practice", "help", "help/visit",
    "help/offline", "help/nobody", "help/refused", "help/returned", "help/serve", "help/pin", "visit/none", "serve/none",
)  # fmt: skip


def goes(walker: Walker, place: str) -> None:
    walker.page.evaluate("place => { location.hash = '#/' + place }", place)


def signs(page: Page) -> None:
    pad = page.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 40 + step * 12, box["y"] + 60 + (step % 3) * 20)
    page.mouse.up()
    expect(page.locator("body")).to_contain_text("签名已存在手机里")


# --- serving ----------------------------------------------------------------------------------------------


@pytest.fixture
def notice(walk: Any, walker: Walker, make_case: Any, cast: Any) -> Notice:
    """Issued to the first of the two doors, and asked of wang. `walk` sets the clock to noon, and comes before the
    phone is enrolled: a visit made before its phone was there is no proof of service."""
    case = walk.to(make_case(Subject.objects.get(name=FIRST)), CaseState.URGING)
    made = send_to_door(approved(issue_notice(case, by=cast.by.zhao)), by=cast.by.zhao)
    walker.page.reload()
    return made


def test_a_document_is_served_off_line_in_one_step(notice: Notice, walker: Walker) -> None:
    page = walker.page
    goes(walker, f"serve/{notice.number}")
    walker.sees(notice.number)
    walker.loses_the_network()
    walker.sees(notice.number, "文书到此结束", "核对文书真假")
    walker.presses("已看完，下一步")
    walker.presses("保存送达记录")
    walker.sees("必填")
    walker.question("怎么送的").get_by_role("radio", name="本人当面签收").click()
    walker.answers("签收人姓名", "李会计")
    walker.question("签收人是什么人").get_by_role("radio", name="单位收件人员").click()
    signs(page)
    page.reload()
    expect(walker.question("签收人姓名").get_by_role("textbox")).to_have_value("李会计")
    walker.presses("保存送达记录")
    expect(page.get_by_role("status").filter(has_text="送达已保存")).to_be_visible()
    goes(walker, "today")
    goes(walker, f"serve/{notice.number}")
    walker.sees("这份文书您已经记过送达")
    assert not Service.objects.exists()
    walker.is_on_line_again()
    goes(walker, "mine")
    walker.has_sent(1)
    service = Service.objects.get()
    visit = Visit.objects.get(form="notice_service")
    assert service.notice == notice and visit.task_id is None
    assert Evidence.objects.get(visit=visit).kind == "signature"


# --- suggestions ------------------------------------------------------------------------------------------


def test_a_suggestion_waits_off_line_arrives_once_and_is_answered(walker: Walker, cast: Any) -> None:
    page = walker.page
    walker.loses_the_network()
    walker.comes_to(SECOND)
    walker.presses("意见建议")
    walker.sees(f"关于“{SECOND}”")
    page.get_by_label("您想说什么").fill("这家上个月就搬走了")
    walker.sees("草稿已自动保存")
    page.reload()
    expect(page.get_by_label("您想说什么")).to_have_value("这家上个月就搬走了")
    walker.presses("交上去")
    walker.sees("已存在手机里", "待发送")
    assert not Suggestion.objects.exists()
    walker.is_on_line_again()
    walker.sees("已送到，等回复")
    suggestion = Suggestion.objects.get()
    assert suggestion.text == "这家上个月就搬走了"
    assert suggestion.task and suggestion.task.subject.name == SECOND
    answer_suggestion(suggestion, "谢谢，已经核实，明天从名单里去掉", by=cast.by.zhao)
    goes(walker, "today")
    page.reload()
    expect(page.get_by_role("navigation").locator(".van-badge")).to_have_text("1")
    walker.goes_to("意见")
    walker.sees("谢谢，已经核实", "新回复")
    expect(page.get_by_role("navigation").locator(".van-badge")).to_have_count(0)


def test_suggestions_are_one_tap_from_every_screen(walker: Walker) -> None:
    for place in (*SCREENS, "map"):
        goes(walker, place)
        if place != "suggest":
            expect(walker.page.get_by_role("button", name=re.compile("^意见")).or_(
                walker.page.get_by_role("tab", name="意见")
            ).first).to_be_visible()  # fmt: skip


# --- practice ---------------------------------------------------------------------------------------------


def test_practice_never_reaches_the_server(walker: Walker) -> None:
    page = walker.page
    goes(walker, "practice")
    heard: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda asked: heard.append(asked.url) if "/api/" in asked.url else None)
    walker.presses("开始练习")
    walker.sees("示例餐馆", "不会发出去")
    walker.does_not_see(FIRST)
    goes(walker, "practice")
    walker.presses("认这个示例码")
    walker.sees("示例五金店")
    walker.begins()
    walker.answers("现在是否在经营", "已停业")
    walker.answers("凭什么这样判断", "门已封闭或人去屋空")
    walker.saves()
    goes(walker, "history")
    walker.sees("练习：假装已收到")
    assert not heard
    walker.presses("结束练习")
    walker.sees(FIRST, SECOND)
    walker.does_not_see("示例")
    goes(walker, "history")
    walker.sees("这里还没有记录")
    assert not Visit.objects.exists()


# --- the lock, and leaving --------------------------------------------------------------------------------


def test_a_locked_phone_shows_nothing_until_its_pin_is_given(walker: Walker) -> None:
    page = walker.page
    goes(walker, "settings")
    walker.presses("设置密码")
    page.get_by_label("新密码").fill("2580")
    page.get_by_label("再输一次").fill("2580")
    walker.presses("保存")
    walker.sees("密码已设好")
    goes(walker, "today")
    page.reload()
    walker.sees("请输入解锁密码")
    walker.does_not_see(FIRST)
    page.get_by_label("解锁密码").fill("1111")
    walker.presses("打开")
    walker.sees("密码不对")
    page.get_by_label("解锁密码").fill("2580")
    walker.presses("打开")
    walker.sees(FIRST)


def test_leaving_waits_for_the_hand_in(walker: Walker) -> None:
    walker.loses_the_network()
    walker.opens(FIRST)
    walker.answers("现在是否在经营", "已停业")
    walker.answers("凭什么这样判断", "门已封闭或人去屋空")
    walker.saves()
    goes(walker, "leave")
    walker.sees("还有内容没交清", "1 条走访待发送")
    expect(walker.page.get_by_role("button", name="清除并退出")).to_have_count(0)
    walker.is_on_line_again()
    walker.sees("都已交清")
    walker.presses("清除并退出")
    walker.page.get_by_role("dialog").get_by_role("button", name="清除并退出").click()
    walker.sees("登记这部手机")
    walker.page.reload()
    walker.sees("登记这部手机")
    assert Visit.objects.count() == 1


# --- how it looks -----------------------------------------------------------------------------------------


class Looker:
    """Goes from screen to screen and asks axe; what is wide of the phone is a fault too."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.faults = walker, list[str]()

    def looks_at(self, places: tuple[str, ...], how: str) -> None:
        page = self.walker.page
        for place in places:
            goes(self.walker, place)
            page.wait_for_timeout(150)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > 360:
                self.faults.append(f"{place} {how}: {wide} px wide")
            self.faults += [f"{place} {how}: {fault}" for fault in serious(page)]


def test_every_screen_is_for_everybody(notice: Notice, walker: Walker) -> None:
    page, looker = walker.page, Looker(walker)
    walker.sees(FIRST)
    places = (*SCREENS, f"serve/{notice.number}")
    looker.looks_at(places, "light")
    page.emulate_media(color_scheme="dark")
    looker.looks_at(places, "dark")
    goes(walker, "settings")
    page.get_by_role("switch", name="大字").click()
    looker.looks_at(places, "dark, large")
    goes(walker, "practice")
    walker.presses("开始练习")
    walker.sees("示例餐馆")
    looker.looks_at((*SCREENS, "door/-4", "fill/-4"), "practice")
    assert not looker.faults, "\n".join(looker.faults)
