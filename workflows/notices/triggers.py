"""The numbers of documents only grow: nobody gives one twice by turning the counter back. No paper is handed over before
its approval and its seal are on record, and neither is ever changed."""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

TABLE = "workflows_number"


def number_guards(vendor: str) -> list[Guard]:
    other = 'NEW."series" <> OLD."series" OR NEW."year" <> OLD."year"'
    again = f'EXISTS (SELECT 1 FROM "{TABLE}" n WHERE n."series" = NEW."series" AND n."year" = NEW."year")'
    gates = [
        Gate(
            "forward",
            TABLE,
            "UPDATE",
            f'NEW."last" < OLD."last" OR {other}',
            "numbers of documents never go back",
        ),
        Gate("kept", TABLE, "DELETE", "1 = 1", "a series of numbers is never deleted"),
    ]
    if vendor == "sqlite":
        gates.append(Gate("replaced", TABLE, "INSERT", again, "a series of numbers is never replaced"))
    return guards.of_gates(vendor, gates)


APPROVAL, SEAL, SERVICE, NOTICE = (
    f"workflows_{name}" for name in ("approval", "sealuse", "service", "notice")
)
STAYS = "approvals and uses of the seal stay as they are"
_SEALED = f'EXISTS (SELECT 1 FROM "{SEAL}" u WHERE u."notice_id" = NEW."notice_id")'
_APPROVED = f'EXISTS (SELECT 1 FROM "{APPROVAL}" a WHERE a."notice_id" = NEW."notice_id" AND {{way}})'


def approval_guards(vendor: str) -> list[Guard]:
    """The approval of a paper comes before its seal, both before its service (党政机关公文处理工作条例 第22、25条)."""
    signed = _APPROVED.format(way="a.\"way\" IN ('signed', 'decided')")
    before = _APPROVED.format(way="a.\"way\" = 'before'")
    own = f'EXISTS (SELECT 1 FROM "{NOTICE}" n WHERE n."id" = NEW."notice_id" AND {{so}})'
    other = 'NEW."notice_id" <> OLD."notice_id" OR NEW."area" <> OLD."area"'
    drafted, withdrawn = (
        own.format(so='n."issued_by_id" = NEW."by_id"'),
        own.format(so='n."withdrawn_at" IS NOT NULL'),
    )
    gates = [
        Gate("approved", SERVICE, "INSERT", f"NOT ({before} OR ({signed} AND {_SEALED}))",
             "no paper is handed over before it is approved and sealed"),
        Gate("same_paper", SERVICE, "UPDATE", 'NEW."notice_id" <> OLD."notice_id"', "a service is of one paper"),
        Gate("unasked", APPROVAL, "INSERT", "NEW.\"way\" NOT IN ('waiting', 'decided')", "an approval is waited for"),
        Gate("own", APPROVAL, "UPDATE", f"NEW.\"way\" = 'signed' AND {drafted}", "nobody approves their own draft"),
        Gate("fallen", APPROVAL, "UPDATE", withdrawn, "a paper that was taken back is not approved"),
        Gate("changed", APPROVAL, "UPDATE", f"OLD.\"way\" <> 'waiting' OR {other}", STAYS),
        Gate("deleted", APPROVAL, "DELETE", "1 = 1", STAYS),
        Gate("unsigned", SEAL, "INSERT", f"NOT {signed}", "the seal is put to what was approved"),
        Gate("changed", SEAL, "UPDATE", "1 = 1", STAYS),
        Gate("deleted", SEAL, "DELETE", "1 = 1", STAYS),
    ]  # fmt: skip
    if vendor == "sqlite":
        again = (
            'EXISTS (SELECT 1 FROM "{table}" k WHERE k."id" = NEW."id" OR k."notice_id" = NEW."notice_id")'
        )
        gates += [
            Gate("replaced", table, "INSERT", again.format(table=table), STAYS) for table in (APPROVAL, SEAL)
        ]
    return guards.of_gates(vendor, gates)
