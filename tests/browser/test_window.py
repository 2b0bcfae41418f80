"""The employer at the window with a phone in the hand, and the desk that answers: every page looked at."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_pages import HEIGHT, Examiner
from tests.browsers import WIDTHS
from tests.papers import PNG
from workflows.cases.models import Case, CaseState
from workflows.counter.models import Submission
from workflows.reminders.actions import note_phone


def walks_in(page: Page, case: Case) -> str:
    """From the code on paper to the page inside; the address inside."""
    notice = case.notices.exclude(service=None).last()
    page.goto(f"/v/{notice.code}")
    page.get_by_role("link", name="我是该单位").click()
    page.get_by_role("button", name="获取验证码").click()
    shown = page.get_by_text("验证码是").inner_text()
    page.get_by_label("短信验证码").fill(re.findall(r"\d{6}", shown)[0])
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", name="要求您做什么")).to_be_visible()
    return f"/v/{notice.code}/unit/"


def test_an_employer_hands_in_and_reads_the_answer(
    another_page: Callable[..., Page],
    phone: Page,
    sign_in: Any,
    cast: Any,
    case_at: Callable[..., Case],
    tmp_path: Path,
) -> None:
    case = case_at(CaseState.DEFENCE)
    note_phone(case.subject, "13804730012", "张三", "到场登记", by=cast.by.zhao)
    inside = walks_in(phone, case)
    phone.get_by_role("link", name=re.compile("^陈述申辩")).click()
    phone.get_by_label("陈述申辩的内容").fill("已经为全部职工参保，不应列入名单。")
    phone.get_by_label("提交人姓名和身份").fill("张三，法定代表人")
    (tmp_path / "缴费.png").write_bytes(PNG)
    phone.get_by_label("材料一").set_input_files(tmp_path / "缴费.png")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="收件回执")).to_be_visible()
    receipt = Submission.objects.get().receipt
    expect(phone.get_by_text(receipt).first).to_be_visible()

    wide = {"width": WIDTHS["desk"], "height": HEIGHT}
    keeper = Examiner(sign_in(another_page(viewport=wide), cast.zhou), set())
    keeper.looks_at("/counter/")
    desk = sign_in(another_page(viewport=wide), cast.fang)
    examiner = Examiner(desk, set())
    examiner.looks_at(f"/counter/{receipt}/")
    desk.goto("/")
    desk.get_by_role("link", name=re.compile(receipt)).click()
    desk.get_by_text("接办：记入列入案卷的陈述申辩").click()
    desk.locator("#take-answer").fill("已收到并记入案卷，复核后答复。")
    desk.get_by_role("button", name="接办", exact=True).click()
    examiner.looks_at(f"/counter/{receipt}/")

    phone.goto(f"{inside}matter/")
    expect(phone.get_by_text("已收到并记入案卷")).to_be_visible()
    looker = Examiner(phone, set())
    for path in ("matter/", "matter/statement/", "matter/correction/", f"receipts/{receipt}/"):
        looker.looks_at(inside + path)
    phone.goto(f"{inside}matter/")
    phone.get_by_role("button", name="退出").click()
    looker.looks_at(inside)
    faults = keeper.faults + examiner.faults + looker.faults
    assert not faults, "\n".join(faults)
