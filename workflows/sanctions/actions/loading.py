"""Loading the measures shipped in this room."""

import json
from pathlib import Path

from django.db import transaction

from grid.law.actions.loading import Table, take_over
from workflows.sanctions.models import Sanction

SHIPPED = Path(__file__).parent.parent / "measures.json"
MEASURES = Table(
    Sanction, "code", ("title", "departments", "basis", "in_national_list", "mark", "remark", "reviewed"),
    lambda row: row["edited_by_id"] is not None,
)  # fmt: skip


@transaction.atomic
def load_shipped_sanctions() -> int:
    """Takes over the shipped measures; one that the desk gave another basis stays. Returns how many versions were added."""
    return take_over(MEASURES, json.loads(SHIPPED.read_text(encoding="utf8")))
