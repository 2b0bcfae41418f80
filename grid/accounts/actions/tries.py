"""Counting wrong tries where all processes see them and a restart forgets none: in the database.

A try is counted before it is judged, under the row's lock; else a hundred at once would all be the first.
Real time, not the city's: a demo's moved clock lets nobody through.
"""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.db import transaction

from grid.accounts.models import Tries
from grid.accounts.rules import Patience
from grid.territory.models import Person


def key_of(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind} {text}".encode(errors="surrogatepass")).hexdigest()


@transaction.atomic
def take(key: str, patience: Patience) -> int:
    """0: go on, this try is counted as a wrong one until `give_back`. Else the seconds to wait; nothing is counted."""
    at = datetime.now(UTC)
    Tries.objects.bulk_create([Tries(key=key, counted_at=at, next_at=at)], ignore_conflicts=True)
    row = Tries.objects.select_for_update().get(pk=key)
    if row.next_at > at:
        return int((row.next_at - at).total_seconds()) + 1
    row.weight = patience.left(row.weight, (at - row.counted_at).total_seconds()) + 1
    row.counted_at, row.next_at = at, at + timedelta(seconds=patience.wait(row.weight))
    row.save(update_fields=["weight", "counted_at", "next_at"])
    return 0


@transaction.atomic
def give_back(key: str, patience: Patience) -> None:
    """The try was right: it counts for nothing, and others need not wait because of it."""
    row = Tries.objects.select_for_update().filter(pk=key).first()
    if row is None:
        return
    row.weight = max(0.0, row.weight - 1)
    row.next_at = row.counted_at + timedelta(seconds=patience.wait(row.weight))
    row.save(update_fields=["weight", "next_at"])


def name_key(username: str) -> str:
    return key_of("name", username.casefold())


def keys_of(person: Person) -> list[str]:
    """What counts against the sign-in of one person, wherever it came from."""
    return [name_key(person.username), key_of("factor", str(person.pk))]


def wait_of(keys: Collection[str]) -> int:
    """Seconds until the next try is judged; 0 for who need not wait."""
    at = datetime.now(UTC)
    ends = Tries.objects.filter(pk__in=keys, next_at__gt=at).values_list("next_at", flat=True)
    return max((int((end - at).total_seconds()) + 1 for end in ends), default=0)


def waiting() -> set[str]:
    """Every key that makes somebody wait now."""
    return set(Tries.objects.filter(next_at__gt=datetime.now(UTC)).values_list("pk", flat=True))


def forget(key: str) -> None:
    Tries.objects.filter(pk=key).delete()


def forget_old(before: datetime) -> int:
    """What faded away: strangers' guesses must not fill the disk."""
    gone, _ = Tries.objects.filter(counted_at__lt=before).delete()
    return gone
