"""撤回: whoever took a step takes it back, as long as nobody acted on it and nothing left the house.

Locks as everywhere: the case with its process, then the proceeding's process, then its row.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.ledger.actions import Line, record
from grid.scope import Actor, Right, require
from workflows.engine import problems as engine_problems
from workflows.engine import procedures
from workflows.engine.actions.steps import locked, notify_pages, refresh
from workflows.engine.kind import Undo, kind_of, owner_of
from workflows.engine.signing.models import OPEN, Move
from workflows.engine.signing.queries.matters import Matter, place_of
from workflows.engine.verbs import EngineVerb


def undo_of(matter: Matter) -> Undo | None:
    """What was done last on the matter and could be taken back where it stands; None where nothing can."""
    place = place_of(matter)
    return kind_of(matter).undos.get(place.step) if place else None


@transaction.atomic
def take_back(matter: Matter, why: str, *, by: Actor, at: str = "") -> Matter:
    """Takes the last step back: the matter stands there again, and the trace is gone from the row, not from the ledger.

    Raises ReasonMissing, NotYourPost for anybody but who took the step, ActedUpon, OutOfOrder.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤回"))
    fresh: Any = locked(type(matter), matter.pk)
    case = owner_of(fresh)
    held = require(by, Right.SEE_CASES, fresh.area)
    undo = undo_of(fresh)
    if undo is None or (at and fresh.state != at):
        raise engine_problems.ActedUpon(why=_("这一步之后已经有人办理，或者依法不能撤回。"))
    row = _traced(undo, fresh)
    _require_undoable(fresh, row, undo, by)
    path: Any = kind_of(fresh).path
    with procedures.step_back(fresh.process, fresh.state, undo.step, by=by):
        path.move(fresh, "take_back")
        for column in undo.columns:
            setattr(row, column, None if row._meta.get_field(column).null else "")
        row.save()
        fresh.save()
    title = fresh.get_state_display()
    record(
        EngineVerb.ACT_TAKEN_BACK,
        Line(
            case.area,
            subject=case.subject_id,
            case=case.code,
            data={"step": title, "reason": why.strip(), "state": str(fresh.state)},
        ),
        by=by,
        held=held,
    )
    notify_pages(case)
    refresh(matter, fresh)
    return matter


def _traced(undo: Undo, fresh: Any) -> Any:
    """The row on which the step left its trace, locked as the matter itself is."""
    row = undo.row(fresh)
    return row if row is fresh else type(row)._default_manager.select_for_update().get(pk=row.pk)


def _require_undoable(matter: Any, row: Any, undo: Undo, by: Actor) -> None:
    if by.person_id is None or getattr(row, f"{undo.columns[0]}_id") != by.person_id:
        raise problems.NotYourPost(right=_("撤回"))
    if begun := undo.begun(matter):
        raise engine_problems.ActedUpon(why=str(begun))
    moves = Move.objects.filter(process=matter.process_id, step=matter.state, state__in=OPEN)
    if found := moves.select_related("asked").first():
        raise engine_problems.ActedUpon(
            why=_("{who}已受邀办理“{step}”").format(who=found.asked.full_name, step=found.title)
        )
