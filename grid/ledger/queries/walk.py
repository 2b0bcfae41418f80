"""The whole ledger read once, leaf by leaf: every entry's bytes against its leaf and its columns, every stored node and
every signed checkpoint against the tree that the bytes give.

The walk keeps only the peaks of the tree so far (RFC 6962: one complete subtree for each bit of the size), so it costs
one pass and no memory, stops anywhere and goes on from there. A place that was kept may itself have been altered: a
round that begins at zero believes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from grid.ledger import keys, merkle
from grid.ledger.bulk import among
from grid.ledger.handover import Ring
from grid.ledger.models import Checkpoint, Entry, Leaf, Node
from grid.ledger.tree import STEP, WIDTH

PAGE = 16 * WIDTH


@dataclass(frozen=True, slots=True)
class Found:
    """`key` says the same finding again tomorrow; `what` is for people."""

    key: str
    kind: str
    what: str


@dataclass(slots=True)
class Place:
    """How far a walk has come. `checked` counts the entries of this walk alone."""

    index: int = 0
    peaks: list[tuple[int, bytes]] = field(default_factory=list)
    checked: int = 0
    # A leaf is missing or a root was wrong: what follows cannot be proven against the roots any more.
    is_broken: bool = False

    def kept(self) -> dict[str, object]:
        peaks = [[level, digest.hex()] for level, digest in self.peaks]
        return {"index": self.index, "peaks": peaks, "checked": self.checked, "broken": self.is_broken}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Place:
        if not kept:
            return cls()
        peaks = [(int(level), bytes.fromhex(digest)) for level, digest in kept["peaks"]]
        return cls(int(kept["index"]), peaks, int(kept["checked"]), bool(kept["broken"]))

    def push(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Adds a leaf; yields the nodes it completes that are stored as rows: level, index, hash."""
        level, here = 0, leaf
        while self.peaks and self.peaks[-1][0] == level:
            here, level = merkle.node_hash(self.peaks.pop()[1], here), level + 1
            if level % STEP == 0:
                yield level, self.index >> level, here
        self.peaks.append((level, here))
        self.index += 1

    def root(self) -> bytes:
        if not self.peaks:
            return merkle.EMPTY_ROOT
        *rest, (_, found) = self.peaks
        for _, left in reversed(rest):
            found = merkle.node_hash(left, found)
        return found


def walk(place: Place, size: int, seconds: float, rest: float = 0.0) -> Iterator[list[Found]]:
    """Moves `place` on towards `size`, for about `seconds`; after each page it yields what the page held.

    Then it rests `rest` times as long as the page took, so that a check by day leaves others their share.
    """
    until, ring = time.monotonic() + seconds, keys.ring()
    while place.index < size and time.monotonic() < until:
        began = time.monotonic()
        # Whole pages of nodes, so that a row of each belongs to one page.
        stop = min(size, place.index - place.index % PAGE + PAGE)
        yield list(_Page(place, stop, ring).findings())
        if rest:
            time.sleep(rest * (time.monotonic() - began))


class _Page:
    """The rows of one run of leaves, each table read once."""

    def __init__(self, place: Place, stop: int, ring: Ring) -> None:
        self.place, self.start, self.stop, self.ring = place, place.index, stop, ring
        leaves = Leaf.objects.filter(index__gte=self.start, index__lt=stop)
        self.leaves = {
            i: (entry, bytes(hash)) for i, entry, hash in leaves.values_list("index", "entry_id", "hash")
        }
        wanted = [entry for entry, _hash in self.leaves.values()]
        self.entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=among(wanted))}
        points = Checkpoint.objects.filter(size__gt=self.start, size__lte=stop)
        self.points = {point.size: point for point in points}

    def findings(self) -> Iterator[Found]:
        nodes: dict[tuple[int, int], bytes] = {}
        for index in range(self.start, self.stop):
            leaf = yield from self._leaf(index)
            nodes |= {(level, at): digest for level, at, digest in self.place.push(leaf)}
            point = self.points.get(index + 1)
            if point is not None:
                yield from self._point(point)
        if not self.place.is_broken:
            yield from _nodes(nodes)

    def _leaf(self, index: int) -> Generator[Found, None, bytes]:
        """Yields what is wrong with this leaf and answers the hash to go on with."""
        self.place.checked += 1
        number, digest = self.leaves.get(index, (0, b""))
        if not digest:
            self.place.is_broken = True
            yield Found(f"leaf:{index}", "missing", f"封存序号 {index} 的叶不见了")
            return merkle.EMPTY_ROOT
        entry = self.entries.get(number)
        if entry is None:
            yield Found(f"entry:{number}", "missing", f"条目 {number}（封存序号 {index}）已封存，却不见了")
            return digest
        if sha256(b"\x00" + bytes(entry.canonical)).digest() != digest:
            yield Found(f"bytes:{number}", "changed", f"条目 {number}（封存序号 {index}）的原文与封存的不符")
        elif not entry.is_readable:
            yield Found(f"bytes:{number}", "changed", f"条目 {number} 的原文无法读取")
        if entry.differing:
            wrong = "、".join(words_of(entry))
            yield Found(
                f"columns:{number}:{wrong}", "columns", f"条目 {number} 的检索栏与封存原文不符：{wrong}"
            )
        return digest

    def _point(self, point: Checkpoint) -> Iterator[Found]:
        if not keys.is_signed(point, self.ring):
            yield Found(f"signed:{point.size}", "signature", f"{point.size} 条时的封存点，签名与公钥不符")
        if not self.place.is_broken and self.place.root() != bytes(point.root):
            self.place.is_broken = True
            what = f"库中前 {point.size} 条的根哈希与签名的封存点不符：条目或叶被成批改写，之后的封存点不再逐个比对"
            yield Found(f"root:{point.size}", "rewritten", what)


def _nodes(made: dict[tuple[int, int], bytes]) -> Iterator[Found]:
    for level in sorted({level for level, _index in made}):
        wanted = [index for at, index in made if at == level]
        rows = Node.objects.filter(level=level, index__gte=min(wanted), index__lte=max(wanted))
        stored = {index: bytes(digest) for index, digest in rows.values_list("index", "hash")}
        for index in wanted:
            if stored.get(index) != made[level, index]:
                yield Found(
                    f"node:{level}:{index}", "node", f"第 {level} 层第 {index} 个封存节点缺失或被改动"
                )


def words_of(entry: Entry) -> list[str]:
    """The columns of an entry that do not say what was sealed, as people call them."""
    return [Entry.title_of(name) for name in entry.differing]
