"""Copying a tree of files that are written once: what the last copy has is linked, the rest is copied and hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from project.backup.manifest import Line

_PIECE: Final = 1024 * 1024
_BLOCK: Final = 4096  # bytes of the disk that a file takes at least, and by which it grows
LEFT_OUT: Final = frozenset({"arriving"})  # halves of files that no row names yet


def walk(root: Path, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Files in the order of their paths, which is the order of the list of a backup. Links are not followed."""
    try:
        with os.scandir(root / below) as found:
            entries = sorted(found, key=lambda entry: entry.name + "/" * entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return
    for entry in entries:
        path = below + entry.name
        if entry.is_dir(follow_symlinks=False):
            if path not in LEFT_OUT:
                yield from walk(root, path + "/")
        elif entry.is_file(follow_symlinks=False):
            with suppress(FileNotFoundError):
                yield path, entry.stat(follow_symlinks=False)


def beside(
    files: Iterator[tuple[str, os.stat_result]], former: Iterator[Line]
) -> Iterator[tuple[str, os.stat_result, Line | None]]:
    """Each file with its line in an earlier list, where that has it unchanged. Both come in one order."""
    line = next(former, None)
    for path, stat in files:
        while line is not None and line.path < path:
            line = next(former, None)
        same = line is not None and (line.path, line.size, line.mtime_ns) == (
            path,
            stat.st_size,
            stat.st_mtime_ns,
        )
        yield path, stat, line if same else None


def new_bytes(pairs: Iterator[tuple[str, os.stat_result, Line | None]]) -> int:
    """Room that a copy will take: whole blocks of new files, and a little of the disk's own books for each link."""
    return sum(
        _BLOCK // 16 if line else -(-stat.st_size // _BLOCK) * _BLOCK + _BLOCK for _path, stat, line in pairs
    )


def copy_files(
    source: Path, into: Path, former: Path | None, lines: Callable[[], Iterator[Line]]
) -> Iterator[Line]:
    """Copies everything below `source`; `former` is where the earlier copy lies whose list `lines` reads.

    A file that goes away meanwhile is left out: what a row names never does. Raises OSError.
    """
    folders: set[Path] = set()
    for path, stat, line in beside(walk(source), lines()):
        target = into / path
        if target.parent not in folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
        if former is not None and line is not None and _linked(former / path, target, line):
            yield line
            continue
        with suppress(FileNotFoundError):
            size, digest = copy_one(source / path, target)
            # The folder of a hash keeps the time it was listed with, or nothing would ever be linked.
            os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            yield Line(path, digest, size, stat.st_mtime_ns)


def _linked(former: Path, target: Path, line: Line) -> bool:
    """False where the disk knows no links, has too many to one file, or the earlier copy is not what it was."""
    try:
        if former.stat().st_size != line.size:
            return False
        os.link(former, target)
    except OSError:
        return False
    return True


def copy_one(source: Path, target: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of what was copied; on the disk when this returns. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("wb") as out:
        while piece := read.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()
