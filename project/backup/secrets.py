"""What a copy of the data is worth nothing without: the keys, and the environment of the units."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.conf import settings

from project.backup import NotPossible, escrow

# Each may hold several, newest first.
FITTING: Final = ("PRIVACY_KEY", "BLIND_INDEX_KEY", "CODES_KEY", "SECRET_KEY")
NAMES: Final = (
    *FITTING,
    "CODES_KEY_FALLBACKS",
    "LEDGER_KEY",
    "LEDGER_PUBLIC_KEY",
    "CREDIT_FEED_TOKEN",
    "SMS_TOKEN",
)
# Without these nothing that was encrypted, sealed or printed can be gone on with.
WANTED: Final = (*FITTING, "LEDGER_KEY", "LEDGER_PUBLIC_KEY")
ENVIRONMENT: Final = "process.env"
DEMO_KEY: Final = "ledger.pem"


def gathered(folder: Path | None) -> dict[str, str]:
    """File name → text: the environment files of the units, what this process knows itself, the demo's key."""
    found = {}
    if folder is not None:
        found = {file.name: file.read_text() for file in sorted(folder.glob("*.env"))}
    known = {name: _text(name) for name in NAMES}
    found[ENVIRONMENT] = "".join(f"{name}={value}\n" for name, value in known.items() if value)
    demo = Path(settings.DATA) / DEMO_KEY
    if demo.is_file():
        found[DEMO_KEY] = demo.read_text()
    return found


def _text(name: str) -> str:
    value = getattr(settings, name, "")
    return ",".join(value) if isinstance(value, list) else str(value)


def folder_of_keys(said: Path | None) -> Path | None:
    """Where the environment files are: as said, where systemd laid them for this unit, or in their own place."""
    if said is not None:
        return said
    places = [Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/nowhere"), Path("/etc/grid")]
    return next((place for place in places if place.is_dir() and os.access(place, os.R_OK | os.X_OK)), None)


def named_in(files: Mapping[str, str]) -> list[str]:
    """Which of the wanted keys are in these files with a value."""
    text = "\n".join(files.values())
    found = [name for name in WANTED if re.search(rf"^{name}=\S", text, re.MULTILINE)]
    return sorted({*found, *(["LEDGER_KEY", "LEDGER_PUBLIC_KEY"] if DEMO_KEY in files else [])})


def sealed(files: Mapping[str, str], public: str) -> bytes:
    """Raises NotPossible where BACKUP_ESCROW_KEY is no key."""
    try:
        key = escrow.public_of(public)
    except ValueError as error:
        raise NotPossible(
            "BACKUP_ESCROW_KEY 不是公钥：见 python -m project.backup.newkey 的第一行。"
        ) from error
    return escrow.seal(json.dumps(dict(files)).encode(), key)


def prints() -> dict[str, list[str]]:
    """Twelve hex digits of a keyed hash of each key: enough to tell another key, too little to find one."""
    return {name: [_print(key) for key in _values(name)] for name in FITTING}


def _values(name: str) -> list[str]:
    text = _text(name) + ("," + _text("CODES_KEY_FALLBACKS") if name == "CODES_KEY" else "")
    return [part.strip() for part in text.split(",") if part.strip()]


def _print(key: str) -> str:
    return hmac.digest(key.encode(), b"grid backup", "sha256").hex()[:12]


def others(known: Mapping[str, list[str]]) -> list[str]:
    """Names of keys that were in use when the backup was made and are not at hand now."""
    mine = prints()
    return [
        name
        for name, used in known.items()
        if name != "SECRET_KEY" and not set(used) <= set(mine.get(name, []))
    ]
