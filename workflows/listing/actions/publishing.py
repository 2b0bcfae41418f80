"""An entry is shown once its decision counts, and leaves when its period is over."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.law.queries import require_reviewed, the_law
from grid.scope import Actor
from workflows.cases import states
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock_until
from workflows.clocks.models import Clock
from workflows.engine.actions.steps import locked, record_on, step_of
from workflows.listing import problems as listing_problems
from workflows.listing.actions.lasting import PERIOD, last_day_of
from workflows.listing.actions.public_feed import next_place
from workflows.listing.actions.removing import listing_of, take_off
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.remedies.models import Remedy


def publish_listing(case: Case, *, by: Actor, at: str = "") -> Listing:
    """Puts the entry on the public list until its last day.

    Raises NotServedYet, RemedyPending while its execution is stayed, AlreadyRectified for a subject the register
    meanwhile shows in order: the city then drops the listing; LawUnreviewed outside demo mode while no lawyer has passed
    its ground or period.
    """
    with step_of(case, "publish", by=by, at=at) as (fresh, held):
        listing = listing_of(fresh)
        assert listing.served_on is not None
        if listing.served_on > today():
            raise listing_problems.NotServedYet(on=listing.served_on)
        if fresh.healed_on:
            raise listing_problems.AlreadyRectified(on=fresh.healed_on)
        _require_no_stay(fresh)
        require_reviewed(_waiting(listing), states.label_of("publish"))
        listing.published_at, listing.ends_on = now(), last_day_of(listing)
        listing.feed = next_place()
        listing.save(update_fields=["published_at", "ends_on", "feed"])
        _start_period(fresh, listing, by)
        record_on(ListingVerb.LISTING_PUBLISHED, fresh, by, held, until=listing.ends_on.isoformat())
    return listing


def _waiting(listing: Listing) -> Iterator[str]:
    """What of the entry's law no lawyer has passed."""
    if not listing.ground.reviewed:
        yield listing.ground.title
    assert listing.decided_on is not None
    law = the_law(listing.decided_on)
    yield from (law[key].title for key in PERIOD if not law[key].reviewed)


def _require_no_stay(case: Case) -> None:
    if first := Remedy.objects.staying("listing").filter(case=case).first():
        raise listing_problems.RemedyPending(kind=first.get_kind_display(), body=first.body)


def _start_period(case: Case, listing: Listing, by: Actor) -> None:
    """The clock of the publication. It ends on its day, day off or not: rolling on would lengthen a sanction."""
    ground = listing.ground
    period = Provision(value=ground.months, unit="m", basis=ground.basis, reviewed=ground.reviewed)
    assert listing.decided_on is not None and listing.ends_on is not None
    start_clock_until(
        listing.ends_on, "listing.period", by=by, matter=case, provision=period, from_day=listing.decided_on
    )


def remove_listing(clock: Clock, *, by: Actor) -> None:
    """The period is over: the entry leaves the public list, by a 移出决定书. Nothing when it has left already."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    if states.may(case, "remove"):
        take_off(case, str(_("公示期满")), by=by)
