"""kill -9 of the server while phones push: they repeat, and in the end every visit is there exactly once."""

import json
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.patience import PATIENCE
from tests.servers import Served

pytestmark = pytest.mark.slow


def ground(served: Served, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.concurrency.push_ground", what]
    done = subprocess.run(command, cwd=served.root, env=served.environ, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def visit(task: int) -> dict[str, Any]:
    answers = {"operating": "yes", "employees": 12, "insured_seen": 3, "wage_base": "full", "lapsed": "no"}
    return {
        "client_id": str(uuid4()), "task_id": task, "form": "employer", "form_version": "1", "outcome": "done",
        "answers": answers, "recorded_at": "2026-03-02T01:00:00Z",
    }  # fmt: skip


class Phone(threading.Thread):
    """Pushes its batches one after the other and repeats each until it is answered."""

    def __init__(self, served: Served, token: str, batches: list[list[dict[str, Any]]]) -> None:
        super().__init__(daemon=True)
        self.served, self.token, self.batches = served, token, batches
        self.statuses: list[str] = []

    def run(self) -> None:
        for batch in self.batches:
            while not self._pushed(batch):
                time.sleep(0.05)

    def _pushed(self, batch: list[dict[str, Any]]) -> bool:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps({"visits": batch}).encode()
        request = urllib.request.Request(f"{self.served.url}/api/v1/visits", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                self.statuses += [result["status"] for result in json.load(answer)["results"]]
        except (OSError, urllib.error.HTTPError, json.JSONDecodeError):
            return False
        return True


def test_every_visit_is_there_once(serve: Callable[..., Served]) -> None:
    served = serve()
    told = ground(served, "fill")
    made = [visit(task) for task in told["tasks"]]
    # Two apps of one person push the same visits in different batches: the second of them are repeats.
    first = Phone(served, told["token"], [made[at : at + 5] for at in range(0, len(made), 5)])
    second = Phone(served, told["token"], [made[at : at + 7] for at in range(0, len(made), 7)])
    for phone in (first, second):
        phone.start()
    chance = random.Random(17)
    for _kill in range(3):
        time.sleep(0.2 + chance.random() * 0.5)
        served.kill()
        served.start(60)
    for phone in (first, second):
        phone.join(120)
        assert not phone.is_alive()
    counted = ground(served, "count")
    assert counted["visits"] == sorted(pushed["client_id"] for pushed in made)
    for what in ("findings", "entries", "visited", "to_review"):
        assert counted[what] == len(made), what
    assert counted["twice"] == 0
    assert {*first.statuses, *second.statuses} <= {"accepted", "repeated"}
