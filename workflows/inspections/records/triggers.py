"""The gates of evidence: what was recorded stays as it is, and no penalty is told or reviewed without it.

A signature is added once, by the officer who has not written the record. `said_by` is left out: a change of keys writes
it anew.
"""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

INSPECTION, RECORD, FILE = "workflows_inspection", "workflows_inspectionrecord", "workflows_recordfile"
KEPT = (
    "inspection_id", "kind", "on", "place", "text", "officer_1_id", "officer_2_id", "certificate_1", "certificate_2",
    "cards_shown", "is_signed", "refused_why", "author_id", "recorded_at",
)  # fmt: skip
_SIGNED = (
    f'EXISTS (SELECT 1 FROM "{RECORD}" r WHERE r."inspection_id" = NEW."id" AND r."seconded_at" IS NOT NULL '
    'AND r."kind" {kind} AND r."on" >= NEW."{since}")'
)
_EVIDENCED = _SIGNED.format(kind="<> 'report'", since="filed_on")
_REPORTED = _SIGNED.format(kind="= 'report'", since="noticed_on")
STAYS = "a record of an investigation stays as it is"


def record_guards(vendor: str) -> list[Guard]:
    changed = " OR ".join(f'NEW."{column}" <> OLD."{column}"' for column in KEPT)
    resigned = '(OLD."seconded_at" IS NOT NULL AND (NEW."seconded_at" IS NULL OR NEW."seconded_at" <> OLD."seconded_at"))'
    untold, unreviewed = 'OLD."noticed_on" IS NULL', 'OLD."reviewed_at" IS NULL'
    born = 'NEW."noticed_on" IS NOT NULL OR NEW."reviewed_at" IS NOT NULL'
    gates = [
        Gate("changed", RECORD, "UPDATE", f"{changed} OR {resigned}", STAYS),
        Gate("deleted", RECORD, "DELETE", "1 = 1", STAYS),
        Gate("file_changed", FILE, "UPDATE", "1 = 1", STAYS),
        Gate("file_deleted", FILE, "DELETE", "1 = 1", STAYS),
        Gate("unborn", INSPECTION, "INSERT", born, "an inspection begins with its proposal"),
        Gate(
            "evidenced",
            INSPECTION,
            "UPDATE",
            f'NEW."noticed_on" IS NOT NULL AND {untold} AND NOT {_EVIDENCED}',
            "no penalty is told without evidence that both officers signed",
        ),
        Gate(
            "reported",
            INSPECTION,
            "UPDATE",
            f'NEW."reviewed_at" IS NOT NULL AND {unreviewed} AND NOT {_REPORTED}',
            "no penalty is reviewed without the report of the investigation",
        ),
    ]
    if vendor == "sqlite":
        gates += [
            Gate(
                "replaced",
                table,
                "INSERT",
                f'EXISTS (SELECT 1 FROM "{table}" k WHERE k."id" = NEW."id")',
                STAYS,
            )
            for table in (RECORD, FILE)
        ]
    return guards.of_gates(vendor, gates)
