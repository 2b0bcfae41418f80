"""A restored copy, looked at before it replaces anything: python -m project.backup.checking BACKUP

Runs in a process of its own, whose environment names the copy. Migrates it to this code, then proves counts, keys,
ledger and files against the manifest. Prints one JSON object: `faults` (why it must not be used; empty: whole), `told`.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from project.backup.manifest import Manifest, read_manifest


def main(folder: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    told: list[str] = []
    faults = list(_faults(Path(folder), told))
    if not faults:
        _go_on(Path(folder))
    json.dump({"faults": faults, "told": told}, sys.stdout, ensure_ascii=False)
    return 1 if faults else 0


def _faults(folder: Path, told: list[str]) -> Iterator[str]:
    manifest = read_manifest(folder)
    counted = list(_miscounted(manifest))
    yield from counted
    if counted:
        return
    told += _migrate(manifest)
    wrong_keys = list(_wrong_keys(manifest))
    yield from wrong_keys
    if wrong_keys:
        return
    yield from _broken_ledger(told)
    yield from _broken_files(folder, told)


def _query(query: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _miscounted(manifest: Manifest) -> Iterator[str]:
    """The rows as they were counted when the backup was made, and the same head of the ledger."""
    from django.db import connection

    from project.backup.databases import snapshot

    found = snapshot(connection.vendor, _query)
    for table in sorted(manifest.tables.keys() | found.tables.keys()):
        before, now = manifest.tables.get(table), found.tables.get(table)
        if before != now:
            yield f"表 {table} 备份时有 {before} 行，恢复后有 {now} 行"
    if (found.ledger_size, found.ledger_root) != (manifest.ledger_size, manifest.ledger_root):
        yield f"台账封存点与备份清单不符：清单 {manifest.ledger_size} 条，恢复后 {found.ledger_size} 条，或根哈希不同"


def _migrate(manifest: Manifest) -> list[str]:
    from django.core.management import call_command
    from django.db import connection

    from project.backup.databases import snapshot

    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        (roles,) = _query("SELECT COUNT(*) FROM pg_roles WHERE rolname IN ('grid_service', 'grid_clock')")
        if roles[0] == 2:
            call_command("database_roles", stdout=io.StringIO())
    steps = len(snapshot(connection.vendor, _query).migrations) - len(manifest.migrations)
    return [f"备份来自较早的版本（{manifest.code}），已迁移 {steps} 步"] if steps else []


def _wrong_keys(manifest: Manifest) -> Iterator[str]:
    from grid.rotation.queries.fitting import misfits
    from project.backup import secrets

    for name in secrets.others(manifest.key_prints):
        yield f"{name} 不是备份时所用的密钥：请先从备份的 keys.sealed 取回密钥"
    yield from (f"{misfit.setting} 不是写下这些数据的密钥：{misfit.why}" for misfit in misfits())


def _broken_ledger(told: list[str]) -> Iterator[str]:
    """By the ledger's own verifier: every entry, the seal, signatures, counters, triggers."""
    from django.core.management import call_command

    said = io.StringIO()
    try:
        call_command("check_ledger", stdout=said, stderr=said)
    except SystemExit:
        yield f"台账核对不通过：{said.getvalue().strip()[-2000:]}"
    else:
        told.append(said.getvalue().strip().splitlines()[-1])


def _broken_files(folder: Path, told: list[str]) -> Iterator[str]:
    """Each file was hashed while it was copied here; now the rows say which hash it should have."""
    from project.backup.manifest import lines_of
    from project.backup.verifying import verify_files

    known = {line.path: line.sha256 for line in lines_of(folder)}
    verdict = verify_files(known.__getitem__)
    for word, flaws in (("缺失", verdict.missing), ("内容与登记的不符", verdict.altered)):
        if flaws:
            names = "、".join(f"{flaw.shelf} {flaw.said}（{flaw.path}）" for flaw in flaws[:20])
            yield f"文件{word} {len(flaws)} 份：{names}"
    told.append(f"核对文件 {verdict.checked} 份，无人引用 {len(verdict.orphans)} 份")


def _go_on(folder: Path) -> None:
    """What the restored city begins with: nobody is signed in by what had ended since, and the ledger says it."""
    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.db import transaction

    from grid.calendar.now import move, now
    from grid.ledger.actions import Line, record
    from grid.ledger.models import Entry
    from grid.scope import machine
    from project.backup.verbs import BackupVerb

    if settings.DEMO and (last := Entry.objects.order_by("-pk").first()):
        # A demo's time may have been moved ahead of the machine's; nothing is written before what is there.
        move(max(last.at - now(), timedelta(0)))
    manifest = read_manifest(folder)
    data = {"made_at": manifest.made_at, "size": manifest.ledger_size, "root": manifest.ledger_root}
    with transaction.atomic():
        Session.objects.all().delete()
        record(BackupVerb.BACKUP_RESTORED, Line(settings.CITY, data=data), by=machine("restore"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
