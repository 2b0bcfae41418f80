"""What DATABASE_URL and its companions say of the connection; how many connections one set of processes takes."""

import re
import resource
from pathlib import Path

import pytest

from project import environment as env
from project import process
from project.periodic import PERIODIC

ROOT = Path(__file__).resolve().parents[2]
URL = "postgresql://grid_service:p%40ss@db.example.org:6432/grid"


def test_the_query_of_the_address_says_how_to_connect(tmp_path: Path) -> None:
    query = "?sslmode=verify-full&sslrootcert=/etc/grid/tls/db.pem&connect_timeout=3&target_session_attrs=read-write"
    said = env.database(URL + query, tmp_path)
    assert (said["USER"], said["PASSWORD"], said["HOST"], said["PORT"]) == (
        "grid_service", "p@ss", "db.example.org", "6432",
    )  # fmt: skip
    assert said["OPTIONS"] == {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/grid/tls/db.pem",
        "connect_timeout": 3,
        "target_session_attrs": "read-write",
        "prepare_threshold": None,
    }
    assert env.database(URL, tmp_path)["OPTIONS"]["connect_timeout"] == env.CONNECT_SECONDS


@pytest.mark.parametrize(
    "query",
    ["sslmode=verify_full", "sslmode=", "ssl=require", "connect_timeout=soon", "options=-cx", "sslrootcert="],
)
def test_what_is_misspelt_does_not_quietly_mean_nothing(tmp_path: Path, query: str) -> None:
    with pytest.raises(env.UnsafeEnvironment, match="which is not known"):
        env.database(f"{URL}?{query}", tmp_path)


def test_a_password_with_bare_signs_is_explained(tmp_path: Path) -> None:
    with pytest.raises(env.UnsafeEnvironment, match="%40"):
        env.database("postgresql://grid:a/b@db:c/grid", tmp_path)


def test_a_pooler_and_the_age_of_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = env.database(URL, tmp_path)
    assert (plain["CONN_MAX_AGE"], plain["DISABLE_SERVER_SIDE_CURSORS"]) == (60, False)
    monkeypatch.setenv("DATABASE_POOLED", "1")
    monkeypatch.setenv("DATABASE_MAX_AGE", "0")
    pooled = env.database(URL, tmp_path)
    assert (pooled["CONN_MAX_AGE"], pooled["DISABLE_SERVER_SIDE_CURSORS"]) == (0, True)
    monkeypatch.setenv("DATABASE_POOLED", "yes")
    with pytest.raises(env.UnsafeEnvironment, match="must be 0 or 1"):
        env.database(URL, tmp_path)


# PostgreSQL's default of 100, less 3 it keeps for superusers and 7 for psql, backup and doctor.
BUDGET = 90


def connections_of(unit: str) -> int:
    """What one process of the unit may hold at once: a connection belongs to a thread."""
    command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1]  # type: ignore[index]
    numbers = {name: int(number) for name, number in re.findall(r"--(workers|threads) (\d+)", command)}
    if "gunicorn" in command:
        return numbers["workers"] * numbers["threads"]
    if "daphne" in command:
        # Sockets sign in and are asked again on one thread; the courier of hints has another.
        return 2
    if "manage.py work" in command:
        # A second thread renews the lease of each job.
        return 2 * numbers["threads"]
    if "manage.py clock" in command:
        return len(PERIODIC) + 1
    return 0


def test_one_set_of_processes_stays_within_the_default_of_the_server() -> None:
    units = sorted((ROOT / "deploy").glob("grid-*.service"))
    told = {unit.stem: connections_of(unit.read_text()) for unit in units}
    assert told["grid-web@"] and told["grid-live"] and told["grid-work"] and told["grid-clock"]
    one, two = sum(told.values()), sum(told.values()) + told["grid-web@"]
    assert two <= BUDGET, told
    assert f"at most {one}, with the second web unit {two}," in (ROOT / "deploy/README.md").read_text()


def number_in(text: str, what: str) -> int:
    return int(re.search(rf"^\s*{what}[ =](\d+);?$", text, re.MULTILINE)[1])  # type: ignore[index]


def test_proxy_and_unit_carry_the_promised_pages() -> None:
    nginx = (ROOT / "deploy/nginx-main.conf").read_text()
    live = (ROOT / "deploy/grid-live.service").read_text()
    # One from the browser and one to the live process; and room for everything else.
    assert number_in(nginx, "worker_connections") > 2 * process.PAGES + 1_000
    assert number_in(nginx, "worker_rlimit_nofile") > number_in(nginx, "worker_connections")
    assert number_in(live, "LimitNOFILE") > process.PAGES + process.BESIDES


def test_too_low_a_limit_of_open_files_is_said(caplog: pytest.LogCaptureFixture) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, before[1]))
        assert process.pages_that_fit() == 824
        pages = process.open_as_many_as_allowed()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
        assert (pages < process.PAGES) == ("raise LimitNOFILE=" in caplog.text)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
