"""Quick questions to the stored ledger, each in one or two statements; walk.py reads every entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef

from grid.calendar.now import now
from grid.ledger import keys
from grid.ledger.models import Checkpoint, Entry, Leaf, SealState, SubjectKey
from grid.ledger.queries.walk import Found
from grid.ledger.triggers import guards
from grid.ledger.verbs import LedgerVerb

# The sealer comes by every second; an entry that waits longer than this has nobody to seal it.
LONGEST_WAIT = timedelta(minutes=10)
FEW = 20


def guards_stand() -> Iterator[Found]:
    """Triggers and their functions are as the migrations made them, here and in every room that names its own."""
    for key, what in guards.differing(connection).items():
        yield Found(f"guard:{key}", "guard", what)


def end_stands(size: int, root: bytes) -> Iterator[Found]:
    """The newest checkpoint is signed and covers every leaf; what an earlier round saw (`size`, `root`) is still there."""
    head = Checkpoint.objects.order_by("-size").first()
    upto = head.size if head else 0
    if head and not keys.is_signed(head, keys.ring()):
        yield Found(f"signed:{head.size}", "signature", f"最新封存点（{head.size} 条）的签名与公钥不符")
    seen = Checkpoint.objects.filter(size=size).first() if size else None
    if size > upto:
        what = f"上次自检时已封存 {size} 条，现在最新的封存点只有 {upto} 条：末尾被截去"
        yield Found(f"cut:{size}", "cut", what)
    elif size and (seen is None or bytes(seen.root) != root):
        yield Found(f"seen:{size}", "rewritten", f"上次自检时 {size} 条的封存点不见了或换了根哈希")
    # In this order: a leaf and its checkpoint are written in one transaction.
    leaves = Leaf.objects.filter(index__lt=upto).count()
    if leaves != upto:
        yield Found(f"leaves:{upto}:{leaves}", "missing", f"封存点说有 {upto} 条，库中只有 {leaves} 片叶")


def all_are_sealed() -> Iterator[Found]:
    """Below the sealer's mark every entry has its leaf, above it none waits for long."""
    low = SealState.objects.filter(pk=1).values_list("low", flat=True).first() or 0
    lacking = Entry.objects.filter(pk__lte=low).count() - Leaf.objects.filter(entry__lte=low).count()
    if lacking > 0:
        yield Found(f"unsealed:{low}", "unsealed", f"有 {lacking} 条早已写入的条目没有封存")
    written = Entry.objects.filter(pk__gt=low, leaf=None).order_by("pk").values_list("pk", "at").first()
    if written and written[1] < now() - LONGEST_WAIT:
        what = f"条目 {written[0]} 起等待封存超过 {LONGEST_WAIT.seconds // 60} 分钟，请检查封存服务"
        yield Found("waiting", "unsealed", what)


def counters_agree() -> Iterator[Found]:
    """Each case's entries are numbered 1 … n without a gap, and its counter says n. In one statement, so as of one
    moment: a case is written to meanwhile."""
    query = (
        'SELECT e."case", e.n, e.last, c."count" FROM (SELECT "case", COUNT(*) AS n, MAX("nth") AS last '
        'FROM "grid_entry" WHERE "nth" IS NOT NULL GROUP BY "case") e LEFT JOIN "grid_casecounter" c '
        'ON c."case" = e."case" WHERE e.n <> e.last OR c."count" IS NULL OR e.last <> c."count" '
        'UNION ALL SELECT c."case", 0, 0, c."count" FROM "grid_casecounter" c '
        'WHERE NOT EXISTS (SELECT 1 FROM "grid_entry" e WHERE e."case" = c."case" AND e."nth" IS NOT NULL)'
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        for case, number, last, counted in cursor.fetchmany(FEW):
            what = f"案件“{case}”有 {number} 条台账，末条是第 {last} 条，计数为 {counted or 0}"
            yield Found(f"case:{case}:{number}:{last}:{counted}", "counter", what)


def ids_have_no_gap() -> Iterator[Found]:
    """On SQLite an act that was undone gives its numbers back, so a gap is a row that was taken out. PostgreSQL never
    gives them back: there the leaves alone tell."""
    if connection.vendor != "sqlite":
        return
    # The last number before the rows: what is written in between is no gap.
    given = _last_given()
    ends = Entry.objects.aggregate(first=Min("pk"), last=Max("pk"), count=Count("pk"))
    last = ends["last"] or 0
    if gap := last - (ends["first"] or 1) + 1 - ends["count"]:
        yield Found(f"gap:{last}:{gap}", "missing", f"条目编号有 {gap} 个空缺：有条目被取走")
    if given > last:
        yield Found(f"tail:{given}", "cut", f"条目编号已用到 {given}，最后一条却是 {last}：末尾被取走")


def _last_given() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'grid_entry'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def keys_are_kept() -> Iterator[Found]:
    """Whose personal data stands in the ledger has its key, unless it was forgotten afterwards by a decision."""
    kept = SubjectKey.objects.filter(subject=OuterRef("subject"))
    forgotten = Entry.objects.filter(
        verb=LedgerVerb.PERSONAL_FORGOTTEN, subject=OuterRef("subject"), pk__gt=OuterRef("pk")
    )
    lost = Entry.objects.filter(personal__isnull=False).exclude(Exists(kept)).exclude(Exists(forgotten))
    for subject in lost.order_by("subject").values_list("subject", flat=True).distinct()[:FEW]:
        yield Found(f"key:{subject}", "key", f"对象 {subject} 的个人信息密钥不见了，却没有准予遗忘的记录")


def constraints_stand() -> Iterator[Found]:
    """What a row must say of itself is still asked by the database: every constraint the models name is there, valid,
    and on its table."""
    stored = _constraints()
    for model in apps.get_models():
        table = model._meta.db_table
        for constraint in model._meta.constraints:
            if constraint.name not in stored.get(table, ""):
                what = f"表 {table} 的约束 {constraint.name} 不见了或者失效"
                yield Found(f"constraint:{table}:{constraint.name}", "constraint", what)


def _constraints() -> dict[str, str]:
    """Table → the names of its constraints and unique indexes (on SQLite within their statements)."""
    query = (
        "SELECT c.relname, n.conname FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid WHERE n.convalidated "
        "UNION ALL SELECT c.relname, i.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid "
        "JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique AND x.indisvalid"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    )
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for table, text in cursor.fetchall():
            found[table] = f"{found.get(table, '')}\n{text}"
    return found


CHECKS = (guards_stand, constraints_stand, all_are_sealed, counters_agree, ids_have_no_gap, keys_are_kept)
