"""Those without a desk: the employer at its window, anybody who looks something up, the credit platform, a phone.

employer = Employer(notice).enters()
receipt = employer.hands_in("repair", "已经补缴", proof("缴费凭证.pdf"), agreed=True)
"""

import csv
import itertools
import json
import re
from io import StringIO
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grid.calendar.now import now
from tasks.forms import tables
from tests.doors import IN_ORDER
from tests.journeys.pages import Page, read
from tests.journeys.way import Desk, Way
from tests.papers import PDF
from workflows.cases.models import Case
from workflows.counter.models import Submission
from workflows.notices.models import Notice
from workflows.reminders.models import Message, Purpose

_SIGNER = "张三，法定代表人"
_hosts = itertools.count(1)


def _browser() -> Client:
    """From an address of its own: how often one address may ask is somebody else's test."""
    host = next(_hosts)
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=f"10.7.{host // 250}.{host % 250 + 1}")


def proof(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + name.encode(), "application/pdf")


def fills(desk: Desk, address: str, **given: Any) -> Page:
    """The one form of a page, filled in and sent; the page it leads to."""
    answer = desk.client.post(address, desk.opens(address).forms[-1].filled(**given))
    assert answer.status_code == 302, read(answer.content.decode()).words
    return desk.opens(answer["Location"])


def refused(desk: Desk, address: str, act: str, code: str, **given: Any) -> None:
    """The act is on the page, and what comes of it is a refusal with this code."""
    answer = desk.sends(address, act, **given)
    assert (answer.status_code, code in answer.content.decode()) == (409, True), answer.status_code


class PasserBy:
    """Anybody, without an account."""

    def __init__(self) -> None:
        self.client = _browser()

    def opens(self, address: str, status: int = 200) -> Page:
        answer = self.client.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return read(answer.content.decode())

    def scans(self, notice: Notice) -> str:
        """What the code printed on a document says of it."""
        return self.opens(reverse("verify", args=[notice.code])).words

    def finds(self, case: Case) -> bool:
        """Whether the entry is on the public list: looked up by name, and at its own address."""
        found = case.code in self.client.get("/public/listings/", {"q": case.subject.name}).content.decode()
        self.opens(reverse("public-listing", args=[case.code]), 200 if found else 404)
        return found

    def reads(self, case: Case) -> str:
        return self.opens(reverse("public-listing", args=[case.code])).words


class Employer(PasserBy):
    """Somebody of the unit, with one of its documents in one hand and the registered phone in the other."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice

    def at(self, path: str = "") -> str:
        return f"{reverse('employer-enter', args=[self.notice.code])}{path}"

    def enters(self) -> "Employer":
        self.opens(reverse("verify", args=[self.notice.code]))
        self._presses("code")
        self._presses("unit", code=self._read())
        self.matter()
        return self

    def matter(self) -> str:
        """All the page of its own matter says."""
        return self.opens(self.at("matter/")).words

    def hands_in(self, kind: str, text: str, *files: Any, **more: Any) -> Submission:
        """What is handed in, by its receipt."""
        form = self.opens(self.at(f"matter/{kind}/")).forms[-1]
        given: dict[str, Any] = form.filled(text=text, signer=_SIGNER, **more)
        answer = self.client.post(self.at(f"matter/{kind}/"), given | {"files": list(files)})
        assert answer.status_code == 302, read(answer.content.decode()).words
        assert "回执" in self.opens(answer["Location"]).words
        return Submission.objects.get(receipt=answer["Location"].rstrip("/").rsplit("/", 1)[1])

    def is_refused(self, kind: str, status: int = 409) -> str:
        return self.opens(self.at(f"matter/{kind}/"), status).words

    def takes_home(self, notice: Notice) -> bytes:
        answer = self.client.get(self.at(f"documents/{notice.pk}.pdf"))
        assert answer.status_code == 200, answer.status_code
        return b"".join(answer.streaming_content)

    def _presses(self, act: str, **given: Any) -> None:
        form = self.opens(self.at()).form(act)
        answer = self.client.post(form.action, form.filled(**given))
        assert answer.status_code == 302, read(answer.content.decode()).words

    def _read(self) -> str:
        """The code in the newest message on the registered phone."""
        sent = Message.objects.filter(purpose=Purpose.CODE, subject=self.notice.case.subject_id)
        return sent.latest("pk").text.split("验证码 ")[1][:6]


class Platform:
    """The city's credit platform: it applies what the feed tells to what it knew, as JSON and as CSV."""

    def __init__(self) -> None:
        self.client, self.cursor = _browser(), 0
        self.known: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, dict[str, Any]] = {}

    def pulls(self) -> "Platform":
        told = json.loads(self._asks("listing-feed-json"))
        rows = list(csv.DictReader(StringIO(self._asks("listing-feed-csv").decode("utf-8-sig"))))
        assert [{name: str(value) for name, value in load.items()} for load in told["entries"]] == rows
        for entry in told["entries"]:
            off = entry["state"] == "removed"
            (self.known if off else self.gone).pop(entry["code"], None)
            (self.gone if off else self.known)[entry["code"]] = entry
        self.cursor = told["cursor"]
        return self

    def _asks(self, name: str) -> bytes:
        token = {"HTTP_AUTHORIZATION": f"Bearer {settings.CREDIT_FEED_TOKEN}"}
        answer = self.client.get(reverse(name), {"after": self.cursor}, **token)
        assert answer.status_code == 200, answer.content
        return bytes(answer.content)


class WorkersPhone:
    """wang's phone, enrolled by the code on zhao's screen."""

    API = "/api/v1/"

    def __init__(self, way: Way) -> None:
        self.client = _browser()
        form = way.zhao.opens(reverse("devices")).form(f"{way.cast.post.wang.pk}/code")
        screen = way.zhao.client.post(form.action, form.filled()).content.decode()
        found = re.search(r'<code class="big">([^<]+)</code>', screen)
        assert found, "no code on the screen"
        token = self._posts("enrol", {"code": found[1], "label": "王建国的手机", "app_version": "1"}, 201)[
            "token"
        ]
        self.headers = {"Authorization": f"Bearer {token}"}

    def doors(self, case: Case) -> list[dict[str, Any]]:
        """The doors of this employer the phone shows as open now."""
        told = self.client.get(f"{self.API}changes", headers=self.headers).json()["doors"]
        due = (door for door in told if door["state"] == "open")
        return [door for door in due if door["subject"]["name"] == case.subject.name]

    def door(self, case: Case) -> dict[str, Any]:
        (found,) = self.doors(case)
        return found

    def visits(self, case: Case, **answers: Any) -> None:
        """Goes there, answers the form and hands the visit in."""
        door = self.door(case)
        visit = {
            "client_id": str(uuid4()), "task_id": door["task_id"], "subject_id": case.subject_id, "form": "employer",
            "form_version": tables.current("employer").version, "outcome": "done", "answers": IN_ORDER | answers,
            "recorded_at": now().isoformat(), "photos": [],
        }  # fmt: skip
        (result,) = self._posts("visits", {"visits": [visit], "phone_time": now().isoformat()}, 200)[
            "results"
        ]
        assert result["status"] == "accepted", result

    def _posts(self, path: str, body: dict[str, Any], status: int) -> Any:
        headers = getattr(self, "headers", {})
        answer = self.client.post(
            self.API + path, json.dumps(body), content_type="application/json", headers=headers
        )
        assert answer.status_code == status, answer.content.decode()
        return answer.json()
