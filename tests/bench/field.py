"""A field for the phone's benchmarks: eight workers with phones, doors for each, and a server of its own."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CLIENTS = 8
AREA = "150302001001"


@dataclass
class Worker:
    token: str
    tasks: list[int]


def fill_field(doors: int) -> list[Worker]:
    """`doors` check tasks for each of eight workers, each subject known to three registers."""
    from grid.calendar.now import now
    from grid.territory.models import Person
    from tests.bench.ground import fill_subjects

    fill_subjects(doors * CLIENTS)
    planner = Person.objects.create(username="planner", full_name="计划员")
    round = _round(planner, now())
    _rows(now())
    subjects = _subject_ids()
    return [_worker(n, round, subjects[n * doors : (n + 1) * doors]) for n in range(CLIENTS)]


def _subject_ids() -> list[int]:
    from grid.subjects.models import Subject

    return list(Subject.objects.order_by("pk").values_list("pk", flat=True))


def _round(planner: Any, at: Any) -> Any:
    from tasks.rounds.models import Round, RoundState

    return Round.objects.create(
        code="R1", title="第一轮", area="1503", due_on=date(2099, 1, 1), state=RoundState.WORKED,
        planned_by=planner, planned_at=at,
    )  # fmt: skip


def _rows(at: Any) -> None:
    """One current line in each register about every subject."""
    from grid.registers.models import Delivery, DeliveryState, Row
    from grid.subjects.models import Subject

    told = {"social": {"insured": 3, "pension": 3}, "tax": {"heads": 12}, "market": {"name": "示例"}}
    for register, data in told.items():
        delivery = Delivery.objects.create(
            register=register, area="1503", file_name="a.csv", sha256=register * 8, as_of=date(2026, 1, 31),
            delivered_at=at, state=DeliveryState.DONE,
        )  # fmt: skip
        Row.objects.bulk_create(
            (
                Row(
                    register=register,
                    subject_id=pk,
                    area=area,
                    delivery=delivery,
                    line=1,
                    data=data,
                    hash="h",
                    since=date(2026, 1, 31),
                )
                for pk, area in Subject.objects.values_list("pk", "area")
            ),
            batch_size=2000,
        )


def _worker(number: int, round: Any, subjects: Sequence[int]) -> Worker:
    from grid.calendar.now import now, today
    from grid.scope import Role
    from grid.subjects.models import Subject
    from grid.territory.models import Person, Posting
    from mobile_api.devices.actions import digest
    from mobile_api.devices.models import Device
    from tasks.coverage.models import Span
    from tasks.doors.models import CheckTask

    person = Person.objects.create(username=f"worker{number}", full_name=f"网格员{number}")
    posting = Posting.objects.create(
        person=person,
        role=Role.WORKER,
        area_id="1503",
        valid_from=today() - timedelta(days=9),
        feed=len(subjects),
    )
    Device.objects.create(
        posting=posting,
        area="1503",
        label="手机",
        token_hash=digest(f"token{number}"),
        enrolled_at=now(),
        seen_at=now(),
    )
    grid = f"{AREA}{number + 1:03d}"
    for table in (Subject, Span):
        key = "pk__in" if table is Subject else "subject__in"
        table.objects.filter(**{key: subjects}).update(area=grid)
    tasks = CheckTask.objects.bulk_create(
        (
            CheckTask(
                round=round,
                subject_id=pk,
                posting=posting,
                area=AREA + "001",
                why="税务申报 12 人,参保 3 人",
                form="employer",
                due_on=round.due_on,
                feed=feed,
                dispatched_at=now(),
            )
            for feed, pk in enumerate(subjects, start=1)
        ),
        batch_size=2000,
    )
    return Worker(f"token{number}", [task.pk for task in tasks])


@contextmanager
def server(**more: str) -> Iterator[tuple[int, str, int]]:
    """The application in processes of its own: (port, what serves, pid). On PostgreSQL gunicorn, as deployed;
    on SQLite daphne alone, as in the small size."""
    from django.db import connection

    port = _free_port()
    environ = {
        **os.environ,
        "DATABASE_URL": _url(connection.settings_dict),
        "DEMO": "1",
        "LOG_LEVEL": "ERROR",
        **more,
    }
    large = connection.vendor == "postgresql" and find_spec("gunicorn") is not None
    if large:
        command = ["gunicorn", "project.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", "2", "--threads", "8", "--preload", "--log-level", "error"]
    else:
        command = ["daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "project.asgi:application"]
    process = subprocess.Popen([sys.executable, "-m", *command], env=environ, start_new_session=True)
    try:
        _wait(port)
        yield port, "gunicorn, 2 workers" if large else "daphne, 1 process", process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _url(database: dict[str, Any]) -> str:
    if "sqlite" in database["ENGINE"]:
        return f"sqlite://{database['NAME']}"
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _attempt in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


class Caller:
    """One phone's connection, kept open where the server keeps it."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._open()

    def _open(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        return self._asked(method, path, body, headers)[0]

    def located(self, method: str, path: str, **headers: str) -> str:
        """The path of what the request made."""
        return urlsplit(self._asked(method, path, None, headers)[1]).path

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[bytes, str]:
        self._connection.request(method, path, body, {**self._headers, **headers})
        answer = self._connection.getresponse()
        content, place = answer.read(), answer.headers.get("Location", "")
        if answer.will_close:
            self._connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status}: {content[:300]!r}")
        return content, place


def at_once(acts: Sequence[Callable[[], None]]) -> float:
    """Seconds until all of `acts`, each in a thread, are through. Raises what one of them raised."""
    failed: list[BaseException] = []
    gate = threading.Barrier(len(acts) + 1)

    def run(act: Callable[[], None]) -> None:
        gate.wait()
        try:
            act()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return time.perf_counter() - start


def memory_of(pid: int) -> float:
    """MB a process and its children hold; what they share counts once."""
    told = subprocess.run(["ps", "-o", "pid=", "-g", str(pid)], capture_output=True, text=True).stdout
    rolled = (Path(f"/proc/{process}/smaps_rollup").read_text() for process in told.split())
    shares = (re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE) for text in rolled)
    return sum(int(share[1]) for share in shares if share) / 1024


def cpu_of(pid: int) -> float:
    """CPU seconds spent by a process and its children so far."""
    told = subprocess.run(["ps", "-o", "pid=", "-g", str(pid)], capture_output=True, text=True).stdout
    # After the name in brackets: user and system ticks are the 12th and 13th.
    stats = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in told.split()]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")
