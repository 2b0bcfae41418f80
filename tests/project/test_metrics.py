"""The numbers of the whole: only for whom they are meant, right, cheap, and each alarm has a chapter to read."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.test import Client
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from grid.calendar.now import moved_to, now
from grid.health.actions import beat
from grid.ledger.actions import sealer
from mobile_api.devices.models import Device
from project.health import measuring
from tests.grid.ledger.conftest import write

ROOT = Path(__file__).resolve().parents[2]
WATCH = ROOT / "deploy/watch"
TOKEN = "a-token-for-the-tests-alone"


@pytest.fixture
def measured(db: None, client: Client, settings: Any) -> Any:
    settings.METRICS = True

    def ask() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return ask


def test_nobody_is_told_who_was_not_meant(client: Client, db: None, settings: Any) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    abroad = {"X-Forwarded-For": "192.0.2.7"}
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS = True
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers=abroad).status_code == 404
    settings.METRICS, settings.METRICS_TOKEN = False, TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={**bearer, **abroad}).status_code == 200
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404


def test_requests_are_counted_by_kind_and_status(measured: Any, client: Client) -> None:
    key = ("grid_requests_total", "phone", "401")
    before = measured().get(key, 0)
    client.get("/api/v1/changes")
    client.get("/healthz")
    after = measured()
    assert after[key] == before + 1
    assert after[("grid_request_seconds_count", "phone")] >= 1


def test_the_numbers_are_those_of_the_database(measured: Any, cast: SimpleNamespace) -> None:
    for name in ("grid_jobs", "grid_oldest_job_seconds", "grid_sealing_lag_seconds", "grid_silent_phones"):
        assert not [value for key, value in measured().items() if key[0] == name and value], name
    with moved_to(now() - timedelta(minutes=10)):
        write()
    job = DBTaskResult.objects.create(task_path="x", args_kwargs={}, run_after=now() - timedelta(hours=1))
    Device.objects.create(
        posting=cast.post.wang, area="x", token_hash="a", enrolled_at=now() - timedelta(days=30),
        seen_at=now() - timedelta(days=8),
    )  # fmt: skip
    beat("clock", "clock a 1", {"seal": {"every": 1, "busy": 999, "failing": 0}})
    told = measured()
    assert told["grid_jobs", "ready"] == 1 and 3590 < told[("grid_oldest_job_seconds",)] < 3700
    assert 590 < told[("grid_sealing_lag_seconds",)] < 700
    assert told[("grid_silent_phones",)] == 1
    assert told["grid_hanging_threads", "clock"] == 1 and told["grid_hanging_threads", "work"] == 0
    assert told["grid_heartbeat_age_seconds", "clock"] < 60
    assert told["grid_heartbeat_age_seconds", "work"] == float("inf")
    assert told["grid_check_failed", "clock"] == 1 and told["grid_check_failed", "database"] == 0
    sealer.seal_pending()
    job.delete()
    Device.objects.update(revoked_at=now())
    after = measured()
    assert not after[("grid_sealing_lag_seconds",)] and not after["grid_jobs", "ready"]
    assert not after[("grid_silent_phones",)]


def test_asking_is_cheap(measured: Any, django_assert_max_num_queries: Any) -> None:
    measured()
    with django_assert_max_num_queries(30):
        measured()


def test_without_its_database_the_rest_is_told(away: Any, client: Client, settings: Any) -> None:
    settings.METRICS = True
    told = client.get("/metrics").content.decode()
    assert 'grid_check_failed{check="database"} 1.0' in told and "grid_disk_bytes" in told


def exported() -> set[str]:
    text = measuring.exposition()[0].decode()
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


# Filled by the first request or finding or where TLS is ours alone, by Prometheus itself, or by the library where METRICS is on.
KNOWN = {
    "grid_requests_total", "grid_request_seconds_bucket", "grid_snags", "grid_certificate_days", "up",
    "django_http_requests_latency_including_middlewares_seconds_bucket",
}  # fmt: skip
NAMES = re.compile(r"(?<![\w\"{=])(?:grid|django|up)[a-z_]*(?=[{\[\s)]|$)")


def expressions() -> dict[str, str]:
    rules = yaml.safe_load((WATCH / "alarms.yml").read_text())["groups"][0]["rules"]
    board = json.loads((WATCH / "board.json").read_text())
    told = {rule["alert"]: rule["expr"] for rule in rules}
    return told | {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in board["panels"]
        for target in panel["targets"]
    }


def test_alarms_and_board_name_only_what_is_told(db: None) -> None:
    known = exported() | KNOWN
    for name, expression in expressions().items():
        named = set(NAMES.findall(expression))
        assert named and named <= known, (name, named - known)


def test_every_measure_is_on_the_board_or_in_an_alarm(db: None) -> None:
    """A number nobody looks at costs a query for nothing."""
    named = set(NAMES.findall(" ".join(expressions().values())))
    ours = {name for name in exported() if name.startswith("grid_") and not name.startswith("grid_request")}
    assert ours <= named


def test_every_alarm_has_its_chapter_and_every_chapter_its_alarm() -> None:
    rules = yaml.safe_load((WATCH / "alarms.yml").read_text())["groups"][0]["rules"]
    page = (ROOT / "docs/runbook.md").read_text()
    assert {rule["alert"] for rule in rules} == set(re.findall(r"^## (\w+)$", page, re.MULTILINE))
    for chapter in page.split("\n## ")[1:]:
        assert "**说明**" in chapter and "**怎么办**" in chapter, chapter[:20]
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"]


def test_a_server_tells_what_all_its_workers_counted(tmp_path: Path) -> None:
    """Loaded once, then forked, as gunicorn does with --preload; and what a dead server left is cleared away."""
    former, foreign = (
        tmp_path / "metrics" / f"{host}-999999999" for host in (socket.gethostname(), "elsewhere")
    )
    for folder in (former, foreign):
        folder.mkdir(parents=True)
    script = """
import os, sys
from pathlib import Path
from project.process import share_counters
share_counters(Path(sys.argv[1]))
import django
django.setup()
from project.health.counting import count
from project.health.measuring import counted
for worker in range(3):
    if os.fork() == 0:
        count("/api/v1/visits", 200, 0.02)
        os._exit(0)
    os.wait()
print(counted().decode())
"""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert 'grid_requests_total{kind="phone",status="200"} 3.0' in told.stdout, told.stderr
    assert not former.exists() and foreign.exists()
