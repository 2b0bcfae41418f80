"""Many urging terms over in one night: what `escalate_case` does for one, for a batch at once."""

from collections.abc import Sequence

from grid.hints import hint
from grid.ledger.actions import Line, record_many
from grid.scope import Actor
from workflows.cases.actions.enforcing import close_voluntary
from workflows.cases.models import Case, CaseState
from workflows.cases.states import may, move
from workflows.cases.verbs import CaseVerb
from workflows.clocks.models import Clock
from workflows.engine.agenda import pass_step


def escalate_cases(clocks: Sequence[Clock], *, by: Actor) -> None:
    """Their terms are over: the agency and the inspectors take over, but for what the law leaves to the person. Nothing
    for a case that ended meanwhile.

    The processes of the cases are locked by the caller.
    """
    rows = Case.objects.filter(pk__in=[clock.case_id for clock in clocks])
    over = [case for case in rows.select_for_update().order_by("pk") if may(case, "escalate")]
    cases = [case for case in over if not close_voluntary(case, by=by)]
    for case in cases:
        move(case, "escalate")
    Case.objects.bulk_update(cases, ["state"])
    step = str(CaseState.ESCALATED.label)
    told = ({"step": step, "state": str(case.state)} for case in cases)
    lines = (Line(c.area, c.subject_id, c.code, facts) for c, facts in zip(cases, told, strict=True))
    record_many(CaseVerb.CASE_ESCALATED, lines, by=by)
    pass_step("case", "term", [case.process_id for case in cases], CaseState.ESCALATED, by=by)
    for area in {case.area for case in cases}:
        hint("case", area)
        hint("inbox", area)
