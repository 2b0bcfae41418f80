"""RFC 6962 Merkle trees: hashes, roots, inclusion and consistency proofs, and their checks.

Pure standard library: the verifier that an auditor runs at home imports this file and nothing of the server.
The proof makers never hold a tree: they ask `node(level, index)` for the hash of the complete subtree over
the leaves `[index << level, (index + 1) << level)`, so the caller decides what is stored and what is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"


def leaf_hash(content: bytes) -> bytes:
    """RFC 6962 2.1: the hash of a leaf is SHA-256(0x00 || content)."""
    return sha256(LEAF_PREFIX + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: the hash of an inner node is SHA-256(0x01 || left || right)."""
    return sha256(NODE_PREFIX + left + right).digest()


def next_level(hashes: Sequence[bytes]) -> list[bytes]:
    """Hashes of the parents of an even run of siblings; an odd last one is left for the caller."""
    pairs = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes, level by level. A lone last node moves up unchanged, which is RFC 6962's split."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        above = next_level(level)
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def in_memory(leaves: Sequence[bytes]) -> Node:
    """`node` over a list of leaf hashes; for tests and for exports small enough to hold."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        levels.append(next_level(levels[-1]))
    return lambda level, index: levels[level][index]


def _split(size: int) -> int:
    """Largest power of two smaller than size (size >= 2)."""
    return 1 << (size - 1).bit_length() - 1


def span(start: int, size: int, node: Node) -> bytes:
    """Hash over `size` leaves from `start`, where start is a multiple of the power of two that covers size."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    left = _split(size)
    return node_hash(span(start, left, node), span(start + left, size - left, node))


def root_of(size: int, node: Node) -> bytes:
    """Root of the first `size` leaves, from O(log size) complete subtrees."""
    return span(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """RFC 6962 2.1.1: the audit path of leaf `index` in the tree of `size` leaves, deepest sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start = 0
    while size > 1:
        left = _split(size)
        if index - start < left:
            path.append(span(start + left, size - left, node))
            size = left
        else:
            path.append(span(start, left, node))
            start, size = start + left, size - left
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """RFC 6962 2.1.2: proof that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    path: list[bytes] = []
    start, size, whole = 0, new, True
    while old - start != size:
        left = _split(size)
        if old - start <= left:
            path.append(span(start + left, size - left, node))
            size = left
        else:
            path.append(span(start, left, node))
            start, size, whole = start + left, size - left, False
    if not whole:
        path.append(span(start, size, node))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 2.1.3.2: does `path` lead from leaf hash `leaf` at `index` to `root` of `size` leaves?"""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.4.2: does `path` show that the tree of `old` leaves is a beginning of the tree of `new`?"""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    # A power of two is itself a node of the new tree, so the proof leaves it out.
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    return bool(steps) and _climb(old - 1, new - 1, steps) == (old_root, new_root)


def _climb(here: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    while here & 1:
        here, last = here >> 1, last >> 1
    old_found = new_found = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        here, last = here >> 1, last >> 1
    return (old_found, new_found) if last == 0 else None
