"""Getting a backup back: filled and proved beside the city, and only then put in its place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from grid.keeping import is_disk_full, make_folder
from project import process
from project.backup import NotPossible, places, reports, rules
from project.backup.copying import copy_one
from project.backup.making import SPARE, code_version
from project.backup.manifest import FILES, Manifest, check_whole, lines_of, newest_of, read_manifest
from project.backup.places import Place

_STAGING = ".restoring"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` and `former` name where the files and the database are that were there before; empty: nothing was."""

    manifest: Manifest
    aside: str
    former: str
    told: list[str]
    seconds: float


def restore(backup: Path, place: Place, *, replace: bool = False, tell: Tell = print) -> Restored:
    """Puts a backup (or the newest one in a folder) in `place`. Raises NotPossible, after which all is as it was."""
    began = time.monotonic()
    backup = newest_of(backup)
    manifest = read_manifest(backup)
    _require_fitting(manifest, place)
    if places.lives(place) and not replace:
        raise NotPossible(
            f"{place.data} 或数据库 {place.name} 里已有数据：确要替换的，加 --replace（原有的改名保留，不删除）。"
        )
    tell(f"· 核对备份 {backup}")
    check_whole(backup, manifest)
    connections.close_all()
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = process.only_one(place.data)
    staging = places.staging_of(place, place.data / _STAGING)
    try:
        told = _fill(backup, manifest, place, staging, tell)
        places.need_quiet(place)
        suffix = f"{datetime.now(UTC):%Y%m%d_%H%M%S}"
        aside = place.data / f"before-{suffix}"
        former = places.change(place, staging, aside, suffix)
    except OSError as error:
        why = "磁盘写满" if is_disk_full(error) else "没有恢复成"
        raise NotPossible(f"{why}，原有数据没有动：{error}") from error
    finally:
        places.drop(staging)
        shutil.rmtree(staging.data, ignore_errors=True)
        lock.close()
    done = Restored(
        manifest, str(aside) if aside.exists() else "", former, told, round(time.monotonic() - began, 1)
    )
    if place.data == Path(settings.DATA):
        reports.note("restore", {"backup": str(backup), "made_at": manifest.made_at, "seconds": done.seconds})
    return done


def _require_fitting(manifest: Manifest, place: Place) -> None:
    if manifest.engine != place.engine:
        raise NotPossible(f"备份来自 {manifest.engine}，不能恢复到 {place.engine}。")
    if manifest.city != settings.CITY:
        raise NotPossible(f"备份是城市 {manifest.city} 的，本系统是 {settings.CITY}。")
    known = [".".join(step) for step in MigrationLoader(None).disk_migrations]
    later = rules.from_newer_code(manifest.migrations, known)
    # After a rollback this very program works on tables it has not made (docs/decisions/0054), and so it may get them back.
    if later and manifest.code != code_version():
        raise NotPossible(
            f"备份来自更新的版本（{manifest.code}），本版本不认识 {'、'.join(later[:5])}：请先升级程序再恢复。"
        )


def _fill(backup: Path, manifest: Manifest, place: Place, staging: Place, tell: Tell) -> list[str]:
    """The copy, filled and proved; what was found besides. Raises NotPossible, OSError."""
    shutil.rmtree(staging.data, ignore_errors=True)  # of a restore that was killed
    wanted = manifest.files_size + manifest.files * 4096 + manifest.database_size
    if (free := shutil.disk_usage(place.data).free) - wanted < SPARE:
        raise NotPossible(f"磁盘空间不足：恢复约需 {wanted >> 20} MB，剩余 {free >> 20} MB。")
    staging.data.mkdir(mode=0o700)
    tell("· 数据库")
    places.load(backup / manifest.database, staging)
    tell("· 文件")
    _copy_back(backup, staging)
    if (place.data / "ledger.pem").is_file():  # the demo's own key lies with its data
        shutil.copyfile(place.data / "ledger.pem", staging.data / "ledger.pem")
    tell("· 核对计数、密钥、台账和文件")
    return _proved(backup, staging)


def _copy_back(backup: Path, staging: Place) -> None:
    """Each file with the hash it was listed with. Raises NotPossible for one that has another."""
    make_folder(staging.files)
    for line in lines_of(backup):
        target = staging.files / line.path
        make_folder(target.parent)
        try:
            _size, digest = copy_one(backup / FILES / line.path, target)
        except FileNotFoundError as error:
            raise NotPossible(f"备份缺少文件 {line.path}；请换一份备份。") from error
        if digest != line.sha256:
            raise NotPossible(f"备份里的文件 {line.path} 与清单不符，已损坏；请换一份备份。")
        os.chmod(target, 0o660 if staging.files.stat().st_mode & 0o2000 else 0o600)
        os.utime(target, ns=(line.mtime_ns, line.mtime_ns))


def _proved(backup: Path, staging: Place) -> list[str]:
    """By a process whose settings are the copy's. Raises NotPossible with every fault."""
    environ = {**os.environ, "DATA_DIR": str(staging.data), "DATABASE_URL": staging.url}
    command = [sys.executable, "-m", "project.backup.checking", str(backup)]
    done = subprocess.run(command, cwd=settings.ROOT, env=environ, capture_output=True, text=True)
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise NotPossible(f"核对没有做完，原有数据没有动：{done.stderr.strip()[-2000:]}") from None
    if found["faults"]:
        faults = "\n".join(f"【不符】{load}" for load in found["faults"])
        raise NotPossible(f"恢复的副本不能用，原有数据没有动：\n{faults}")
    told: list[str] = found["told"]
    return told
