"""A backup is whole or not there: a full disk, a kill, two at once, keys that are nobody's to open."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from grid.keeping import keep_file
from project.backup import making
from project.backup.manifest import whole_in
from tests.project.backup.test_drill import run
from tests.small_disk import small_disk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(files: Path) -> list[Path]:
    """Forty files in forty folders."""
    made = [files / f"evidence/{number:02}/{number:064}" for number in range(40)]
    for file in made:
        keep_file(file, [file.name.encode()])
    return made


@pytest.fixture
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk for them with room enough in bytes, but only for sixty files and folders: it is full in the middle of
    the second backup, where no look before could know."""
    monkeypatch.setattr(making, "SPARE", 0)
    with small_disk(tmp_path / "backups", 400_000, files=130) as folder:
        yield folder


def halves(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith((".making", ".dropping"))]


def test_a_disk_full_in_the_middle_leaves_the_old_backups_and_no_half(
    many: list[Path], backups: Path
) -> None:
    run("backup", backups)
    (first,) = whole_in(backups)
    time.sleep(1.1)  # a name is a second
    with pytest.raises(CommandError, match="备份盘写满"):
        run("backup", backups)
    assert whole_in(backups) == [first] and halves(backups) == []
    # Once there is room, the next one comes through.
    for file in many[:30]:
        file.unlink()
        file.parent.rmdir()
    run("backup", backups, "--keep-all")
    assert len(whole_in(backups)) == 2


def test_too_little_room_is_said_before(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "SPARE", 10**18)
    with pytest.raises(CommandError, match="备份盘空间不足"):
        run("backup", tmp_path / "backups")
    assert os.listdir(tmp_path / "backups") == [".lock"]


def test_two_at_once_and_what_a_killed_one_left(many: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    # As far as it came when the power went: everything but the manifest and the name.
    (folder / ".making-20260101T000000Z/files").mkdir(parents=True)
    (folder / "20260101T000000Z").mkdir()
    with making._alone(folder), pytest.raises(CommandError, match="正在做另一份"):
        run("backup", folder)
    assert halves(folder) != [] and whole_in(folder) == []
    run("backup", folder)
    assert halves(folder) == [] and len(whole_in(folder)) == 1


def test_two_within_a_second_are_two(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    rule = making.rules.name_of(datetime.now(UTC))
    (folder / rule / "files").mkdir(parents=True)
    run("backup", folder)
    assert len(whole_in(folder)) == 1 and (folder / rule).is_dir()


def test_killed_at_any_moment_it_is_not_there_or_whole(
    many: list[Path], tmp_path: Path, settings: Any
) -> None:
    """kill -9 of a process that copies the same folder again and again."""
    folder = tmp_path / "backups"
    program = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from django.conf import settings\n"
        "from project.backup import making, databases\n"
        f"settings.DATA = Path({str(settings.DATA)!r}); settings.FILES = Path({str(settings.FILES)!r})\n"
        "nothing = databases.Snapshot([], {}, 0, '')\n"
        "databases.dump = lambda folder: (folder / databases.NAMES['sqlite']).write_bytes(b'x') and nothing\n"
        f"while True: making.make_backup(Path({str(folder)!r}), without_keys=True, keep_all=True, tell=print)\n"
    )
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATA_DIR": str(tmp_path / "own"),
        "DATABASE_URL": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None and process.stdout.readline()
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for whole in whole_in(folder):
        assert sum(path.is_file() for path in (whole / "files").rglob("*")) == len(many)
    run("backup", folder, "--keep-all")
    assert halves(folder) == []


def test_outside_the_demo_no_backup_without_keys(
    files: Path, tmp_path: Path, settings: Any, escrow: str
) -> None:
    settings.DEMO, public = False, settings.BACKUP_ESCROW_KEY
    settings.BACKUP_ESCROW_KEY = ""
    with pytest.raises(CommandError, match="BACKUP_ESCROW_KEY"):
        run("backup", tmp_path / "backups")
    settings.BACKUP_ESCROW_KEY = public
    (tmp_path / "env").mkdir()
    (tmp_path / "env/grid.env").write_text("LEDGER_PUBLIC_KEY=abc\nLEDGER_KEY=\n")
    with pytest.raises(CommandError, match="找不到要封存的 LEDGER_KEY"):
        run("backup", tmp_path / "backups", "--keys", tmp_path / "env")
    (tmp_path / "env/clock.env").write_text("LEDGER_KEY=abc\n")
    assert "已备份到" in run("backup", tmp_path / "backups", "--keys", tmp_path / "env")


def test_those_past_their_time_go_after_the_new_one_is_whole(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for day in range(1, 29):
        old = folder / f"202001{day:02}T021500Z"
        old.mkdir(parents=True)
        (old / "manifest.json").write_text("{}")
        (old / "files.jsonl").write_text("")
    run("backup", folder)
    stay = [backup.name for backup in whole_in(folder)]
    # The new day, six more, and the ends of two weeks before them; the month's newest is among the days.
    assert len(stay) == 9 and halves(folder) == []
    assert stay[1] == "20200128T021500Z" and stay[-2:] == ["20200119T021500Z", "20200112T021500Z"]
