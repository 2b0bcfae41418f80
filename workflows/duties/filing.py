"""Keeping the files of a referral: looked at before they are taken, and stored under the hash of their bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from grid import problems
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


def keep_files(given: Iterable[Given]) -> list[Kept]:
    """Stores the files and answers what each is; nothing is stored when one cannot be taken.

    Bytes without a row are what a transaction leaves that failed later; the same file sent again finds them.
    Raises FileNotTaken.
    """
    files = list(given)
    if len(files) > rules.MOST_FILES:
        raise problems.FileNotTaken(
            name=files[rules.MOST_FILES].name, why=_("一次最多 %(most)d 份") % {"most": rules.MOST_FILES}
        )
    kept = [_looked_at(file) for file in files]
    for file, known in zip(files, kept, strict=True):
        _store(file.content, known.sha256)
    return kept


def _looked_at(file: Given) -> Kept:
    name = Path(file.name.replace("\\", "/")).name[-120:]
    if not file.content:
        raise problems.FileNotTaken(name=name, why=_("文件是空的"))
    if len(file.content) > rules.MOST_BYTES:
        raise problems.FileNotTaken(name=name, why=_("超过 10 MB"))
    kind = rules.file_kind(name, file.content[:4096])
    if not kind:
        raise problems.FileNotTaken(name=name, why=_("类型不在可接收之列，或内容与扩展名不符"))
    return Kept(name, kind, len(file.content), sha256(file.content).hexdigest())


def path_of(digest: str) -> Path:
    return Path(settings.FILES) / "referrals" / digest[:2] / digest


def _store(content: bytes, digest: str) -> None:
    path = path_of(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    arriving = path.with_name(f".{uuid4().hex}")
    arriving.write_bytes(content)
    # A reader sees the whole file or none, and two who store the same bytes do not disturb each other.
    arriving.replace(path)
