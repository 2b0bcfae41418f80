"""Who takes part in a journey, each with a browser of their own: the desk, the public, the phone in a hand."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from playwright.sync_api import Locator, Page, expect

from tasks.visits.models import Evidence, Visit
from tests.cast import PASSWORD
from tests.patience import until

_EITHER = {
    half: f"[{half}{full}]"
    for half, full in zip(",:;()?", "\uff0c\uff1a\uff1b\uff08\uff09\uff1f", strict=True)
}


def said(words: str) -> re.Pattern[str]:
    """These words, whichever width their punctuation has."""
    plain = unicodedata.normalize("NFKC", words)
    return re.compile("".join(_EITHER.get(char) or re.escape(char) for char in plain))


def _on_its_way() -> QuerySet[Evidence]:
    return Evidence.objects.filter(received_at=None)


OPTIONAL = said("(可不填)").pattern


class Reader:
    """Somebody before a page: opens addresses, follows links, sees words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer and answer.ok, f"{address}: {answer and answer.status}"

    def follows(self, words: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("main")).to_contain_text(said(word))

    def does_not_see(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("main")).not_to_contain_text(word)

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)


class Clerk(Reader):
    """Somebody with an account, at the desk."""

    def __init__(self, page: Page, username: str) -> None:
        super().__init__(page)
        self.username = username

    def signs_in(self) -> None:
        self.opens("/accounts/login/")
        self.page.get_by_label("用户名").fill(self.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("收件箱")

    def goes_to(self, entry: str) -> None:
        """Through the menu at the top; some entries stand in a group that is opened first."""
        menu = self.page.get_by_role("navigation", name="主菜单")
        link = menu.get_by_role("link", name=entry, exact=True, include_hidden=True)
        if not link.is_visible():
            link.locator("xpath=ancestor::details/summary").click()
        link.click()

    def finds_in_inbox(self, *words: str) -> None:
        self.opens("/")
        for word in words:
            expect(self.page.locator("#inbox")).to_contain_text(said(word))

    def takes(self, title: str) -> None:
        """Opens what waits in the inbox under this title."""
        self.opens("/")
        self.page.locator("#inbox").get_by_role("link", name=re.compile(re.escape(title))).first.click()

    def has_nothing_about(self, title: str) -> None:
        self.opens("/")
        expect(self.page.locator("#inbox")).not_to_contain_text(title)

    def does(self, act: str, button: str = "", **answers: Any) -> None:
        """One lawful act of the page: unfolds it, fills it in, presses its button."""
        part = self.act(act)
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        fill(part, answers)
        part.get_by_role("button", name=button or act).click()

    def act(self, name: str) -> Locator:
        summary = self.page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(name)}"))
        return self.page.locator("details").filter(has=summary)

    def may_not(self, act: str) -> None:
        expect(self.act(act)).to_have_count(0)

    def stands(self, state: str) -> None:
        """The tag beside the page's title."""
        expect(self.page.locator(".title .tag").first).to_have_text(said(state))

    def paper(self, words: str) -> bytes:
        """The PDF behind a link of this page."""
        address = self.page.get_by_role("link", name=words).first.get_attribute("href")
        answer = self.page.request.get(str(address))
        assert answer.ok and answer.headers["content-type"] == "application/pdf"
        return answer.body()


def fill(part: Locator, answers: dict[str, Any]) -> None:
    """By label. A list fills the fields of one label one after another; True ticks a box."""
    for label, value in answers.items():
        field = part.get_by_label(re.compile(rf"^\s*{said(label).pattern}\s*({OPTIONAL})?\s*$"))
        for at, item in enumerate(value if isinstance(value, list) else [value]):
            _enter(field.nth(at), item)


def _enter(field: Locator, value: Any) -> None:
    if value is True:
        field.check()
    elif isinstance(value, Path):
        field.set_input_files(value)
    elif field.evaluate("it => it.tagName") == "SELECT":
        _choose(field, str(value))
    else:
        field.fill(str(value))


def _choose(field: Locator, words: str) -> None:
    """The first choice that holds these words."""
    offered = [text.strip() for text in field.locator("option").all_inner_texts()]
    named = [text for text in offered if words in text]
    assert named, f"{words} is not offered, only {offered}"
    field.select_option(label=named[0])


class Walker:
    """Somebody in the street with the phone app in a hand."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def enrols(self, code: str) -> None:
        """By typing the code the supervisor's screen shows."""
        self.page.goto("/phone/")
        self.sees("登记这部手机")
        self.page.get_by_label("登记码").fill(code)
        self.presses("登记")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(re.compile("还剩|今天"))

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("body")).to_contain_text(said(word))

    def does_not_see(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("body")).not_to_contain_text(word)

    def presses(self, name: str | re.Pattern[str]) -> None:
        exact = isinstance(name, str)
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def row(self, name: str) -> Locator:
        return self.page.get_by_role("button").filter(has_text=name).first

    def comes_to(self, name: str) -> None:
        """The page of this employer's door, from today's list."""
        self.row(name).click()
        expect(self.page.get_by_role("heading", name="为什么来")).to_be_visible()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    def begins(self) -> None:
        """The form behind a door's page."""
        self.page.locator("button.begin").click()
        expect(self.page.get_by_role("button", name="保存", exact=True)).to_be_visible()

    def opens(self, name: str) -> None:
        """The form of this employer, from today's list."""
        self.comes_to(name)
        self.begins()

    def question(self, label: str) -> Locator:
        heading = self.page.get_by_role("heading", name=re.compile(rf"^\s*{re.escape(label)}"))
        return self.page.locator("section.question").filter(has=heading)

    def confirms(self, label: str) -> None:
        """What a register knew is right."""
        self.question(label).get_by_role("button", name="属实").click()

    def answers(self, label: str, value: str | int) -> None:
        """Types a value or touches the choice of that name."""
        part = self.question(label)
        correct = part.get_by_role("button", name="更正")
        if correct.count():
            correct.click()
        if part.get_by_role("radio").count():
            part.get_by_role("radio", name=str(value)).click()
        else:
            part.get_by_role("textbox").fill(str(value))

    def saves(self) -> None:
        self.presses("保存")
        expect(self.page.get_by_role("status").filter(has_text="已保存")).to_be_visible()

    def has_sent(self, visits: int) -> None:
        """All that was saved lies on the server. The line of the outbox alone may still be that of before."""
        self.sees("全部已发送")
        self.waits_until(lambda: Visit.objects.count() >= visits and not _on_its_way().exists())

    def waits_until(self, true: Callable[[], object]) -> None:
        """While the page goes on, and whoever stands between it and the server."""
        until(true, pause=lambda: self.page.wait_for_timeout(20))

    def loses_the_network(self) -> None:
        """Not before the app lies on the phone: a few seconds after it was first opened."""
        self.page.evaluate(
            "Promise.race([navigator.serviceWorker?.ready.then(() => 1), new Promise((go) => setTimeout(go, 8000, 0))])"
        )
        self.page.context.set_offline(True)

    def is_on_line_again(self) -> None:
        self.page.context.set_offline(False)

    def goes_to(self, tab: str) -> None:
        self.page.get_by_role("navigation").get_by_text(tab, exact=True).click()


class People:
    """`people.zhao` signs in the first time somebody speaks of her, and keeps her browser."""

    def __init__(self, open_page: Callable[..., Page]) -> None:
        self._open = open_page
        self._met: dict[str, Clerk] = {}

    def __getattr__(self, username: str) -> Clerk:
        if username not in self._met:
            clerk = Clerk(self._open(viewport={"width": 1440, "height": 900}), username)
            clerk.signs_in()
            self._met[username] = clerk
        return self._met[username]
