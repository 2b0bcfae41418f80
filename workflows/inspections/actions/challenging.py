"""行政复议 and 行政诉讼 against a penalty: what they hold up, and what their end sets going (行政处罚法73条, 行政强制法53条).

The remedy itself is noted and closed in workflows/remedies, which calls the parts here.
"""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.scope import Actor, Held
from workflows.cases import states as case_states
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock
from workflows.engine import procedures
from workflows.engine.actions.steps import locked, notify_pages, record_on, running_terms, stop_terms
from workflows.inspections import problems as inspections_problems
from workflows.inspections import rules, states
from workflows.inspections.actions.enforcing import close_paid_case, finish_penalty
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import weighing
from workflows.inspections.verbs import InspectionVerb
from workflows.notices.actions import withdraw_documents
from workflows.notices.models import NoticeKind
from workflows.remedies.followers import Room
from workflows.remedies.models import Remedy, RemedyKind, RemedyOutcome, RemedyTarget

# What the office may still ask of the party on a penalty that stands.
ASKING = (
    NoticeKind.PENALTY_DECISION, NoticeKind.PENALTY_ADVICE, NoticeKind.DEMAND, NoticeKind.COURT_APPLICATION,
)  # fmt: skip


def hold_penalty(remedy: Remedy, by: Actor) -> None:
    """Part of noting a remedy: its own term is over by being used. The case is locked by the caller."""
    inspection = _penalised(remedy)
    if inspection is not None:
        stop_terms(inspection, "inspection.remedy", why=str(remedy.get_kind_display()), by=by)


def stay_penalty(remedy: Remedy, by: Actor) -> None:
    """Part of noting a stay: a demand that was issued and did not reach the party is taken back, and a new one is
    made when the stay is over (行政处罚法73条1款). The case is locked by the caller."""
    inspection = _penalised(remedy)
    if inspection is not None and inspection.state == S.PERFORMING:
        why = _("停止执行：{number}").format(number=remedy.stay_number)
        withdraw_documents(inspection.case, why, by=by, kinds=(NoticeKind.DEMAND,))


def settle_penalty(remedy: Remedy, fine: Decimal | None, by: Actor, held: Held | None) -> None:
    """Part of closing a remedy: a quashed penalty falls with its inspection, a changed one is the sum now owed, one
    that stands goes on to the court once no other remedy is open. The case is locked by the caller.

    Raises ChangedFineMissing, HeavierOnRemedy.
    """
    inspection = _penalised(remedy)
    if inspection is None:
        return
    if remedy.outcome == RemedyOutcome.QUASHED:
        _quash(inspection, remedy, by, held)
        return
    if remedy.outcome == RemedyOutcome.CHANGED:
        _change(inspection, remedy, fine, by, held)
    _perform_if_paid(inspection, remedy, by, held)
    if inspection.state in states.OWING:
        _go_on(inspection, remedy, by)


def penalised_on(case: Case) -> date | None:
    """When the penalty of `case` was decided."""
    told = (case.penalty or {}).get("decided_on")
    return date.fromisoformat(told) if told else None


def _penalised(remedy: Remedy) -> Inspection | None:
    """The inspection whose penalty the remedy is against, served and locked; None where it is against something else."""
    if remedy.target != RemedyTarget.PENALTY:
        return None
    served = Inspection.objects.filter(case=remedy.case_id, served_on__isnull=False).exclude(state=S.QUASHED)
    found = served.order_by("-pk")
    newest = found.values_list("pk", flat=True).first()
    return locked(Inspection, newest) if newest else None


def _quash(inspection: Inspection, remedy: Remedy, by: Actor, held: Held | None) -> None:
    why = _in_words(remedy)
    stop_terms(inspection, "penalty.correction", why=why, by=by)
    if inspection.is_open:
        states.move(inspection, "quash")
        inspection.closed_at, inspection.closed_why, inspection.closed_by_id = now(), why, by.person_id
        stop_terms(inspection, why=why, by=by)
        inspection.save()
        procedures.close_procedure(inspection.process, by=by)
    record_on(InspectionVerb.PENALTY_QUASHED, inspection, by, held, reason=why)
    withdraw_documents(inspection.case, why, by=by, kinds=ASKING)
    _reopen(inspection.case, by)
    notify_pages(inspection)


def _reopen(case: Case, by: Actor) -> None:
    """Nothing has been imposed any more: the case is where it was before it was inspected. One that already went to
    the list is dropped or taken off there; one that ended stays ended."""
    if not case_states.may(case, "reopen"):
        return
    before = case.state
    case_states.move(case, "reopen")
    case.penalty = None
    # A judgment waits for nobody whose opinion was asked at the step: it is given up, not taken.
    with procedures.step_back(case.process, before, case.state, by=by):
        case.save()


def _change(
    inspection: Inspection, remedy: Remedy, fine: Decimal | None, by: Actor, held: Held | None
) -> None:
    """复议机关不得作出对申请人更为不利的变更决定 (行政复议法63条); 判决变更不得加重 (行政诉讼法77条)."""
    case = inspection.case
    if fine is None or case.penalty is None:
        raise inspections_problems.ChangedFineMissing()
    if rules.is_heavier(fine, inspection.fine):
        raise inspections_problems.HeavierOnRemedy(fine=inspection.fine)
    inspection.fine = fine
    inspection.save(update_fields=["fine"])
    case.penalty = case.penalty | {"amount": str(fine)}
    case.save(update_fields=["penalty"])
    record_on(InspectionVerb.PENALTY_CHANGED, inspection, by, held, fine=str(fine), reason=_in_words(remedy))


def _perform_if_paid(inspection: Inspection, remedy: Remedy, by: Actor, held: Held | None) -> None:
    """What was paid before may be all that is owed now: the fine was lowered, or the days of the remedy bear nothing."""
    if inspection.state not in states.OWING or not weighing.is_settled(inspection):
        return
    before, why = inspection.state, _in_words(remedy)
    states.move(inspection, "perform")
    finish_penalty(inspection, why, by)
    with procedures.followed(inspection.process, before, by=by, held=held):
        inspection.save()
    record_on(InspectionVerb.PENALTY_PERFORMED, inspection, by, held, reason=why)
    close_paid_case(inspection, why, by, held)


def _go_on(inspection: Inspection, remedy: Remedy, by: Actor) -> None:
    """The next term: to sue after a review, to ask the court after a suit, and what was left of the first term where
    the party gave its remedy up. A court's term that stood still is resumed where it is kept."""
    others = Remedy.objects.filter(case=inspection.case_id, target=RemedyTarget.PENALTY, decided_on=None)
    if others.exists() or inspection.state == S.COURT:
        return
    if running_terms(inspection, "inspection.remedy", "inspection.court"):
        return
    kind, key, first = _next_term(inspection, remedy)
    start_clock(kind, by=by, case=inspection.case, provision=the_law(today())[key], from_day=first)


def _next_term(inspection: Inspection, remedy: Remedy) -> tuple[str, str, date]:
    """(kind of term, its parameter, the day it counts from)."""
    assert inspection.served_on is not None and remedy.ended_on is not None
    if remedy.outcome == RemedyOutcome.WITHDRAWN:
        return "inspection.remedy", "remedy.suit_months", inspection.served_on
    if remedy.kind == RemedyKind.REVIEW:
        return "inspection.remedy", "remedy.suit_after_review", remedy.ended_on
    return "inspection.court", "inspection.court", remedy.ended_on


def _in_words(remedy: Remedy) -> str:
    return _("{kind}{outcome}：{number}").format(
        kind=remedy.get_kind_display(), outcome=remedy.get_outcome_display(), number=remedy.outcome_number
    )


CHALLENGED = Room(
    RemedyTarget.PENALTY, penalised_on, noted=hold_penalty, stayed=stay_penalty, ended=settle_penalty
)
