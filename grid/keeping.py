"""Keeping files: whole or not at all, only while there is room, and readable by nobody else on the machine.

Every file somebody sends is written beside its place and renamed, so that a crash, or a disk that is full in the
middle, leaves no half of one. What is asked of the disk leaves a reserve: the last room belongs to what cannot wait.
Nothing outside this file makes a file or a folder below FILES, or opens one to hand it out (tests/test_house_files.py).
"""

import errno
import logging
import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from django.conf import settings
from django.db import Error

from grid import problems
from grid.calendar.now import now

log = logging.getLogger(__name__)
ARRIVING: Final = ".arriving-"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SAY_EVERY: Final = 60.0
_PIECE: Final = 1024 * 1024
_said = -_SAY_EVERY


def free_bytes() -> int:
    """What the disk of our files has left."""
    place = Path(settings.FILES)
    return shutil.disk_usage(place if place.exists() else settings.DATA).free


def need_room(size: int) -> None:
    """Raises NoRoom where a file of this size would touch the reserve."""
    _leave(size, settings.ROOM_KEPT_FREE)


def need_room_for_visits(size: int = 0) -> None:
    """Visits are small, and nothing else can be done with them: they may use the reserve of files but for a rest in
    which the database can still close its books. `size` of a request that waits on the disk. Raises NoRoom."""
    _leave(size, settings.ROOM_FOR_VISITS)


def _leave(size: int, reserve: int) -> None:
    free = free_bytes()
    if free - size < reserve:
        _log(f"{free} bytes are free, {reserve} must stay")
        raise problems.NoRoom()


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """A write that finds the disk full in its middle is a refusal like one before it. Raises NoRoom."""
    try:
        yield
    except OSError as error:
        if not is_disk_full(error):
            raise
        _log(str(error))
        raise problems.NoRoom() from error


def is_disk_full(error: Exception) -> bool:
    """Whether a file, or the database itself, found no room: SQLite says so in words, PostgreSQL by its code as well."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    code = getattr(error.__cause__, "sqlstate", "")
    return isinstance(error, Error) and (code == "53100" or "disk is full" in str(error))


def _log(why: str) -> None:
    """Once a minute: the log lies on the same disk."""
    global _said
    if time.monotonic() - _said >= _SAY_EVERY:
        _said = time.monotonic()
        log.error("no room for a file: %s", why)


def keep_file(target: Path, pieces: Iterable[bytes], size: int = 0, *, is_urgent: bool = False) -> None:
    """Writes a file whole, synced, under its name. `size` where it is known before. What the authority itself issues
    is urgent: it may use the reserve. Raises NoRoom."""
    _leave(size, settings.ROOM_FOR_VISITS if is_urgent else settings.ROOM_KEPT_FREE)
    with refusing_when_full(), arriving() as beside:
        write_whole(beside, pieces)
        move_into_place(beside, target)


@contextmanager
def arriving() -> Iterator[Path]:
    """A new file of this caller alone, gone at the end unless it was put in its place. After a crash it stays, and the
    sweep finds it in its folder."""
    folder = make_folder(Path(settings.FILES) / "arriving")
    with NamedTemporaryFile(dir=folder, prefix=ARRIVING, delete=False) as made:
        beside = Path(made.name)
    try:
        yield beside
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


@contextmanager
def on_disk(pieces: Iterable[bytes]) -> Iterator[Path]:
    """What was sent as a file that a reader can open, for as long as the block lasts: not below FILES, and nobody else
    may read it. Readers go by the bytes of a file, never by its name. Raises NoRoom."""
    with NamedTemporaryFile() as file:
        with refusing_when_full():
            file.writelines(pieces)
            file.flush()
        yield Path(file.name)


def write_whole(file: Path, pieces: Iterable[bytes]) -> None:
    """All of it is on the disk when this returns. Raises NoRoom."""
    with refusing_when_full(), file.open("wb") as out:
        out.writelines(pieces)
        out.flush()
        os.fsync(out.fileno())


def move_into_place(beside: Path, target: Path) -> None:
    """Gives a finished file its place and its mode. The folder is synced, too: a row that names the file may be
    committed the moment after, and a name that a power cut forgets would be a missing file."""
    make_folder(target.parent)
    beside.chmod(_modes()[0])
    os.replace(beside, target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def write_on(file: Path, offset: int, piece: bytes) -> None:
    """Appends the next piece of a file that comes in pieces; it is on the disk when this returns.

    A crash between writing and counting leaves bytes beyond the offset: they are cut off first. So is, at once, what
    a full disk took of this piece. Raises NoRoom.
    """
    make_folder(file.parent)
    mode = _modes()[0]
    with refusing_when_full(), open(os.open(file, os.O_RDWR | os.O_CREAT, mode), "r+b", buffering=0) as out:
        with suppress(PermissionError):  # begun by another user of the group, with its mode
            os.fchmod(out.fileno(), mode)
        out.truncate(offset)
        out.seek(offset)
        try:
            for start in range(0, len(piece), _PIECE):
                _write_all(out, piece[start : start + _PIECE])
            os.fsync(out.fileno())
        except OSError:
            out.truncate(offset)
            raise


def _write_all(out: IO[bytes], piece: bytes) -> None:
    """A disk that has room for half of it takes half, and says so only when asked again."""
    rest = memoryview(piece)
    while rest:
        rest = rest[out.write(rest) :]


# --- modes: nothing is anybody else's -----------------------------------------------------------------


def _modes() -> tuple[int, int]:
    """Of files and of folders. The owner's alone; where the data folder is set for its group (`chmod 2770`: pages and
    clock are two users, deploy/README.md), the group's as well. See docs/decisions/0050."""
    shared = settings.DATA.stat().st_mode & stat.S_ISGID
    return (0o660, 0o2770) if shared else (0o600, 0o700)


def make_folder(folder: Path) -> Path:
    """The folder and those above it, each with our mode, whatever the process's umask."""
    if not folder.is_dir():
        make_folder(folder.parent)
        mode = _modes()[1]
        with suppress(FileExistsError):
            folder.mkdir(mode=mode & 0o777)
            # Not for nothing: the sandbox of a unit forbids to ask for the group's bit, which comes from the parent.
            if stat.S_IMODE(folder.stat().st_mode) != mode:
                folder.chmod(mode)
    return folder


def tighten(folder: Path) -> int:
    """Takes from everybody else what earlier versions left readable; how many files and folders. Those of another
    user are left to that user's own round."""
    changed = 0
    for path in (folder, *folder.rglob("*")) if folder.is_dir() else ():
        with suppress(FileNotFoundError, PermissionError):
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and mode & 0o007:
                path.chmod(stat.S_IMODE(mode) & ~0o007)
                changed += 1
    return changed


# --- handing out --------------------------------------------------------------------------------------


def stored(path: str) -> Path:
    """Where a file lies that a row names by its path below FILES."""
    return Path(settings.FILES) / path


def open_stored(file: Path) -> IO[bytes]:
    """To hand it out. Raises FileMissing where the row is there and its file is not."""
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise missing(file) from None


def missing(file: Path) -> problems.FileMissing:
    log.error("a stored file is missing: %s", file)
    return problems.FileMissing()


# --- clearing away ------------------------------------------------------------------------------------


def touch(file: Path) -> bool:
    """Says that somebody is about to name this file in a row. False where it is not there.

    Whoever clears files away takes each aside first and then looks at its time (see `clear_away`): so a file that
    was touched stays, and one that is gone is not named.
    """
    try:
        try:
            os.utime(file, (now().timestamp(),) * 2)
        except PermissionError:
            # Another user of the group wrote it: any time but the machine's own is set by the owner alone.
            os.utime(file)
    except FileNotFoundError:
        return False
    return True


def clear_away(file: Path, untouched_since: float) -> bool:
    """Removes a file nobody names, unless it was touched meanwhile. Whether it is gone."""
    aside = file.with_name(f"{ARRIVING}leaving-{file.name}")
    try:
        if file.stat().st_mtime > untouched_since:
            return False
        os.rename(file, aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime > untouched_since:
        os.rename(aside, file)
        return False
    aside.unlink()
    return True


def clear_leftovers(folder: Path, older_than: float) -> int:
    """Removes what a crash left of files that were just coming in; how many. `older_than` in seconds."""
    since, gone = time.time() - older_than, 0
    for file in folder.rglob("*") if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if file.is_file() and file.stat().st_mtime < since:
                file.unlink()
                gone += 1
    return gone
