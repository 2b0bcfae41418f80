"""Insert-only, enforced by the database: whoever holds the connection, a row of the ledger stays as written.

PostgreSQL refuses UPDATE, DELETE and TRUNCATE by statement triggers that fire ALWAYS, so that even a session
set to replica mode cannot slip past. SQLite refuses UPDATE and DELETE; because its INSERT OR REPLACE deletes
without asking a delete trigger, an insert that would replace a row is refused as well.

SQLite drops triggers when a migration rebuilds a table: such a migration ends with `install` again, and
tests/grid/ledger/test_triggers.py notices a missing one.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Guard

# table → the unique keys by which an INSERT OR REPLACE could push an old row out. Each is asked for alone and
# with the condition of its index, or SQLite would read the whole table for every insert.
Keys = dict[str, tuple[tuple[str, ...], ...]]
TABLES: Keys = {
    "grid_entry": (('"id"',), ('"case"', '"nth"')),
    "grid_leaf": (('"index"',), ('"entry_id"',)),
    "grid_node": (('"id"',), ('"level"', '"index"')),
    "grid_checkpoint": (('"size"',),),
}
MESSAGE = "the ledger is insert-only"
_FUNCTION = "grid_ledger_refuse"
_BODY = (
    f" BEGIN RAISE EXCEPTION '{MESSAGE}: % on % refused', TG_OP, TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation'; END "
)


def ledger_guards(vendor: str) -> list[Guard]:
    return insert_only(vendor, TABLES)


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless to repeat."""
    guards.install(connection, ledger_guards(connection.vendor))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a migration that rebuilds a table, and for trying what happens without them."""
    guards.remove(connection, ledger_guards(connection.vendor))


def insert_only(vendor: str, tables: Keys) -> list[Guard]:
    """The guards of tables whose rows stay as they were written."""
    return _postgresql(tables) if vendor == "postgresql" else _sqlite(tables)


def _sqlite(tables: Keys) -> list[Guard]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    made = []
    for table, keys in tables.items():
        replaces = " OR ".join(_taken(table, key) for key in keys)
        made += [
            Guard(name := f"{table}_no_{kind}", table, f'CREATE TRIGGER "{name}" BEFORE {when} {refuse}')
            for kind, when in (
                ("update", f'UPDATE ON "{table}"'),
                ("delete", f'DELETE ON "{table}"'),
                ("replace", f'INSERT ON "{table}" WHEN {replaces}'),
            )
        ]
    return made


def _taken(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f"t.{column} = NEW.{column}" for column in key)
    found = f'EXISTS (SELECT 1 FROM "{table}" t WHERE {same} AND t.{key[-1]} IS NOT NULL)'
    return f"(NEW.{key[-1]} IS NOT NULL AND {found})"


def _postgresql(tables: Keys) -> list[Guard]:
    return [
        guards.postgresql(f"{table}_no_{kind}", table, events, "STATEMENT", _FUNCTION, _BODY)
        for table in tables
        for kind, events in (("rows", "UPDATE OR DELETE"), ("truncate", "TRUNCATE"))
    ]
