"""From one signing key to the next: a note that both sign, and the keys an auditor may follow from the one he trusts.

    grid-canvass/1503                    origin
    handover
    from MCow…                           the key that signed so far, base64
    to 9Xk0…                             the key that signs from now on
    time 2026-03-04T05:06:07.123456Z
                                         (empty line)
    — grid-canvass/1503 3q2+7w…          signature by the old key: without it anybody could name a successor
    — grid-canvass/1503 b0RkZ1…          and by the new one: whoever trusts that one may look back

The note is written into the ledger as an entry, so that the tree itself tells of it (actions/exports.py brings the proof).
A key signs nothing before it was handed the log, nor after it gave it away. Standard library and cryptography only:
the verifier imports this file.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from grid.ledger import notes
from grid.ledger.canonical import time_text
from grid.ledger.findings import CLOCK_SKEW

_KIND = "handover"


@dataclass(frozen=True, slots=True)
class Handover:
    """What a note says; `old` and `new` are raw public keys of 32 bytes."""

    origin: str
    old: bytes
    new: bytes
    at: datetime

    def text(self) -> str:
        old, new = b64encode(self.old).decode(), b64encode(self.new).decode()
        return f"{self.origin}\n{_KIND}\nfrom {old}\nto {new}\ntime {time_text(self.at)}\n"


def sign(told: Handover, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> str:
    body = told.text()
    lines = []
    for key in (old, new):
        number = notes.key_id(told.origin, key.public_key())
        lines.append(f"\N{EM DASH} {told.origin} {b64encode(number + key.sign(body.encode())).decode()}\n")
    return f"{body}\n{''.join(lines)}"


def parse(text: str) -> Handover:
    """What a note says, believing nothing yet. Raises BadNote."""
    try:
        origin, kind, old, new, at = text.split("\n\n", 1)[0].split("\n")
        if kind != _KIND:
            raise ValueError("no handover")
        return Handover(
            origin, _raw(old, "from "), _raw(new, "to "), notes.parse_time(at.removeprefix("time "))
        )
    except ValueError as error:
        raise notes.BadNote(str(error)) from error


def _raw(line: str, begins: str) -> bytes:
    raw = b64decode(line.removeprefix(begins), validate=True)
    if not line.startswith(begins) or len(raw) != 32:
        raise ValueError("not a key")
    return raw


@dataclass(frozen=True, slots=True)
class Term:
    """A key and the time in which it signed; None is open."""

    key: Ed25519PublicKey
    since: datetime | None = None
    until: datetime | None = None

    def signed(self, text: str, at: datetime) -> bool:
        early = self.since is not None and at < self.since - CLOCK_SKEW
        late = self.until is not None and at > self.until + CLOCK_SKEW
        return not early and not late and notes.signed_by(text, self.key)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of a log, oldest first. `refused`: notes of a handover that prove nothing."""

    terms: list[Term]
    used: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def newest(self) -> Ed25519PublicKey:
        return self.terms[-1].key

    def signed(self, text: str, at: datetime) -> bool:
        """Is the note of that time signed by the key of that time?"""
        return any(term.signed(text, at) for term in self.terms)

    def knows(self, key: Ed25519PublicKey) -> bool:
        return any(term.key == key for term in self.terms)


def follow(trusted: Ed25519PublicKey, told: Iterable[str], origin: str) -> Ring:
    """Forward and back from the trusted key, over every note that both keys signed. A second successor is refused."""
    links: list[tuple[Handover, str]] = []
    used: list[str] = []
    refused: list[str] = []
    for text in told:
        link = _proven(text, origin)
        links += [(link, text)] if link else []
        refused += [] if link else [text]
    chain = [notes.raw_public(trusted)]
    times: list[datetime] = []
    while step := next(
        (pair for pair in links if pair[0].old == chain[-1] and pair[0].new not in chain), None
    ):
        chain, times, used = [*chain, step[0].new], [*times, step[0].at], [*used, step[1]]
    while step := next(
        (pair for pair in links if pair[0].new == chain[0] and pair[0].old not in chain), None
    ):
        chain, times, used = [step[0].old, *chain], [step[0].at, *times], [step[1], *used]
    refused += [text for _link, text in links if text not in used]
    terms = [
        Term(Ed25519PublicKey.from_public_bytes(key), since, until)
        for key, since, until in zip(chain, [None, *times], [*times, None], strict=True)
    ]
    return Ring(terms, used, refused)


def _proven(text: str, origin: str) -> Handover | None:
    try:
        link = parse(text)
        keys = [Ed25519PublicKey.from_public_bytes(raw) for raw in (link.old, link.new)]
    except ValueError:
        return None
    both = all(notes.signed_by(text, key) for key in keys)
    return link if both and link.origin == origin and link.old != link.new else None
