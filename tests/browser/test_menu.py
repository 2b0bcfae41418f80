"""The header of every account of the demo: one line on a desk's screen, everything within two clicks, whole on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grid.scope import Role
from project.demo.accounts import ACCOUNTS
from project.menu import offered_to
from tests.cast import post_everybody

ROWS = [
    (account.username, account.full_name, account.role, account.area, account.department)
    for account in ACCOUNTS
]
DESK, HAND = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
ONE_LINE = 60  # px


def test_the_demo_has_somebody_with_each_role() -> None:
    assert {role for _name, _full, role, _area, _department in ROWS} == set(Role)


@pytest.fixture
def accounts(city: Any) -> Any:
    return post_everybody({code: city[code] for code in city}, [row for row in ROWS if row[3] in city])


@pytest.mark.timeout(1800)
def test_no_header_wraps_and_nothing_needs_more_than_two_clicks(
    another_page: Callable[..., Page], sign_in: Any, accounts: Any
) -> None:
    for name, actor in vars(accounts.by).items():
        page = sign_in(another_page(), getattr(accounts, name))
        page.set_viewport_size(DESK)
        page.goto("/")
        bar = page.locator(".bar > div")
        assert bar.evaluate("one => one.offsetHeight") <= ONE_LINE, f"the header of {name} wraps"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        menu = page.get_by_role("navigation", name="主菜单")
        shown = set()
        for link in menu.locator("a").all():
            if not link.is_visible():
                link.locator("xpath=ancestor::details/summary").click()
                box = link.bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= DESK["width"], name
            expect(link).to_be_visible()
            shown.add(link.get_attribute("href"))
        assert shown == set(offered_to(actor)), name
        page.set_viewport_size(HAND)
        for group in menu.locator("details").all():
            if group.get_attribute("open") is None:
                group.locator("summary").click()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} on a phone"
            expect(group.locator("a").last).to_be_in_viewport()
        page.context.close()


def test_a_group_is_opened_and_closed_by_the_keyboard(page: Page, sign_in: Any, cast: Any) -> None:
    sign_in(page, cast.wu).goto("/")
    group = page.locator(".bar nav details", has_text="管理")
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(group.locator("a").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(group.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(group.locator("a").first).to_be_hidden()
    expect(group.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(group.locator("a").first).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(group.locator("a").first).to_be_hidden()
    group.locator("summary").click()
    page.locator("h1").click()
    expect(group.locator("a").first).to_be_hidden()
    group.locator("summary").click()
    page.locator(".bar nav details", has_text="监督").locator("summary").click()
    expect(group.locator("a").first).to_be_hidden()
