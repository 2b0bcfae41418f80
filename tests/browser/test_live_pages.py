"""A page that changes under its reader: everything on it says the same moment, and what is half typed stays."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from grid.hints import hint
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Subject
from project.jobs import Worker
from tasks.rounds.models import Round
from tests.browser.test_desk import is_still_the_same_page, never_reloaded
from workflows.rounds.actions import approve_round, submit_round


@pytest.fixture
def approved(plan: Callable[..., Round], make_employer: Callable[..., Subject], cast: Any) -> Round:
    """A round of the district with three doors, ready to be sent out."""
    for name in ("甲", "乙", "丙"):
        subject = make_employer(f"乌海市{name}商贸有限公司")
        subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    round = plan()
    submit_round(round, by=cast.by.qian)
    approve_round(round, "同意", by=cast.by.sun)
    round.refresh_from_db()
    return round


def opened(page: Page, address: str) -> None:
    with page.expect_websocket():
        page.goto(address)
    page.wait_for_timeout(1200)  # what may have been missed on the way is asked for once
    never_reloaded(page)


def dispatched(round: Round) -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass
    round.refresh_from_db()
    assert round.state == "worked"


def test_after_a_dispatch_tag_acts_and_history_say_what_is(
    page: Page, sign_in: Any, cast: Any, approved: Round
) -> None:
    sign_in(page, cast.qian)
    opened(page, f"/rounds/{approved.code}/")
    page.get_by_role("button", name="开始派发").click()
    expect(page.locator(".tag--dispatching")).to_be_visible()
    expect(page.get_by_role("button", name="继续派发")).to_be_visible()
    never_reloaded(page)
    before = page.locator(".history li").count()
    dispatched(approved)
    expect(page.locator(".tag--worked")).to_be_visible()
    expect(page.locator(".tag--dispatching")).to_have_count(0)
    expect(page.get_by_role("button", name="继续派发")).to_have_count(0)
    expect(page.get_by_role("button", name="结束轮次")).to_have_count(1)
    expect(page.locator(".sums li b").first).to_have_text("3")
    assert page.locator(".history li").count() > before
    assert is_still_the_same_page(page)


def test_what_is_typed_chosen_and_opened_stays_when_the_page_is_fetched_anew(
    page: Page, sign_in: Any, cast: Any, approved: Round
) -> None:
    sign_in(page, cast.qian)
    opened(page, f"/rounds/{approved.code}/")
    page.locator("#act-withdraw summary").click()
    reason = page.locator("#why-withdraw")
    reason.fill("名册有误，重新制定")
    reason.evaluate("field => field.setSelectionRange(2, 4)")
    page.evaluate("document.querySelector('#page').dataset.old = '1'")
    hint("round", approved.area)
    expect(page.locator("#page[data-old]")).to_have_count(0)
    expect(reason).to_have_value("名册有误，重新制定")
    expect(reason).to_be_focused()
    assert reason.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 4]
    expect(page.locator("#act-withdraw")).to_have_attribute("open", "")
    assert is_still_the_same_page(page)
    page.keyboard.type("漏")
    expect(reason).to_have_value("名册漏，重新制定")


def test_what_was_typed_into_an_act_that_is_gone_can_still_be_read(
    page: Page, sign_in: Any, cast: Any, plan: Callable[..., Round], make_employer: Callable[..., Subject]
) -> None:
    make_employer("乌海市甲商贸有限公司")
    round = plan()
    submit_round(round, by=cast.by.qian)
    sign_in(page, cast.sun)
    opened(page, f"/rounds/{round.code}/")
    page.locator("#act-return summary").click()
    page.locator("#why-return").fill("每人户数过多")
    approve_round(round, "同意", by=cast.by.sun)
    expect(page.locator("#act-return")).to_have_count(0)
    expect(page.locator("[data-kept]")).to_contain_text("每人户数过多")
    assert is_still_the_same_page(page)


def test_a_list_keeps_what_is_ticked_and_its_filter(
    page: Page, sign_in: Any, cast: Any, make_case: Callable[..., Any]
) -> None:
    case = make_case()
    sign_in(page, cast.sun)
    opened(page, "/cases/")
    expect(page.locator(".lead")).to_contain_text("共 1 件")
    page.locator("input[name=q]").fill("示例")
    make_case()
    hint("case", case.area)
    expect(page.locator(".lead")).to_contain_text("共 2 件")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("input[name=q]")).to_have_value("示例")
    expect(page.locator("input[name=q]")).to_be_focused()
