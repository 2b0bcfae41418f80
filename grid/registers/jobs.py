"""Reading an uploaded file in the background."""

from django.utils.translation import gettext as _
from django_tasks import task

from grid import problems
from grid.registers.actions import OPEN, fail_delivery, read_delivery
from grid.registers.kept import drop_kept, kept_at
from grid.registers.models import Delivery, DeliveryState
from grid.registers.preview import look_through
from grid.territory.models import Person
from grid.territory.queries import actor_of


@task()
def look_at(delivery_id: int, person_id: int) -> None:
    """Looks at an uploaded file for the page on which its columns are checked. May run again after a crash."""
    delivery = Delivery.objects.get(pk=delivery_id)
    path = kept_at(delivery)
    if delivery.state != DeliveryState.PREVIEW or not path.exists():
        return
    try:
        look_through(delivery, path)
    except problems.Problem as problem:
        fail_delivery(delivery, f"{problem.detail}{problem.advice}")
        drop_kept(delivery)
        raise


@task()
def read_kept(delivery_id: int, person_id: int) -> None:
    """May run again after a crash: settled lines are skipped."""
    delivery = Delivery.objects.get(pk=delivery_id)
    path = kept_at(delivery)
    if path.exists():
        read = read_delivery(delivery, path, by=actor_of(Person.objects.get(pk=person_id)))
        if read.state not in OPEN:
            drop_kept(delivery)
    elif delivery.state == DeliveryState.READING:
        fail_delivery(delivery, _("文件已清除，没有读完。请报送部门重新交来。"))
