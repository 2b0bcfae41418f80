"""The key that signs checkpoints: from LEDGER_KEY (PEM, or a base64 seed of 32 bytes); the demo makes its own."""

from __future__ import annotations

import os
from base64 import b64decode
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from grid.ledger import notes


def origin() -> str:
    """The log's name in every signed note."""
    return f"grid-canvass/{settings.CITY}"


def signing_key() -> Ed25519PrivateKey:
    return _key(settings.LEDGER_KEY, Path(settings.DATA))


def public_key_pem() -> str:
    """What an auditor needs to check any checkpoint; meant to be published outside the system too."""
    return notes.pem_of(signing_key().public_key())


@lru_cache(maxsize=4)
def _key(text: str, folder: Path) -> Ed25519PrivateKey:
    if not text:
        text = _made_once(folder / "ledger.pem")
    if "BEGIN" not in text:
        return Ed25519PrivateKey.from_private_bytes(b64decode(text, validate=True))
    # An environment variable often carries its line breaks as two characters.
    key = load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("LEDGER_KEY is not an Ed25519 key")
    return key


def _made_once(path: Path) -> str:
    """The demo's key. Linking a finished file makes two processes at first start agree on one key."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
