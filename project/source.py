"""The source of the running system, as the AGPL asks: whoever uses it over a network can take it home."""

import io
import tarfile
from functools import cache
from pathlib import Path

PARTS = [
    *("grid", "tasks", "workflows", "mobile_api", "project", "templates", "tests", "docs", "deploy"),
    *(
        ".ci",
        "manage.py",
        "Makefile",
        "requirements.txt",
        "pyproject.toml",
        "package.json",
        "package-lock.json",
    ),
    *("README.md", "CHANGELOG.md", "LICENSE"),
]
LEFT_OUT = {"__pycache__", "node_modules", "dist"}


@cache
def packed(root: Path) -> bytes:
    """Packed once in a process: the address is open to everybody, and packing takes a second of CPU."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for part in PARTS:
            if (root / part).exists():
                tar.add(root / part, arcname=f"grid-canvass/{part}", filter=_wanted)
    return content.getvalue()


def _wanted(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if LEFT_OUT & set(Path(info.name).parts):
        return None
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info
