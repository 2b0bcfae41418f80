"""Whoever looks after the machine learns what is wrong and where; a hung clock is told from a good one."""

import json
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from grid.health import followers, rules
from grid.health.actions import beat, leave
from grid.health.followers import Question, register_question
from grid.health.models import Heartbeat
from grid.health.queries import faults_of
from grid.ledger import newkey
from grid.ledger.actions import sealer
from project.beating import Threads, start_beating
from project.health import checks
from tests.grid.ledger.conftest import write
from tests.patience import PATIENCE

ABROAD = {"X-Forwarded-For": "192.0.2.7"}
WELL = rules.Thread(every=1, busy=0.4, failing=0)
HANGING = rules.Thread(every=1, busy=500, failing=0)


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_fitted_until", 0.0)


def ready(client: Client, query: str = "", **heads: Any) -> tuple[int, dict[str, Any]]:
    answer = client.get(f"/readyz{query}", **heads)
    return answer.status_code, answer.json()


def test_alive_asks_no_database(client: Client) -> None:
    """No fixture opens one here: any query would fail."""
    answer = client.get("/healthz", headers={"Host": "whoever.example.org"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code == 405


def test_ready_while_others_are_missing_and_strict_when_asked(client: Client, db: None) -> None:
    status, told = ready(client)
    assert status == 200 and told["ready"] and told["warnings"] == ["clock", "worker"]
    assert ready(client, "?strict")[0] == 503
    beat("clock", "clock a 1", {"seal": WELL})
    beat("work", "work a 2", {})
    assert ready(client, "?strict") == (200, {"ready": True, "failing": [], "warnings": [], "why": {}})


def test_why_is_told_to_this_machine_alone(client: Client, db: None) -> None:
    assert set(ready(client)[1]["why"]) == {"clock", "worker"}
    assert "why" not in ready(client, headers=ABROAD)[1]
    assert "why" not in ready(client, REMOTE_ADDR="192.0.2.7")[1]


def test_asking_is_cheap(client: Client, db: None, django_assert_max_num_queries: Any) -> None:
    ready(client)
    # Two of them are about the offices of the city.
    with django_assert_max_num_queries(14):
        ready(client)


def test_a_foreign_key_is_noticed_in_readiness(client: Client, db: None, settings: Any) -> None:
    write()
    sealer.seal_pending()
    settings.LEDGER_PUBLIC_KEY = newkey.lines()[1].partition("=")[2]
    status, told = ready(client)
    assert status == 503 and told["failing"] == ["keys"]


def test_a_schema_that_is_not_the_codes_is_noticed(client: Client, db: None) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("grid", "9999_of_tomorrow")
    status, told = ready(client)
    assert status == 200 and "newer-schema" in told["warnings"]
    recorder.record_unapplied("grid", "0012_heartbeats")
    status, told = ready(client)
    assert status == 503 and told["failing"] == ["schema"] and "0012_heartbeats" in told["why"]["schema"]


def test_without_its_database_it_is_alive_and_not_ready(away: Callable[[], None], client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    status, told = ready(client)
    assert status == 503 and told["failing"] == ["database", "schema", "keys"]
    away()
    assert ready(client)[0] == 200


def test_a_machine_behind_its_own_ledger_is_noticed(client: Client, db: None) -> None:
    from datetime import timedelta

    from grid.calendar.now import moved_to, now

    with moved_to(now() + timedelta(hours=1)):
        write()
    assert "time" in ready(client)[1]["warnings"]


@pytest.fixture
def another() -> Iterator[Callable[..., None]]:
    """A question of another room, taken back afterwards."""
    kept = dict(followers._questions)

    def ask(*faults: str, **more: Any) -> None:
        register_question(Question("offices", "机关", lambda: faults, **more))

    yield ask
    followers._questions.clear()
    followers._questions.update(kept)


def test_other_rooms_ask_along(client: Client, db: None, another: Any) -> None:
    another("the court of 310115 is missing")
    status, told = ready(client)
    assert status == 200 and told["why"]["offices"] == "the court of 310115 is missing"
    another("no office at all", is_vital=True)
    assert ready(client)[1]["failing"] == ["offices"]


def test_a_question_that_breaks_fails_by_its_name_and_tells_nobody_why(
    client: Client, db: None, another: Any
) -> None:
    def broken() -> list[str]:
        raise RuntimeError("the secret")

    register_question(Question("files", "文件", broken))
    told = ready(client)[1]
    assert "files" in told["warnings"] and "secret" not in json.dumps(told)


def test_a_folder_open_to_neighbours_is_noticed(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DATA, settings.FILES = False, tmp_path, tmp_path / "files"
    settings.FILES.mkdir()
    tmp_path.chmod(0o700)
    settings.FILES.chmod(0o755)
    assert list(checks._modes()) == [
        f"{tmp_path / 'files'} is open to every user of this machine: chmod o-rwx"
    ]


# --- heartbeats --------------------------------------------------------------------------------


def test_a_hung_clock_is_told_from_a_good_one_and_from_none(db: None) -> None:
    assert faults_of("clock") == ["none was ever seen"]
    beat("clock", "clock a 1", {"seal": HANGING, "fire": WELL})
    assert faults_of("clock") == ["“seal” hangs"]
    # Another clock does its rounds: no harm, whatever became of the first.
    beat("clock", "clock b 1", {"seal": WELL, "fire": WELL})
    assert faults_of("clock") == []
    leave("clock b 1")
    beat("clock", "clock a 1", {"seal": {**WELL, "failing": 600}})
    assert faults_of("clock") == ["“seal” fails"]


def test_a_clock_that_was_killed_is_missed(db: None) -> None:
    from datetime import timedelta

    beat("clock", "clock a 1", {})
    row = Heartbeat.objects.get()
    Heartbeat.objects.update(at=row.at - timedelta(seconds=300))
    assert "300 s old" in faults_of("clock")[0]


def test_what_threads_do_is_written_down_while_they_do_it(transactional_db: None) -> None:
    """A round that does not end is seen from outside, while the process beats on."""
    threads, stop, held, inside = Threads("clock"), threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        with threads.busy("seal", 1):
            inside.set()
            held.wait(PATIENCE)

    hanging = threading.Thread(target=hang, daemon=True)
    hanging.start()
    inside.wait(PATIENCE)
    with pytest.raises(RuntimeError), threads.busy("fire", 5):
        raise RuntimeError
    beating = start_beating(threads, stop)
    while not Heartbeat.objects.exists():
        stop.wait(0.02)
    told = Heartbeat.objects.get().threads
    assert told["seal"]["busy"] > 0 and told["fire"] == {
        "every": 5,
        "busy": 0,
        "failing": told["fire"]["failing"],
    }
    assert told["fire"]["failing"] > 0
    held.set()
    hanging.join()
    assert threads.told()["seal"]["busy"] == 0
    stop.set()
    beating.join(PATIENCE)
    assert not Heartbeat.objects.exists(), "who ends in good order takes leave"


# --- doctor ------------------------------------------------------------------------------------


def doctor(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", *words, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_doctor_says_each_check_and_fails_when_something_does(db: None, another: Any) -> None:
    code, told = doctor()
    assert code == 0 and "✓ 数据库" in told and "! 时钟进程：none was ever seen" in told
    assert doctor("--strict")[0] == 1
    another("no office at all", is_vital=True)
    code, told = doctor("--json")
    (one,) = [load for load in json.loads(told) if load["name"] == "offices"]
    assert code == 1 and one == {
        "name": "offices",
        "title": "机关",
        "state": "failing",
        "why": "no office at all",
    }
