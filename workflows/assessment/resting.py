"""Years that were frozen with a delivery of a register in their numbers: it can no longer be undone."""

from django.utils.translation import gettext as _

from grid.registers.actions.rolling_back import Resting
from grid.registers.models import Delivery
from workflows.assessment.models import Scheme


def resting_on(delivery: Delivery) -> list[Resting]:
    frozen = Scheme.objects.filter(frozen_at__gte=delivery.began_at, year__gte=delivery.as_of.year).order_by(
        "year"
    )
    years = tuple(str(year) for year in frozen.values_list("year", flat=True))
    return [Resting(_("年度考核"), len(years), years)]
