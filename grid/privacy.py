"""Personal data at rest: encrypted field by field, found by blind index, forgotten by deleting a key.

A stored value is `v1:<key id>:<base64 of nonce and AES-256-GCM ciphertext>`. PRIVACY_KEY may name several
keys, newest first, separated by commas: the first encrypts, all decrypt, so a key can be changed while old
values wait to be rewritten (manage.py rotate_key privacy). The column's name is authenticated with the value: a
ciphertext copied into another column does not open there.

BLIND_INDEX_KEY may name several keys in the same way: the first writes, all are looked for.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

from grid.spelling import folded

NONCE_BYTES = 12


class CannotDecrypt(Exception):
    """The value was written under a key that is not configured, belongs elsewhere, or was altered."""


@lru_cache(maxsize=4)
def _keys(text: str) -> dict[str, bytes]:
    """Key id → key, newest first. The id is the beginning of the key's hash, so it needs no bookkeeping."""
    keys = [bytes.fromhex(part.strip()) for part in text.split(",")]
    if any(len(key) != 32 for key in keys):
        raise ValueError("each PRIVACY_KEY is 64 hexadecimal digits")
    return {sha256(b"key id" + key).hexdigest()[:8]: key for key in keys}


def key_ids() -> list[str]:
    """Ids of the keys of PRIVACY_KEY, newest first: what a stored value names after `v1:`. Raises ValueError."""
    return list(_keys(settings.PRIVACY_KEY))


def blind_key_ids() -> list[str]:
    """The same for BLIND_INDEX_KEY; stored fingerprints do not name theirs. Raises ValueError."""
    return [sha256(b"key id" + key).hexdigest()[:8] for key in _blind_keys(settings.BLIND_INDEX_KEY)]


@lru_cache(maxsize=4)
def _blind_keys(text: str) -> list[bytes]:
    return [bytes.fromhex(part.strip()) for part in text.split(",")]


def seal(key: bytes, content: bytes, belongs: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, belongs)


def unseal(key: bytes, sealed: bytes, belongs: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs)
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt("the value does not open with its key") from error


def encrypt(content: bytes, belongs: str) -> str:
    key_id, key = next(iter(_keys(settings.PRIVACY_KEY).items()))
    return f"v1:{key_id}:{b64encode(seal(key, content, belongs.encode())).decode()}"


def decrypt(value: str, belongs: str) -> bytes:
    """Raises CannotDecrypt."""
    version, _, rest = value.partition(":")
    key_id, _, sealed = rest.partition(":")
    key = _keys(settings.PRIVACY_KEY).get(key_id)
    if version != "v1" or key is None:
        raise CannotDecrypt(f"no key {key_id!r} for this value")
    return unseal(key, b64decode(sealed), belongs.encode())


def blind_index(value: str, purpose: str) -> str:
    """A keyed fingerprint (64 hex digits) by which an encrypted value is found without decrypting any.

    Width, case and spaces are levelled first, so that a number typed either way meets itself. `purpose`
    names the kind of value: the same digits as telephone and as identity number do not meet.
    """
    return blind_indexes(value, purpose)[0]


def blind_indexes(value: str, purpose: str) -> list[str]:
    """The blind index of `value` under each key, newest first: any of them may be stored while a key is being changed."""
    level = f"{purpose}\0{''.join(folded(value).split()).upper()}".encode()
    return [hmac.new(key, level, "sha256").hexdigest() for key in _blind_keys(settings.BLIND_INDEX_KEY)]


def is_blind_index(stored: str, value: str, purpose: str) -> bool:
    """Whether `stored` was made of `value` under any of the keys; how long it takes tells nothing of how near it was."""
    return any(hmac.compare_digest(stored, index) for index in blind_indexes(value, purpose))


def fingerprint(content: str, purpose: str) -> str:
    """A keyed fingerprint (64 hex digits) of exactly this content, by which it is recognised and never found out."""
    return fingerprints(content, purpose)[0]


def fingerprints(content: str, purpose: str) -> list[str]:
    """The fingerprint of `content` under each key, newest first."""
    text = f"{purpose}\0{content}".encode()
    return [hmac.digest(key, text, "sha256").hex() for key in _blind_keys(settings.BLIND_INDEX_KEY)]


def masked(value: str, head: int = 3, tail: int = 4) -> str:
    """What a screen shows of a number: 150****0012. Too short to hide anything, it hides all."""
    hidden = len(value) - head - tail
    return "*" * len(value) if hidden < 1 else value[:head] + "*" * hidden + value[len(value) - tail :]


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that the database holds only encrypted. Empty and null stay as they are; search by blind_index."""

    def belongs(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text if not text else encrypt(str(text).encode(), self.belongs())

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if not value else decrypt(value, self.belongs()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search its blind index")
        return super().get_lookup(lookup_name)
