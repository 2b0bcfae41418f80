"""What an inspection is to the engine."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.texts import Text
from workflows.cases.models import CaseState
from workflows.clocks.models import Clock
from workflows.engine.actions.stuck import stuck_term
from workflows.engine.kind import Kind, Stuck, Undo
from workflows.engine.signing.rules import DECISION, DISCUSSION, HANDLING, REVIEW
from workflows.inspections import states
from workflows.inspections.flow import InspectionFlow
from workflows.inspections.models import ENDED, Inspection, InspectionState
from workflows.inspections.waiting import INSPECTIONS

# In one of these it still waits for the party's money.
UNPAID = (InspectionState.PERFORMING, InspectionState.DEMANDED)


def _unenforceable() -> Iterator[Stuck]:
    """A penalty nobody paid and nobody brought before the court in time: nothing but a payment moves it any more."""
    past = Clock.objects.filter(
        kind="inspection.court", fired_at__isnull=False, case__inspections__state__in=UNPAID,
        case__inspections__served_on__lte=F("started_on"),
    )  # fmt: skip
    for clock in past.select_related("case", "round").order_by("pk"):
        why = _("“{term}”于 {due} 届满，没有申请强制执行").format(term=clock.name, due=clock.due_on)
        advice = _("请核实当事人能否自行履行；逾期未申请的原因由区主管写明存卷")
        yield stuck_term(clock, "court-missed", why, advice)


def _inspection(inspection: Inspection) -> Inspection:
    return inspection


def _talks(inspection: Inspection) -> Text:
    return gettext_lazy("集体讨论已经开始") if inspection.opinions.exists() else ""


_REVIEW = Undo("legal_review", _inspection, ("reviewed_by", "reviewed_at", "review_opinion"), _talks)

INSPECTION = Kind(
    name="inspection",
    flow=InspectionFlow,
    first=InspectionState.FILING,
    model=Inspection,
    states=InspectionState,
    ended=ENDED,
    path=states,
    beside="case",
    facts=lambda inspection: {"inspection": inspection.code, "stage": str(inspection.state)},
    ways={
        "filing": DECISION,
        "investigating": HANDLING,
        "order_expired": HANDLING,
        "noticed": HANDLING,
        "hearing": HANDLING,
        "legal_review": REVIEW,
        "collective": DISCUSSION,
        "deciding": DECISION,
        "decided": HANDLING,
    },
    returns={"deciding": frozenset({InspectionState.INVESTIGATING, InspectionState.NOTICED})},
    undos={"collective": _REVIEW, "deciding": _REVIEW},
    awaited_in=CaseState.INSPECTED,
    holds=True,
    snags=_unenforceable,
    waiting=(INSPECTIONS,),
)
