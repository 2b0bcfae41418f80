"""What of leads rests on a delivery of a register: it can no longer be undone."""

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from grid.registers.actions.rolling_back import Resting
from grid.registers.models import Delivery
from tasks.comparison.models import Lead, LeadState

NAMED = 5
# Somebody was sent, or has confirmed; an open lead is looked at again by itself.
WORKED_ON = (LeadState.TASKED, LeadState.CONFIRMED)


def resting_on(delivery: Delivery) -> list[Resting]:
    rows = Q(left__delivery=delivery) | Q(right__delivery=delivery)
    leads = Lead.objects.filter(rows, state__in=WORKED_ON).order_by("pk")
    return [Resting(_("线索"), leads.count(), names_in(leads))]


def names_in(rows: QuerySet[Model]) -> tuple[str, ...]:
    """The first few whom these rows are about."""
    return tuple(rows.values_list("subject__name", flat=True)[:NAMED])
