"""What is done on the first week's list itself; everything else is done where its line leads."""

from django.core.cache import cache
from django.db import transaction

from grid import problems
from grid.ledger.actions import Line, record
from grid.ledger.models import Checkpoint
from grid.ledger.verbs import LedgerVerb
from grid.scope import Actor, Right, require, require_person
from project.checklist import problems as checklist_problems
from project.checklist.queries import CLOSED, checklist_of, city_of
from project.checklist.verbs import ChecklistVerb


@transaction.atomic
def close_checklist(*, by: Actor) -> None:
    """Takes the list out of the menu; its page stays. Raises ChecklistUnfinished while something blocks, NotHere,
    NotYourPost, AlreadyDone is not among them: closing twice changes nothing."""
    found = checklist_of(by)
    city = city_of(by)
    require(by, Right.POST, city)
    if found.blocking:
        titles = "、".join(line.title for line in found.blocking)
        raise checklist_problems.ChecklistUnfinished(count=len(found.blocking), titles=titles)
    if not found.is_closed:
        record(ChecklistVerb.CHECKLIST_CLOSED, Line(city, data={"left": len(found.others)}), by=by)
        transaction.on_commit(lambda: cache.set(CLOSED, True, None))


@transaction.atomic
def note_checkpoint(where: str, size: int, *, by: Actor) -> Checkpoint:
    """Somebody took the checkpoint of `size` entries away, as it was shown, and says who keeps it: a younger one may have
    been sealed since. Raises ReasonMissing, NotHere (for a size no checkpoint has, too), NotYourPost."""
    require_person(by)
    city = city_of(by)
    require(by, Right.CLEAR_ALARM, city)
    if not where.strip():
        raise problems.ReasonMissing(act=Right.CLEAR_ALARM.value)
    point = Checkpoint.objects.filter(size=size).first()
    if point is None:
        raise problems.NotHere()
    data = {"size": point.size, "root": bytes(point.root).hex(), "where": where.strip()[:100]}
    record(LedgerVerb.CHECKPOINT_KEPT, Line(city, data=data), by=by)
    return point
