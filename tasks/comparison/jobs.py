"""Comparing in the background: a city's registers take longer than a person should wait for a page."""

from django_tasks import task

from grid.calendar.now import today
from grid.scope import actor_of
from grid.territory.models import Person
from tasks.comparison.actions import run_comparison


@task()
def compare_area(area: str, person_id: int) -> None:
    """In the name of whoever pressed the button. May run again after a crash: no lead is made twice."""
    run_comparison(area, by=actor_of(Person.objects.get(pk=person_id)), as_of=today())
