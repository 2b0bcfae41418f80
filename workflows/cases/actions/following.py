"""A case follows the outcome of its audit or its inspection."""

from grid.calendar.now import now
from grid.scope import Actor, Held
from workflows.cases.models import Case
from workflows.cases.states import move
from workflows.cases.verbs import CaseVerb
from workflows.clocks.actions import stop_clocks
from workflows.engine import procedures
from workflows.engine.actions.steps import notify_pages, record_on


def follow_proceeding(case: Case, act: str, why: str = "", *, by: Actor, held: Held | None) -> Case:
    """Moves `case`, locked by the caller, by an act of `CasePath`: into a proceeding (audit, inspect), out of it
    again (resume, penalise), or to the end it came to (spare, dismiss, transfer, heal, perform), which stops every
    term of the case. Who may do that was asked by the act of the proceeding: `held` is its posting.

    Raises OutOfOrder.
    """
    before = case.state
    move(case, act)
    if case.is_open:
        with procedures.followed(case.process, before, by=by, held=held):
            case.save()
    else:
        # The step that waited is broken off, not taken: nothing comes after it.
        case.closed_at, case.closed_why = now(), why[:300]
        stop_clocks(case, why[:100], by=by)
        record_on(CaseVerb.CASE_CLOSED, case, by, held, reason=why)
        case.save()
        procedures.close_procedure(case.process, by=by)
    notify_pages(case)
    return case
