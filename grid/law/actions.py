"""Loading the shipped provisions. Editing them at the desk is an act of the legal office."""

import json
from pathlib import Path

from django.db import transaction

from grid.law.models import Provision

SHIPPED = Path(__file__).parent / "provisions.json"


@transaction.atomic
def load_shipped_provisions() -> int:
    """Adds the shipped provisions that are not there yet; never overwrites what the desk changed. Returns how many."""
    known = set(Provision.objects.values_list("key", "valid_from"))
    rows = [Provision(**entry) for entry in json.loads(SHIPPED.read_text(encoding="utf8"))]
    for row in rows:
        row.clean_fields()
    new = [row for row in rows if (row.key, row.valid_from) not in known]
    Provision.objects.bulk_create(new)
    return len(new)
