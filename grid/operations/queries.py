"""Reading operations: one's own, and those of a kind and a territory one may order oneself."""

from grid import problems
from grid.operations.followers import KINDS
from grid.operations.models import Operation
from grid.scope import Actor, within


def operation_of(viewer: Actor, pk: int) -> Operation:
    """Raises NotHere."""
    found = Operation.objects.select_related("by").filter(pk=pk).first()
    if found is None or not (
        found.by_id == viewer.person_id or viewer.can(KINDS[found.kind].right, found.area)
    ):
        raise problems.NotHere()
    return found


def running(viewer: Actor, kind: str) -> list[Operation]:
    """Those of a kind that are under way where the viewer may order them."""
    rows = Operation.objects.filter(kind=kind, ended_at=None).select_related("by")
    return list(within(rows, viewer, KINDS[kind].right).order_by("pk"))
