"""Rows against files: what is missing, what was altered, what is nobody's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings

from project.backup import reports
from project.backup.copying import walk
from project.backup.manifest import sha256_of
from project.backup.shelves import DERIVED, SHELVES, Shelf

# A file is written before its row: one younger than this may get its row yet.
_YOUNG: Final = 3_600.0
MOST_NOTED: Final = 200
HashOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A file with a row: `said` is by what a person finds that."""

    path: str
    shelf: str
    said: str


@dataclass(slots=True)
class Verdict:
    """`orphans` are paths; `wide` counts files others on the machine may read."""

    checked: int = 0
    missing: list[Flaw] = field(default_factory=list)
    altered: list[Flaw] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    orphan_bytes: int = 0
    wide: int = 0
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.altered)


@dataclass(frozen=True, slots=True)
class _Wanted:
    digest: str
    shelf: Shelf
    said: str


def verify_files(hash_of: HashOf | None = None) -> Verdict:
    """Every file that a row names, and every file there is. Takes about 200 bytes of memory for each file.

    `hash_of` answers the hash of a path where somebody has read it already; by default each file is read.
    """
    began, verdict = time.monotonic(), Verdict()
    settled = time.time() - _YOUNG
    named = _named()
    read = hash_of or (lambda path: sha256_of(Path(settings.FILES) / path))
    for path, stat in walk(Path(settings.FILES)):
        verdict.wide += bool(stat.st_mode & 0o007)
        wanted = named.pop(path, None)
        if wanted is not None:
            verdict.checked += 1
            if wanted.digest and _differs(path, wanted.digest, read):
                verdict.altered.append(Flaw(path, str(wanted.shelf.name), wanted.said))
        elif stat.st_mtime < settled and not path.startswith(DERIVED):
            verdict.orphans.append(path)
            verdict.orphan_bytes += stat.st_size
    verdict.missing = list(_still_missing(named))
    verdict.seconds = round(time.monotonic() - began, 1)
    return verdict


def _named() -> dict[str, _Wanted]:
    """Path → what is to be there. The shelves that need their file come first, and speak for it."""
    named: dict[str, _Wanted] = {}
    for shelf in SHELVES:
        for path, digest, said in shelf.rows():
            named.setdefault(path, _Wanted(digest, shelf, said))
    return named


def _differs(path: str, digest: str, read: HashOf) -> bool:
    try:
        return read(path) != digest
    except FileNotFoundError:
        return False  # given up in this moment, its row before it
    except OSError:
        return True  # the disk cannot read it


def _still_missing(left: dict[str, _Wanted]) -> Iterator[Flaw]:
    """Rows and files change while they are compared: asked again, about these alone."""
    lacking = {
        path: wanted for path, wanted in left.items() if wanted.shelf.is_needed and not _is_there(path)
    }
    if not lacking:
        return
    again = _named()
    for path, wanted in lacking.items():
        if path in again and not _is_there(path):
            yield Flaw(path, str(wanted.shelf.name), wanted.said)


def _is_there(path: str) -> bool:
    return (Path(settings.FILES) / path).is_file()


def note(verdict: Verdict) -> None:
    """Keeps the result for `doctor` and whoever watches."""
    facts: dict[str, object] = {
        "checked": verdict.checked, "missing": len(verdict.missing), "altered": len(verdict.altered),
        "orphans": len(verdict.orphans), "orphan_bytes": verdict.orphan_bytes, "wide": verdict.wide,
        "seconds": verdict.seconds,
        "names": [flaw.path for flaw in (*verdict.missing, *verdict.altered)][:MOST_NOTED],
    }  # fmt: skip
    reports.note("files", facts)
