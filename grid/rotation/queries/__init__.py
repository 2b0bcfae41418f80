"""How the change of a key stands."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings

from grid.ledger.models import Entry
from grid.rotation.verbs import RotationVerb
from grid.subjects.models import PERSONS, Subject


def open_rotation() -> Entry | None:
    """The entry that began a change which has not come to its end."""
    told = (
        Entry.objects.filter(verb__in=[RotationVerb.KEY_ROTATION_BEGUN, RotationVerb.KEY_ROTATED])
        .order_by("-pk")
        .first()
    )
    return told if told is not None and told.verb == RotationVerb.KEY_ROTATION_BEGUN else None


def last_rotation(name: str) -> Entry | None:
    """The last entry of a change of the key `name` that was finished."""
    done = Entry.objects.filter(verb=RotationVerb.KEY_ROTATED).order_by("-pk")
    return next((entry for entry in done[:100] if entry.data.get("name") == name), None)


def codes_key_ids() -> list[str]:
    """Ids of CODES_KEY and its fallbacks, newest first."""
    secrets = [settings.CODES_KEY, *settings.CODES_KEY_FALLBACKS]
    return [sha256(b"codes key id" + secret.encode()).hexdigest()[:8] for secret in secrets]


def kept_numbers() -> int:
    """Persons who are recognised by the fingerprint of a number that is kept nowhere: for them an old key stays."""
    return Subject.objects.filter(kind__in=PERSONS, local_code__isnull=False).count()
