"""The gates of a fine on a person: evidence that names the responsibility, and the employer's own penalty before it.

Names and numbers are left out: a change of keys writes them anew.
"""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

PERSON, RECORD, INSPECTION = (
    "workflows_responsibleperson",
    "workflows_inspectionrecord",
    "workflows_inspection",
)
KEPT = ("inspection_id", "role", "post", "record_id", "duty", "named_by_id", "named_at")
_PROVEN = (
    f'EXISTS (SELECT 1 FROM "{RECORD}" r WHERE r."id" = NEW."record_id" AND r."inspection_id" = NEW."inspection_id" '
    'AND r."seconded_at" IS NOT NULL AND r."kind" <> \'report\')'
)
_EMPLOYER_FIRST = (
    f'EXISTS (SELECT 1 FROM "{INSPECTION}" i WHERE i."id" = NEW."inspection_id" AND i."decided_on" IS NOT NULL '
    'AND i."state" <> \'quashed\' AND i."officer_1_id" <> NEW."decided_by_id" '
    'AND i."officer_2_id" <> NEW."decided_by_id")'
)
STAYS = "who was held responsible, and on what evidence, stays as it is"


def person_guards(vendor: str) -> list[Guard]:
    changed = " OR ".join(f'NEW."{column}" <> OLD."{column}"' for column in KEPT)
    gates = [
        Gate(
            "proven",
            PERSON,
            "INSERT",
            f"NOT {_PROVEN}",
            "nobody is held responsible without evidence that both officers signed",
        ),
        Gate("born", PERSON, "INSERT", 'NEW."noticed_on" IS NOT NULL OR NEW."decided_on" IS NOT NULL', STAYS),
        Gate("changed", PERSON, "UPDATE", changed, STAYS),
        Gate("deleted", PERSON, "DELETE", "1 = 1", STAYS),
        Gate(
            "employer_first",
            PERSON,
            "UPDATE",
            f'NEW."decided_on" IS NOT NULL AND OLD."decided_on" IS NULL AND NOT {_EMPLOYER_FIRST}',
            "a person is fined after the employer, by a head who did not investigate",
        ),
    ]
    return guards.of_gates(vendor, gates)
