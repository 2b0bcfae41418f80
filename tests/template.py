"""A migrated database with the law in it and nothing else, made once and then copied: a file for SQLite, a template
for PostgreSQL.

Migrating takes seconds and a copy takes next to none, which is what keeps `make fast` fast. `python -m tests.template`
makes the file, so that no worker waits for it, and a dump from which each later PostgreSQL, which begins empty, gets
its template within a second.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.pg.with_servers import program

# One process for three commands: each start takes longer than what it has to do.
FILLED = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("load_law", verbosity=0)
call_command("import_offices", "project/demo/offices.csv", "--sample", verbosity=0)
"""
# Beside the database of a run lies what it began with.
BEGINNING = ".beginning"
APPS = ("grid", "tasks", "workflows", "mobile_api", "project")
SOURCES = (
    "**/migrations/*.py",
    "**/triggers.py",
    "**/triggers/*.py",
    "law/*.json",
    "law/**/*.py",
    "calendar/*.py",
)


def _state(root: Path) -> str:
    digest = hashlib.sha256()
    sources = [file for app in APPS for name in SOURCES for file in sorted((root / app).glob(name))]
    # The roles of scope.py are written into triggers.
    for file in [
        *sources,
        *(
            root / name
            for name in (
                "requirements.txt",
                "project/settings.py",
                "grid/scope.py",
                "project/demo/offices.csv",
            )
        ),
    ]:
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def migrated_sqlite(root: Path) -> Path:
    """Path of the migrated file. Safe against several test processes asking at once."""
    folder = root / "var/test"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / f"migrated-{_state(root)}.sqlite3"
    with open(folder / "migrated.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for old in folder.glob("migrated-*.sqlite3"):
                old.unlink()
            _migrate(root, wanted)
    return wanted


def _migrate(root: Path, wanted: Path) -> None:
    with tempfile.TemporaryDirectory(dir=root / "var/test") as data:
        _fill(root, DATA_DIR=data, DATABASE_URL="")
        made = Path(data, "grid.sqlite3")
        # Fold the write-ahead log into the file, because only the file is copied.
        with sqlite3.connect(made) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        made.rename(wanted)


def _fill(root: Path, **environ: str) -> None:
    settled = {**os.environ, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "project.settings", **environ}
    subprocess.run([sys.executable, "-c", FILLED], cwd=root, env=settled, check=True)


def migrated_postgres(root: Path, url: str) -> str:
    """Name of a migrated database on the server of `url`, to be used as TEMPLATE. Nothing may connect to it."""
    import psycopg

    name = f"migrated_{_state(root)}"
    with psycopg.connect(url, autocommit=True) as connection:
        # Held until this connection ends: the second test process waits and then finds the template ready.
        connection.execute("SELECT pg_advisory_lock(20260101)")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        making = f"making_{name}"
        connection.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{making}"')  # type: ignore[call-overload]
        _restore_or_fill(root, urlunsplit(urlsplit(url)._replace(path=f"/{making}")))
        connection.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')  # type: ignore[call-overload]
    return name


def _dump(root: Path) -> Path:
    return root / f"var/test/migrated-{_state(root)}.sql"


def _restore_or_fill(root: Path, url: str) -> None:
    if (dump := _dump(root)).exists():
        quietly = ("-q", "-o", os.devnull, "-v", "ON_ERROR_STOP=1", "--single-transaction")
        subprocess.run([program("psql"), *quietly, "-f", str(dump), url], check=True)
    else:
        _fill(root, DATABASE_URL=url)


def dumped_postgres(root: Path) -> None:
    """The migrated database as a file of statements, made on a server of its own, once for each state of the migrations."""
    if not _dump(root).exists():
        server = [
            sys.executable,
            "tests/pg/with_servers.py",
            "--",
            sys.executable,
            "-m",
            "tests.template",
            "dump",
        ]
        subprocess.run(server, cwd=root, check=True)


def _leave_dump(root: Path, url: str) -> None:
    dump, name = _dump(root), migrated_postgres(root, url)
    for old in dump.parent.glob("migrated-*.sql"):
        old.unlink()
    making = dump.with_suffix(".part")
    source = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    subprocess.run([program("pg_dump"), "--no-owner", "-f", str(making), source], check=True)
    making.rename(dump)


def made_anew(url: str, name: str, source: str) -> None:
    """The database `name` once more as a copy of `source`; whoever is still connected to it is cut off."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')  # type: ignore[call-overload]


if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parent.parent
    if sys.argv[1:] == ["dump"]:
        _leave_dump(ROOT, os.environ["DATABASE_URL"])
    else:
        migrated_sqlite(ROOT)
        dumped_postgres(ROOT)
