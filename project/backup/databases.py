"""Writing a database into one file at one moment, and what it holds at that moment."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from project.backup import NotPossible

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]
NAMES: Final = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
_TABLES: Final = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name",
}
# What libpq reads from its environment, so that no password stands in a list of processes.
_LIBPQ: Final = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}
_LIBPQ_OPTIONS: Final = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database at one moment: steps of its schema, rows of each table, the newest checkpoint (root as hex)."""

    migrations: list[str]
    tables: dict[str, int]
    ledger_size: int
    ledger_root: str


def snapshot(engine: str, ask: Ask) -> Snapshot:
    names = [str(name) for (name,) in ask(_TABLES[engine])]
    counts = {name: int(ask(f'SELECT COUNT(*) FROM "{name}"')[0][0]) for name in names}
    steps: list[str] = []
    if "django_migrations" in counts:
        steps = sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations"))
    heads = []
    if "grid_checkpoint" in counts:
        heads = ask("SELECT size, root FROM grid_checkpoint ORDER BY size DESC LIMIT 1")
    size, root = heads[0] if heads else (0, b"")
    return Snapshot(steps, counts, int(size), bytes(root).hex())


def size_of_database() -> int:
    """Bytes a dump may take; one of PostgreSQL is compressed and has no indexes."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return sum(os.path.getsize(file) for file in (name, f"{name}-wal") if os.path.exists(file))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0]) // 2


def dump(folder: Path) -> Snapshot:
    """Writes the connection's database into `folder`, as it is at one moment; nobody waits. Raises NotPossible, and
    OSError where the disk is full."""
    file = folder / NAMES[connection.vendor]
    return _dump_postgres(file) if connection.vendor == "postgresql" else _dump_sqlite(file)


def _dump_postgres(file: Path) -> Snapshot:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        # Both read the same moment: what is counted here is what is written there.
        run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={file}"],
            connection.settings_dict)  # fmt: skip

        def ask(query: str) -> Rows:
            cursor.execute(query)
            return list(cursor.fetchall())

        found = snapshot("postgresql", ask)
    _sync(file)
    return found


def _dump_sqlite(file: Path) -> Snapshot:
    try:
        with (
            closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=30)) as source,
            closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            found = snapshot("sqlite", lambda query: target.execute(query).fetchall())
    except sqlite3.Error as error:
        if "disk is full" in str(error):
            raise OSError(errno.ENOSPC, str(error)) from error
        raise NotPossible(f"数据库没有复制成：{error}") from error
    _sync(file)
    return found


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


# --- the programs of PostgreSQL ------------------------------------------------------------------------


def libpq(database: Mapping[str, Any]) -> dict[str, str]:
    """Django's dictionary as environment of PostgreSQL's own programs."""
    said = {name: str(database.get(key) or "") for key, name in _LIBPQ.items()}
    options = database.get("OPTIONS") or {}
    said |= {name: str(options[key]) for key, name in _LIBPQ_OPTIONS.items() if key in options}
    return {name: value for name, value in said.items() if value}


def run(command: list[str], database: Mapping[str, Any]) -> None:
    """Raises NotPossible with what the program said, and OSError where it found the disk full."""
    program = shutil.which(command[0]) or _versioned(command[0])
    if program is None:
        raise NotPossible(f"没有找到 {command[0]}：请安装 postgresql-client。")
    environ = {**os.environ, **libpq(database)}
    done = subprocess.run([program, *command[1:]], env=environ, capture_output=True, text=True)
    if done.returncode:
        if "No space left" in done.stderr:
            raise OSError(errno.ENOSPC, done.stderr.strip())
        raise NotPossible(f"{command[0]} 没有完成：{done.stderr.strip()[-2000:]}")


def _versioned(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else None
