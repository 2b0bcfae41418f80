"""What happens to an entry is told to every department that carries a measure out on it, to all together: to stop
while its execution is stayed, to go on, what was corrected, and to lift with one term when it leaves the list.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.calendar import rules as calendar
from grid.calendar.now import now, today
from grid.calendar.queries import workdays
from grid.hints import hint
from grid.law.queries import the_law
from grid.ledger.actions import Line, record_many
from grid.ledger.verbs import Verb
from grid.scope import Actor
from workflows.clocks.actions import stop_clock
from workflows.clocks.rules import unit_of
from workflows.sanctions.models import SanctionOrder
from workflows.sanctions.verbs import SanctionVerb

if TYPE_CHECKING:
    from workflows.listing.models import Listing


def term_end(key: str) -> date:
    """The last day of a term of the law that begins today."""
    term = the_law(today())[key]
    last = calendar.due_on(today(), int(term.value), unit_of(term.unit), workdays())
    assert last is not None  # without a pause every term ends
    return last


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
    _record(SanctionVerb.SANCTION_LIFT_ORDERED, listing, orders, by, reason=why, until=str(due_on))
    return len(orders)


def suspend_all(listing: Listing, why: str, *, by: Actor) -> int:
    """While the entry is stayed no department carries anything out on it, nor owes an answer. How many were told."""
    orders = list(unlifted(listing).select_related("sanction"))
    _record(SanctionVerb.SANCTION_SUSPENDED, listing, orders, by, reason=why)
    return len(orders)


def resume_all(listing: Listing, why: str, due_on: date, *, by: Actor) -> int:
    """The stay is over: measures go on, and whoever had not answered yet has until `due_on`, a whole term."""
    orders = list(unlifted(listing).select_for_update(of=("self",)).select_related("sanction"))
    for order in orders:
        if order.answered_at is None:
            order.due_on, order.reminded_on, order.escalated_on = due_on, None, None
    SanctionOrder.objects.bulk_update(orders, ["due_on", "reminded_on", "escalated_on"])
    _record(SanctionVerb.SANCTION_RESUMED, listing, orders, by, reason=why, until=str(due_on))
    return len(orders)


def correct_all(listing: Listing, *, by: Actor) -> int:
    """Every department that acts on the entry is sent what was corrected. How many were told."""
    orders = list(unlifted(listing).select_related("sanction"))
    _record(SanctionVerb.SANCTION_CORRECTED, listing, orders, by, correction=listing.correction)
    return len(orders)


def _record(verb: Verb, listing: Listing, orders: list[SanctionOrder], by: Actor, **facts: str) -> None:
    lines = (
        Line(
            listing.area,
            listing.subject_id,
            listing.code,
            {"department": order.department, "title": order.sanction.title, **facts},
        )
        for order in orders
    )
    record_many(verb, lines, by=by)
    hint("inbox", listing.area[:4])


def finish_spread(listing: Listing, *, by: Actor) -> None:
    """Part of a department's answer: the term ends when nothing is left to lift."""
    if listing.orders.filter(lift_at__isnull=False, lifted_at=None).exists():
        return
    clocks = listing.case.clocks.filter(kind="repair.spread", fired_at=None, stopped_at=None)
    for clock in clocks.select_related("case"):
        stop_clock(clock, str(_("全部解除")), by=by)
