"""`manage.py serve` as a process: it comes up, refuses a twin, stops on SIGTERM, and survives kill -9."""

import subprocess
import sys

import pytest

from tests.patience import PATIENCE, until

pytestmark = pytest.mark.slow


@pytest.mark.once
def test_it_serves_greets_and_stops(serve):
    server = serve()
    assert f"{server.url}/phone/" in server.log
    assert server.stop() == 0
    assert "已停止" in server.log


@pytest.mark.once
def test_a_second_one_on_the_same_data_is_refused(serve):
    server = serve()
    twin = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=server.root,
        env=server.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert twin.returncode != 0
    assert f"already being served by process {server.pid}" in twin.stderr


@pytest.mark.once
def test_a_taken_port_is_named(serve):
    server = serve()
    other = server.folder / "other"
    refused = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=server.root,
        env={**server.environ, "DATA_DIR": str(other)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert refused.returncode != 0
    assert f"port {server.port} on 127.0.0.1 is not free" in refused.stderr


CUT_OFF = """
from datetime import UTC, datetime
from django_tasks_db.models import DBTaskResult
from tests.project.test_jobs import notes
notes.enqueue("after the restart")
DBTaskResult.objects.update(status="RUNNING", started_at=datetime.now(UTC), worker_ids=["serve-dead"])
"""
OUTCOME = """
from django_tasks_db.models import DBTaskResult
row = DBTaskResult.objects.get()
print(row.status, row.return_value, len(row.worker_ids))
"""


def test_a_job_cut_off_by_kill_is_run_after_the_restart(serve):
    server = serve()
    server.kill()
    server.manage("shell", "--no-imports", "-c", CUT_OFF)
    server.start()

    def outcome() -> str:
        return str(server.manage("shell", "--no-imports", "-c", OUTCOME)).strip()

    until(lambda: outcome().startswith("SUCCESSFUL"), lambda: server.log)
    assert outcome() == "SUCCESSFUL after the restart 2"
