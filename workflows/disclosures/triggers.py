"""The gates of published penalties: only a decision that binds is published, what is published stays as it was, and
nothing is deleted. A later state is added, and settled once."""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

TABLE, INSPECTION = "workflows_disclosure", "workflows_inspection"
KEPT = (
    "code", "inspection_id", "subject_id", "number", "authority", "decided_on", "name", "credit_code", "head",
    "facts", "basis", "content", "published_at", "published_by_id", "ends_on",
)  # fmt: skip
SETTLED = ("fallen_at", "withdrawn_at", "repaired_at")
_BINDS = (
    f'EXISTS (SELECT 1 FROM "{INSPECTION}" i WHERE i."id" = NEW."inspection_id" AND i."served_on" IS NOT NULL '
    'AND i."decision_number" = NEW."number" AND i."decided_on" = NEW."decided_on")'
)


def disclosure_guards(vendor: str) -> list[Guard]:
    changed = " OR ".join(f'NEW."{column}" <> OLD."{column}"' for column in KEPT)
    again = " OR ".join(
        f'(OLD."{column}" IS NOT NULL AND (NEW."{column}" IS NULL OR NEW."{column}" <> OLD."{column}"))'
        for column in SETTLED
    )
    stays = "what was published of a penalty stays as it was"
    gates = [
        Gate("binds", TABLE, "INSERT", f"NOT {_BINDS}", "only a decision that was served is published"),
        Gate("changed", TABLE, "UPDATE", changed, stays),
        Gate("settled", TABLE, "UPDATE", again, "what ended a publication is settled once"),
        Gate("deleted", TABLE, "DELETE", "1 = 1", stays),
    ]
    if vendor == "sqlite":
        same = f'EXISTS (SELECT 1 FROM "{TABLE}" k WHERE k."id" = NEW."id" OR k."code" = NEW."code")'
        gates.append(Gate("replaced", TABLE, "INSERT", same, stays))
    return guards.of_gates(vendor, gates)
