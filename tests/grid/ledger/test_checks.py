"""Somebody with full rights over the database takes the triggers off and rewrites a row: still noticed."""

from typing import Any

import pytest
from django.db import connection

from grid.ledger import triggers
from grid.ledger.checks import check_columns, check_stored
from grid.ledger.findings import Kind
from grid.ledger.models import Checkpoint, Entry, Leaf


@pytest.fixture
def unguarded(sealed_case: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    triggers.remove(connection)


def test_an_honest_ledger_is_whole(sealed_case: None) -> None:
    assert (check_stored().findings, check_stored().checked) == ([], 18)
    assert (check_columns().findings, check_columns().checked) == ([], 18)


def test_rewritten_bytes_are_found(unguarded: None) -> None:
    entry = Entry.objects.order_by("pk")[4]
    Entry.objects.filter(pk=entry.pk).update(canonical=bytes(entry.canonical) + b" ")
    report = check_stored()
    assert report.findings == [(Kind.CHANGED, "封存序号 4 的条目与封存的不符。")]


def test_a_rewritten_leaf_does_not_hide_it(unguarded: None) -> None:
    Leaf.objects.filter(index=4).update(hash=b"x" * 32)
    assert check_stored().findings == []
    entry = Entry.objects.get(leaf__index=4)
    Entry.objects.filter(pk=entry.pk).update(canonical=b"x")
    assert Kind.CHANGED in check_stored().kinds()


@pytest.mark.parametrize(
    ("column", "value"),
    [("area", "150304"), ("actor_name", "别人"), ("data", {"reason": "x"}), ("personal", b"x")],
)
def test_columns_that_no_longer_say_what_was_sealed_are_found(
    unguarded: None, column: str, value: Any
) -> None:
    entry = Entry.objects.order_by("pk")[4]
    Entry.objects.filter(pk=entry.pk).update(**{column: value})
    report = check_columns()
    assert report.kinds() == {Kind.CHANGED} and column in report.findings[0][1]
    assert not check_stored().findings


def test_a_forged_checkpoint_is_found(unguarded: None) -> None:
    Checkpoint.objects.filter(size=18).update(signature=b"x" * 64)
    assert Kind.SIGNATURE in check_stored().kinds()
