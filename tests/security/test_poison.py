"""A file or a job that kills: the delivery fails with its reason, the others go on, the next start lives."""

import itertools
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from grid.ledger.models import Entry
from grid.registers.actions import kept_at
from grid.registers.models import Delivery, DeliveryState
from project import orders
from project.jobs import Worker, WorkerLost
from project.orders import failed_orders
from project.verbs import ProjectVerb
from tasks.rounds.dispatch import write_tasks
from tasks.rounds.models import Round, RoundState
from tests.patience import PATIENCE
from tests.workflows.makers import make_round

FILES = Path(__file__).parent / "files"
GOOD = "统一社会信用代码,企业名称,住所\n91150300700000001X,示例1号有限公司,海勃湾区\n".encode()


def upload(client: Client, content: bytes, name: str) -> Any:
    given = {"register": "tax", "area": "1503", "as_of": "2026-01-31"}
    return client.post("/registers/upload/", {**given, "file": SimpleUploadedFile(name, content)})


def test_a_liaison_uploads_a_far_corner(cast: Any, client: Client) -> None:
    client.force_login(cast.feng)
    assert upload(client, (FILES / "m_a28b_far_corner.xlsx").read_bytes(), "远角.xlsx").status_code == 302
    assert upload(client, GOOD, "名册.csv").status_code == 302
    worker = Worker(threading.Event())
    while worker.run_one():
        pass
    bad, good = Delivery.objects.get(file_name="远角.xlsx"), Delivery.objects.get(file_name="名册.csv")
    assert (bad.state, good.state) == (DeliveryState.FAILED, DeliveryState.PREVIEW)
    assert not kept_at(bad).exists()
    page = client.get(f"/registers/{bad.pk}/").content.decode()
    assert "有内容的单元格远至第 1048576 行" in page and "请把表格末尾多余的行和列整行、整列删除" in page
    assert "导入 远角.xlsx" in client.get("/").content.decode()
    assert failed_orders(cast.by.wu) == []
    told = Entry.objects.get(verb=ProjectVerb.JOB_GIVEN_UP)
    assert (told.area, told.data["ordered_by"]) == ("1503", str(cast.feng))
    # The same file ordered again is under way; nothing is left to be told of.
    upload(client, (FILES / "m_a28b_far_corner.xlsx").read_bytes(), "远角.xlsx")
    assert failed_orders(cast.by.feng) == []


def test_a_form_table_with_a_far_corner(cast: Any, client: Client) -> None:
    client.force_login(cast.wu)
    file = SimpleUploadedFile("表单.xlsx", (FILES / "b05_form_far_corner.xlsx").read_bytes())
    answer = client.post("/forms/upload/", {"file": file})
    assert answer.status_code == 422 and "有内容的单元格远至第 1048576 行" in answer.content.decode()


def test_a_calendar_with_a_far_corner(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    file = SimpleUploadedFile("节假日.xlsx", (FILES / "m_a28b_far_corner.xlsx").read_bytes())
    given = {"text": "", "file": file, "basis": "国办发明电〔2026〕1号", "reason": "按通知录入"}
    answer = client.post("/calendar/2026/table/", given)
    assert answer.status_code == 422 and "第 1048576 行" in answer.content.decode()


def test_who_ordered_a_dispatch_learns_that_it_was_given_up(cast: Any, client: Client) -> None:
    round = make_round(cast, state=RoundState.DISPATCHING)
    write_tasks.enqueue(round.pk, cast.qian.pk)
    client.force_login(cast.qian)
    assert "可以离开本页" in client.get(f"/rounds/{round.code}/").content.decode()
    job = DBTaskResult.objects.get()
    job.set_failed(WorkerLost("work-a, work-b"))
    orders.give_up(job, WorkerLost("work-a, work-b"))
    page = client.get(f"/rounds/{round.code}/").content.decode()
    assert "派发没有完成" in page and "未能完成：处理时系统进程两次中断" in page
    inbox = client.get("/").content.decode()
    assert f"派发 {round.title}" in inbox
    # With work below it the job is told once all the same.
    Round.objects.filter(pk=round.pk).update(state=RoundState.APPROVED)
    inbox = client.get("/").content.decode()
    assert inbox.count("您交办的后台任务没有完成") == 1 and inbox.count("<h2>待办</h2>") == 1
    Round.objects.filter(pk=round.pk).update(state=RoundState.DISPATCHING)
    write_tasks.enqueue(round.pk, cast.qian.pk)
    assert failed_orders(cast.by.qian) == []
    assert "派发没有完成" not in client.get(f"/rounds/{round.code}/").content.decode()


def test_every_job_is_somebodys_order() -> None:
    root = Path(__file__).parents[2]
    found = set()
    for app in ("grid", "tasks", "workflows", "mobile_api", "project"):
        for path in (root / app).rglob("*.py"):
            lines = path.read_text(encoding="utf8").splitlines()
            module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            found |= {
                f"{module}.{after.removeprefix('def ').partition('(')[0]}"
                for line, after in itertools.pairwise(lines)
                if line.startswith("@task(")
            }
    assert found == set(orders.ORDERS)


POISON = """
from tests.project.test_jobs import notes, kills
kills.enqueue()
notes.enqueue("innocent")
"""


def outcome(server: Any) -> list[tuple[str, int, str]]:
    with closing(sqlite3.connect(server.folder / "grid.sqlite3")) as base:
        rows = base.execute(
            "SELECT status, json_array_length(worker_ids), exception_class_path "
            "FROM django_tasks_database_dbtaskresult ORDER BY enqueued_at"
        )
        return list(rows)


@pytest.mark.slow
@pytest.mark.once
def test_a_job_that_kills_the_server_kills_it_twice_and_no_other_job(serve: Any) -> None:
    server = serve()
    server.kill()
    server.manage("shell", "--no-imports", "-c", POISON)
    deaths = 0
    deadline = time.monotonic() + 4 * PATIENCE
    while outcome(server)[0][0] != "FAILED":
        assert time.monotonic() < deadline, server.log
        if server.is_dead():
            deaths += 1
            with suppress(RuntimeError):  # it may die before it answers
                server.start()
        time.sleep(0.1)
    assert outcome(server) == [("FAILED", 2, "project.jobs.WorkerLost"), ("SUCCESSFUL", 1, "")]
    assert not server.is_dead() and deaths == 3
