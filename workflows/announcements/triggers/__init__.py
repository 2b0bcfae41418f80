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

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Guard
from workflows.announcements.triggers.gates import announcement_gates
from workflows.listing.triggers import POSTGRESQL, SQLITE, gates


def listing_guards(vendor: str, *, with_proof: bool = True) -> list[Guard]:
    engine = POSTGRESQL if vendor == "postgresql" else SQLITE
    return guards.of_gates(vendor, [*gates(engine, with_proof=with_proof), *announcement_gates(engine)])


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger in place; harmless to repeat."""
    guards.install(connection, listing_guards(connection.vendor))


def remove(connection: BaseDatabaseWrapper) -> None:
    """For a migration that rebuilds a table, and for trying what happens without them."""
    guards.remove(connection, listing_guards(connection.vendor))
