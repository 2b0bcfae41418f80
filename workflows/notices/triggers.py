"""The numbers of documents only grow: nobody gives one twice by turning the counter back."""

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
