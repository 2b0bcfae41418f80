"""The ways out for a short message. Which one is a setting; the demo sends nothing to anybody."""

import json
import logging
from dataclasses import dataclass
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10
STATES = frozenset({"sent", "delivered", "failed"})


class Unreachable(Exception):
    """The gateway gave no answer one can rely on: the message is tried again later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway says of one message: sent, delivered or failed."""

    state: str
    reference: str = ""
    why: str = ""


class Gateway(Protocol):
    name: str

    def send(self, client_id: str, to: str, text: str) -> Answer: ...

    def ask(self, reference: str) -> Answer: ...


class Demo:
    """Nothing leaves the house: every message counts as delivered, and says that it is a sample."""

    name = "demo"

    def send(self, client_id: str, to: str, text: str) -> Answer:
        log.info("sample message %s", client_id)
        return Answer("delivered", f"示例-{client_id[:8]}")

    def ask(self, reference: str) -> Answer:
        return Answer("delivered", reference)


class Http:
    """A gateway spoken to in JSON: POST {id, to, text} → {id, state}; GET …/<id> → {id, state, why}.

    `id` of the first is ours and says "the same again" when an answer was lost; `id` of the answer is theirs.
    """

    name = "http"

    def __init__(self, url: str, token: str = "") -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("the address of the message gateway begins with http:// or https://")
        self.url, self.token = url.rstrip("/"), token

    def send(self, client_id: str, to: str, text: str) -> Answer:
        return self._answer(self.url, {"id": client_id, "to": to, "text": text})

    def ask(self, reference: str) -> Answer:
        return self._answer(f"{self.url}/{quote(reference, safe='')}")

    def _answer(self, url: str, body: dict[str, str] | None = None) -> Answer:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = json.dumps(body).encode() if body else None
        try:
            with urlopen(Request(url, data, headers), timeout=TIMEOUT_SECONDS) as heard:
                return _read(heard.read(64_000))
        except HTTPError as refused:
            if 400 <= refused.code < 500 and refused.code not in (408, 429):
                return Answer("failed", why=f"HTTP {refused.code}")
            raise Unreachable(f"HTTP {refused.code}") from refused
        except (URLError, OSError) as error:
            raise Unreachable(str(error)) from error


def _read(body: bytes) -> Answer:
    try:
        answer = json.loads(body)
        state, reference = str(answer.get("state", "sent")), str(answer["id"])
    except (ValueError, KeyError, AttributeError) as error:
        raise Unreachable("the gateway's answer cannot be read") from error
    if state not in STATES:
        raise Unreachable("the gateway names a state nobody knows")
    return Answer(state, reference[:80], str(answer.get("why", ""))[:200])


def gateway() -> Gateway:
    return Http(settings.SMS_URL, settings.SMS_TOKEN) if settings.SMS_URL else Demo()
