"""The desk while others work: pages that refresh themselves, the browser's own buttons, the keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from tasks.doors.models import CheckTask
from tests.doors import UNINSURED, arrival, push
from workflows.cases.models import Case

NAME = "乌海市通安汽车服务有限公司"


@pytest.fixture
def door(plan: Any, make_employer: Callable[..., Subject], cast: Any) -> CheckTask:
    """A door on wang's phone, nobody was there yet."""
    subject = make_employer(NAME)
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    plan(sent=True)
    return CheckTask.objects.get(subject=subject)


def never_reloaded(page: Page) -> None:
    """Leaves a mark that a reload would wipe out."""
    page.evaluate("window.mark = 'still here'")


def is_still_the_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.mark === 'still here'"))


def test_a_visit_refreshes_the_inbox_and_the_coverage_of_others(
    another_page: Callable[..., Page], sign_in: Any, cast: Any, door: CheckTask
) -> None:
    reviewer, supervisor = sign_in(another_page(), cast.zhao), sign_in(another_page(), cast.sun)
    stranger = sign_in(another_page(), cast.chen)
    for page, address in ((reviewer, "/"), (supervisor, "/coverage/"), (stranger, "/")):
        with page.expect_websocket():
            page.goto(address)
        never_reloaded(page)
    to_review = supervisor.locator(".sums li", has_text="待复核").locator("b")
    expect(to_review).to_have_text("0")
    reviewer.wait_for_timeout(300)
    push(cast.post.wang, cast.by.wang, arrival(door, answers=UNINSURED))
    expect(reviewer.locator("#inbox")).to_contain_text(NAME)
    expect(to_review).to_have_text("1")
    assert is_still_the_same_page(reviewer) and is_still_the_same_page(supervisor)
    expect(stranger.locator("#inbox")).not_to_contain_text(NAME)


def test_what_a_colleague_did_leaves_the_inbox(
    another_page: Callable[..., Page], sign_in: Any, cast: Any, make_case: Callable[..., Case]
) -> None:
    """Two browsers of one supervisor: what is decided in one is gone from the other."""
    case = make_case()
    here, there = sign_in(another_page(), cast.sun), sign_in(another_page(), cast.sun)
    with here.expect_websocket():
        here.goto("/")
    expect(here.locator("#inbox")).to_contain_text(case.code)
    there.goto(f"/cases/{case.code}/")
    stale = sign_in(another_page(), cast.sun)
    stale.goto(f"/cases/{case.code}/")
    for page in (there, stale):
        page.locator("#act-approve summary").click()
        page.locator("#act-approve").get_by_role("button", name="同意").click()
    expect(here.locator("#inbox")).not_to_contain_text(case.code)
    # Who was faster, and when.
    expect(stale.locator("main")).to_contain_text("孙强")
    expect(stale.get_by_role("alert")).to_be_visible()


def test_back_and_forward_keep_a_filtered_list(page: Page, sign_in: Any, cast: Any, make_case: Any) -> None:
    case = make_case()
    sign_in(page, cast.sun).goto("/cases/")
    page.get_by_label("状态").select_option(label="待街道审批")
    page.get_by_role("button", name="筛选").click()
    expect(page).to_have_url(re.compile("state=street_approval"))
    page.get_by_role("link", name=case.code).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(case.subject.name)
    page.go_back()
    expect(page.get_by_label("状态")).to_have_value("street_approval")
    expect(page.locator("#cases")).to_contain_text(case.code)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text(case.subject.name)


def test_the_keyboard_alone_decides_a_case(page: Page, sign_in: Any, cast: Any, make_case: Any) -> None:
    case = make_case()
    sign_in(page, cast.sun).goto(f"/cases/{case.code}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    tabs_to(page, "document.activeElement.matches('#act-approve summary')")
    page.keyboard.press("Enter")
    tabs_to(page, "document.activeElement.tagName === 'TEXTAREA'")
    page.keyboard.type("事实清楚")
    tabs_to(page, "document.activeElement.matches('#act-approve button')")
    page.keyboard.press("Enter")
    expect(page.locator(".title .tag").first).to_have_text("待区级审批")
    expect(page.locator(".history")).to_contain_text("事实清楚")


def tabs_to(page: Page, here: str, most: int = 20) -> None:
    """Presses Tab until the wanted element has the focus, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(here):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", "nothing shows where the keyboard is"
            return
    raise AssertionError(f"not reached within {most} steps: {here}")
