from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from grid.ledger import triggers
from grid.ledger.actions import sealer
from grid.ledger.models import Checkpoint, Entry, Leaf, Node
from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Catalogue, Gate, Guard
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


def test_a_room_that_names_its_guards_twice_has_them_once() -> None:
    before = guards.known("sqlite")
    guards.register_guards(triggers.ledger_guards)
    assert guards.known("sqlite") == before


# --- what PostgreSQL is told, and what it answers, read without a server ---------------------------


@pytest.fixture
def gated() -> list[Guard]:
    """Two gates of one table, and one of another."""
    return guards.of_gates(
        "postgresql",
        [
            Gate("closed", "papers", "UPDATE", "OLD.closed", "closed papers stay"),
            Gate("kept", "papers", "DELETE", "TRUE", "papers are kept"),
            Gate("kept", "letters", "DELETE", "TRUE", "letters are kept"),
        ],
    )


def test_the_gates_of_a_table_share_one_function_that_refuses_each_and_lets_the_rest_pass(
    gated: list[Guard],
) -> None:
    assert [guard.key for guard in gated] == [
        "papers.papers_gate_rows",
        "papers.papers_gate_truncate",
        "letters.letters_gate_rows",
        "letters.letters_gate_truncate",
    ]
    body = gated[0].body
    assert gated[1].body == body and gated[0].function == "papers_gates"
    assert "IF TG_OP = 'UPDATE' THEN IF OLD.closed THEN RAISE EXCEPTION 'closed papers stay'" in body
    assert "papers are kept" in body and "letters are kept" not in body
    assert body.endswith("IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END ")
    assert gated[0].create.startswith('CREATE TRIGGER "papers_gate_rows" BEFORE INSERT OR UPDATE OR DELETE')


def test_a_function_is_made_once_before_its_triggers_and_each_fires_always(gated: list[Guard]) -> None:
    made = list(guards.installations(gated))
    assert [statement.split("(")[0] for statement in made[:2]] == [
        "CREATE OR REPLACE FUNCTION papers_gates",
        "CREATE OR REPLACE FUNCTION letters_gates",
    ]
    assert made[2:4] == [
        gated[0].create,
        'ALTER TABLE "papers" ENABLE ALWAYS TRIGGER "papers_gate_rows"',
    ]
    assert len(made) == 2 + 2 * len(gated)
    assert next(guards.removals(gated)) == 'DROP TRIGGER IF EXISTS "papers_gate_rows" ON "papers"'


def standing(gated: list[Guard]) -> list[tuple[Any, ...]]:
    """The rows by which a server shows the guards as they were made."""
    return [
        (guard.name, guard.table, "A", guard.kind, guard.function, guard.body, "plpgsql", False)
        for guard in gated
    ]


def test_guards_that_stand_as_they_were_made_are_no_fault(gated: list[Guard]) -> None:
    assert list(guards.faults_in(Catalogue(standing(gated), [], [], []), gated)) == []


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (2, "D", "被停用"),
        (2, "R", "被停用"),
        (3, 1, "的定义被改动"),
        (4, "another", "的定义被改动"),
        (6, "sql", "的定义被改动"),
        (7, True, "的定义被改动"),
        (5, " BEGIN RETURN NEW; END ", "所调用的函数 papers_gates 被改动"),
    ],
)
def test_a_guard_that_was_switched_off_or_altered_is_named(
    gated: list[Guard], column: int, value: Any, words: str
) -> None:
    rows = standing(gated)
    rows[0] = (*rows[0][:column], value, *rows[0][column + 1 :])
    assert dict(guards.faults_in(Catalogue(rows, [], [], []), gated)) == {
        "papers.papers_gate_rows": f"表 papers 的触发器 papers_gate_rows {words}"
    }


def test_a_guard_that_is_gone_and_what_leads_round_the_others_are_named(gated: list[Guard]) -> None:
    strange = ("swallows", "papers", "O", 7, "swallow", "", "plpgsql", False)
    elsewhere = ("stamps", "unguarded", "O", 7, "stamp", "", "plpgsql", False)
    found = Catalogue(
        [*standing(gated)[1:], strange, elsewhere], [("letters",)], [("shadow", "papers")], [("clerk",)]
    )
    assert dict(guards.faults_in(found, gated)) == {
        "papers.papers_gate_rows": "表 papers 的触发器 papers_gate_rows 不见了",
        "papers.swallows": "表 papers 上多出一个不属于本系统的触发器 swallows",
        "letters.internal": "表 letters 的外键检查被停用",
        "papers.shadow": "表 papers 上多出一条改写规则 shadow",
        "setting.clerk": "数据库把 clerk 的 session_replication_role 设成了绕过触发器的值",
    }
