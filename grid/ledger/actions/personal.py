"""Personal data inside entries: encrypted under a key of its subject, forgotten by deleting that key.

The entry's hash covers the ciphertext, so a forgotten entry still verifies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping

from grid import privacy
from grid.calendar.now import now
from grid.ledger.canonical import json_text
from grid.ledger.models import SubjectKey


def _belongs(subject: int) -> str:
    return f"ledger subject {subject}"


def _unwrapped(row: SubjectKey) -> bytes:
    return privacy.decrypt(bytes(row.wrapped).decode(), _belongs(row.subject))


def keys_for(subjects: Collection[int]) -> dict[int, bytes]:
    """Keys of `subjects`, made where missing; three statements whatever the number.

    Two writers may meet a new subject at once: the first insert wins and both read it back.
    """
    found = _stored(subjects)
    if missing := sorted(set(subjects) - found.keys()):
        SubjectKey.objects.bulk_create([_new(subject) for subject in missing], ignore_conflicts=True)
        found |= _stored(missing)
    return found


def _stored(subjects: Collection[int]) -> dict[int, bytes]:
    return {row.subject: _unwrapped(row) for row in SubjectKey.objects.filter(pk__in=subjects)}


def _new(subject: int) -> SubjectKey:
    wrapped = privacy.encrypt(os.urandom(32), _belongs(subject))
    return SubjectKey(subject=subject, wrapped=wrapped.encode(), made_at=now())


def sealed(facts: Mapping[str, object], subject: int, key: bytes) -> bytes:
    return privacy.seal(key, json_text(facts).encode(), _belongs(subject).encode())


def opened(ciphertext: bytes, subject: int) -> dict[str, object] | None:
    """The facts again, or None once the subject was forgotten (or its later key is another one)."""
    row = SubjectKey.objects.filter(pk=subject).first()
    if row is None:
        return None
    try:
        text = privacy.unseal(_unwrapped(row), ciphertext, _belongs(subject).encode())
    except privacy.CannotDecrypt:
        return None
    facts: dict[str, object] = json.loads(text)
    return facts
