"""A small city with a paper, a photo's worth of files, encrypted values and a sealed ledger, in folders of its own."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from grid.ledger.actions.sealer import seal_pending
from grid.registers.actions import Meaning, import_delivery
from project.backup import newkey
from project.backup.places import own_place
from tests.cast import credit_code
from tests.workflows.conftest import *  # noqa: F403 (a case on its way needs what those tests have)
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices.models import Notice

LINES = "统一社会信用代码,企业名称,住所\n"


@pytest.fixture
def escrow(settings: Any) -> str:
    """The private half; the public one is set."""
    public, private = (line.split("=", 1)[1] for line in newkey.lines())
    settings.BACKUP_ESCROW_KEY = public
    return private


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.FILES = settings.DATA / "files"
    return settings.FILES


@pytest.fixture
def paper(
    transactional_db: None, files: Path, case_at: Callable[..., Case], cast: Any, tmp_path: Path
) -> Iterator[Notice]:
    issued = actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)
    register = tmp_path / "名册.csv"
    # The second line is refused and kept, encrypted.
    register.write_text(f"{LINES}{credit_code(1)},示例1号有限公司,海勃湾区\n+1+1,示例2号有限公司,海勃湾区\n")
    import_delivery(Meaning("market", "1503", date(2026, 1, 31)), register, by=cast.by.wu)
    seal_pending()
    yield issued


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[list[str]]:
    """Arguments of `restore` for another place. On PostgreSQL a database of its own, of a role that is no superuser but
    may make databases; both are gone at the end."""
    arguments = ["--into", str(tmp_path / "elsewhere")]
    if connection.vendor != "postgresql":
        yield arguments
        return
    name, own = f"elsewhere_{os.getpid()}", urlsplit(own_place().url)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN CREATEDB")
    yield [
        *arguments,
        "--database",
        urlunsplit(own._replace(netloc=f"{name}@{own.hostname}:{own.port}", path=f"/{name}")),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"])
        for (database,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE {database} WITH (FORCE)")
        cursor.execute(f"DROP ROLE {name}")


@pytest.fixture
def reader(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On PostgreSQL the dump is written by a role that may read everything and do nothing (deploy/backup/roles.sql)."""
    if connection.vendor != "postgresql":
        yield
        return
    name = f"reader_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN")
        cursor.execute(f"GRANT pg_read_all_data TO {name}")
    monkeypatch.setitem(connection.settings_dict, "USER", name)
    yield
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE {name}")
