"""A closed year stays as it was closed: its scheme, indicators, numbers and members, whoever holds the connection.

A year closed before its members were stored (no cut-off) is left to what guarded it then.
"""

from grid.ledger.triggers import guards
from grid.ledger.triggers.guards import Gate, Guard

SAYS = "a closed year stays as it was closed"
SCHEME, INDICATOR = "workflows_scheme", "workflows_indicator"
RESULT, MEMBERS = "workflows_result", "workflows_memberlist"
# From a row of each table to the year it belongs to.
_YEAR = {
    INDICATOR: f'EXISTS (SELECT 1 FROM "{SCHEME}" s WHERE s."id" = {{row}}."scheme_id" AND {{closed}})',
    RESULT: (
        f'EXISTS (SELECT 1 FROM "{INDICATOR}" i JOIN "{SCHEME}" s ON s."id" = i."scheme_id" '
        'WHERE i."id" = {row}."indicator_id" AND {closed})'
    ),
    MEMBERS: (
        f'EXISTS (SELECT 1 FROM "{RESULT}" r JOIN "{INDICATOR}" i ON i."id" = r."indicator_id" '
        f'JOIN "{SCHEME}" s ON s."id" = i."scheme_id" WHERE r."id" = {{row}}."result_id" AND {{closed}})'
    ),
}


def year_guards(vendor: str) -> list[Guard]:
    gates = [
        Gate("changed", SCHEME, "UPDATE", _closed("OLD"), SAYS),
        Gate("deleted", SCHEME, "DELETE", _closed("OLD"), SAYS),
    ]
    for table, belongs in _YEAR.items():
        before, after = (belongs.format(row=row, closed=_closed("s")) for row in ("OLD", "NEW"))
        gates += [
            Gate("changed", table, "UPDATE", f"{before} OR {after}", SAYS),
            Gate("deleted", table, "DELETE", before, SAYS),
            Gate("added", table, "INSERT", after, SAYS),
        ]
    if vendor == "sqlite":
        same = 's."id" = NEW."id" OR s."year" = NEW."year"'
        again = f'EXISTS (SELECT 1 FROM "{SCHEME}" s WHERE ({same}) AND {_closed("s")})'
        gates.append(Gate("replaced", SCHEME, "INSERT", again, SAYS))
    return guards.of_gates(vendor, gates)


def _closed(row: str) -> str:
    return f"""({row}."state" = 'frozen' AND {row}."cutoff" IS NOT NULL)"""
