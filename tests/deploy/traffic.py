"""Phones that push and people who read, all the time, through nginx; every request is counted.

A push that was not answered is repeated until it is, as the phone does. What was acknowledged is held against the rows
at the end: lost is what was acknowledged and is not there, doubled what is there twice.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.deploy.machine import HOST, Machine

ANSWERS = {"operating": "yes", "employees": 12, "insured_seen": 3, "wage_base": "full", "lapsed": "no"}
PAGES = ("/accounts/login/", "/public/listings/", "/phone/", "/static/css/house.css")
PAUSE = 0.25


@dataclass
class Asked:
    what: str
    at: float
    seconds: float
    status: int  # 0: no answer at all

    @property
    def failed(self) -> bool:
        return self.status == 0 or self.status >= 500


@dataclass
class Traffic:
    """`asked`: every request; `acknowledged`: the numbers the phone was told are kept."""

    machine: Machine
    token: str
    tasks: list[int]
    asked: list[Asked] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        half = len(self.tasks) // 2
        works = [lambda: self.push(self.tasks[:half]), lambda: self.push(self.tasks[half:]), self.read]
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()

    def push(self, tasks: list[int]) -> None:
        """Never through with its doors before the walk is over, or what it proves would prove nothing."""
        for task in tasks:
            if self._over.is_set():
                return
            visit = a_visit(task)
            # Until it is answered, whatever comes: what is on the phone is not given up.
            while not self._pushed(visit):
                time.sleep(PAUSE)
            time.sleep(PAUSE)

    def _pushed(self, visit: dict[str, Any]) -> bool:
        status, body = self.ask("push", "POST", "/api/v1/visits", {"visits": [visit]})
        if status != 200:
            return False
        if [result["status"] for result in body["results"]] not in (["accepted"], ["repeated"]):
            # Not given up by the phone, and not taken by the server: nobody may overlook it.
            self.asked[-1].status = 0
            self.refused.append(body["results"])
            return False
        self.acknowledged.append(visit["client_id"])
        return True

    def read(self) -> None:
        while not self._over.is_set():
            for page in PAGES:
                self.ask("page", "GET", page)
            self.ask("pull", "GET", "/api/v1/changes?cursor=0&limit=50")
            time.sleep(PAUSE)

    def ask(self, what: str, method: str, address: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Host": f"{HOST}:{self.machine.ports['https']}"}
        if address.startswith("/api/"):
            headers |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        began, status, told = time.monotonic(), 0, None
        line = self.machine.line()
        try:
            line.request(method, address, json.dumps(body) if body else None, headers)
            answer = line.getresponse()
            status, content = answer.status, answer.read()
            told = json.loads(content) if address.startswith("/api/") else None
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            line.close()
        self.asked.append(Asked(what, began, time.monotonic() - began, status))
        return status, told

    # --- what came of it

    @contextmanager
    def during(self, name: str, table: list["Row"]) -> Iterator[None]:
        """A line of the table: what was asked while something went on, and until the requests of that time ended."""
        first, began = len(self.asked), time.monotonic()
        yield
        seconds = time.monotonic() - began
        time.sleep(0.5)
        here = self.asked[first:]
        kinds = Counter(f"{row.what} {row.status}" for row in here if row.failed)
        worst = max((row.seconds for row in here), default=0.0)
        table.append(Row(name, seconds, len(here), sum(kinds.values()), worst, dict(kinds)))

    def lost_and_doubled(self, database: str = "grid") -> tuple[int, int]:
        rows = self.machine.sql("SELECT client_id::text AS id FROM tasks_visit", database)
        there = Counter(row["id"] for row in rows)
        return sum(number not in there for number in self.acknowledged), sum(n > 1 for n in there.values())


@dataclass
class Row:
    name: str
    seconds: float
    requests: int = 0
    failed: int = 0
    worst: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)


def a_visit(task: int) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()), "task_id": task, "form": "employer", "form_version": "1", "outcome": "done",
        "answers": ANSWERS, "recorded_at": "2026-03-02T01:00:00Z",
    }  # fmt: skip


def printed(table: list[Row]) -> str:
    lines = [f"{'':34}{'seconds':>9}{'requests':>10}{'failed':>8}{'slowest':>9}"]
    for row in table:
        told = "  " + ", ".join(f"{kind}: {count}" for kind, count in row.kinds.items()) if row.kinds else ""
        lines.append(
            f"{row.name:34}{row.seconds:9.1f}{row.requests:10}{row.failed:8}{row.worst:8.1f}s{told}".rstrip()
        )
    return "\n".join(lines)
