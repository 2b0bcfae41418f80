"""What each register says of where a subject is."""

from collections.abc import Sequence

from grid.placing.followers import Elsewhere
from grid.registers.models import Row
from grid.registers.rules.layouts import LAYOUTS


def addresses_given(subjects: Sequence[int]) -> dict[int, list[Elsewhere]]:
    """Subject → its address in every register that gives one. One query."""
    rows = Row.objects.filter(subject__in=subjects, until=None).order_by("register")
    found: dict[int, list[Elsewhere]] = {}
    for subject, register, address in rows.values_list("subject", "register", "data__address"):
        if address:
            found.setdefault(subject, []).append(Elsewhere(str(LAYOUTS[register].label), str(address)[:300]))
    return found
