"""Comparing in the background: a city's registers take longer than a person should wait for a page."""

from django_tasks import task

from grid.calendar.now import today
from grid.registers.models import Delivery
from grid.territory.models import Person
from grid.territory.queries import actor_of
from tasks.comparison.actions import COMPARER, compare_delivery, finish_comparison, run_comparison
from tasks.comparison.models import Comparison


@task()
def compare_area(area: str, person_id: int) -> None:
    """In the name of whoever pressed the button. May run again after a crash: no lead is made twice."""
    run_comparison(area, by=actor_of(Person.objects.get(pk=person_id)), as_of=today())


@task()
def compare_after(delivery_id: int) -> None:
    """What a delivery changed. May run again after a crash: it goes on where it was."""
    compare_delivery(Delivery.objects.get(pk=delivery_id))


@task()
def compare_on(comparison_id: int) -> None:
    """A run that was laid down, from where it stands."""
    comparison = Comparison.objects.get(pk=comparison_id)
    if comparison.finished_at is None:
        finish_comparison(comparison, by=COMPARER)
