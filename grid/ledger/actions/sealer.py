"""Sealing: entries that are committed become leaves of the tree, and each pass ends in a signed checkpoint.

The order of the leaves is the order in which entries became visible, by id within a pass. On PostgreSQL a
transaction may take id 7 and commit after id 8 was sealed; so "everything above the last sealed id" would
miss it. Each pass therefore looks for entries without a leaf above a low mark, and the mark moves only when
nothing below it can still appear:

- An insert takes its ROW EXCLUSIVE lock on the table before it takes an id, and keeps it until the
  transaction has ended and its rows are visible (or never will be).
- So: read the last id given, M, then who holds such a lock. Once none of those transactions holds it any
  longer, every id up to M is decided, and a later look sees all of them. Only then does the mark move to M.

Writers pay nothing for this, and a transaction that stays open for an hour delays the mark, not the sealing.
SQLite has one writer, and the sealer is it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from grid.ledger import keys, merkle, notes, tree
from grid.ledger.actions import times
from grid.ledger.bulk import number_list, numbers_in
from grid.ledger.canonical import TIME_AT, time_in
from grid.ledger.models import Checkpoint, Entry, Leaf, SealState

BATCH = 20_000
log = logging.getLogger(__name__)


def seal_pending() -> int:
    """Seals all that is committed and unsealed; answers how many. Called every second by the clock."""
    total = 0
    while sealed := seal(BATCH):
        total += sealed
        if sealed < BATCH:
            break
    return total


def seal(limit: int, key: Ed25519PrivateKey | None = None) -> int:
    """One pass of at most `limit` entries, in one transaction: killed half-way, it never happened.

    `key` is named at a handover alone: the old key seals the entry that gives the log away. Raises StrangeKey,
    NoSigningKey, ClockBehind, ClockApart.
    """
    if not _anything_new():
        return 0
    with transaction.atomic():
        state = lock()
        settled = _settled(state)
        found = _unsealed(state.low, limit)
        if found:
            _refuse_strange_key()
            _append(found, key or keys.signing_key())
        reached = settled if len(found) < limit else min(settled, found[-1][0])
        state.low = max(state.low, reached)
        state.save()
    return len(found)


def sweep() -> int:
    """Looks below the low mark too, where nothing unsealed should be: at start and once a day, as a guarantee.

    Costs a pass over the whole ledger without any lock. What it finds (a row put in by hand with an old id, a
    mark restored from elsewhere) is sealed, and said aloud.
    """
    if not _missed():
        return 0
    with transaction.atomic():
        lock()
        SealState.objects.filter(pk=1).update(low=0, watch=0, holders=[])
    sealed = seal_pending()
    log.error("sealed %s entries late: some lay below the low mark", sealed)
    return sealed


def _missed() -> bool:
    """No entry has two leaves and no leaf is without its entry, so equal counts mean that every entry has one."""
    low = SealState.objects.filter(pk=1).values_list("low", flat=True).first() or 0
    return Entry.objects.filter(pk__lte=low).count() != Leaf.objects.filter(entry__lte=low).count()


def _anything_new() -> bool:
    """Cheap and without a lock, so that an idle second costs two index look-ups."""
    low = SealState.objects.filter(pk=1).values_list("low", flat=True).first() or 0
    return Entry.objects.filter(pk__gt=low).exists()


def lock() -> SealState:
    """One sealer at a time: the others wait here, then find nothing left to do."""
    SealState.objects.bulk_create([SealState(pk=1)], ignore_conflicts=True)
    return SealState.objects.select_for_update().get(pk=1)


def _settled(state: SealState) -> int:
    """The id up to which no further entry can appear. Must be asked before looking for unsealed entries."""
    if connection.vendor == "sqlite":
        return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return settled_by(state, _last_id(), _writing())


def settled_by(state: SealState, last: int, writing: list[str]) -> int:
    """The same where several write at once: of the ids up to `last`, those that none of the open transactions
    `writing` can still bring. Notes in `state` for whom it waits; an id asked for earlier is settled once they are gone.
    """
    if not writing:
        state.watch, state.holders = last, []
        return last
    if not set(state.holders) & set(writing):
        settled, state.watch, state.holders = state.watch, last, writing
        return settled
    return state.low


def _last_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('grid_entry', 'id')")
        name = cursor.fetchone()[0]
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")
        return int(cursor.fetchone()[0])


def _writing() -> list[str]:
    """Transactions that may have taken ids and are still open; our own sees its own entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND relation = 'grid_entry'::regclass AND pid IS DISTINCT FROM pg_backend_pid() "
            "AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
        )
        return [row[0] for row in cursor.fetchall()]


def _unsealed(low: int, limit: int) -> list[tuple[int, bytes]]:
    """Ids and contents, in order. Two ranges compared here, not an anti-join: a planner whose statistics are older
    than a bulk act takes both tables for empty and compares every entry with every leaf, a minute for 20,000.

    The ids are read by one statement, and so as of one moment. Asked for page by page, a later page could show an
    entry whose forerunner in the same case became visible meanwhile, below what was read: sealed in the wrong order.
    """
    missing: list[int] = []
    ids = Entry.objects.filter(pk__gt=low).order_by("pk").values_list("pk", flat=True).iterator(limit)
    while len(missing) < limit and (page := list(islice(ids, limit))):
        leaves = Leaf.objects.filter(entry__gte=page[0], entry__lte=page[-1])
        sealed = set(leaves.values_list("entry_id", flat=True))
        missing += [number for number in page if number not in sealed]
    return _contents(missing[:limit])


def _contents(numbers: list[int]) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "id", "canonical" FROM "grid_entry" WHERE "id" {numbers_in()} ORDER BY "id"',
            [number_list(numbers)],
        )
        return [(row[0], bytes(row[1])) for row in cursor.fetchall()]


def _append(found: list[tuple[int, bytes]], key: Ed25519PrivateKey) -> None:
    """Raises ClockBehind: a seal is not older than what it seals, nor than the seal before it."""
    start = tree.size()
    tree.append(start, [(entry, sha256(b"\x00" + content).digest()) for entry, content in found])
    # Times as text sort like times.
    youngest = time_in(max(content[TIME_AT] for _, content in found))
    _sign(start + len(found), times.not_before(times.time_of_writing(), youngest), key)


def _refuse_strange_key() -> None:
    """A key that signed nothing of this ledger was restored or mistyped; what it would sign nobody could prove."""
    if not keys.fits_last_checkpoint():
        raise keys.StrangeKey(
            "the last checkpoint was not signed by LEDGER_PUBLIC_KEY nor by a key it leads to"
        )


def _sign(size: int, at: datetime, key: Ed25519PrivateKey) -> None:
    head = notes.Tree(keys.origin(), size, merkle.root_of(size, tree.StoredTree()), at)
    Checkpoint.objects.create(
        size=size,
        root=head.root,
        at=head.at,
        origin=head.origin,
        key_id=notes.key_id(head.origin, key.public_key()).hex(),
        signature=notes.signature(head, key),
    )
