"""Loading the grounds shipped in this room."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grid.law.rules.mandate import read_shipped
from workflows.listing.models import Ground
from workflows.listing.rules import is_well_formed

SHIPPED = Path(__file__).parent.parent / "grounds.json"


@transaction.atomic
def load_shipped_grounds() -> int:
    """Adds the shipped grounds that are not there yet; never overwrites what the desk changed. Returns how many.

    Raises ValidationError for a ground whose conditions no fact could answer.
    """
    known = set(Ground.objects.values_list("code", "valid_from"))
    rows = [Ground(**entry) for entry in read_shipped(SHIPPED)]
    for row in rows:
        row.clean_fields()
        if not is_well_formed(row.conditions):
            raise ValidationError(_("情形 {code} 的条件无法核对").format(code=row.code))
    new = [row for row in rows if (row.code, row.valid_from) not in known]
    Ground.objects.bulk_create(new)
    return len(new)
