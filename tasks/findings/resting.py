"""What of findings rests on a delivery of a register: it can no longer be undone."""

from django.utils.translation import gettext as _

from grid.registers.actions.rolling_back import Resting, changed_by
from grid.registers.models import Delivery
from tasks.comparison.resting import names_in
from tasks.findings.models import Finding


def resting_on(delivery: Delivery) -> list[Resting]:
    findings = Finding.objects.filter(subject__in=changed_by(delivery), made_at__gte=delivery.began_at)
    return [Resting(_("走访发现"), findings.count(), names_in(findings.order_by("pk")))]
