"""撤回: whoever took a step takes it back, as long as nobody acted on it and nothing left the house.

Locks as everywhere: the case with its process, then the proceeding's process, then its row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid import problems
from grid.ledger.actions import record
from grid.ledger.verbs import Verb
from grid.scope import Actor, Right, ask
from workflows.cases import states as case_states
from workflows.cases.models import Case
from workflows.cases.steps import locked, tell
from workflows.engine import procedures
from workflows.engine.signing.matters import Matter, place_of
from workflows.engine.signing.models import OPEN, Move
from workflows.inspections import states as inspection_states
from workflows.inspections.models import Inspection
from workflows.listing.models import Listing


@dataclass(frozen=True)
class Undo:
    """The step that was taken, on which row and in which columns it left its trace (the first says by whom)."""

    step: str
    row: Callable[[Any], Any]
    columns: tuple[str, ...]
    # Whether something was done on it since, and what.
    begun: Callable[[Any], Promise | str] = lambda matter: ""


def _letter(case: Case) -> Promise | str:
    issued = case.notices.filter(withdrawn_at=None).exists()
    return gettext_lazy("文书已经制发") if issued else ""


def _talks(inspection: Inspection) -> Promise | str:
    return gettext_lazy("集体讨论已经开始") if inspection.opinions.exists() else ""


def _listing(case: Case) -> Listing:
    return Listing.objects.select_for_update().get(case=case)


REVIEW = ("reviewed_by", "reviewed_at", "review_opinion")
DISTRICT = ("district_by", "district_at")
# By the flow and the step the matter stands at since.
UNDOS: Mapping[tuple[str, str], Undo] = {
    ("CaseFlow", "district_approval"): Undo("street_approval", lambda case: case, ("street_by", "street_at")),
    ("CaseFlow", "urging"): Undo("district_approval", lambda case: case, DISTRICT, _letter),
    ("CaseFlow", "listing_district"): Undo("listing_review", _listing, REVIEW),
    ("CaseFlow", "listing_city"): Undo("listing_district", _listing, DISTRICT),
    ("InspectionFlow", "collective"): Undo("legal_review", lambda matter: matter, REVIEW, _talks),
    ("InspectionFlow", "deciding"): Undo("legal_review", lambda matter: matter, REVIEW, _talks),
}


def undo_of(matter: Matter) -> Undo | None:
    """What was done last on the matter and could be taken back where it stands; None where nothing can."""
    place = place_of(matter)
    return UNDOS.get((place.flow, place.step)) if place else None


@transaction.atomic
def take_back(matter: Matter, why: str, *, by: Actor, at: str = "") -> Matter:
    """Takes the last step back: the matter stands there again, and the trace is gone from the row, not from the ledger.

    Raises ReasonMissing, NotYourPost for anybody but who took the step, ActedUpon, OutOfOrder.
    """
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤回"))
    case = locked(matter.pk if isinstance(matter, Case) else matter.case_id)
    fresh: Any = (
        case if isinstance(matter, Case) else type(matter).objects.select_for_update().get(pk=matter.pk)
    )
    held = ask(by, Right.SEE_CASES, fresh.area)
    undo = undo_of(fresh)
    if undo is None or (at and fresh.state != at):
        raise problems.ActedUpon(why=_("这一步之后已经有人办理，或者依法不能撤回。"))
    row = undo.row(fresh)
    _ask(fresh, row, undo, by)
    states: Any = case_states if isinstance(matter, Case) else inspection_states
    with procedures.step_back(fresh.process, fresh.state, undo.step, by=by):
        states.move(fresh, "take_back")
        for column in undo.columns:
            setattr(row, column, None if row._meta.get_field(column).null else "")
        row.save()
        fresh.save()
    title = fresh.get_state_display()
    record(
        Verb.ACT_TAKEN_BACK, by=by, area=case.area, subject=case.subject_id, case=case.code, held=held,
        data={"step": title, "reason": why.strip(), "state": str(fresh.state)},
    )  # fmt: skip
    tell(case)
    matter.__dict__.update(fresh.__dict__)
    return matter


def _ask(matter: Any, row: Any, undo: Undo, by: Actor) -> None:
    if by.person_id is None or getattr(row, f"{undo.columns[0]}_id") != by.person_id:
        raise problems.NotYourPost(right=_("撤回"))
    if begun := undo.begun(matter):
        raise problems.ActedUpon(why=str(begun))
    moves = Move.objects.filter(process=matter.process_id, step=matter.state, state__in=OPEN)
    if found := moves.select_related("asked").first():
        raise problems.ActedUpon(
            why=_("{who}已受邀办理“{step}”").format(who=found.asked.full_name, step=found.title)
        )
