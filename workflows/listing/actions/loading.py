"""Loading the grounds shipped in this room."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grid.law.actions.loading import Table, take_over
from grid.law.rules.mandate import read_shipped
from workflows.listing.models import Ground
from workflows.listing.rules import is_well_formed

SHIPPED = Path(__file__).parent.parent / "grounds.json"
# That a ground was passed is written nowhere but in itself, and none is shipped as passed.
GROUNDS = Table(
    Ground, "code", ("title", "basis", "route", "subject_kinds", "conditions", "needs_penalty", "months", "remark"),
    lambda row: bool(row["reviewed"]),
)  # fmt: skip


@transaction.atomic
def load_shipped_grounds() -> int:
    """Takes over the shipped grounds; one that this city's lawyers passed stays. Returns how many versions were added.

    Raises ValidationError for a ground whose conditions no fact could answer.
    """
    rows = read_shipped(SHIPPED)
    for row in rows:
        if not is_well_formed(row["conditions"]):
            raise ValidationError(_("情形 {code} 的条件无法核对").format(code=row["code"]))
    return take_over(GROUNDS, rows)
