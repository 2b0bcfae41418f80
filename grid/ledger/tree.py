"""The stored tree: leaves and the complete nodes of every eighth level; all between is recomputed."""

from __future__ import annotations

from collections.abc import Sequence

from grid.ledger import merkle
from grid.ledger.bulk import insert_rows
from grid.ledger.models import Leaf, Node

STEP = 8
WIDTH = 1 << STEP


class StoredTree:
    """`node(level, index)` for merkle.py over the database; remembers each run of 256 it has read."""

    def __init__(self) -> None:
        self._runs: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        below = level % STEP
        first, width = index << below, 1 << below
        run = self._run(level - below, first // WIDTH)
        start = first % WIDTH
        found = run[start : start + width]
        if len(found) != width:
            raise LookupError(f"node {index} of level {level} is not complete")
        return merkle.root(found)

    def _run(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._runs:
            self._runs[level, number] = stored(level, number * WIDTH, (number + 1) * WIDTH)
        return self._runs[level, number]


def stored(level: int, start: int, stop: int) -> list[bytes]:
    """Hashes at a stored level in [start, stop), by index."""
    rows = Node.objects.filter(level=level) if level else Leaf.objects.all()
    rows = rows.filter(index__gte=start, index__lt=stop).order_by("index")
    return [bytes(value) for value in rows.values_list("hash", flat=True)]


def size() -> int:
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def append(start: int, hashed: Sequence[tuple[int, bytes]]) -> None:
    """Adds leaves (entry id, hash) from index `start` on, and the nodes they complete."""
    leaves = ((index, entry, digest) for index, (entry, digest) in enumerate(hashed, start))
    insert_rows("grid_leaf", ("index", "entry_id", "hash"), leaves)
    level, fresh = 0, [digest for _, digest in hashed]
    while fresh:
        whole = start - start % WIDTH
        run = stored(level, whole, start) + fresh
        start, level = whole // WIDTH, level + STEP
        fresh = [merkle.root(run[at : at + WIDTH]) for at in range(0, len(run) - WIDTH + 1, WIDTH)]
        insert_rows(
            "grid_node",
            ("level", "index", "hash"),
            [(level, at, node) for at, node in enumerate(fresh, start)],
        )
