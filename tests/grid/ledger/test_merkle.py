"""The tree against RFC 6962: its own laws by hypothesis, and another implementation as the oracle."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from grid.ledger import merkle

sizes = st.integers(1, 600)


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def oracle(count: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(count):
        tree.append_entry(b"entry %d" % number)
    return tree


def test_known_hashes() -> None:
    assert merkle.root([]) == sha256(b"").digest()
    assert merkle.leaf_hash(b"") == sha256(b"\x00").digest()
    assert merkle.root([b"a" * 32, b"b" * 32]) == sha256(b"\x01" + b"a" * 32 + b"b" * 32).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 64, 100, 257])
def test_roots_and_proofs_are_those_of_pymerkle(count: int) -> None:
    ours, theirs = leaves(count), oracle(count)
    node = merkle.in_memory(ours)
    assert merkle.root(ours) == theirs.get_root(count) == merkle.root_of(count, node)
    for index in range(count):
        path = merkle.inclusion_proof(index, count, node)
        their_path = theirs.prove_inclusion(index + 1, count).serialize()["path"]
        # pymerkle lists the leaf itself too, and orders from left to right.
        assert sorted([ours[index].hex(), *(step.hex() for step in path)]) == sorted(their_path)
        assert merkle.included(ours[index], index, count, path, theirs.get_root(count))
    for old in range(1, count + 1):
        path = merkle.consistency_proof(old, count, node)
        assert merkle.consistent(old, count, theirs.get_root(old), theirs.get_root(count), path)


@given(sizes, st.data())
def test_every_leaf_is_proven_and_nothing_else(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    node, root = merkle.in_memory(hashes), merkle.root(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, node)
    assert len(path) <= size.bit_length()
    assert merkle.included(hashes[index], index, size, path, root)
    assert not merkle.included(merkle.leaf_hash(b"another"), index, size, path, root)
    assert not merkle.included(hashes[index], index, size, [*path, b"x" * 32], root)
    other = data.draw(st.integers(0, size - 1))
    assert merkle.included(hashes[index], other, size, path, root) == (other == index)
    if path:
        assert not merkle.included(hashes[index], index, size, path[:-1], root)


@given(sizes, st.data())
def test_a_tree_is_proven_to_continue_its_beginning_and_no_other(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    node, root = merkle.in_memory(hashes), merkle.root(hashes)
    old = data.draw(st.integers(1, size))
    path = merkle.consistency_proof(old, size, node)
    beginning = merkle.root(hashes[:old])
    assert merkle.consistent(old, size, beginning, root, path)
    altered = merkle.root([*hashes[: old - 1], merkle.leaf_hash(b"another")])
    assert not merkle.consistent(old, size, altered, root, path)
    if old < size:
        assert not merkle.consistent(old, size, beginning, beginning, path)
        assert not merkle.consistent(old, size, beginning, root, path[:-1])
        assert not merkle.consistent(old, size, beginning, root, [*path, b"x" * 32])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(index, size, merkle.in_memory(leaves(3)))
    assert not merkle.included(b"x" * 32, index, size, [], b"x" * 32)


def test_an_empty_tree_is_the_beginning_of_nothing() -> None:
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_proof(0, 3, merkle.in_memory(leaves(3)))
    assert not merkle.consistent(0, 3, merkle.EMPTY_ROOT, merkle.root(leaves(3)), [])
