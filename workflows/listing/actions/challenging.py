"""行政复议 and 行政诉讼 against a listing, or the penalty it stands on: what they hide, and what their end takes off."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.scope import Actor, Held, Right, require
from workflows.cases.models import Case
from workflows.engine.actions.steps import record_on
from workflows.listing import rules
from workflows.listing.actions import public_feed
from workflows.listing.actions.removing import Revoked, listing_of
from workflows.listing.actions.revoking import revoke
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.notices.documents import citation
from workflows.remedies.followers import Room
from workflows.remedies.models import Remedy, RemedyTarget
from workflows.sanctions.actions.lifting import resume_all, suspend_all, term_end


def decided_on(case: Case) -> date | None:
    return Listing.objects.filter(case=case).values_list("decided_on", flat=True).first()


def require_city(case: Case, remedy: Remedy, outcome: str, by: Actor) -> None:
    """Asks the city where the outcome takes a decided listing off. Raises NotYourPost."""
    listing = Listing.objects.filter(case=case).first()
    if listing and listing.decided_on and rules.revokes(remedy.target, outcome, listing.needs_penalty):
        require(by, Right.DECIDE_CITY, case.area)


def settle_listing(remedy: Remedy, fine: Decimal | None, by: Actor, held: Held | None) -> None:
    """Part of closing a remedy: a listing whose ground fell is revoked, one that was stayed and stands is shown again."""
    listing = Listing.objects.filter(case=remedy.case_id).first()
    if listing is None:
        return
    outcome = str(remedy.get_outcome_display())
    falls = rules.revokes(remedy.target, remedy.outcome, listing.needs_penalty)
    # What falls is not shown once more in between, nor do departments take their measures up again.
    if falls and listing.decided_on:
        clause = the_law(today())["cite.revoked"]
        basis = (citation(clause.value[remedy.kind], reviewed=clause.reviewed),)
        why = f"{remedy.get_kind_display()}{outcome}：{remedy.outcome_number}"
        revoke(listing, Revoked(why, basis), by=by)
    elif listing.stayed_at:
        _show_again(remedy.case, outcome, by)


def hide_listing(remedy: Remedy, by: Actor) -> None:
    """Part of noting a stay: an entry is not shown, and departments do not act on it."""
    if remedy.target == RemedyTarget.LISTING:
        _hide(remedy.case, remedy.stay_number, by)


def _hide(case: Case, number: str, by: Actor) -> None:
    listing = listing_of(case)
    if listing.published_at is None or listing.removed_at or listing.stayed_at:
        return
    why = _("停止执行：{number}").format(number=number)
    listing.stayed_at, listing.stayed_why = now(), why
    listing.save(update_fields=["stayed_at", "stayed_why"])
    public_feed.bump_feed(listing)
    suspend_all(listing, why, by=by)
    record_on(ListingVerb.LISTING_STAYED, case, by, None, reason=why)


def _show_again(case: Case, why: str, by: Actor) -> None:
    """Unless another stay still holds."""
    if Remedy.objects.staying("listing").filter(case=case).exists():
        return
    listing = listing_of(case)
    listing.stayed_at, listing.stayed_why = None, ""
    listing.save(update_fields=["stayed_at", "stayed_why"])
    if listing.removed_at is None:
        public_feed.bump_feed(listing)
        resume_all(listing, why, term_end("sanction.answer"), by=by)
    record_on(ListingVerb.LISTING_RESUMED, case, by, None, reason=why)


CHALLENGED = Room(RemedyTarget.LISTING, decided_on, require_city, stayed=hide_listing, ended=settle_listing)
