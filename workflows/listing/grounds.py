"""Loading the grounds shipped beside this file."""

import json
from pathlib import Path

from django.db import transaction

from workflows.listing.models import Ground

SHIPPED = Path(__file__).parent / "grounds.json"


@transaction.atomic
def load_shipped_grounds() -> int:
    """Adds the shipped grounds that are not there yet; never overwrites what the desk changed. Returns how many."""
    known = set(Ground.objects.values_list("code", "valid_from"))
    rows = [Ground(**entry) for entry in json.loads(SHIPPED.read_text(encoding="utf8"))]
    for row in rows:
        row.clean_fields(exclude={"valid_to"} if row.valid_to is None else set())
    new = [row for row in rows if (row.code, row.valid_from) not in known]
    Ground.objects.bulk_create(new)
    return len(new)
