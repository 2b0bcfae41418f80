"""Checks the ledger where it is stored: the bytes against the signed root, and the columns against the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection

from grid.ledger import exports, keys, merkle, notes
from grid.ledger.canonical import read
from grid.ledger.findings import Kind, Report
from grid.ledger.models import Entry, Leaf

_COLUMNS = (
    "verb", "actor", "actor_name", "posting", "role", "area", "subject", "case", "nth", "data",
)  # fmt: skip


def check_stored() -> Report:
    """All sealed entries' canonical bytes lead to the newest signed root: a second for a million."""
    report, head = Report(), exports.newest()
    if not notes.signed_by(exports.note_of(head), keys.signing_key().public_key()):
        report.found(Kind.SIGNATURE, "最新封存点的签名与公钥不符。")
    hashes = [sha256(b"\x00" + content).digest() for content in _contents(head.size)]
    report.checked = len(hashes)
    if len(hashes) != head.size:
        report.found(Kind.MISSING, f"封存了 {head.size} 条，库中只有 {len(hashes)} 条。")
    elif merkle.root(hashes) != bytes(head.root):
        stored = Leaf.objects.filter(index__lt=head.size).order_by("index").values_list("hash", flat=True)
        for index, (found, sealed) in enumerate(zip(hashes, stored.iterator(20_000), strict=True)):
            if found != bytes(sealed):
                report.found(Kind.CHANGED, f"封存序号 {index} 的条目与封存的不符。")
        if not report.findings:
            report.found(Kind.REWRITTEN, "全部条目与签名的根哈希不符。")
    return report


def _contents(size: int) -> Iterator[bytes]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            'SELECT e."canonical" FROM "grid_leaf" l JOIN "grid_entry" e ON e."id" = l."entry_id" '
            'WHERE l."index" < %s ORDER BY l."index"',
            [size],
        )
        while rows := cursor.fetchmany(20_000):
            for row in rows:
                yield bytes(row[0])


def check_columns(since: int = 0) -> Report:
    """Each entry's searchable columns say what its canonical bytes say, from entry id `since` on. Slow: reads all."""
    report = Report()
    for entry in Entry.objects.filter(pk__gte=since).order_by("pk").iterator(5_000):
        report.checked += 1
        said = read(bytes(entry.canonical))
        wrong = [name for name in _COLUMNS if getattr(entry, name) != said.facts[name]]
        wrong += ["at"] if said.at != entry.at else []
        kept = None if entry.personal is None else sha256(bytes(entry.personal)).hexdigest()
        wrong += ["personal"] if said.facts["personal"] != kept else []
        if wrong:
            report.found(Kind.CHANGED, f"条目 {entry.pk} 的检索栏与原文不符：{'、'.join(wrong)}。")
    return report
