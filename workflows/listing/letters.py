"""The letters that tell of an entry in the list, make it, end it or correct it, and the file that issues some of them."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.scope import Actor, Right
from workflows.cases.letters import PAGE as CASE
from workflows.cases.models import Case
from workflows.engine.acts import acts_on
from workflows.listing import documents
from workflows.listing.actions import serve_listing_decision, serve_listing_notice
from workflows.listing.models import Listing
from workflows.listing.queries import file_of
from workflows.notices.actions import keep_service
from workflows.notices.actions.previews import filled
from workflows.notices.letters import Act, Letter, Page, Signer
from workflows.notices.models import NoticeKind
from workflows.notices.terms import OBJECTION, REMOVAL, REPAIR


def _run(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    listing, found = getattr(case, "listing", None), acts_on(PAGE.name)[act]
    if listing is None:
        raise problems.NotHere()
    file = file_of(listing)
    if not found.fits(file):
        raise problems.OutOfOrder(thing=case.code, state=case.get_state_display(), act=found.label)
    return found.do(file, filled(found.form(given), PAGE.name, act), by)


PAGE = Page("listing", acts_on("listing"), _run)

LETTERS = (
    Letter(
        kind=NoticeKind.LISTING_NOTICE, word="失信告", shape=documents.ListingNotice, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=Act(CASE, "notice"), follows=serve_listing_notice, falls_with=Listing,
        signed_by=Right.SIGN_CITY,
    ),
    Letter(
        kind=NoticeKind.LISTING_DECISION, word="失信决", shape=documents.ListingDecision, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=Act(CASE, "decide-city"), follows=serve_listing_decision, falls_with=Listing,
        signed_by=Right.SIGN_CITY, decided=_("列入决定"),
    ),
    # Issued and handed over together with the decision.
    Letter(
        kind=NoticeKind.REPAIR_ADVICE, word="信修告", shape=documents.RepairAdvice, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=None, follows=keep_service, falls_with=Listing,
        signed_by=Right.SIGN_CITY, decided=_("列入决定"),
    ),
    # Issued by the clock when the period is over, or by an act that has another paper to show.
    Letter(
        kind=NoticeKind.REMOVAL, word="失信移", shape=documents.RemovalDecision, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=None, follows=keep_service, ends_burden=True,
        serve_within=REMOVAL, signed_by=Right.SIGN_CITY, decided=_("移出决定"),
    ),
    Letter(
        kind=NoticeKind.REPAIR_DECISION, word="信修", shape=documents.RepairDecision, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=Act(PAGE, "decide-repair"), follows=keep_service,
        serve_within=REPAIR, signed_by=Right.SIGN_CITY, decided=_("信用修复决定"),
    ),
    Letter(
        kind=NoticeKind.OBJECTION_ANSWER, word="异答", shape=documents.ObjectionAnswer, right=Right.DECIDE_CITY,
        signer=Signer.CITY, issued_by=Act(PAGE, "answer-objection"), follows=keep_service,
        serve_within=OBJECTION, signed_by=Right.SIGN_CITY, decided=_("异议处理决定"),
    ),
)  # fmt: skip
