"""What a case is to the engine."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from grid.scope import Right
from grid.texts import Text
from workflows.cases import states
from workflows.cases.flow import CaseFlow
from workflows.cases.models import ENDED, Case, CaseState
from workflows.cases.waiting import cases_waiting
from workflows.engine.kind import Kind, Undo
from workflows.engine.signing.rules import APPROVAL, DECISION, HANDLING, REVIEW

WAYS = {
    "street_approval": APPROVAL,
    "district_approval": APPROVAL,
    "correction": HANDLING,
    "urging": HANDLING,
    "escalated": HANDLING,
    "penalised": HANDLING,
    "listing_proposed": HANDLING,
    "defence": HANDLING,
    "listing_review": REVIEW,
    "listing_district": DECISION,
    "listing_city": DECISION,
    "listing_service": HANDLING,
    "publication": DECISION,
}
DISTRICT = ("district_by", "district_at")


def _case(case: Case) -> Case:
    return case


def _listing(case: Any) -> Any:
    return case.listing


def _letter(case: Case) -> Text:
    return _("文书已经制发") if case.notices.filter(withdrawn_at=None).exists() else ""


CASE = Kind(
    name="case",
    flow=CaseFlow,
    first=CaseState.STREET_APPROVAL,
    model=Case,
    states=CaseState,
    ended=ENDED,
    path=states,
    related=("subject",),
    see=Right.SEE,
    facts=lambda case: {"state": str(case.state)},
    ways=WAYS,
    returns={step: frozenset({CaseState.CORRECTION}) for step in WAYS},
    undos={
        "district_approval": Undo("street_approval", _case, ("street_by", "street_at")),
        "urging": Undo("district_approval", _case, DISTRICT, _letter),
        "listing_district": Undo(
            "listing_review", _listing, ("reviewed_by", "reviewed_at", "review_opinion")
        ),
        "listing_city": Undo("listing_district", _listing, DISTRICT),
    },
    waiting=(cases_waiting,),
)
