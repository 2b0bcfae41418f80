"""What is late in answering a subject is told to the superior, once: the clock fires once."""

from django.utils.translation import gettext as _

from grid.hints import hint
from grid.scope import Actor
from workflows.cases.models import Case
from workflows.clocks.models import Clock
from workflows.clocks.terms import name_of
from workflows.engine.actions.steps import locked, record_on
from workflows.listing.verbs import ListingVerb


def report_to_superior(clock: Clock, *, by: Actor) -> None:
    """The term of an objection, a repair or the lifting of sanctions is over, and the work is not done."""
    assert clock.case_id is not None
    case = locked(Case, clock.case_id)
    due_on = clock.due_on.isoformat()
    record_on(ListingVerb.LISTING_LATE, case, by, None, term_name=str(_(name_of(clock.kind))), due_on=due_on)
    hint("inbox", case.area[:4])
