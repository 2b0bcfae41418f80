"""撤销列入: a listing that should never have been, because its decision fell or what it stood on did."""

from django.db import transaction
from django.utils.translation import gettext as _

from grid.calendar.now import now
from grid.scope import Actor
from workflows.cases import states
from workflows.cases.models import Case
from workflows.engine.actions.steps import locked, record_on
from workflows.listing.actions import drop_listing
from workflows.listing.actions.removing import Revoked, listing_of, take_off
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb


def revoke(listing: Listing, revoked: Revoked, *, by: Actor) -> Listing:
    """Wherever the listing stands, it is not and will not be public: taken off the list, or dropped before.

    Part of answering an objection or closing a remedy, which ask who may.
    """
    why = revoked.why[:300]
    with transaction.atomic():
        case = locked(Case, listing.case_id)
        if states.may(case, "remove"):
            take_off(case, str(_("撤销列入")), by=by, revoked=revoked)
        elif states.may(case, "drop"):
            drop_listing(case, why, by=by)
        fresh = listing_of(case)
        if fresh.revoked_at is None:
            fresh.revoked_at, fresh.revoked_why = now(), why
            fresh.save(update_fields=["revoked_at", "revoked_why"])
            record_on(ListingVerb.LISTING_REVOKED, case, by, None, reason=why)
    listing.refresh_from_db()
    return listing
