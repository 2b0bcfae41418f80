"""The phone app in bad moments: no network, killed, revoked, asked again. Nothing typed is lost."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mobile_api.devices.actions import revoke_phone
from mobile_api.devices.models import Device
from tasks.findings.actions import return_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.browser.conftest import FIRST, SECOND
from tests.journeys.people import Walker


def fill_in(walker: Walker, name: str, heads: int = 8, insured: int = 0) -> None:
    walker.opens(name)
    walker.answers("现在是否在经营", "在经营")
    walker.answers("在岗人数", heads)
    walker.answers("自报参保人数", insured)


def test_everything_works_without_a_network_and_is_sent_later(walker: Walker) -> None:
    page = walker.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    walker.loses_the_network()
    page.reload()
    walker.sees("还剩 2 户", FIRST)
    page.get_by_role("searchbox").fill("祥润")
    walker.does_not_see(FIRST)
    page.get_by_role("searchbox").fill("")
    for name in (FIRST, SECOND):
        fill_in(walker, name)
        walker.saves()
        walker.presses("回到今天")
    walker.sees("都查完了", "还有 2 条待发送")
    page.reload()
    walker.sees("还有 2 条待发送")
    assert not Visit.objects.exists()
    walker.is_on_line_again()
    walker.has_sent(2)
    assert sorted(Visit.objects.values_list("subject__name", flat=True)) == sorted([FIRST, SECOND])


def test_a_killed_tab_loses_nothing_typed(walker: Walker) -> None:
    fill_in(walker, FIRST, heads=17)
    walker.question("备注").get_by_role("textbox").fill("老板出差,会计在")
    walker.sees("草稿已自动保存")
    again = walker.page.context.new_page()
    walker.page.close(run_before_unload=False)
    walker.page = again
    again.goto("/phone/")
    walker.sees("填了一半")
    walker.opens(FIRST)
    expect(walker.question("在岗人数").get_by_role("textbox")).to_have_value("17")
    expect(walker.question("备注").get_by_role("textbox")).to_have_value("老板出差,会计在")
    walker.saves()
    assert_arrives(again, "17")


def assert_arrives(page: Page, heads: str) -> None:
    page.get_by_role("button", name="回到今天").click()
    expect(page.locator("body")).to_contain_text("全部已发送")
    assert str(Visit.objects.get().answers["employees"]) == heads


def test_a_save_with_something_missing_says_what(walker: Walker) -> None:
    walker.opens(FIRST)
    walker.answers("现在是否在经营", "在经营")
    walker.presses("保存")
    walker.sees("还有 1 处要改", "必填")
    walker.answers("在岗人数", 60000)
    walker.answers("自报参保人数", 0)
    walker.presses("保存")
    walker.sees("请填 0 到 50000 之间的人数")
    walker.does_not_see("已存在这部手机里")


def test_a_revoked_phone_hands_in_and_sees_nothing_new(
    walker: Walker, plan: Any, make_employer: Any, cast: Any
) -> None:
    walker.loses_the_network()
    fill_in(walker, FIRST)
    walker.saves()
    revoke_phone(Device.objects.get(), "手机遗失", by=cast.by.zhao)
    make_employer("乌海市新来的公司")
    plan("又一轮", sent=True)
    walker.is_on_line_again()
    walker.sees("这部手机已被停用")
    walker.presses("回到今天")
    walker.has_sent(1)
    assert Visit.objects.get().subject.name == FIRST
    walker.does_not_see("乌海市新来的公司")


def test_an_open_form_says_what_happened_meanwhile(walker: Walker, cast: Any) -> None:
    fill_in(walker, FIRST)
    elsewhere = Walker(walker.page.context.new_page())
    elsewhere.page.goto("/phone/")
    elsewhere.comes_to(FIRST)
    elsewhere.begins()
    elsewhere.saves()
    walker.sees("这一户在本机的另一个页面里刚保存过", "会用这一份替换那一份")
    revoke_phone(Device.objects.get(), "手机遗失", by=cast.by.zhao)
    elsewhere.page.close()
    walker.page.evaluate("dispatchEvent(new Event('online'))")
    walker.sees("这部手机已被停用，名单已清掉")
    walker.does_not_see("刚刚转给了别人")
    walker.saves()
    walker.presses("回到今天")
    walker.has_sent(2)


@pytest.fixture
def returned(walker: Walker, cast: Any) -> Walker:
    fill_in(walker, FIRST, heads=8, insured=0)
    walker.saves()
    walker.presses("回到今天")
    walker.has_sent(1)
    return_finding(Finding.objects.get(), "门牌上写 80 人,请再数一次", ["employees"], by=cast.by.zhao)
    walker.page.reload()
    return walker


def test_a_returned_visit_shows_the_question(returned: Walker) -> None:
    returned.sees("退回待改", "请再数一次")
    returned.opens(FIRST)
    returned.sees("赵敏请您再核一下", "门牌上写 80 人")
    expect(returned.question("在岗人数")).to_contain_text("请再核这一项")
    returned.answers("在岗人数", 80)
    returned.saves()
    returned.presses("回到今天")
    returned.sees("全部已发送")
    assert Finding.objects.filter(state="open").get().visit.answers["employees"] == 80


def test_larger_type_fits_too(walker: Walker) -> None:
    walker.goes_to("我的")
    walker.presses("设置")
    walker.page.get_by_role("switch", name="大字").click()
    walker.presses("返回")
    for tab in ("今天", "我的"):
        walker.goes_to(tab)
        assert walker.page.evaluate("document.documentElement.scrollWidth") <= 360
