"""Ordering work that runs in the background, and keeping its progress."""

from collections.abc import Callable, Mapping

from django.db import transaction

from grid.calendar.now import now
from grid.ledger.actions import Line, record
from grid.operations import problems as operations_problems
from grid.operations.followers import AT_ONCE, KINDS
from grid.operations.jobs import carry_out
from grid.operations.models import Operation
from grid.operations.verbs import OperationVerb
from grid.scope import Actor, require, require_person


@transaction.atomic
def order_operation(
    kind: str, area: str, title: str, asked: Mapping[str, object] | None = None, *, by: Actor
) -> Operation:
    """Lets a background job do it, in the name of whoever orders it. What runs already is answered as it is; what
    failed begins anew under its old number, so that its failure is over with it. Raises NotHere, NotYourPost."""
    held = require(by, KINDS[kind].right, area)
    asked = dict(asked or {})
    before = Operation.objects.select_for_update().filter(kind=kind, area=area).order_by("-pk").first()
    if before and before.is_running:
        return before
    if before is None or not before.trouble:
        before = Operation(kind=kind, area=area)
    before.title, before.asked, before.by_id, before.at = title[:100], asked, require_person(by), now()
    before.cursor = before.total = before.done = before.changed = 0
    before.ended_at, before.result, before.trouble = None, "", ""
    before.save()
    record(OperationVerb.OPERATION_ORDERED, Line(area, data={"title": before.title}), by=by, held=held)
    carry_out.enqueue(before.pk, require_person(by))
    return before


def take_step(operation: Operation, step: Callable[[Operation], bool]) -> bool:
    """One piece of the work with its progress, whole or not at all: `step` changes the locked operation and says whether
    more is to come. False once it is over, as when another worker came to its end. Part of carrying it out."""
    with transaction.atomic():
        fresh = Operation.objects.select_for_update().get(pk=operation.pk)
        if not fresh.is_running:
            return False
        goes_on = step(fresh)
        fresh.save()
        return goes_on


def end_operation(operation: Operation, result: str, *, by: Actor) -> None:
    """The last piece of its work, saved by whoever holds it."""
    operation.ended_at, operation.result = now(), result[:300]
    data = {"title": operation.title, "result": operation.result}
    record(OperationVerb.OPERATION_DONE, Line(operation.area, data=data), by=by)


@transaction.atomic
def fail_operation(operation: Operation, why: str) -> None:
    """The job was given up, which whoever ordered it learns; what was done of it stays."""
    fresh = Operation.objects.select_for_update().get(pk=operation.pk)
    if fresh.is_running:
        fresh.ended_at, fresh.trouble = now(), why[:300]
        fresh.save(update_fields=["ended_at", "trouble"])


def refuse_many(count: int) -> None:
    """Raises TooManyAtOnce for more than a request may do."""
    if count > AT_ONCE:
        raise operations_problems.TooManyAtOnce(n=count, most=AT_ONCE)
