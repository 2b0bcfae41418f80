"""The one job behind all operations."""

from django_tasks import task

from grid.operations.followers import KINDS
from grid.operations.models import Operation
from grid.territory.models import Person
from grid.territory.queries import actor_of


@task()
def carry_out(operation_id: int, person_id: int) -> None:
    """May run again after a crash: it goes on where it was."""
    operation = Operation.objects.get(pk=operation_id)
    if operation.is_running:
        KINDS[operation.kind].carry_out(operation, by=actor_of(Person.objects.get(pk=person_id)))
