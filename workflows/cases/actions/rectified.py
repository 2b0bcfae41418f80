"""Cases that close by themselves because the register shows what they asked for."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.registers.models import Register, Row
from grid.registers.standing import insured_heads
from grid.scope import Actor, machine
from tasks.comparison.queries import hits_of
from tasks.coverage.actions import mark_state
from tasks.coverage.states import CoverState
from tasks.doors.actions.moves import drop_questions
from workflows.cases import rules
from workflows.cases.actions.steps import doors_in_question
from workflows.cases.models import ENDED, Case
from workflows.cases.states import may, move
from workflows.cases.verbs import CaseVerb
from workflows.clocks.actions import stop_clocks
from workflows.engine import procedures
from workflows.engine.actions.steps import locked, notify_pages, record_on
from workflows.engine.kind import kind_of
from workflows.engine.signing.queries.matters import proceedings_of

COMPARER = machine("名册比对")
SWEEP = 500


def close_rectified(limit: int = SWEEP) -> int:
    """Periodic: closes the open cases that a social-insurance register delivered since has settled. How many.

    Whoever compares may call rectify_cases at once; this finds what nobody called for.
    """
    newer = Row.objects.filter(
        subject=OuterRef("subject"),
        register=Register.SOCIAL,
        until=None,
        delivery__delivered_at__gt=OuterRef("opened_at"),
    )
    waiting = Case.objects.filter(Exists(newer), healed_on=None).exclude(state__in=ENDED)
    cases = list(waiting.select_related("finding__visit").order_by("pk")[:limit])
    ids = [case.subject_id for case in cases]
    if not ids:
        return 0
    rows = Row.objects.filter(subject__in=ids, register=Register.SOCIAL, until=None)
    insured = {row.subject_id: insured_heads(row.data) for row in rows}
    still_doubted = hits_of(ids, today())
    healed = [
        case.subject_id
        for case in cases
        if case.subject_id not in still_doubted and _is_rectified(case, insured.get(case.subject_id, 0))
    ]
    return len(rectify_cases(healed, by=COMPARER))


def _is_rectified(case: Case, insured: int) -> bool:
    visit = case.finding.seen
    return rules.is_rectified(visit.outcome, visit.answers, insured)


@transaction.atomic
def rectify_cases(subject_ids: Iterable[int], *, by: Actor) -> list[str]:
    """Closes the open cases of subjects that the newest social-insurance register shows rectified.

    A subject already decided to be listed stays on the list until its end or its repair, and one under
    inspection is for its inspectors to end lawfully; that it rectified is kept with its date. Returns the codes of
    the cases touched; repeating touches none.
    """
    ids = sorted(set(subject_ids))
    running = Case.objects.filter(subject__in=ids, healed_on=None).exclude(state__in=ENDED)
    touched = [
        _rectify(case_id, by) for case_id in running.order_by("process_id").values_list("pk", flat=True)
    ]
    healed = [case for case in touched if case is not None]
    drop_questions(doors_in_question(case for case in healed if not case.is_open))
    mark_state([case.subject_id for case in healed], CoverState.RECTIFIED, by=by)
    return [case.code for case in healed]


def closes_when_rectified(case: Case) -> bool:
    """Whether a register that shows the correction ends the case: not once the city has decided, and not while
    inspectors are to end their matter lawfully."""
    held = (proceeding for proceeding in proceedings_of(case) if kind_of(proceeding).holds)
    return may(case, "heal") and not any(held)


def _rectify(case_id: int, by: Actor) -> Case | None:
    case = locked(Case, case_id)
    if case.healed_on or not case.is_open:
        return None
    case.healed_on = today()
    if closes_when_rectified(case):
        move(case, "heal")
        case.closed_at, case.closed_why = now(), str(_("社保名册显示已整改"))
        stop_clocks(case, str(_("已整改")), by=by)
    record_on(CaseVerb.CASE_HEALED, case, by, None, on=case.healed_on.isoformat())
    case.save()
    if not case.is_open:
        _end_audit(case, by)
        procedures.close_procedure(case.process, by=by)
    notify_pages(case)
    return case


def _end_audit(case: Case, by: Actor) -> None:
    """What is being audited has been corrected: the audit ends with that, and a transfer nobody answered yet."""
    # By name: that room moves cases itself.
    end_healed: Callable[..., None] = import_string("workflows.audits.actions.end_rectified")
    end_healed(case, by=by)
