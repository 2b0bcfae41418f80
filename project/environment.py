"""The environment, read strictly: a misspelt switch must stop the start, not change its meaning."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class UnsafeEnvironment(Exception):
    """The settings would start an unsafe or half-configured system; each line names one reason."""


def switch(name: str, default: bool) -> bool:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value not in ("0", "1"):
        raise UnsafeEnvironment(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not re.fullmatch(r"\d+", value):
        raise UnsafeEnvironment(f"{name} must be a whole number, not {value!r}")
    return int(value)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "") or default


def words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def database(url: str, data: Path) -> dict[str, Any]:
    """One DATABASE_URL in, Django's dictionary out. Empty means SQLite under `data`."""
    if not url or url.startswith("sqlite:"):
        return _sqlite(url.removeprefix("sqlite:").lstrip("/") and url.removeprefix("sqlite://"), data)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UnsafeEnvironment(f"DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: str, data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path or str(data / "grid.sqlite3"),
        # Opening the file anew reads the whole schema again: 3 ms of every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE takes the write lock when a transaction begins: two approvers queue
            # up instead of one of them failing half-way with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;",
        },
    }
