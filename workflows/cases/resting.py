"""What of cases, documents and frozen years rests on a delivery of a register: it can no longer be undone."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.registers.actions.rolling_back import Resting, changed_by
from grid.registers.models import Delivery
from workflows.cases.models import Case
from workflows.notices.models import Notice

NAMED = 5


def resting_on(delivery: Delivery) -> list[Resting]:
    """Cases opened, moved to their end or healed since its lines could be read, and documents issued since."""
    since, about = delivery.began_at, changed_by(delivery)
    moved = Q(opened_at__gte=since) | Q(closed_at__gte=since) | Q(healed_on__gte=day_of(since))
    moved |= Q(street_at__gte=since) | Q(district_at__gte=since) | Q(urged_at__gte=since)
    cases = Case.objects.filter(moved, subject__in=about)
    papers = Notice.objects.filter(case__subject__in=about, issued_at__gte=since)
    return [
        Resting(_("案件"), cases.count(), _first(cases.order_by("code"), "code")),
        Resting(_("文书"), papers.count(), _first(papers.order_by("pk"), "number")),
    ]


def _first(rows: QuerySet[Case] | QuerySet[Notice], name: str) -> tuple[str, ...]:
    return tuple(rows.values_list(name, flat=True)[:NAMED])
