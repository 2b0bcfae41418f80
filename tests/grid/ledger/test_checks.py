"""Somebody with full rights over the database takes the triggers off and rewrites rows: every kind of it is noticed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from grid.calendar.now import moved_to, now
from grid.ledger import queries
from grid.ledger.actions import sealer
from grid.ledger.merkle import EMPTY_ROOT, leaf_hash
from grid.ledger.models import CaseCounter, Checkpoint, Entry, Leaf, Node, SealState, SubjectKey
from grid.ledger.queries import checks
from grid.ledger.queries.walk import Found, Place, walk
from grid.ledger.tree import WIDTH
from grid.ledger.triggers import guards
from tests.grid.ledger.conftest import CASE, write
from workflows.cases.verbs import CaseVerb


@pytest.fixture
def unguarded(sealed_case: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    guards.remove(connection)


def whole() -> list[Found]:
    """Everything the nightly round asks but for the guards, which the tests here have taken off."""
    size = Checkpoint.objects.order_by("-size")[0].size
    found = [finding for page in walk(Place(), size, 1e9) for finding in page]
    for question in (*checks.CHECKS, lambda: checks.end_stands(0, b"")):
        if question is not checks.guards_stand:
            found += question()
    return found


def kinds() -> set[str]:
    return {found.kind for found in whole()}


def a_fifth() -> Entry:
    return Entry.objects.order_by("pk")[4]


def test_an_honest_ledger_is_whole(sealed_case: None) -> None:
    assert whole() == [] and list(checks.guards_stand()) == []


def test_rewritten_bytes_are_named(unguarded: None) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(canonical=bytes(entry.canonical).replace("第2步".encode(), b"2"))
    assert f"条目 {entry.pk}（封存序号 4）的原文与封存的不符" in [finding.what for finding in whole()]


@pytest.mark.once
@pytest.mark.parametrize(
    ("column", "value", "title"),
    [
        ("area", "150304", "区划"),
        ("actor_name", "别人", "姓名"),
        ("data", {"reason": "x"}, "事实"),
        ("personal", b"x", "个人信息密文"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC), "时间"),
        ("verb", CaseVerb.CASE_CLOSED, "动作"),
        ("role", "city", "角色"),
        ("posting", 3, "岗位"),
        ("actor", 3, "人员"),
        ("subject", 3, "对象"),
    ],
)
def test_columns_that_no_longer_say_what_was_sealed_are_named(
    unguarded: None, column: str, value: Any, title: str
) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(**{column: value})
    assert any(finding.kind == "columns" and title in finding.what for finding in whole())
    told = Entry.objects.get(pk=entry.pk)
    assert list(told.differing) == [column]
    if column != "personal":
        assert getattr(told, column) == getattr(entry, column)


def rewritten_leaf() -> None:
    Leaf.objects.filter(index=4).update(hash=b"x" * 32)


def rewritten_with_its_leaf() -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(canonical=bytes(entry.canonical) + b" ")
    Leaf.objects.filter(index=4).update(hash=leaf_hash(bytes(entry.canonical) + b" "))


def taken_out() -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk)._raw_delete("default")


def taken_out_with_its_leaf() -> None:
    entry = a_fifth()
    Leaf.objects.filter(entry=entry)._raw_delete("default")
    Entry.objects.filter(pk=entry.pk)._raw_delete("default")


def last_checkpoint_gone() -> None:
    Checkpoint.objects.filter(size=18)._raw_delete("default")


def forged_checkpoint() -> None:
    Checkpoint.objects.filter(size=18).update(signature=b"x" * 64)


def early_checkpoint_of_another_root() -> None:
    Checkpoint.objects.filter(size=6).update(root=b"x" * 32)


def counter_set_back() -> None:
    CaseCounter.objects.filter(case=CASE).update(count=2)


def counter_gone() -> None:
    CaseCounter.objects.filter(case=CASE)._raw_delete("default")


def constraint_dropped() -> None:
    with connection.cursor() as cursor:
        cursor.execute('DROP INDEX "entry_place_in_case"')


def other_log() -> None:
    Checkpoint.objects.filter(size=18).update(origin="grid-canvass/9999")


@pytest.mark.once
@pytest.mark.parametrize(
    ("forge", "kind"),
    [
        (rewritten_leaf, "rewritten"),
        (rewritten_with_its_leaf, "rewritten"),
        (taken_out, "missing"),
        (taken_out_with_its_leaf, "missing"),
        (forged_checkpoint, "signature"),
        (other_log, "signature"),
        (early_checkpoint_of_another_root, "rewritten"),
        (counter_set_back, "counter"),
        (counter_gone, "counter"),
        (constraint_dropped, "constraint"),
    ],
)
def test_each_forgery_is_found(unguarded: None, forge: Callable[[], None], kind: str) -> None:
    forge()
    assert kind in kinds()


def test_an_end_cut_off_is_found_by_what_an_earlier_round_saw(unguarded: None) -> None:
    head = Checkpoint.objects.get(size=18)
    for model in (Checkpoint.objects.filter(size__gt=15), Leaf.objects.filter(index__gte=15)):
        model._raw_delete("default")
    Entry.objects.filter(pk__in=Entry.objects.order_by("-pk").values("pk")[:3])._raw_delete("default")
    cut = [stand.kind for stand in checks.end_stands(18, bytes(head.root))]
    assert cut == ["cut"]
    if connection.vendor == "sqlite":
        assert "cut" in {finding.kind for finding in checks.ids_have_no_gap()}


def test_another_tree_of_the_same_size_is_found_by_what_an_earlier_round_saw(sealed_case: None) -> None:
    assert [stand.kind for stand in checks.end_stands(18, b"y" * 32)] == ["rewritten"]


def test_an_entry_nobody_seals_is_found(sealed_case: None) -> None:
    write()
    assert not list(checks.all_are_sealed())
    with moved_to(now() + timedelta(hours=1)):
        assert [finding.kind for finding in checks.all_are_sealed()] == ["unsealed"]


def test_an_entry_below_the_sealers_mark_without_a_leaf_is_found(sealed_case: None) -> None:
    SealState.objects.filter(pk=1).update(low=write().pk)
    assert [finding.what for finding in checks.all_are_sealed()] == ["有 1 条早已写入的条目没有封存"]


def test_a_key_that_went_without_a_decision_is_found(sealed_case: None) -> None:
    write(subject=7, personal={"phone": "1"})
    assert not list(checks.keys_are_kept())
    guards.remove(connection)
    SubjectKey.objects.all().delete()
    assert [finding.key for finding in checks.keys_are_kept()] == ["key:7"]


@pytest.mark.django_db
def test_a_stored_node_is_compared_and_the_walk_goes_on_where_it_stopped() -> None:
    for _ in range(WIDTH + 3):
        write()
    sealer.seal_pending()
    place = Place()
    assert not [finding for page in walk(place, 200, 1e9) for finding in page]
    again = Place.of(place.kept())
    assert not [finding for page in walk(again, WIDTH + 3, 1e9) for finding in page]
    assert (again.index, again.checked, again.root()) == (
        WIDTH + 3,
        WIDTH + 3,
        bytes(Checkpoint.objects.get(size=WIDTH + 3).root),
    )
    guards.remove(connection)
    Node.objects.filter(level=8, index=0).update(hash=b"x" * 32)
    assert [finding.kind for page in walk(Place(), WIDTH + 3, 1e9) for finding in page] == ["node"]


def test_bytes_spoilt_in_any_way_are_told_in_words(unguarded: None) -> None:
    entry = a_fifth()
    for spoilt in (
        b"",
        b"x",
        b"grid-ledger/1 ",
        bytes(entry.canonical)[:60],
        b"grid-ledger/1 " + b"[" * 100_000,
    ):
        Entry.objects.filter(pk=entry.pk).update(canonical=spoilt, data=["x"])
        told = Entry.objects.get(pk=entry.pk)
        assert not told.is_readable and str(told)
        assert "changed" in kinds()


def test_bytes_that_were_sealed_spoilt_are_found_though_their_leaf_fits(unguarded: None) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(canonical=b"x")
    Leaf.objects.filter(entry=entry).update(hash=leaf_hash(b"x"))
    assert f"条目 {entry.pk} 的原文无法读取" in [finding.what for finding in whole()]


def test_a_walk_that_has_not_begun_stands_at_the_root_of_nothing() -> None:
    assert Place.of({}).root() == EMPTY_ROOT


def test_the_proof_of_an_entry_says_that_the_newest_seal_itself_was_forged(unguarded: None) -> None:
    forged_checkpoint()
    assert queries.proof_of(a_fifth()).faults == ["最新封存点的签名与公钥不符，封存本身不可信"]


def test_the_proof_of_an_entry_says_which_column_was_altered_but_not_what_is_personal(
    unguarded: None,
) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(personal=b"13800000000", role="city")
    told = queries.proof_of(Entry.objects.get(pk=entry.pk))
    assert not told.is_proven
    assert "检索栏“个人信息密文”与封存原文不符" in told.faults
    assert [fault for fault in told.faults if "“角色”被改成“city”" in fault]
    assert not [fault for fault in told.faults if "13800000000" in fault]


def test_the_proof_of_an_entry_that_cannot_be_read_says_so(unguarded: None) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(canonical=b"x")
    told = queries.proof_of(Entry.objects.get(pk=entry.pk))
    assert told.faults[0] == "这一条的封存原文无法读取，页面上显示的内容不可采信" and not told.is_proven


def test_an_entry_asked_for_a_few_columns_proves_nothing_of_the_others(unguarded: None) -> None:
    entry = a_fifth()
    Entry.objects.filter(pk=entry.pk).update(role="city")
    few = Entry.objects.only("pk", "role").get(pk=entry.pk)
    assert (few.role, few.differing) == ("city", {})
    assert Entry.objects.get(pk=entry.pk).role == entry.role
