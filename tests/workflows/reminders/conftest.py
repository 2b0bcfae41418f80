"""Registers, leads and visits that say somebody lapsed; a gateway that answers like a real one."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from grid.calendar.now import now, today
from grid.registers.models import Delivery, Register, Row
from grid.subjects.models import Subject
from tasks.visits.models import Outcome, Route, Visit

MOBILE = "13804730012"


@pytest.fixture
def social(law: None) -> Callable[..., Row]:
    """`social(subject, "2026-05")`: the register says contributions are paid up to May."""

    def say(subject: Subject, paid_to: str, **fields: Any) -> Row:
        Row.objects.filter(subject=subject, register=Register.SOCIAL, until=None).update(until=today())
        delivery = Delivery.objects.create(
            register=Register.SOCIAL, area="1503", file_name="social.csv", sha256=uuid4().hex, as_of=today(),
            delivered_at=now(),
        )  # fmt: skip
        data = {"pension": 8, "pension_paid_to": paid_to} | fields
        return Row.objects.create(
            register=Register.SOCIAL, subject=subject, area=subject.area, delivery=delivery, line=2, data=data,
            hash=uuid4().hex, since=today(),
        )  # fmt: skip

    return say


@pytest.fixture
def said_lapsed(cast: Any) -> Callable[..., Visit]:
    """What wang heard at the door."""

    def visit(subject: Subject, lapsed: str = "yes") -> Visit:
        return Visit.objects.create(
            client_id=uuid4(), code=f"V{uuid4().hex[:10]}", subject=subject, area=subject.area, person=cast.wang,
            posting=cast.post.wang, outcome=Outcome.DONE, answers={"lapsed": lapsed}, form="employer",
            form_version="1", recorded_at=now(), received_at=now(), route=Route.NORMAL, hash="0" * 64,
        )  # fmt: skip

    return visit


class Exchange:
    """A message gateway on a port of its own. `state`, `status`: how it answers next; `heard`: what came in."""

    def __init__(self) -> None:
        self.state, self.status, self.body = "sent", 200, None
        self.heard: list[dict[str, Any]] = []
        exchange = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                said = json.loads(self.rfile.read(length))
                exchange.heard.append(said | {"token": self.headers.get("Authorization", "")})
                self._answer(f"G-{said['id'][:8]}")

            def do_GET(self) -> None:
                exchange.heard.append({"asked": self.path})
                self._answer(self.path.rsplit("/", 1)[-1])

            def _answer(self, reference: str) -> None:
                said = {
                    "id": reference,
                    "state": exchange.state,
                    "why": "空号" if exchange.state == "failed" else "",
                }
                body = exchange.body or json.dumps(said).encode()
                self.send_response(exchange.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/messages"


@pytest.fixture
def exchange(settings: Any) -> Iterator[Exchange]:
    one = Exchange()
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_URL, settings.SMS_TOKEN = one.url, "secret"
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()
