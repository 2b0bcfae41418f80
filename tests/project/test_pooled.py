"""Behind PgBouncer in transaction mode: every statement may meet another session of the server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.patience import until
from tests.pg.with_servers import become, free_port, fresh_folder, unprivileged
from tests.servers import must_have

ROOT = Path(__file__).resolve().parents[2]
INI = """
[databases]
* = host={HOST} port={PORT} user={USER}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
"""


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[str]:
    """The address of the test database behind a pooler with two sessions."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no pooler")
    program, user, port = must_have("pgbouncer"), unprivileged(), free_port()
    folder = fresh_folder(user)
    own = connection.settings_dict
    (folder / "pgbouncer.ini").write_text(INI.format(**own, listen=port))
    (folder / "pgbouncer.ini").chmod(0o644)
    server = subprocess.Popen(
        [program, "-q", str(folder / "pgbouncer.ini")],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=become(user),
    )
    address = f"postgresql://{own['USER']}@127.0.0.1:{port}/{own['NAME']}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.kill()
        server.wait()


def _wait_for(address: str) -> None:
    def answers() -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(address).close()
            return True
        return False

    until(answers)


WORK = """
import django; django.setup()
import threading
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
from django_tasks import task
from grid.accounts.verbs import AccountVerb
from grid.ledger import actions, keys
from grid.ledger.actions import exports, sealer
from grid.ledger.actions import Line, record, record_many
from grid.ledger.queries.checkpoints import newest
from grid.ledger.models import Entry
from grid.ledger.verify import check
from grid.scope import machine
from project.jobs import Worker

BY, CITY = machine("tests"), "1503"

def work(number):
    try:
        for turn in range(3):
            with transaction.atomic():
                record(AccountVerb.SIGNED_IN, Line(CITY, number, f"C{number}", personal={"phone": "1"}), by=BY)
                record_many(AccountVerb.SIGNED_IN, [Line(CITY, n) for n in range(300)], by=BY)
            sealer.seal_pending()
            rows = Entry.objects.order_by("pk").iterator(10)
            seen = sum(1 for _row, _more in zip(rows, range(600)))
            whole = b"".join(exports.full_export(newest()))
            report = check(whole, keys.public_key_pem(), deep=True)
            assert report.exit_code == 0, report.lines()
            Worker(threading.Event()).run_one()
        return seen
    finally:
        connection.close()

with ThreadPoolExecutor(4) as pool:
    seen = list(pool.map(work, range(4)))
print(min(seen), Entry.objects.count(), Entry.objects.filter(leaf=None).count())
"""


def test_four_threads_share_two_sessions(pooled: str, tmp_path: Path) -> None:
    base: dict[str, Any] = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        cwd=ROOT,
        env=base
        | {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATABASE_URL": f"{pooled}?connect_timeout=5",
            "DATABASE_POOLED": "1",
            "DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen, entries, unsealed = map(int, done.stdout.split())
    assert (seen, entries, unsealed) == (600, 4 * 3 * 301, 0)
