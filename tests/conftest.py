"""What every test stands on: its own database and folders, a fast password hash, a server, a browser.

The database is the one the environment names (DATABASE_URL), else SQLite in a file; the channel layer is
Redis when REDIS_URL is set. Nothing here touches the demo city: every run has its own folder under var/test.
"""

import gc
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from _pytest import runner
from django.conf import settings as django_settings
from hypothesis.database import DirectoryBasedExampleDatabase

from grid.calendar import now as clock
from tests import servers, template
from tests.frames import roomy

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = [
    "tests.browsers",
    "tests.durations",
    "tests.emptying",
    "tests.remembered",
    "tests.security.table",
] + (["tests.cast"] if (ROOT / "tests/cast.py").exists() else [])

# The same cases each time, so that one commit gives one answer; `make fuzz` looks for new ones.
hypothesis.settings.register_profile(
    "house", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "60")), derandomize=True
)
hypothesis.settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "400")),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(ROOT / "var/test/hypothesis"),
)
hypothesis.settings.load_profile("fuzz" if os.environ.get("FUZZ") else "house")


def pytest_configure(config: pytest.Config) -> None:
    # As manage.py has it. The suite looked for garbage for a fifth of its time.
    gc.set_threshold(50_000)
    (ROOT / "var/test").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=ROOT / "var/test"))
    config.stash[_FOLDER] = folder
    django_settings.DATA = folder
    django_settings.FILES = folder / "files"
    django_settings.STATIC_ROOT = folder / "static"
    django_settings.STATIC_ROOT.mkdir()
    django_settings.FILE_UPLOAD_TEMP_DIR = folder / "arriving"
    django_settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    # Every new Client builds the middleware anew, which would look through all static files each time.
    django_settings.WHITENOISE_AUTOREFRESH = True
    # What a test keeps needs no disk that outlives a power cut.
    os.fsync = lambda opened: None
    # Argon2 is slow on purpose; a test that signs in checks our pages, not Argon2.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _own_redis_names(folder.name)
    # Tests move time to and fro; those of the order of times ask for a clock that was never moved.
    clock.move(timedelta(0))


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


_FOLDER = pytest.StashKey[Path]()


def _own_redis_names(name: str) -> None:
    """Two pytest workers share one Redis; without a prefix each would hear the other's hints."""
    layer = django_settings.CHANNEL_LAYERS["default"]
    if "Redis" in layer["BACKEND"]:
        layer["CONFIG"]["prefix"] = name


@pytest.hookimpl(tryfirst=True)
@roomy
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return runner.pytest_runtest_protocol(item, nextitem)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("DATABASE_URL"):
        _leave_out_what_was_asked_once(config, items)
    # The longest begin first, or one worker would sit beside the other's last two minutes.
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.fuzz)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("sets").addoption(
        "--sets", action="store_true", help="how often each file is asked, and of what"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    _leave_to_the_end()
    _list_sets(session)


def _leave_to_the_end() -> None:
    """What was collected stays until the end: thousands of tests are not looked through for garbage each time."""
    gc.collect()
    gc.freeze()


def _list_sets(session: pytest.Session) -> None:
    """`make sets`: how many tests of each file are asked on SQLite, again on PostgreSQL with Redis, and in Chromium."""
    if not session.config.getoption("--sets"):
        return
    counts: dict[str, list[int]] = {}
    for item in session.items:
        browser = item.get_closest_marker("browser") is not None
        asked = (not browser, not browser and _is_asked_again(item), browser)
        row = counts.setdefault(item.path.relative_to(ROOT).as_posix(), [0, 0, 0])
        row[:] = [number + more for number, more in zip(row, asked, strict=True)]
    print(f"\n{'SQLite':>10} {'PostgreSQL':>10} {'Chromium':>10}")
    for name, row in [
        *sorted(counts.items()),
        ("together", [sum(column) for column in zip(*counts.values(), strict=True)]),
    ]:
        print(*(f"{number:>10}" for number in row), name)
    pytest.exit("listed", returncode=0)


def _leave_out_what_was_asked_once(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What answers the same beside every server: `make test` has asked it on SQLite already."""
    config.hook.pytest_deselected(items=[item for item in items if not _is_asked_again(item)])
    items[:] = [item for item in items if _is_asked_again(item)]


def _is_asked_again(item: pytest.Item) -> bool:
    return _asks_a_database(item) and not item.get_closest_marker("once")


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "serve"}.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def kept_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pages keep for a minute was not kept by another test, and does not end in the middle of this one."""
    from project.templatetags import desk

    monkeypatch.setattr(desk, "KEPT_SECONDS", math.inf)
    monkeypatch.setattr(desk, "_calendar", desk.Calendar())
    monkeypatch.setattr(desk, "_names", desk.Names())


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts by the minute is not asked across the end of one."""
    from grid import limits

    at = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: at))


@pytest.fixture(autouse=True)
def nobody_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a code at the window takes as long with a phone on file as without: hundreds of tests would sleep
    through it. tests/workflows/counter/test_door.py holds it."""
    from workflows.counter.views import employer

    monkeypatch.setattr(employer, "sleep", lambda seconds: None)


def _database() -> dict[str, Any]:
    from django.db import connections

    return connections["default"].settings_dict


def on_sqlite() -> bool:
    return "sqlite" in _database()["ENGINE"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    database = _database()
    # A kept connection of a server thread would block dropping the PostgreSQL test database.
    database["CONN_MAX_AGE"] = 0
    if on_sqlite():
        # A file, not memory: threads and processes of one test must meet in one real database.
        own = request.config.stash[_FOLDER] / "test.sqlite3"
        shutil.copyfile(template.migrated_sqlite(ROOT), own)
        shutil.copyfile(own, f"{own}{template.BEGINNING}")
        database["TEST"]["NAME"] = str(own)
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    else:
        database["TEST"]["TEMPLATE"] = template.migrated_postgres(ROOT, os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """The copied SQLite template is already migrated; PostgreSQL starts afresh."""
    return on_sqlite() or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end, connections that server threads left open are cut: PostgreSQL drops no database in use."""
    yield
    if on_sqlite():
        return
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def _live(django_db_setup: None) -> Iterator[servers.InProcess]:
    server = servers.InProcess()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def site(_live: servers.InProcess, transactional_db: None, settings: Any) -> servers.InProcess:
    """The real ASGI application (pages, API, WebSockets) on the test database; `.url` is its address.

    It runs in a thread of this process, so the test may also look at the same rows through the ORM.
    """
    settings.ORIGIN = _live.url
    settings.CSRF_TRUSTED_ORIGINS = [_live.url]
    return _live


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., servers.Served]]:
    """`serve(**env)` starts `manage.py serve` as a process of its own on an empty, migrated database.

    The answer has .url, .environ, .manage("command", …), .kill() for kill -9, .stop() for SIGTERM, .start().
    """
    started: list[servers.Served] = []

    def start(**env: str) -> servers.Served:
        base = os.environ.get("DATABASE_URL", "")
        served = servers.Served(ROOT, tmp_path / f"served-{len(started)}", base, env)
        started.append(served)
        served.prepare()
        served.start()
        return served

    yield start
    for served in started:
        served.remove()


@pytest.fixture
def must_have() -> Callable[[str], str]:
    """`must_have("pdftotext")` → its path. Missing: a failure under CI, a skip at home."""
    return servers.must_have
