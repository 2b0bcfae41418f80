"""What else the database refuses: counters that go back, keys that vanish without a decision, alarms that are altered.

SQLite drops triggers when a migration rebuilds a table: such a migration ends with `guards.install` again, and the
ledger's own check (grid/ledger/triggers/guards.py) finds a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator

from grid.ledger import triggers
from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

INSERT_ONLY: triggers.Keys = {
    "grid_alarm": (('"id"',),),
    "grid_alarmanswer": (('"id"',), ('"alarm_id"', '"person_id"'), ('"alarm_id"', '"office"')),
    "grid_checkround": (('"id"',),),
}
ALWAYS = "1 = 1"
_ASKED = ("subject_id", "area", "reason", "remark", "asked_by_id", "asked_at")


def watch_guards(vendor: str) -> list[Guard]:
    found = triggers.insert_only(vendor, INSERT_ONLY) + guards.of_gates(vendor, _gates(vendor))
    return found if vendor == "postgresql" else [*found, _replaced_counter()]


def _gates(vendor: str) -> Iterator[Gate]:
    yield from _counters()
    yield from _keys(vendor)
    yield from _forgettings()


def _counters() -> Iterator[Gate]:
    """A case's running number, and the number up to which a phone may pull, only grow."""
    counter = "grid_casecounter"
    back = 'NEW."count" < OLD."count" OR NEW."case" <> OLD."case"'
    yield Gate("forward", counter, "UPDATE", back, "a counter of the ledger never goes back")
    yield Gate("kept", counter, "DELETE", ALWAYS, "a counter of the ledger is never deleted")
    yield Gate(
        "feed", "grid_posting", "UPDATE", 'NEW."feed" < OLD."feed"', "the feed of a posting never goes back"
    )


def _replaced_counter() -> Guard:
    """An upsert of SQLite asks the trigger before an insert as well, so a replaced row is looked at afterwards."""
    name, table = "grid_casecounter_gate_replaced", "grid_casecounter"
    further = 'EXISTS (SELECT 1 FROM "grid_entry" e WHERE e."case" = NEW."case" AND e."nth" > NEW."count")'
    return Guard(
        name,
        table,
        f'CREATE TRIGGER "{name}" AFTER INSERT ON "{table}" WHEN {further} '
        "BEGIN SELECT RAISE(ABORT, 'a counter of the ledger never goes back'); END",
    )


def _keys(vendor: str) -> Iterator[Gate]:
    """The key of a subject's personal data goes by a decision of two persons that is younger than the key."""
    table = "grid_subjectkey"
    decided = (
        'EXISTS (SELECT 1 FROM "grid_forgetting" f WHERE f."subject_id" = OLD."subject" AND f."granted" = TRUE '
        'AND f."decided_by_id" <> f."asked_by_id" AND f."decided_at" >= OLD."made_at")'
    )
    # Wrapped anew while the key above it is being changed (grid/rotation), which the ledger tells of at both ends.
    told = 'SELECT MAX(e."id") FROM "grid_entry" e WHERE e."verb" ='
    rotating = f"COALESCE(({told} 'key.rotation_begun'), 0) > COALESCE(({told} 'key.rotated'), 0)"
    same = 'NEW."subject" = OLD."subject" AND NEW."made_at" = OLD."made_at"'
    yield Gate(
        "fixed", table, "UPDATE", f"NOT ({same} AND {rotating})", "a key of personal data is never changed"
    )
    yield Gate(
        "forgotten", table, "DELETE", f"NOT {decided}", "a key of personal data goes by a decision only"
    )
    if vendor == "sqlite":
        again = f'EXISTS (SELECT 1 FROM "{table}" k WHERE k."subject" = NEW."subject")'
        yield Gate("replaced", table, "INSERT", again, "a key of personal data is never replaced")


def _forgettings() -> Iterator[Gate]:
    table = "grid_forgetting"
    born = (
        'NEW."decided_at" IS NOT NULL OR EXISTS (SELECT 1 FROM "grid_forgetting" f WHERE f."id" = NEW."id")'
    )
    asked = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in _ASKED)
    yield Gate("asked", table, "INSERT", born, "forgetting is asked for before it is decided")
    yield Gate(
        "settled", table, "UPDATE", f'OLD."decided_at" IS NOT NULL OR {asked}', "a decision stays as it was"
    )
    yield Gate("kept", table, "DELETE", ALWAYS, "a decision is never deleted")
