"""Gates of the list, its measures and announcements that a row alone cannot say of itself, refused by the database
whoever holds the connection.

What one row can say is a check constraint (models.py). What follows needs other rows: the ground and its day, the
case's penalty, the notice and its service, the term that ran, the posting of whoever decided. Each gate is one
condition under which a statement is refused (gates.py), written once for both engines; SQLite gets a trigger for
each, PostgreSQL one function for each table.

SQLite drops triggers when a migration rebuilds a table: such a migration ends with `install` again, and
tests/workflows/listing/test_triggers.py notices a missing one.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from workflows.announcements.gates import ANNOUNCEMENT, announcement_gates
from workflows.listing.gates import LISTING, ORDER, POSTGRESQL, SQLITE, Engine, Gate, gates

TABLES = (LISTING, ORDER, ANNOUNCEMENT)


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless to repeat."""
    remove(connection)
    is_postgresql = connection.vendor == "postgresql"
    _run(connection, _postgresql(_all(POSTGRESQL)) if is_postgresql else _sqlite(_all(SQLITE)))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a migration that rebuilds a table, and for emptying a test database."""
    on = "" if connection.vendor == "sqlite" else ' ON "{table}"'
    _run(
        connection,
        [
            f'DROP TRIGGER IF EXISTS "{name}"' + on.format(table=table)
            for name, table in _names(connection.vendor)
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
    return {name for name, _ in _names(connection.vendor)} - present


def _full_name(name: str, table: str) -> str:
    return f"{table}_gate_{name}"


def _names(vendor: str) -> list[tuple[str, str]]:
    if vendor == "postgresql":
        return [(_full_name(kind, table), table) for table in TABLES for kind in ("rows", "truncate")]
    return [(_full_name(one.name, one.table), one.table) for one in _all(SQLITE)]


def _all(engine: Engine) -> list[Gate]:
    return [*gates(engine), *announcement_gates(engine)]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite(all_gates: list[Gate]) -> list[str]:
    return [
        f'CREATE TRIGGER "{_full_name(one.name, one.table)}" BEFORE {one.event} ON "{one.table}" '
        f"WHEN {one.refused} BEGIN SELECT RAISE(ABORT, '{one.says}'); END"
        for one in all_gates
    ]


def _postgresql(all_gates: list[Gate]) -> list[str]:
    made = []
    for table in TABLES:
        body = " ".join(
            f"IF TG_OP = '{one.event}' THEN IF {one.refused} THEN RAISE EXCEPTION '{one.says}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF;"
            for one in all_gates
            if one.table == table
        )
        function = f"{table}_gates"
        made += [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'never emptied' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"{body} RETURN NEW; END $$"
        ]
        for kind, events, each in (
            ("rows", "INSERT OR UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            name = _full_name(kind, table)
            made += [
                f'CREATE TRIGGER "{name}" BEFORE {events} ON "{table}" '
                f"FOR EACH {each} EXECUTE FUNCTION {function}()",
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
            ]
    return made
