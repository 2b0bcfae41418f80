"""What of leads and findings rests on a delivery of a register: it can no longer be undone."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.registers.models import Delivery
from grid.registers.rolling_back import Resting, changed_by
from tasks.comparison.models import Lead, LeadState
from tasks.findings.models import Finding

NAMED = 5
# Somebody was sent, or has confirmed; an open lead is looked at again by itself.
WORKED_ON = (LeadState.TASKED, LeadState.CONFIRMED)


def resting_on(delivery: Delivery) -> list[Resting]:
    rows = Q(left__delivery=delivery) | Q(right__delivery=delivery)
    leads = Lead.objects.filter(rows, state__in=WORKED_ON).order_by("pk")
    findings = Finding.objects.filter(subject__in=changed_by(delivery), made_at__gte=delivery.began_at)
    return [
        Resting(_("线索"), leads.count(), _names(leads)),
        Resting(_("走访发现"), findings.count(), _names(findings.order_by("pk"))),
    ]


def _names(rows: QuerySet[Any]) -> tuple[str, ...]:
    return tuple(rows.values_list("subject__name", flat=True)[:NAMED])
