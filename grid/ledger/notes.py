"""Signed notes: checkpoints and case statements as short texts with an Ed25519 signature (C2SP signed-note).

    grid-canvass/1503            origin: the name of the log
    48213                        number of leaves
    q0Zb…=                       root hash, base64
    time 2026-03-04T05:06:07.123456Z
                                 (empty line)
    — grid-canvass/1503 3q2+7w…  base64 of 4 bytes of key hash and 64 bytes of signature

A case statement has the same form with two lines more (`case …` and `entries …`): how many entries of that
case the tree held at that size. It is what makes a cut-off end visible.

Standard library and cryptography only: the verifier imports this file.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from grid.ledger.canonical import FIRST_YEAR, LAST_YEAR, TIME_FORMAT, time_text

_ED25519 = b"\x01"


class BadNote(ValueError):
    """The text is not a note of this form."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a note says of the tree; `case` and `entries` only in a case statement."""

    origin: str
    size: int
    root: bytes
    at: datetime
    case: str = ""
    entries: int = 0

    def text(self) -> str:
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), f"time {time_text(self.at)}"]
        if self.case:
            lines += [f"case {self.case}", f"entries {self.entries}"]
        return "\n".join(lines) + "\n"


def raw_public(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def pem_of(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_from_pem(pem: str) -> Ed25519PublicKey:
    """Raises ValueError when the text is not an Ed25519 public key."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return key


def key_id(origin: str, key: Ed25519PublicKey) -> bytes:
    """C2SP: the first four bytes of SHA-256(name || newline || 0x01 || public key)."""
    return sha256(origin.encode() + b"\n" + _ED25519 + raw_public(key)).digest()[:4]


def signature(tree: Tree, key: Ed25519PrivateKey) -> bytes:
    return key.sign(tree.text().encode())


def note(tree: Tree, signed: bytes, key_id: bytes) -> str:
    return f"{tree.text()}\n\N{EM DASH} {tree.origin} {b64encode(key_id + signed).decode()}\n"


def sign(tree: Tree, key: Ed25519PrivateKey) -> str:
    return note(tree, signature(tree, key), key_id(tree.origin, key.public_key()))


def parse_time(text: str) -> datetime:
    """Raises ValueError, also for a year in which no log was kept and none can be reckoned from."""
    at = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("no time of a log")
    return at


def _count(text: str) -> int:
    """No sign, no digit of another script, and no number that no log will ever reach."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise BadNote("not a count")
    return int(text)


def key_id_of(text: str) -> bytes:
    """The id of the key that the first signature names; empty where there is none."""
    try:
        return b64decode(text.partition("\n\n")[2].splitlines()[0].rsplit(" ", 1)[1], validate=True)[:4]
    except (ValueError, IndexError):
        return b""


def parse(text: str) -> Tree:
    """What a note says, believing nothing yet. Raises BadNote."""
    try:
        origin, size, root, *more = text.split("\n\n", 1)[0].split("\n")
        facts = dict(line.split(" ", 1) for line in more)
        case, entries = facts.get("case", ""), _count(facts.get("entries", "0"))
        at = parse_time(facts["time"])
        return Tree(origin, _count(size), b64decode(root, validate=True), at, case, entries)
    except (ValueError, KeyError) as error:
        raise BadNote(str(error)) from error


def signed_by(text: str, key: Ed25519PublicKey) -> bool:
    """Is the note signed by this key? Any other signature on it is ignored."""
    body, _, signatures = text.partition("\n\n")
    body += "\n"
    for line in signatures.splitlines():
        try:
            blob = b64decode(line.rsplit(" ", 1)[1], validate=True)
            key.verify(blob[4:], body.encode())
        except (ValueError, IndexError, InvalidSignature):
            continue
        return True
    return False
