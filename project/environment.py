"""The environment, read strictly: a misspelt switch must stop the start, not change its meaning."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class UnsafeEnvironment(Exception):
    """The settings would start an unsafe or half-configured system; each line names one reason."""


def is_demo() -> bool:
    """Nobody who types a command on the machine of an installation, without its environment, gets a demo city beside
    it: the command would say that all went well, of another database."""
    installation = text("INSTALLATION", "/etc/grid")
    if not os.environ.get("DEMO") and os.path.exists(installation):
        raise UnsafeEnvironment(
            f"{installation} says that the system is installed on this machine, and this command was started without "
            "its environment: grid-manage gives it. For a demo city beside it say DEMO=1"
        )
    return switch("DEMO", True)


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


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise UnsafeEnvironment(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


# What the query of DATABASE_URL may say, as libpq calls it. Anything else is refused: a misspelt sslmode must not
# quietly mean none.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_TEXTS = (
    "application_name", "channel_binding", "gssencmode", "sslcert", "sslcrl", "sslkey", "sslrootcert",
    "target_session_attrs",
)  # fmt: skip
_NUMBERS = (
    "connect_timeout", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "tcp_user_timeout",
)  # fmt: skip
# All that the query of DATABASE_URL may say.
WORDS = ("sslmode", *_TEXTS, *_NUMBERS)
CONNECT_SECONDS = 10


def database(url: str, data: Path) -> dict[str, Any]:
    """One DATABASE_URL in, Django's dictionary out. Empty means SQLite under `data`.

    DATABASE_POOLED=1: a pooler in transaction mode (PgBouncer) stands in front, so nothing may lie in a session:
    cursors are not left open between statements, and statements are not prepared.
    DATABASE_MAX_AGE: seconds a connection is kept between requests (60).
    """
    if not url or url.startswith("sqlite:"):
        return _sqlite(url.removeprefix("sqlite:").lstrip("/") and url.removeprefix("sqlite://"), data)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise UnsafeEnvironment(f"DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}")
    try:
        port = parts.port or ""
    except ValueError:
        raise UnsafeEnvironment(
            "DATABASE_URL has no readable port: signs like @ : / ? # in a password are written as %40 %3A %2F %3F %23"
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port),
        "CONN_MAX_AGE": number("DATABASE_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": switch("DATABASE_POOLED", False),
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None, **_options(parts.query)},
    }


def _options(query: str) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in _NUMBERS and re.fullmatch(r"\d+", value):
            told[name] = int(value)
        elif (name in _TEXTS and value) or (name == "sslmode" and value in _SSL_MODES):
            told[name] = value
        else:
            # What stands there may be a password.
            shown = f"{name}={value}" if name == "sslmode" else name
            raise UnsafeEnvironment(f"DATABASE_URL says {shown}, which is not known")
    return told


def _sqlite(path: str, data: Path) -> dict[str, object]:
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
