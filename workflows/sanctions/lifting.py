"""Ordering the departments to lift: all of an entry together, with one term. Part of the entry's leaving the list."""

from datetime import date

from django.db.models import QuerySet

from grid.calendar.now import now
from grid.hints import hint
from grid.ledger.actions import Line, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor
from workflows.listing.models import Listing
from workflows.sanctions.models import SanctionOrder


def unlifted(listing: Listing) -> QuerySet[SanctionOrder]:
    """Orders that may still be carried out somewhere."""
    return SanctionOrder.objects.filter(listing=listing, lift_at=None).exclude(answer="unfit")


def lift_all(listing: Listing, why: str, due_on: date, *, by: Actor) -> int:
    """Every department is told to lift what it carried out on this entry; how many were told."""
    orders = list(unlifted(listing).select_for_update(of=("self",)).select_related("sanction"))
    at = now()
    for order in orders:
        order.lift_at, order.lift_why, order.lift_due_on = at, why, due_on
        order.reminded_on = order.escalated_on = None
    fields = ["lift_at", "lift_why", "lift_due_on", "reminded_on", "escalated_on"]
    SanctionOrder.objects.bulk_update(orders, fields)
    record_many(Verb.SANCTION_LIFT_ORDERED, (_line(order, why) for order in orders), by=by)
    hint("inbox", listing.area[:4])
    return len(orders)


def _line(order: SanctionOrder, why: str) -> Line:
    listing = order.listing
    facts = {"department": order.department, "title": order.sanction.title, "reason": why}
    facts["until"] = str(order.lift_due_on)
    return Line(listing.area, listing.subject_id, listing.code, facts)
