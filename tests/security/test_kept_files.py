"""Files below FILES: whole or not at all, nobody else's to read, and a missing one is said by its name."""

import hashlib
import os
import stat
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from grid import keeping, problems
from grid.registers.actions import Meaning
from grid.registers.actions.kept import kept_at
from grid.registers.models import Delivery
from grid.registers.uploads.actions import receive_upload
from tests.grid.registers.test_pages import content, upload
from tests.patience import PATIENCE
from tests.small_disk import small_disk


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    return settings.FILES


def wide(folder: Path, allowed: int) -> list[str]:
    """What has a bit beyond these."""
    every = [folder, *folder.rglob("*")]
    return [
        f"{path} {stat.S_IMODE(path.stat().st_mode):o}"
        for path in every
        if path.stat().st_mode & 0o777 & ~allowed
    ]


@pytest.fixture
def generous() -> Any:
    """A process that forbids nobody anything by itself."""
    before = os.umask(0)
    yield
    os.umask(before)


# --- modes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "allowed"), [(0o755, 0o700), (0o2770, 0o770)])
def test_nothing_is_readable_for_others(
    files: Path, tmp_path: Path, generous: Any, folder: int, allowed: int
) -> None:
    tmp_path.chmod(folder)
    keeping.keep_file(files / "notices/2026/a.pdf", [b"x"])
    keeping.write_on(files / "uploads/1", 0, b"y")
    with keeping.arriving() as beside:
        keeping.write_whole(beside, [b"z"])
        keeping.move_into_place(beside, files / "deliveries/d")
    assert wide(files, allowed) == []
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o777 for path in files.rglob("*") if path.is_file()}
    assert modes == {allowed & 0o666}


def test_what_earlier_versions_left_open_is_closed(files: Path) -> None:
    files.mkdir(mode=0o755)
    (files / "old").write_bytes(b"x")
    (files / "old").chmod(0o644)
    assert keeping.tighten(files) == 2
    assert stat.S_IMODE((files / "old").stat().st_mode) == 0o640 and keeping.tighten(files) == 0


# --- a full disk -------------------------------------------------------------------------------------


def test_a_full_disk_takes_nothing_and_keeps_no_half(files: Path, settings: Any, generous: Any) -> None:
    settings.ROOM_KEPT_FREE = settings.ROOM_FOR_VISITS = 0
    with small_disk(files, 64):
        keeping.keep_file(files / "a/b", [bytes(20_000)])
        with pytest.raises(problems.NoRoom):
            keeping.keep_file(files / "c/d", (bytes(10_000) for _ in range(10)))
        part = files / "uploads/p"
        with pytest.raises(problems.NoRoom):
            keeping.write_on(part, 0, bytes(100_000))
        # What the failed ones took is there again at once.
        assert part.stat().st_size == 0 and keeping.free_bytes() >= 32_000
        keeping.write_on(part, 0, bytes(20_000))
        assert {path.name for path in files.rglob("*") if path.is_file()} == {"b", "p"}


@pytest.mark.django_db
def test_the_desk_is_told_that_the_disk_is_full(files: Path, settings: Any, cast: Any, client: Any) -> None:
    settings.ROOM_KEPT_FREE = 0
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
    client.force_login(cast.wu)
    files.mkdir()
    with small_disk(files, 64):
        refused = upload(client, content(*(["x,y,z"] * 40_000)))
        assert refused.status_code == 507 and "磁盘空间不足" in refused.content.decode()
        assert Delivery.objects.count() == 0 and [path for path in files.rglob("*") if path.is_file()] == []
        assert upload(client, content()).status_code == 302


@pytest.mark.django_db
def test_the_desk_is_told_where_the_body_itself_finds_the_disk_full(
    tmp_path: Path, settings: Any, cast: Any, client: Any
) -> None:
    """A large file waits on the disk before any view sees it."""
    client.force_login(cast.wu)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    with small_disk(tmp_path / "arriving", 64) as settings.FILE_UPLOAD_TEMP_DIR:
        refused = client.post("/registers/upload/", {"file": SimpleUploadedFile("a.csv", bytes(200_000))})
        assert refused.status_code == 507 and "磁盘空间不足" in refused.content.decode()
        assert os.listdir(tmp_path / "arriving") == []


# --- two at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_one_person_at_once_do_not_meet(files: Path, cast: Any) -> None:
    """Each slow, begun together, of one register by one person: both come through with their own content."""
    sent = [content(f"{number},示例{number}号有限公司,海勃湾区") for number in range(4)]
    start, failed = threading.Barrier(len(sent)), []

    def pieces(whole: bytes) -> Any:
        for at in range(0, len(whole), 20):
            yield whole[at : at + 20]

    def send(whole: bytes) -> None:
        try:
            start.wait(PATIENCE)
            receive_upload(
                Meaning("market", "1503", date(2026, 1, 31)), "a.csv", pieces(whole), by=cast.by.wu
            )
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(whole,)) for whole in [*sent]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    kept = {delivery.sha256: kept_at(delivery).read_bytes() for delivery in Delivery.objects.all()}
    assert kept == {hashlib.sha256(whole).hexdigest(): whole for whole in sent}
