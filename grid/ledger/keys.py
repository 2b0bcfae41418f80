"""The key that signs checkpoints, and the ones that everybody checks them with.

Only the clock holds the private key (LEDGER_KEY: PEM, or a base64 seed of 32 bytes); pages and workers know its public
half (LEDGER_PUBLIC_KEY: PEM, or 32 bytes in base64). The demo makes a key of its own.

A key is changed by an entry in the ledger itself (handover.py): LEDGER_KEY may name several keys, newest first,
separated by commas, and the one whose turn it is by the ledger signs. LEDGER_PUBLIC_KEY may be any of the keys there
were: the others are followed from it.
"""

from __future__ import annotations

import os
from base64 import b64decode
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from grid.ledger import handover, notes
from grid.ledger.handover import Ring
from grid.ledger.models import Checkpoint, Entry
from grid.ledger.queries.checkpoints import note_of
from grid.ledger.verbs import LedgerVerb


class NoSigningKey(RuntimeError):
    """This process holds no private key, and is not meant to; or not the one whose turn it is."""


class StrangeKey(RuntimeError):
    """The keys of the settings are not those of this ledger."""


def origin() -> str:
    """The log's name in every signed note."""
    return f"grid-canvass/{settings.CITY}"


def may_sign() -> bool:
    return bool(settings.LEDGER_KEY) or settings.DEMO


def held() -> list[Ed25519PrivateKey]:
    """The private keys of this process, newest first. Raises NoSigningKey; ValueError when one cannot be read."""
    if not may_sign():
        raise NoSigningKey("LEDGER_KEY is given to the clock alone")
    folder = Path(settings.DATA)
    return [_private(text.strip(), folder) for text in settings.LEDGER_KEY.split(",")]


def signing_key() -> Ed25519PrivateKey:
    """The one whose turn it is. Raises NoSigningKey where only the public half is known, or another is."""
    own, due = held(), public_key()
    for key in own:
        if key.public_key() == due:
            return key
    raise NoSigningKey("LEDGER_KEY does not hold the key that signs now, by the ledger and LEDGER_PUBLIC_KEY")


def trusted() -> Ed25519PublicKey:
    """The one of the settings, whatever the ledger says. Raises ValueError when it cannot be read."""
    if settings.LEDGER_PUBLIC_KEY:
        return _public(settings.LEDGER_PUBLIC_KEY)
    return held()[-1].public_key()


def ring(told: list[tuple[Entry, str]] | None = None) -> Ring:
    """Every key that ever signed, from the one of the settings on."""
    told = handovers() if told is None else told
    return handover.follow(trusted(), (note for _entry, note in told), origin())


def handovers() -> list[tuple[Entry, str]]:
    """The entries that tell of a handover, and the note of each as it was sealed; believing nothing yet."""
    rows = Entry.objects.filter(verb=LedgerVerb.KEY_HANDED_OVER).select_related("leaf").order_by("pk")
    return [(entry, str(entry.data.get("note", ""))) for entry in rows]


def public_key() -> Ed25519PublicKey:
    """The newest signing key, which new checkpoints are checked with."""
    return ring().newest


def public_key_pem() -> str:
    """What an auditor needs to check any checkpoint; meant to be published outside the system too."""
    return notes.pem_of(public_key())


def fits_last_checkpoint() -> bool:
    """Whether the keys of the settings are those of this ledger: a restored or mistyped one signed nothing in it."""
    head = Checkpoint.objects.order_by("-size").first()
    return head is None or is_signed(head, ring())


def is_signed(point: Checkpoint, keys: Ring) -> bool:
    """Whether it is a checkpoint of this log, signed by the key of its time."""
    return point.origin == origin() and keys.signed(note_of(point), point.at)


@lru_cache(maxsize=4)
def _public(text: str) -> Ed25519PublicKey:
    """Raises ValueError when the text is not an Ed25519 public key."""
    if "BEGIN" not in text:
        return Ed25519PublicKey.from_public_bytes(b64decode(text, validate=True))
    return notes.public_from_pem(_with_breaks(text))


@lru_cache(maxsize=4)
def _private(text: str, folder: Path) -> Ed25519PrivateKey:
    if not text:
        text = _made_once(folder / "ledger.pem")
    if "BEGIN" not in text:
        return Ed25519PrivateKey.from_private_bytes(b64decode(text, validate=True))
    key = load_pem_private_key(_with_breaks(text).encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("LEDGER_KEY is not an Ed25519 key")
    return key


def _with_breaks(text: str) -> str:
    """An environment variable often carries its line breaks as two characters."""
    return text.replace("\\n", "\n")


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
