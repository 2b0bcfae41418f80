from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from grid.ledger import triggers
from grid.ledger.actions import sealer
from grid.ledger.models import Checkpoint, Entry, Leaf, Node
from grid.ledger.triggers import guards
from tests.grid.ledger.conftest import write

TABLES = [Entry, Leaf, Node, Checkpoint]


@pytest.fixture
def filled(db: None) -> None:
    write()
    sealer.seal_pending()
    Node.objects.create(level=8, index=0, hash=b"x" * 32)


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        act()


@pytest.mark.parametrize("model", TABLES)
def test_rows_are_neither_changed_nor_deleted(filled: None, model: Any) -> None:
    row = model.objects.get()
    table = model._meta.db_table
    field = "canonical" if model is Entry else "root" if model is Checkpoint else "hash"
    refused(lambda: model.objects.update(**{field: b"y"}))
    refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute(f'DELETE FROM "{table}"'))
        refused(lambda: cursor.execute(f'UPDATE "{table}" SET "{field}" = "{field}"'))
    assert model.objects.count() == 1


def test_a_row_cannot_be_replaced_by_an_insert(filled: None) -> None:
    for model in TABLES:
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        table = model._meta.db_table
        verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
        rest = "" if connection.vendor == "sqlite" else " ON CONFLICT DO NOTHING"
        sql = f'{verb} INTO "{table}" ({columns}) SELECT {columns} FROM "{table}"{rest}'
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                refused(lambda cursor=cursor, sql=sql: cursor.execute(sql))  # type: ignore[misc]
            else:
                cursor.execute(sql)
        assert model.objects.count() == 1


def test_truncate_and_replica_mode_are_refused_on_postgresql(filled: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        # Else PostgreSQL refuses earlier, because checks of the rows just written are still to come.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in TABLES:
            refused(lambda model=model: cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE"))  # type: ignore[misc]
        refused(
            lambda: cursor.execute("SET LOCAL session_replication_role = replica; DELETE FROM grid_entry")
        )


@pytest.mark.django_db
def test_every_trigger_is_in_place() -> None:
    assert guards.differing(connection) == {}
    with transaction.atomic():
        triggers.remove(connection)
        found = guards.differing(connection)
        assert len(found) == len(TABLES) * (3 if connection.vendor == "sqlite" else 2)
        assert all("不见了" in what for what in found.values())
        triggers.install(connection)
    assert guards.differing(connection) == {}
