"""An employer at the window: a case with a served notice, a registered phone, a browser."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.papers import JPEG, PDF, PNG
from tests.remembered import MEMORY
from tests.workflows.conftest import Walk
from workflows.cases.models import Case
from workflows.notices.models import Notice
from workflows.reminders.actions import note_phone
from workflows.reminders.models import Message, Purpose

NUMBER = "13804730012"


def notice_of(case: Case) -> Notice:
    return case.notices.exclude(service=None).order_by("pk").last()


class Employer:
    """Somebody with a document in one hand and a phone in the other."""

    def __init__(self, case: Case, address: str = "10.0.0.1") -> None:
        self.case, self.notice = case, notice_of(case)
        self.browser = Client(REMOTE_ADDR=address)

    def at(self, path: str = "") -> str:
        return f"/v/{self.notice.code}/unit/{path}"

    def asks(self) -> Any:
        return self.browser.post(self.at("code/"))

    def read(self) -> str:
        """The code in the newest message."""
        newest = (
            Message.objects.filter(purpose=Purpose.CODE, subject=self.case.subject).order_by("-pk").first()
        )
        assert newest is not None
        return newest.text.split("验证码 ")[1][:6]

    def types(self, code: str) -> Any:
        return self.browser.post(self.at(), {"code": code})

    def enters(self) -> "Employer":
        self.asks()
        answer = self.types(self.read())
        assert answer.headers["Location"] == self.at("matter/")
        return self

    def sees(self) -> str:
        answer = self.browser.get(self.at("matter/"))
        assert answer.status_code == 200, answer.headers
        return str(answer.content.decode())

    def hands_in(self, kind: str, text: str = "", files: Any = (), **more: str) -> Any:
        given = {"text": text, "signer": "张三，法定代表人", "files": list(files)} | more
        return self.browser.post(self.at(f"matter/{kind}/"), given)


@pytest.fixture
def with_phone(cast: Any) -> Callable[[Case], Case]:
    def note(case: Case) -> Case:
        words = (NUMBER, "张三", "法定代表人到场登记")
        MEMORY.take(lambda: note_phone(case.subject, *words, by=cast.by.zhao), "phone", case)
        return case

    return note


@pytest.fixture
def at_window(
    make_case: Callable[..., Case], walk: Walk, with_phone: Callable[[Case], Case]
) -> Callable[..., Employer]:
    """`at_window(CaseState.TERM)`: an employer whose case is there, already inside."""

    def come(state: str, **fields: Any) -> Employer:
        return Employer(with_phone(walk.to(make_case(), state)), **fields).enters()

    return come


@pytest.fixture
def papers() -> SimpleNamespace:
    """Files as they come from a phone, and some that should not."""
    return SimpleNamespace(png=PNG, jpeg=JPEG, pdf=PDF)
