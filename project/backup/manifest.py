"""What a backup says of itself. Written last, inside a folder that gets its name only when it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from project.backup import NotPossible, rules

FORMAT: Final = "grid-backup/1"
MANIFEST, LIST, FILES, SEALED = "manifest.json", "files.jsonl", "files", "keys.sealed"
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One file: its path below FILES, hash, bytes, and the time its owner gave it."""

    path: str
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`ledger_root` (hex) is that of the newest checkpoint, over `ledger_size` entries, at the moment of the dump;
    `key_prints` tell a key from another one without giving it away; `seconds` it took."""

    made_at: str
    city: str
    code: str
    engine: str
    migrations: list[str]
    tables: dict[str, int]
    ledger_size: int
    ledger_root: str
    database: str
    database_size: int
    files: int
    files_size: int
    hashes: dict[str, str]
    key_prints: dict[str, list[str]]
    sealed: list[str]
    seconds: float
    format: str = FORMAT

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf8")


def read_manifest(folder: Path) -> Manifest:
    """Raises NotPossible."""
    try:
        facts: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf8"))
        if facts.get("format") != FORMAT:
            raise NotPossible(f"{folder} 的格式是 {facts.get('format')}，本版本只认识 {FORMAT}。")
        return Manifest(**facts)
    except (OSError, ValueError, TypeError) as error:
        raise NotPossible(f"{folder} 不是完整的备份：{error}") from error


def whole_in(folder: Path) -> list[Path]:
    """The whole backups in a folder, the newest first. What was cut off has another name."""
    found = [
        backup
        for backup in folder.iterdir()
        if rules.NAME.fullmatch(backup.name) and (backup / MANIFEST).is_file()
    ]
    return sorted(found, key=lambda backup: backup.name, reverse=True)


def newest_of(folder: Path) -> Path:
    """The folder itself where it is a backup, else the newest one in it. Raises NotPossible."""
    if (folder / MANIFEST).is_file():
        return folder
    found = whole_in(folder) if folder.is_dir() else []
    if not found:
        raise NotPossible(f"{folder} 里没有完整的备份。")
    return found[0]


def lines_of(folder: Path) -> Iterator[Line]:
    """The list of files, in the order of their paths; one at a time, for a city has a million."""
    with (folder / LIST).open(encoding="utf8") as listed:
        for text in listed:
            yield Line(*json.loads(text))


def write_line(out: IO[str], line: Line) -> None:
    out.write(json.dumps([line.path, line.sha256, line.size, line.mtime_ns], ensure_ascii=False) + "\n")


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def check_whole(folder: Path, manifest: Manifest) -> None:
    """Every part is as it was when it was written; the files themselves are hashed while they are copied back.
    Raises NotPossible."""
    for name, expected in manifest.hashes.items():
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise NotPossible(f"备份缺少 {name}：{error}") from error
        if found != expected:
            raise NotPossible(f"备份里的 {name} 与清单不符，已损坏或被改动；请换一份备份。")
