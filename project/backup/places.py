"""Where a city lives: a folder of data and a database; making one beside it, and changing the two.

SQLite lives in its folder. On PostgreSQL the copy is a database of its own name, and changing is renaming: that needs
a role that may make databases (`ALTER ROLE grid_owner CREATEDB` for as long as it takes) and nobody connected.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from project import environment
from project.backup import NotPossible
from project.backup.databases import libpq, run

_WITH_LOGS = ("", "-wal", "-shm")
_WORDS = {
    "PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert", "PGSSLCERT": "sslcert", "PGSSLKEY": "sslkey", "PGSSLCRL": "sslcrl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """`url` as DATABASE_URL says it; empty: SQLite in `data`."""

    data: Path
    url: str = ""

    @property
    def database(self) -> dict[str, Any]:
        return environment.database(self.url, self.data)

    @property
    def engine(self) -> str:
        return str(self.database["ENGINE"]).rsplit(".", 1)[-1].replace("sqlite3", "sqlite")

    @property
    def name(self) -> str:
        return str(self.database["NAME"])

    @property
    def files(self) -> Path:
        return self.data / "files"


def own_place() -> Place:
    """Where this process works. What DATABASE_URL says of TLS goes along: the copy lies on the same server."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return Place(Path(settings.DATA), f"sqlite://{said['NAME']}")
    login = quote(str(said["USER"]), safe="")
    if said["PASSWORD"]:
        login += ":" + quote(str(said["PASSWORD"]), safe="")
    port = f":{said['PORT']}" if said["PORT"] else ""
    host, name = quote(str(said["HOST"]), safe=""), quote(str(said["NAME"]), safe="")
    query = urlencode({word: said["OPTIONS"][word] for word in environment.WORDS if word in said["OPTIONS"]})
    return Place(Path(settings.DATA), f"postgresql://{login}@{host}{port}/{name}?{query}")


def database_at(own: Place, said: str) -> str:
    """The URL of a database that is named by itself, beside ours; then no password stands in a list of processes.

    >>> database_at(Place(Path("/x"), "postgresql://owner:word@db:5432/grid"), "drill")
    'postgresql://owner:word@db:5432/drill'
    >>> database_at(Place(Path("/x"), "sqlite:///x/grid.sqlite3"), "sqlite:///y/drill.sqlite3")
    'sqlite:///y/drill.sqlite3'
    """
    if ":" in said or own.engine != "postgresql":
        return said
    return urlunsplit(urlsplit(own.url)._replace(path=f"/{quote(said, safe='')}"))


def staging_of(place: Place, folder: Path) -> Place:
    """A copy beside it: on SQLite a file in `folder`, on PostgreSQL a database named after the real one."""
    if place.engine == "sqlite":
        return Place(folder, f"sqlite://{folder / 'grid.sqlite3'}")
    parts = urlsplit(place.url)
    return Place(folder, urlunsplit(parts._replace(path=f"/{place.name}_restoring")))


def lives(place: Place) -> bool:
    """Whether there is anything a restore would push aside."""
    if place.files.is_dir() and any(place.files.iterdir()):
        return True
    if place.engine == "sqlite":
        return os.path.exists(place.name) and os.path.getsize(place.name) > 0
    with closing(_server(place)) as server:
        if not _exists(server, place.name):
            return False
    with closing(_connected(place)) as inside:
        found = inside.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')"
        ).fetchone()
        return bool(found and found[0])


def load(dump: Path, staging: Place) -> None:
    """Fills the copy's database from a dump. Raises NotPossible, OSError."""
    if staging.engine == "sqlite":
        shutil.copyfile(dump, staging.name)
        os.chmod(staging.name, 0o600)
        return
    drop(staging)
    with closing(_server(staging)) as server:
        _do(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", staging.name)
    command = ["pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"]
    run([*command, f"--dbname={staging.name}", str(dump)], staging.database)


def drop(staging: Place) -> None:
    """A copy that is not wanted, or that a killed restore left."""
    if staging.engine == "postgresql":
        with closing(_server(staging)) as server:
            _do(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", staging.name)


def need_quiet(place: Place) -> None:
    """Raises NotPossible while processes of the city are still connected."""
    if place.engine != "postgresql":
        return
    with closing(_server(place)) as server:
        rows = server.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s",
            [place.name],
        ).fetchone()
    if rows and rows[0]:
        raise NotPossible(
            f"还有 {rows[0]} 个连接在用数据库 {place.name}：请先停止各项服务（systemctl stop 'grid-*.service'）。"
        )


def change(place: Place, staging: Place, aside: Path, suffix: str) -> str:
    """Puts the copy in the city's place; what was there is kept aside. Answers where the former database is now.

    All are renames. Where one fails, those before it are taken back.
    """
    undo: list[tuple[Path, Path]] = []
    try:
        aside.mkdir(mode=0o700)
        _move(place.files, aside / "files", undo)
        _move(staging.files, place.files, undo)
        if place.engine == "sqlite":
            for end in _WITH_LOGS:
                _move(Path(place.name + end), aside / (Path(place.name).name + end), undo)
            for end in _WITH_LOGS:
                _move(Path(staging.name + end), Path(place.name + end), undo)
            return str(aside)
        return _change_names(place, staging, suffix)
    except BaseException:
        for here, there in reversed(undo):
            there.rename(here)
        raise
    finally:
        with suppress(OSError):
            aside.rmdir()  # only where nothing was put aside


def _move(here: Path, there: Path, undo: list[tuple[Path, Path]]) -> None:
    if here.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        here.rename(there)
        undo.append((here, there))


def _change_names(place: Place, staging: Place, suffix: str) -> str:
    """An empty database made for the purpose goes; one that lived is renamed. Its doors are the new one's, too."""
    former = f"{place.name}_before_{suffix}"
    with closing(_server(place)) as server:
        there = _exists(server, place.name)
        doors = _doors(server, place.name) if there else None
        if there:
            _do(server, "ALTER DATABASE {} RENAME TO {}", place.name, former)
        try:
            _do(server, "ALTER DATABASE {} RENAME TO {}", staging.name, place.name)
        except Exception:
            if there:
                _do(server, "ALTER DATABASE {} RENAME TO {}", former, place.name)
            raise
        if doors is not None:
            _do(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", place.name)
            for role in doors:
                _do(server, "GRANT CONNECT ON DATABASE {} TO {}", place.name, role)
    return former if there else ""


def _doors(server: psycopg.Connection[TupleRow], name: str) -> list[str] | None:
    """Who may connect to a database that is not open to everybody."""
    rows = server.execute(
        "SELECT COALESCE(r.rolname, '') FROM pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_roles r "
        "ON r.oid = a.grantee WHERE d.datname = %s AND a.privilege_type = 'CONNECT'", [name],
    ).fetchall()  # fmt: skip
    names = [role for (role,) in rows]
    return None if not names or "" in names else names


def _exists(server: psycopg.Connection[TupleRow], name: str) -> bool:
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _do(server: psycopg.Connection[TupleRow], statement: str, *names: str) -> None:
    try:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotPossible(
            f"数据库角色不能建库或改名（{error.diag.message_primary}）：恢复期间请由管理员执行 "
            "ALTER ROLE grid_owner CREATEDB，恢复后执行 NOCREATEDB。"
        ) from error
    except psycopg.Error as error:
        raise NotPossible(f"数据库没有照办：{error}") from error


def _server(place: Place) -> psycopg.Connection[TupleRow]:
    """Connected beside the city's database: what is to be renamed must not be in use."""
    return _connect(place, "postgres")


def _connected(place: Place) -> psycopg.Connection[TupleRow]:
    return _connect(place, place.name)


def _connect(place: Place, name: str) -> psycopg.Connection[TupleRow]:
    said = {word: value for key, value in libpq(place.database).items() if (word := _WORDS.get(key))}
    try:
        return psycopg.connect(make_conninfo("", **said, dbname=name), autocommit=True)
    except psycopg.Error as error:
        raise NotPossible(f"连不上数据库 {name}：{error}") from error
