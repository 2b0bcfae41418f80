"""Insert-only, enforced by the database: whoever holds the connection, a row of the ledger stays as written.

PostgreSQL refuses UPDATE, DELETE and TRUNCATE by statement triggers that fire ALWAYS, so that even a session
set to replica mode cannot slip past. SQLite refuses UPDATE and DELETE; because its INSERT OR REPLACE deletes
without asking a delete trigger, an insert that would replace a row is refused as well.

SQLite drops triggers when a migration rebuilds a table: such a migration ends with `install` again, and
tests/grid/ledger/test_triggers.py notices a missing one.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

# table → the unique keys by which an INSERT OR REPLACE could push an old row out. Each is asked for alone and
# with the condition of its index, or SQLite would read the whole table for every insert.
TABLES = {
    "grid_entry": (('"id"',), ('"case"', '"nth"')),
    "grid_leaf": (('"index"',), ('"entry_id"',)),
    "grid_node": (('"id"',), ('"level"', '"index"')),
    "grid_checkpoint": (('"size"',),),
}
MESSAGE = "the ledger is insert-only"
_FUNCTION = "grid_ledger_refuse"


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless to repeat."""
    remove(connection)
    _run(connection, _postgresql() if connection.vendor == "postgresql" else _sqlite())


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a migration that rebuilds a table, and for emptying a test database."""
    on = "" if connection.vendor == "sqlite" else ' ON "{table}"'
    _run(
        connection,
        [
            f'DROP TRIGGER IF EXISTS "{name}"' + on.format(table=table)
            for table in TABLES
            for name in _names(table, connection.vendor)
        ],
    )


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of triggers that should exist and do not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return {name for table in TABLES for name in _names(table, connection.vendor)} - present


def _names(table: str, vendor: str) -> list[str]:
    kinds = ["rows", "truncate"] if vendor == "postgresql" else ["update", "delete", "replace"]
    return [f"{table}_no_{kind}" for kind in kinds]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    made = []
    for table, keys in TABLES.items():
        replaces = " OR ".join(_taken(table, key) for key in keys)
        made += [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {refuse}',
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}',
            f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" WHEN {replaces} {refuse}',
        ]
    return made


def _taken(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f"t.{column} = NEW.{column}" for column in key)
    found = f'EXISTS (SELECT 1 FROM "{table}" t WHERE {same} AND t.{key[-1]} IS NOT NULL)'
    return f"(NEW.{key[-1]} IS NOT NULL AND {found})"


def _postgresql() -> list[str]:
    made = [
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}: % on % refused', TG_OP, TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ]
    for table in TABLES:
        for name, events in zip(_names(table, "postgresql"), ["UPDATE OR DELETE", "TRUNCATE"], strict=True):
            made += [
                f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" '
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()",
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
            ]
    return made
