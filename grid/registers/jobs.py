"""Reading an uploaded file in the background."""

from django_tasks import task

from grid.registers.actions import kept_at, read_delivery
from grid.registers.models import Delivery
from grid.scope import actor_of
from grid.territory.models import Person


@task()
def read_kept(delivery_id: int, person_id: int) -> None:
    """May run again after a crash: settled lines are skipped. The file goes once it was read: it holds more
    personal data than the facts taken from it."""
    delivery = Delivery.objects.get(pk=delivery_id)
    path = kept_at(delivery)
    if path.exists():
        read_delivery(delivery, path, by=actor_of(Person.objects.get(pk=person_id)))
        path.unlink(missing_ok=True)
