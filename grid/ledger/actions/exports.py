"""What an auditor takes home: a case, or the whole ledger, with all that is needed to check it off line.

A case export is JSON lines, each with a `kind`:
  header       format, case, the newest checkpoint, the case statement (how many entries the case has in that
               tree), how many entries wait to be sealed, the public key (a convenience: bring your own), and the
               entries by which signing keys handed over to one another, each with index and inclusion proof
  entry        nth, leaf index, canonical bytes, inclusion proof to the newest checkpoint, and the sizes of the
               checkpoints just before and just after it was sealed (its window, which shows back-dating)
  checkpoint   an earlier checkpoint that a window names, or one the auditor knew, with a consistency proof

A full export is one header line, then 32 bytes of leaf hash for each entry, then for each entry four bytes of
length (big-endian) and the leaf input (a zero byte and the canonical bytes).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grid import problems
from grid.calendar.now import now
from grid.ledger import keys, merkle, notes
from grid.ledger import problems as ledger_problems
from grid.ledger.actions import statements
from grid.ledger.canonical import time_text
from grid.ledger.models import Checkpoint, Entry, Leaf
from grid.ledger.queries.checkpoints import newest, note_of
from grid.ledger.tree import StoredTree
from grid.scope import Actor, Right, within

CASE_FORMAT = "grid-ledger-case/1"
FULL_FORMAT = "grid-ledger-full/1"
PAGE = 5_000


def case_export(case: str, viewer: Actor, known: int | None = None) -> tuple[str, bytes]:
    """Area of the case's first entry, and its export. All of the case must lie within the viewer's reach.

    `known`: size of a checkpoint the auditor already has; its consistency proof is added.
    Outside a transaction where the key is the clock's alone: it signs how many entries there are (statements.py).
    Raises NotHere, NotSealedYet, SealerSilent.
    """
    newest()
    entries = Entry.objects.filter(case=case, nth__isnull=False).order_by("nth")
    total = entries.count()
    if not total or within(entries, viewer, Right.SEE_CASES).count() != total:
        raise problems.NotHere()
    if not entries.filter(leaf__isnull=False).exists():
        raise ledger_problems.NotSealedYet()
    size, statement = statements.signed(case)
    head = Checkpoint.objects.get(size=size)
    rows = list(_with_windows(entries, size))
    lines = [_header(case, head, statement, total - len(rows)), *_lines(rows, size, known)]
    return rows[0].area, "".join(_json(line) for line in lines).encode()


def _json(line: dict[str, object]) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"


def _with_windows(entries: QuerySet[Entry], size: int) -> QuerySet[Entry, Any]:
    """Sealed entries with the sizes of the last checkpoint before them (0: none) and the first one after."""
    points = Checkpoint.objects.values("size")
    before = points.filter(size__lte=OuterRef("leaf__index")).order_by("-size")[:1]
    after = points.filter(size__gt=OuterRef("leaf__index")).order_by("size")[:1]
    sealed = entries.filter(leaf__index__lt=size).select_related("leaf")
    return sealed.annotate(before=Coalesce(Subquery(before), 0), after=Subquery(after))


def _header(case: str, head: Checkpoint, statement: str, pending: int) -> dict[str, object]:
    return {
        "kind": "header",
        "format": CASE_FORMAT,
        "case": case,
        "exported_at": time_text(now()),
        "checkpoint": note_of(head),
        "statement": statement,
        "pending": pending,
        **_keys(head.size),
    }


def _keys(size: int) -> dict[str, object]:
    """The key that signs now, and the handovers that led to it as far as they are sealed; a note that nobody signed is
    left at home."""
    told, tree = keys.handovers(), StoredTree()
    ring = keys.ring(told)
    led = [
        entry
        for entry, note in told
        if note in ring.used and hasattr(entry, "leaf") and entry.leaf.index < size
    ]
    lines = [
        {
            "canonical": _text(bytes(entry.canonical)),
            "index": entry.leaf.index,
            "proof": [_text(step) for step in merkle.inclusion_proof(entry.leaf.index, size, tree)],
        }
        for entry in led
    ]
    return {"public_key": notes.pem_of(ring.newest), "handovers": lines}


def _lines(rows: list[Any], size: int, known: int | None) -> Iterator[dict[str, object]]:
    tree = StoredTree()
    for row in rows:
        proof = merkle.inclusion_proof(row.leaf.index, size, tree)
        yield {
            "kind": "entry",
            "nth": row.nth,
            "index": row.leaf.index,
            "canonical": _text(bytes(row.canonical)),
            "proof": [_text(step) for step in proof],
            "before": row.before,
            "after": row.after,
        }
    wanted = {edge for row in rows for edge in (row.before, row.after)} | {known or 0}
    for point in Checkpoint.objects.filter(size__in=wanted - {0, size}).order_by("size"):
        proof = merkle.consistency_proof(point.size, size, tree)
        yield {"kind": "checkpoint", "note": note_of(point), "proof": [_text(step) for step in proof]}


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def full_export(head: Checkpoint) -> Iterator[bytes]:
    """The whole ledger up to `head` in pieces, read by leaf; memory stays flat."""
    header = {
        "kind": "header",
        "format": FULL_FORMAT,
        "exported_at": time_text(now()),
        "checkpoint": note_of(head),
        **_keys(head.size),
    }
    yield _json(header).encode()
    # By ranges of the index: a cursor that stays open between two pieces lives in a session, and a pooler has none.
    for start in range(0, head.size, 4 * PAGE):
        for digest in _leaves(start, min(start + 4 * PAGE, head.size)).values_list("hash", flat=True):
            yield bytes(digest)
    for start in range(0, head.size, PAGE):
        page = _leaves(start, min(start + PAGE, head.size))
        for content in page.values_list("entry__canonical", flat=True):
            yield (len(content) + 1).to_bytes(4, "big") + b"\x00" + bytes(content)


def _leaves(start: int, stop: int) -> QuerySet[Leaf, Leaf]:
    return Leaf.objects.filter(index__gte=start, index__lt=stop).order_by("index")
