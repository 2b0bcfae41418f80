"""Loading the measures shipped in this room."""

import json
from pathlib import Path

from django.db import transaction

from workflows.sanctions.models import Sanction

SHIPPED = Path(__file__).parent.parent / "measures.json"


@transaction.atomic
def load_shipped_sanctions() -> int:
    """Adds the shipped measures nobody knows yet; never overwrites what the desk changed. Returns how many."""
    known = set(Sanction.objects.values_list("code", flat=True))
    rows = [Sanction(**entry) for entry in json.loads(SHIPPED.read_text(encoding="utf8"))]
    new = [row for row in rows if row.code not in known]
    for row in new:
        row.clean_fields()
    Sanction.objects.bulk_create(new)
    return len(new)
