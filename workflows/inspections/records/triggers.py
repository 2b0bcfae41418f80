"""The gates of evidence: what was recorded stays as it is, and no penalty is told or reviewed without it.

A signature is added once, by the officer who has not written the record. `said_by` is left out: a change of keys writes
it anew.
"""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

INSPECTION, RECORD, FILE = "workflows_inspection", "workflows_inspectionrecord", "workflows_recordfile"
# What is filed once and for all: the record of a hearing, its files, those of a look again and of a document on file.
HEARING, HEARD = "workflows_hearingrecord", "workflows_hearingfile"
FILED = (HEARING, HEARD, "workflows_lookfile", "workflows_prooffile")
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
_HEARD = (
    f'EXISTS (SELECT 1 FROM "{HEARING}" r JOIN "{HEARD}" f ON f."record_id" = r."id" '
    'WHERE r."inspection_id" = NEW."id" AND r."on" >= NEW."hearing_on")'
)
STAYS = "a record of an investigation stays as it is"


def record_guards(vendor: str, *, with_hearing: bool = True) -> list[Guard]:
    """`with_hearing`: not while the migrations before the record of a hearing run."""
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
    if with_hearing:
        held = 'NEW."hearing_held_on" IS NOT NULL AND OLD."hearing_held_on" IS NULL'
        says = "no hearing is reported without its record"
        gates.append(Gate("recorded", INSPECTION, "UPDATE", f"{held} AND NOT {_HEARD}", says))
    if vendor == "sqlite":
        gates += [Gate("replaced", table, "INSERT", _taken(table), STAYS) for table in (RECORD, FILE)]
    return guards.of_gates(vendor, gates)


def filed_guards(vendor: str) -> list[Guard]:
    """What was filed stays as it was."""
    gates = [
        Gate(name, table, event, "1 = 1", STAYS)
        for table in FILED
        for name, event in (("filed_changed", "UPDATE"), ("filed_deleted", "DELETE"))
    ]
    if vendor == "sqlite":
        gates += [Gate("filed_replaced", table, "INSERT", _taken(table), STAYS) for table in FILED]
    return guards.of_gates(vendor, gates)


def _taken(table: str) -> str:
    return f'EXISTS (SELECT 1 FROM "{table}" k WHERE k."id" = NEW."id")'
