"""Signing in with a real browser: a passkey, the account pages in every width, a form that outlives its session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from grid.territory.models import Absence
from tests.browser.test_pages import HEIGHT, Examiner
from tests.browsers import WIDTHS
from tests.cast import PASSWORD

pytestmark = pytest.mark.slow

# Finger and screen lock of a machine that has both.
TOUCH = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PAGES = (
    "",
    "password/change/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "2fa/recovery-codes/",
)


def signs_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()


def test_a_passkey_signs_in_and_the_account_pages_fit(
    cast: Any, site: Any, another_page: Callable[..., Page]
) -> None:
    # A passkey belongs to a name; an address has none.
    home = site.url.replace("127.0.0.1", "localhost")
    page = another_page(viewport={"width": WIDTHS["desk"], "height": HEIGHT})
    page.goto(home + "/accounts/login/")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH})
    page.get_by_label("用户名").fill("sun")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()
    page.get_by_role("link", name="孙强").click()
    page.get_by_role("link", name="添加").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    examiner = Examiner(page, set())
    for path in PAGES:
        examiner.looks_at(f"{home}/accounts/{path}", 200)
    assert not examiner.faults, "\n".join(examiner.faults)
    page.get_by_role("button", name="退出", exact=True).click()
    page.goto(home + "/accounts/login/")
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收件箱")


def test_the_page_of_help_fits(cast: Any, another_page: Callable[..., Page], sign_in: Any) -> None:
    page = another_page(viewport={"width": WIDTHS["desk"], "height": HEIGHT})
    examiner = Examiner(page, set())
    examiner.looks_at("/accounts/login/", 200)
    examiner.looks_at("/accounts/password/reset/", 200)
    sign_in(page, cast.qian)
    examiner.looks_at(f"/people/{cast.wang.pk}/sign-in/", 200)
    assert not examiner.faults, "\n".join(examiner.faults)


def test_a_form_half_typed_outlives_its_session(
    cast: Any, site: Any, another_page: Callable[..., Page]
) -> None:
    page = another_page(viewport={"width": WIDTHS["desk"], "height": HEIGHT})
    signs_in(page, "sun")
    page.goto(f"/areas/postings/{cast.post.wang.pk}/absence/")
    page.get_by_label("事由").fill("参加培训，写到一半")
    Session.objects.all().delete()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已结束")
    assert not Absence.objects.exists()
    other = page.context.new_page()
    signs_in(other, "sun")
    expect(other.get_by_role("heading", level=1)).to_have_text("收件箱")
    page.get_by_role("link", name="回到刚才的页面").click()
    expect(page.get_by_label("事由")).to_have_value("参加培训，写到一半")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status")).to_contain_text("已登记缺勤")
