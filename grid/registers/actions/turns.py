"""Whose turn it is, and that nothing older is taken after something newer."""

from datetime import date

from django.db.models import Q

from grid.calendar.now import today
from grid.registers import problems as registers_problems
from grid.registers.models import Delivery, DeliveryState, Register
from grid.registers.rules import overlap
from grid.territory.models import Area
from grid.territory.queries import current_area


def take_turn(area: str) -> None:
    """Imports of one city wait for each other, so that two never open one file or add one subject twice."""
    Area.objects.select_for_update().filter(pk=area[:4]).first()


def refuse_wrong_day(register: str, area: str, as_of: date, but: Delivery | None = None) -> None:
    """Raises FutureDelivery, OlderDelivery where newer facts of the area were taken, also in part."""
    if as_of > today():
        raise registers_problems.FutureDelivery(as_of=as_of)
    begun = Q(lines__gt=0, state__in=(DeliveryState.READING, DeliveryState.FAILED))
    done = Delivery.objects.filter(begun | Q(state=DeliveryState.DONE), register=register, as_of__gt=as_of)
    done = done.exclude(pk=but.pk) if but else done
    newer = [when for code, when in done.values_list("area", "as_of") if overlap(code, area)]
    if newer:
        raise registers_problems.OlderDelivery(
            area=current_area(area).name, newest=max(newer), register=Register(register).label, as_of=as_of
        )
