"""Not listing a subject after all, and mending a file that was sent back."""

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now
from grid.scope import Actor, Right, require, require_person
from workflows.cases import states
from workflows.cases.actions.steps import release_door
from workflows.cases.models import Case, CaseState
from workflows.cases.verbs import CaseVerb
from workflows.clocks.actions import stop_clocks
from workflows.clocks.terms import ending_with
from workflows.engine.actions.steps import end_of, locked, record_on, step_of
from workflows.listing.actions.removing import LISTING, listing_of
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import withdraw_documents
from workflows.notices.letters import falling_with

# What a changed file has to go through again from its notice on.
GATES = (
    "noticed_on", "defence_on", "defence_closed_on", "reviewed_by", "reviewed_at", "district_by", "district_at",
    "city_by", "city_at", "decided_on",
)  # fmt: skip


def drop_listing(case: Case, why: str, *, by: Actor, at: str = "") -> Case:
    """不予列入: ends a penalised case without a listing, with the reason. Raises ReasonMissing."""
    if not why.strip():
        raise problems.ReasonMissing(act=states.label_of("drop"))
    with end_of(case, "drop", by=by, at=at) as (fresh, held):
        Listing.objects.filter(case=fresh).update(dropped_at=now(), dropped_why=why)
        fresh.closed_at, fresh.closed_why = now(), why
        stop_clocks(fresh, str(_("不予列入")), by=by, kinds=ending_with(LISTING))
        withdraw_documents(fresh, why, by=by, kinds=falling_with(Listing))
        release_door(fresh, by=by)
        record_on(ListingVerb.LISTING_DROPPED, fresh, by, held, reason=why)
    return case


def dropping_right(case: Case) -> Right:
    """Whoever decides next may decide against it."""
    if case.state == CaseState.LISTING_REVIEW:
        return Right.LEGAL_REVIEW
    city = (CaseState.LISTING_CITY, CaseState.LISTING_SERVICE, CaseState.PUBLICATION)
    return Right.DECIDE_CITY if case.state in city else Right.DECIDE_DISTRICT


def correct_listing(case: Case, facts: str, remark: str, *, by: Actor, at: str = "") -> Listing:
    """Mends a file that was sent back. Changed facts go the whole way again, beginning with the notice:
    nobody is listed for what they were not heard on. Raises ReasonMissing, NotYourPost.
    """
    if not remark.strip() or not facts.strip():
        raise problems.ReasonMissing(act=states.label_of("correct"))
    require(by, Right.INSPECT, case.area)
    with transaction.atomic():
        returned_to = locked(Case, case.pk).returned_to
        listing = listing_of(case)
        changed = facts.strip() != listing.facts
        to = CaseState.LISTING_PROPOSED if changed else returned_to
        with step_of(case, "correct", by=by, at=at, to=to) as (fresh, held):
            if changed:
                _begin_again(listing, facts.strip(), by)
            release_door(fresh, by=by)
            fresh.returned_to = fresh.returned_why = ""
            fields = ["facts"] if changed else []
            record_on(CaseVerb.CASE_CORRECTED, fresh, by, held, fields=fields, reason=remark)
    return listing


def _begin_again(listing: Listing, facts: str, by: Actor) -> None:
    for gate in GATES:
        setattr(listing, gate, None)
    listing.defence = listing.defence_answer = listing.review_opinion = ""
    listing.facts, listing.proposed_at, listing.proposed_by_id = facts, now(), require_person(by)
    listing.save()
    why = str(_("事实变更，重新告知"))
    withdraw_documents(listing.case, why, by=by, kinds=falling_with(Listing))
