"""What every test stands on: its own database and folders, a fast password hash, a server, a browser.

The database is the one the environment names (DATABASE_URL), else SQLite in a file; the channel layer is
Redis when REDIS_URL is set. Nothing here touches the demo city: every run has its own folder under var/test.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
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
pytest_plugins = ["tests.browsers", "tests.emptying", "tests.remembered", "tests.security.table"] + (
    ["tests.cast"] if (ROOT / "tests/cast.py").exists() else []
)

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


# What `make fast` leaves out: whole folders, what walks a case along its path or starts a server, and modules
# that take more than half a second.
SLOW_FOLDERS = ("concurrency/", "contract/", "browser/", "journeys/", "security/")
SLOW_FIXTURES = frozenset({"walk", "way", "site", "serve"})
SLOW_MODULES = frozenset(
    {
        "grid/calendar/test_desk",
        "grid/calendar/test_rules",
        "grid/law/test_desk",
        "grid/ledger/test_auditor_pages",
        "grid/ledger/test_checks",
        "grid/ledger/test_queries",
        "grid/ledger/test_sealer",
        "grid/ledger/test_times",
        "grid/ledger/test_verify",
        "grid/ledger/test_verify_hostile",
        "grid/accounts/test_own_page",
        "grid/people/test_first_admin",
        "grid/people/test_lists",
        "grid/people/test_people_pages",
        "grid/personal/test_personal",
        "grid/placing/test_actions",
        "grid/placing/test_bulk",
        "grid/placing/test_pages",
        "grid/registers/test_complete",
        "grid/registers/test_import",
        "grid/registers/test_pages",
        "grid/registers/test_rhythm",
        "grid/registers/test_standing",
        "grid/registers/test_undoing",
        "grid/subjects/test_locals",
        "grid/subjects/test_merging",
        "grid/territory/grids/test_grids",
        "grid/territory/grids/test_planning",
        "grid/territory/test_pages",
        "grid/territory/test_people",
        "grid/territory/test_recut",
        "grid/territory/test_sample",
        "grid/test_scope",
        "mobile_api/openrosa/test_conformance",
        "mobile_api/openrosa/test_submissions",
        "mobile_api/test_covering",
        "mobile_api/test_devices",
        "mobile_api/test_entry",
        "mobile_api/test_former",
        "mobile_api/test_handin",
        "mobile_api/test_lookup",
        "mobile_api/test_paging",
        "mobile_api/test_published_forms",
        "mobile_api/test_shown",
        "mobile_api/test_suggestions",
        "mobile_api/test_sync",
        "mobile_api/test_uploads",
        "project/test_checklist",
        "project/test_inbox",
        "security/test_database_roles",
        "security/test_ledger_forged",
        "project/backup/test_drill",
        "project/backup/test_making",
        "project/backup/test_older",
        "project/backup/test_point_in_time",
        "project/backup/test_verifying",
        "project/test_live",
        "project/test_sweeping",
        "tasks/comparison/test_by_itself",
        "tasks/comparison/test_pages",
        "tasks/comparison/test_run",
        "tasks/coverage/test_account",
        "tasks/facts/test_candidates",
        "tasks/facts/test_meeting",
        "tasks/facts/test_merge",
        "tasks/facts/test_prefill",
        "tasks/facts/test_routes",
        "tasks/findings/test_review",
        "tasks/forms/test_editing",
        "tasks/forms/test_expressions",
        "tasks/forms/test_repeats",
        "tasks/rounds/test_hand_over",
        "tasks/rounds/test_rules",
        "tasks/rounds/test_views",
        "tasks/visits/test_any_order",
        "tasks/visits/test_deciding_pages",
        "tasks/visits/test_record_visits",
        "test_actions_write_ledger",
        "test_house",
        "test_settings_safe",
        "workflows/assessment/test_closing",
        "workflows/assessment/test_recount",
        "workflows/assessment/test_reproduces",
        "workflows/assessment/test_year",
        "workflows/cases/test_at_once",
        "workflows/cases/test_healing",
        "workflows/cases/test_pages",
        "workflows/cases/test_path",
        "workflows/cases/test_resting",
        "workflows/clocks/test_clocks",
        "workflows/clocks/test_extending",
        "workflows/clocks/test_standing_still",
        "workflows/duties/test_pages",
        "workflows/duties/test_referrals",
        "workflows/duties/test_targets",
        "workflows/duties/test_terms",
        "workflows/findings/test_pages",
        "workflows/listing/test_listing",
        "workflows/merging/test_pages",
        "workflows/notices/test_due_papers",
        "workflows/notices/test_issuing",
        "workflows/notices/test_typesetting",
        "workflows/reminders/test_lapses",
        "workflows/reminders/test_sending",
        "workflows/rounds/test_actions",
        "workflows/signing/test_signing",
        "workflows/test_procedures",
    }
)


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
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.fuzz)
        module = item.path.relative_to(ROOT / "tests").with_suffix("").as_posix()
        walks = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if walks or module in SLOW_MODULES or module.startswith(SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)


def _leave_out_what_was_asked_once(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What answers the same beside every server: `make test` has asked it on SQLite already."""
    again = [item for item in items if _asks_a_database(item) and not item.get_closest_marker("once")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "serve"}.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


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
