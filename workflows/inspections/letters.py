"""The letters of an inspection, and the page that issues them."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.scope import Actor, Right
from workflows.cases.models import Case
from workflows.engine.acts import acts_on
from workflows.inspections import documents
from workflows.inspections.actions import (
    serve_decision,
    serve_demand,
    serve_hearing_notice,
    serve_order,
    serve_penalty_notice,
)
from workflows.inspections.acts import form_for
from workflows.inspections.models import Inspection
from workflows.notices.actions import keep_service
from workflows.notices.actions.previews import as_shown, filled
from workflows.notices.letters import Act, Addressee, Letter, Page
from workflows.notices.models import NoticeKind
from workflows.notices.terms import SPARED, WITHDRAWN


def _run(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    newest = case.inspections.order_by("-pk").first()
    if newest is None:
        raise problems.NotHere()
    form = form_for(act, newest, as_shown(newest.state, given))
    return acts_on(PAGE.name)[act].do(newest, filled(form, PAGE.name, act), by)


PAGE = Page("inspection", acts_on("inspection"), _run)

LETTERS = (
    Letter(
        kind=NoticeKind.FILING, word="监立", shape=documents.Filing, right=Right.INSPECT,
        issued_by=Act(PAGE, "file"), follows=None, to=Addressee.FILE, signed_by=None,
    ),
    Letter(
        kind=NoticeKind.ORDER, word="监令", shape=documents.InspectionOrder, right=Right.INSPECT,
        issued_by=Act(PAGE, "order"), follows=serve_order, falls_with=Inspection,
        by_two=True,
    ),
    Letter(
        kind=NoticeKind.PENALTY_NOTICE, word="罚告", shape=documents.PenaltyNotice, right=Right.INSPECT,
        issued_by=Act(PAGE, "notice"), follows=serve_penalty_notice, falls_with=Inspection,
        by_two=True,
    ),
    Letter(
        kind=NoticeKind.HEARING_NOTICE, word="听通", shape=documents.HearingNotice, right=Right.INSPECT,
        issued_by=Act(PAGE, "call"), follows=serve_hearing_notice, falls_with=Inspection,
        by_two=True,
    ),
    # What the head of the district's office decides.
    Letter(
        kind=NoticeKind.PENALTY_DECISION, word="罚决", shape=documents.PenaltyDecision, right=Right.DECIDE_DISTRICT,
        issued_by=Act(PAGE, "decide"), follows=serve_decision,
        by_two=True, decided=_("处罚决定"),
    ),
    # Issued and handed over together with the decision.
    Letter(
        kind=NoticeKind.PENALTY_ADVICE, word="罚修告", shape=documents.PenaltyAdvice, right=Right.DECIDE_DISTRICT,
        issued_by=None, follows=keep_service, by_two=True, decided=_("处罚决定"),
    ),
    Letter(
        kind=NoticeKind.NO_PENALTY, word="不罚", shape=documents.NoPenalty, right=Right.DECIDE_DISTRICT,
        issued_by=Act(PAGE, "spare"), follows=keep_service,
        by_two=True, serve_within=SPARED, decided=_("不予处罚决定"),
    ),
    Letter(
        kind=NoticeKind.CASE_WITHDRAWN, word="撤立", shape=documents.CaseWithdrawn, right=Right.DECIDE_DISTRICT,
        issued_by=Act(PAGE, "withdraw"), follows=keep_service,
        by_two=True, serve_within=WITHDRAWN, decided=_("撤销立案决定"),
    ),
    Letter(
        kind=NoticeKind.CASE_TRANSFER, word="监移", shape=documents.CaseTransfer, right=Right.DECIDE_DISTRICT,
        issued_by=Act(PAGE, "transfer"), follows=None, to=Addressee.OFFICE,
        decided=_("移送决定"),
    ),
    Letter(
        kind=NoticeKind.DEMAND, word="催告", shape=documents.Demand, right=Right.INSPECT,
        issued_by=Act(PAGE, "demand"), follows=serve_demand,
        by_two=True,
    ),
    Letter(
        kind=NoticeKind.COURT_APPLICATION, word="强申", shape=documents.CourtApplication, right=Right.INSPECT,
        issued_by=Act(PAGE, "court"), follows=None, to=Addressee.FILE,
    ),
)  # fmt: skip
