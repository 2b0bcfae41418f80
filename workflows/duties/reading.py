"""Keeping the files of a referral: looked at before they are taken, and stored under the hash of their bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from grid.keeping import keep_file, stored
from grid.papers import WORDS, faults_of
from workflows.duties import problems as duties_problems
from workflows.duties import rules

CONTENT_TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "csv": "text/csv; charset=utf-8",
    "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    kind: str
    size: int
    sha256: str


def look_at(given: Sequence[Given]) -> list[Kept]:
    """What each file is; the whole lot is refused for one that cannot be taken. Before the transaction, for strange
    files are opened in a process of their own. Raises FileNotTaken."""
    if len(given) > rules.MOST_FILES:
        raise duties_problems.FileNotTaken(
            name=given[rules.MOST_FILES].name, why=_("一次最多 %(most)d 份") % {"most": rules.MOST_FILES}
        )
    known = [_named(file) for file in given]
    looked_at = [(file, kept) for file, kept in zip(given, known, strict=True) if kept.kind != "csv"]
    for (_file, kept), fault in zip(
        looked_at, faults_of([file.content for file, _kept in looked_at]), strict=True
    ):
        if fault:
            raise duties_problems.FileNotTaken(name=kept.name, why=WORDS[fault])
    return known


def keep_files(given: Sequence[Given], known: Sequence[Kept]) -> None:
    """Stores what was looked at. Bytes without a row are what a transaction leaves that failed later; the same file
    sent again finds them."""
    for file, kept in zip(given, known, strict=True):
        _store(file.content, kept.sha256)


def _named(file: Given) -> Kept:
    name = Path(file.name.replace("\\", "/")).name[-120:]
    if not file.content:
        raise duties_problems.FileNotTaken(name=name, why=_("文件是空的"))
    if len(file.content) > rules.MOST_BYTES:
        raise duties_problems.FileNotTaken(name=name, why=_("超过 10 MB"))
    kind = rules.file_kind(name, file.content[:4096])
    if not kind:
        raise duties_problems.FileNotTaken(name=name, why=_("类型不在可接收之列，或内容与扩展名不符"))
    return Kept(name, kind, len(file.content), sha256(file.content).hexdigest())


def path_of(digest: str) -> Path:
    return stored(f"referrals/{digest[:2]}/{digest}")


def _store(content: bytes, digest: str) -> None:
    path = path_of(digest)
    if path.exists():
        return
    keep_file(path, [content], len(content))
