"""A backup of an earlier version comes back: migrated, proved, and gone on with. It is a file that is never made anew
(tests/project/backup/older.py says how it was made)."""

import tarfile
from pathlib import Path

import pytest
from django.db import connection

from project.backup.manifest import newest_of, read_manifest
from tests.project.backup.test_drill import ask, run

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = Path(__file__).parent / "older"


def test_a_backup_of_the_version_before_is_migrated(
    files: Path, elsewhere: list[str], tmp_path: Path
) -> None:
    with tarfile.open(KEPT / f"{connection.vendor}.tar.xz") as kept:
        kept.extractall(tmp_path / "kept", filter="data")
    backup, into = newest_of(tmp_path / "kept"), Path(elsewhere[1])
    before = read_manifest(backup)
    assert before.ledger_size >= 3 and "mobile_api.0003_phones_told_apart" not in before.migrations
    into.mkdir()
    (into / "ledger.pem").write_bytes((tmp_path / "kept/ledger.pem").read_bytes())
    told = run("restore", backup, *elsewhere)
    assert "备份来自较早的版本" in told and f"核对通过：{before.ledger_size} 条" in told
    steps = {f"{app}.{name}" for app, name in ask(elsewhere, "SELECT app, name FROM django_migrations")}
    assert steps > set(before.migrations)
    verbs = [verb for (verb,) in ask(elsewhere, "SELECT verb FROM grid_entry ORDER BY id")]
    assert len(verbs) == before.ledger_size + 1 and verbs[-1] == "backup.restored"
    assert (into / "files/shown/00/示例.jpg").read_bytes() == b"x"
