"""Making a backup. The database first, the files after it: see docs/decisions/0049."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from grid.calendar.now import CITY_TIME
from grid.keeping import is_disk_full, sync_folder
from project.backup import NotPossible, databases, manifest, reports, rules, secrets
from project.backup.copying import beside, copy_files, new_bytes, walk
from project.backup.manifest import FILES, LIST, SEALED, Line, Manifest, lines_of, sha256_of, whole_in

_MAKING, _DROPPING = ".making-", ".dropping-"
SPARE: Final = 64 * 1024 * 1024  # bytes that stay free on the disk of the backups
Tell = Callable[[str], None]


def make_backup(
    folder: Path, *, keys: Path | None = None, without_keys: bool = False, keep_all: bool = False, tell: Tell = print
) -> Path:  # fmt: skip
    """A new backup in `folder`, whole and on the disk when this returns; then those past their time go.

    `keys`: the folder of the environment files. Raises NotPossible, after which nothing of this one is left.
    """
    with _private(), _alone(folder):
        _clear_halves(folder)
        at, began = _free_moment(folder), time.monotonic()
        former = next(iter(whole_in(folder)), None)
        _need_room(folder, former)
        files = _keys_to_seal(keys, without_keys)
        making = folder / f"{_MAKING}{rules.name_of(at)}"
        try:
            making.mkdir()
            made = _fill(making, former, files, at, began, tell)
            os.sync()
            target = folder / rules.name_of(at)
            making.rename(target)
            sync_folder(folder)
        except OSError as error:
            if is_disk_full(error):
                raise NotPossible(f"备份盘写满，这一份已撤销，以前的备份都在：{error}") from error
            raise NotPossible(f"备份没有写成，这一份已撤销：{error}") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        gone = [] if keep_all else drop_old(folder)
    reports.note("backup", {"name": target.name, "folder": str(folder), "seconds": made.seconds,
                            "files": made.files, "ledger_size": made.ledger_size, "sealed": made.sealed,
                            "dropped": len(gone)})  # fmt: skip
    return target


def _free_moment(folder: Path) -> datetime:
    """A name tells the second: what is asked for within the second of another waits for the next."""
    at = datetime.now(UTC)
    while (folder / rules.name_of(at)).exists():
        time.sleep(0.1)
        at = datetime.now(UTC)
    return at


def _fill(
    making: Path, former: Path | None, keys: dict[str, str], at: datetime, began: float, tell: Tell
) -> Manifest:
    tell("· 数据库")
    seen = databases.dump(making)
    tell("· 文件")
    count, size = _copy(making, former)
    database = databases.NAMES[connection.vendor]
    parts = [database, LIST]
    if keys:
        (making / SEALED).write_bytes(secrets.sealed(keys, settings.BACKUP_ESCROW_KEY))
        parts.append(SEALED)
    made = Manifest(
        made_at=at.isoformat(), city=settings.CITY, code=code_version(), engine=connection.vendor,
        migrations=seen.migrations, tables=seen.tables, ledger_size=seen.ledger_size, ledger_root=seen.ledger_root,
        database=database, database_size=(making / database).stat().st_size, files=count, files_size=size,
        hashes={name: sha256_of(making / name) for name in parts}, key_prints=secrets.prints(),
        sealed=secrets.named_in(keys), seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip
    made.write(making)
    return made


def _copy(making: Path, former: Path | None) -> tuple[int, int]:
    """Files copied or linked, and their bytes."""
    count = size = 0
    (making / FILES).mkdir()
    known = partial(lines_of, former) if former else _no_lines
    with (making / LIST).open("w", encoding="utf8") as listed:
        for line in copy_files(Path(settings.FILES), making / FILES, former and former / FILES, known):
            manifest.write_line(listed, line)
            count, size = count + 1, size + line.size
    return count, size


def _no_lines() -> Iterator[Line]:
    return iter(())


def code_version() -> str:
    """The commit where the source is a working copy, else the name of the release's folder."""
    asked = ["git", "-C", str(settings.ROOT), "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True)
    except OSError:
        return Path(settings.ROOT).name
    return done.stdout.strip() if done.returncode == 0 else Path(settings.ROOT).name


# --- before and after ----------------------------------------------------------------------------------


def _need_room(folder: Path, former: Path | None) -> None:
    known = lines_of(former) if former else iter(())
    wanted = new_bytes(beside(walk(Path(settings.FILES)), known)) + databases.size_of_database()
    free = shutil.disk_usage(folder).free
    if free - wanted < SPARE:
        raise NotPossible(
            f"备份盘空间不足：这一份约需 {wanted >> 20} MB，剩余 {free >> 20} MB，还须留出 {SPARE >> 20} MB。"
        )


def _keys_to_seal(folder: Path | None, without: bool) -> dict[str, str]:
    """What goes into keys.sealed; empty where nobody holds a key to seal it to. Raises NotPossible outside the demo."""
    if without or not settings.BACKUP_ESCROW_KEY:
        if not (without or settings.DEMO):
            raise NotPossible(
                "没有设置 BACKUP_ESCROW_KEY，备份里不会有密钥，个人信息将无法恢复："
                "请先运行 python -m project.backup.newkey；密钥另有保管的，用 --without-keys。"
            )
        return {}
    files = secrets.gathered(secrets.folder_of_keys(folder))
    lacking = sorted(set(secrets.WANTED) - set(secrets.named_in(files)))
    if lacking and not settings.DEMO:
        raise NotPossible(f"找不到要封存的 {'、'.join(lacking)}：请用 --keys 指出环境文件所在的目录。")
    secrets.sealed({}, settings.BACKUP_ESCROW_KEY)
    return files


def drop_old(folder: Path) -> list[str]:
    """Backups past their time. Renamed first, so that one half removed is never taken for a whole one."""
    names = [backup.name for backup in whole_in(folder)]
    gone = sorted(set(names) - rules.kept(names, CITY_TIME))
    for name in gone:
        leaving = folder / f"{_DROPPING}{name}"
        (folder / name).rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
    return gone


def _clear_halves(folder: Path) -> None:
    """What a backup left that was killed. Under the lock: nobody is writing them."""
    for half in folder.iterdir():
        if half.name.startswith((_MAKING, _DROPPING)):
            shutil.rmtree(half, ignore_errors=True)


@contextmanager
def _private() -> Iterator[None]:
    """Everything written meanwhile is the owner's alone, also by the programs that are started."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time; the kernel drops the lock of one that was killed. Raises NotPossible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise NotPossible(f"备份目录不能写：{error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotPossible(f"{folder} 里正在做另一份备份。") from None
        yield
