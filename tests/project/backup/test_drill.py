"""The drill: a backup, more work, the backup back in another place, and proved there. On both engines."""

import json
import os
import sqlite3
import stat
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection

from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Checkpoint, Entry
from project.backup import escrow as sealing
from project.backup import reports
from project.backup.making import code_version
from project.backup.manifest import FILES, SEALED, read_manifest, whole_in
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices.models import Notice


def run(command: str, *arguments: Any) -> str:
    said = StringIO()
    call_command(command, *map(str, arguments), stdout=said)
    return said.getvalue()


def ask(arguments: list[str], query: str) -> list[tuple[Any, ...]]:
    """Of the restored database, past all our own code."""
    if connection.vendor == "postgresql":
        with closing(psycopg.connect(arguments[3])) as there:
            return there.execute(query).fetchall()  # type: ignore[call-overload]
    with closing(sqlite3.connect(Path(arguments[1]) / "grid.sqlite3")) as there:
        return there.execute(query).fetchall()


def test_a_backup_comes_back_elsewhere_as_it_was(
    paper: Notice, files: Path, elsewhere: list[str], reader: None, escrow: str, tmp_path: Path, case_at: Callable[..., Case],
    cast: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder, into = tmp_path / "backups", Path(elsewhere[1])
    into.mkdir()
    # The demo's own signing key lies with its data, and comes back first, as a city's keys do.
    run("backup", folder)
    first = whole_in(folder)[0]
    entries, head = Entry.objects.count(), Checkpoint.objects.latest("size")
    private = X25519PrivateKey.from_private_bytes(b64decode(escrow))
    keys = json.loads(sealing.unseal((first / SEALED).read_bytes(), private))
    sealing.write_out({"ledger.pem": keys["ledger.pem"]}, into)
    assert "PRIVACY_KEY=000" in keys["process.env"]
    said = read_manifest(first)
    assert (said.ledger_size, said.ledger_root) == (head.size, bytes(head.root).hex())
    assert said.tables["grid_entry"] == entries and said.tables["workflows_notice"] == 1
    everything = [folder, *folder.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in everything} == {0}

    # The city goes on, and is backed up again: what did not change is there once.
    later = actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)
    seal_pending()
    monkeypatch.setattr("project.backup.rules.name_of", lambda at: "20990101T000000Z")
    run("backup", folder)
    second = whole_in(folder)[0]
    assert (first / FILES / paper.path).stat().st_ino == (second / FILES / paper.path).stat().st_ino
    assert (second / FILES / later.path).read_bytes() == (files / later.path).read_bytes()
    noted = reports.last("backup")
    assert noted is not None and noted["name"] == second.name

    told = run("restore", first, *elsewhere)
    assert "已恢复" in told and "核对通过" in told
    assert [tuple(row) for row in ask(elsewhere, "SELECT number FROM workflows_notice")] == [(paper.number,)]
    assert (into / "files" / paper.path).read_bytes() == (files / paper.path).read_bytes()
    assert not (into / "files" / later.path).exists() and not (into / ".restoring").exists()
    assert ask(elsewhere, "SELECT verb FROM grid_entry ORDER BY id DESC LIMIT 1")[0][0] == "backup.restored"

    # There is a city now: it is not overwritten unasked, and is kept when it is.
    with pytest.raises(CommandError, match="已有数据"):
        run("restore", folder, *elsewhere)
    run("restore", folder, *elsewhere, "--replace")
    assert len(ask(elsewhere, "SELECT number FROM workflows_notice")) == 2
    (aside,) = into.glob("before-*")
    assert (aside / "files" / paper.path).is_file() and (into / "files" / later.path).is_file()

    # What cannot be used replaces nothing.
    here = lambda: ask(elsewhere, "SELECT MAX(id) FROM grid_entry")  # noqa: E731
    before = here()
    monkeypatch.setenv("PRIVACY_KEY", "ab" * 32)
    with pytest.raises(CommandError, match="PRIVACY_KEY"):
        run("restore", first, *elsewhere, "--replace")
    damaged = first / FILES / paper.path
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    with pytest.raises(CommandError, match=r"与清单不符"):
        run("restore", first, *elsewhere, "--replace")
    assert here() == before and not (into / ".restoring").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"migrations": ["grid.0001_initial", "grid.9999_of_tomorrow"]}, "请先升级程序"),
        ({"engine": "oracle"}, "不能恢复到"),
        ({"city": "9999"}, "本系统是"),
        ({"format": "grid-backup/2"}, "只认识"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_done(
    db: None, files: Path, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    write_manifest(tmp_path, **change)
    with pytest.raises(CommandError, match=said):
        run("restore", tmp_path, "--into", tmp_path / "new")
    assert not (tmp_path / "new").exists() or os.listdir(tmp_path / "new") == []


def test_after_a_rollback_the_program_takes_back_its_own_copies(
    db: None, files: Path, tmp_path: Path
) -> None:
    """It works on tables it has not made, and copies them: what it cannot do is take another program's for its own."""
    unknown = ["grid.0001_initial", "grid.9999_of_tomorrow"]
    write_manifest(tmp_path, migrations=unknown, code=code_version())
    with pytest.raises(CommandError) as refused:
        run("restore", tmp_path, "--into", tmp_path / "new")
    assert "请先升级程序" not in str(refused.value), "there is only no dump in this one"


def write_manifest(folder: Path, **change: Any) -> None:
    facts = {
        "made_at": "", "city": "1503", "code": "x", "engine": connection.vendor, "migrations": [], "tables": {},
        "ledger_size": 0, "ledger_root": "", "database": "d", "database_size": 0, "files": 0, "files_size": 0,
        "hashes": {}, "key_prints": {}, "sealed": [], "seconds": 0, "format": "grid-backup/1",
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(facts | change))
