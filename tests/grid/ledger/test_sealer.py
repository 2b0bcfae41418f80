from typing import Any

import pytest
from django.db import connection, transaction

from grid.ledger import keys, merkle, notes, queries, tree
from grid.ledger.actions import Line, record_many, sealer
from grid.ledger.actions.exports import note_of
from grid.ledger.models import Checkpoint, Entry, Leaf, Node, SealState
from tasks.comparison.verbs import ComparisonVerb
from tests.grid.ledger.conftest import AREA, CLERK, write


def write_many(count: int) -> None:
    with transaction.atomic():
        record_many(ComparisonVerb.LEAD_FOUND, [Line(AREA, n) for n in range(count)], by=CLERK)


def expected_root() -> bytes:
    contents = Entry.objects.order_by("leaf__index").values_list("canonical", flat=True)
    return merkle.root([merkle.leaf_hash(bytes(content)) for content in contents])


@pytest.mark.django_db
def test_nothing_to_seal_makes_no_checkpoint() -> None:
    assert sealer.seal_pending() == 0
    assert not Checkpoint.objects.exists()
    write()
    assert sealer.seal_pending() == 1
    assert sealer.seal_pending() == 0
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_an_idle_second_is_cheap(django_assert_num_queries: Any) -> None:
    write()
    sealer.seal_pending()
    sealer.seal_pending()
    with django_assert_num_queries(2):
        assert sealer.seal_pending() == 0


@pytest.mark.django_db
def test_each_checkpoint_is_signed_over_the_root_of_all_before_it() -> None:
    key = keys.signing_key().public_key()
    for count in (1, 2, 300, 1, 700):
        write_many(count)
        sealer.seal_pending()
        head = Checkpoint.objects.order_by("-size").first()
        assert head is not None
        assert head.size == Entry.objects.count()
        assert bytes(head.root) == expected_root()
        assert notes.signed_by(note_of(head), key)
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(1004))
    assert Node.objects.filter(level=8).count() == 1004 // 256


@pytest.mark.django_db
def test_small_passes_make_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "BATCH", 37)
    write_many(600)
    assert sealer.seal_pending() == 600
    assert bytes(Checkpoint.objects.order_by("-size")[0].root) == expected_root()
    assert SealState.objects.get().low > 0


@pytest.mark.django_db
def test_stored_proofs_are_those_of_the_whole_tree() -> None:
    write_many(70_000)
    sealer.seal_pending()
    stored, hashes = tree.StoredTree(), tree.stored(0, 0, 70_000)
    whole = merkle.in_memory(hashes)
    assert Node.objects.filter(level=16).count() == 1
    for size in (1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000):
        assert merkle.root_of(size, stored) == merkle.root_of(size, whole)
        assert merkle.consistency_proof(size, 70_000, stored) == merkle.consistency_proof(size, 70_000, whole)
        assert merkle.inclusion_proof(size - 1, 70_000, stored) == merkle.inclusion_proof(
            size - 1, 70_000, whole
        )


@pytest.mark.django_db
def test_a_proof_reads_a_few_short_runs_however_large_the_tree(django_assert_max_num_queries: Any) -> None:
    write_many(70_000)
    sealer.seal_pending()
    with django_assert_max_num_queries(6):
        merkle.inclusion_proof(12_345, 70_000, tree.StoredTree())
    with pytest.raises(LookupError):
        tree.StoredTree()(8, 273)


@pytest.mark.django_db
def test_statistics_older_than_a_bulk_act_cost_the_sealer_nothing() -> None:
    """PostgreSQL believed that both tables were empty and took a minute for each 20,000 entries."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL plans by stored statistics that can be so wrong")
    write_many(40_000)
    for expected in (20_000, 20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE pg_class SET reltuples = 0, relpages = 1 WHERE relname LIKE 'grid_entry%%' OR relname LIKE 'grid_leaf%%'"
            )
            # The server's time, which none of our own processors shows: a minute was the fault.
            cursor.execute("SET LOCAL statement_timeout = '30s'")
        assert sealer.seal(20_000) == expected


@pytest.mark.django_db
def test_a_sweep_finds_what_the_low_mark_hid(caplog: pytest.LogCaptureFixture) -> None:
    write_many(3)
    SealState.objects.create(pk=1, low=Entry.objects.order_by("-pk")[0].pk)
    assert sealer.seal_pending() == 0
    assert sealer.sweep() == 3
    assert "below the low mark" in caplog.text
    assert sealer.sweep() == 0


@pytest.mark.django_db
def test_one_click_shows_whether_an_entry_is_sealed_and_whole() -> None:
    entry = write()
    assert not queries.proof_of(entry).is_proven and not queries.proof_of(entry).faults
    sealer.seal_pending()
    assert queries.proof_of(entry).is_proven
    point = queries.sealed_until(entry)
    assert point is not None and point.size == 1
    entry.canonical = bytes(entry.canonical) + b" "
    assert queries.proof_of(entry).faults


def test_where_several_write_at_once_an_id_is_settled_when_all_who_could_bring_it_are_gone() -> None:
    state = SealState(low=10, watch=10, holders=[])
    assert sealer.settled_by(state, 12, []) == 12
    # Two begin; what was given out before they were seen is settled, what they may bring is not.
    assert sealer.settled_by(state, 15, ["3/1", "4/7"]) == 12
    state.low = 12
    assert sealer.settled_by(state, 17, ["4/7", "5/2"]) == 12
    # Both of the first two are gone; the third may still bring what came after them.
    assert sealer.settled_by(state, 20, ["5/2"]) == 15
    state.low = 15
    assert sealer.settled_by(state, 21, ["5/2"]) == 15
    assert sealer.settled_by(state, 21, []) == 21
