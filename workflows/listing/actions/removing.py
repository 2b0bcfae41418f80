"""How an entry leaves the public list: its period over, its credit repaired, its listing revoked.

Leaving is leaving everywhere: the list, the feed (a tombstone), every sanction ordered on it, and a paper that says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grid.calendar.now import now, today
from grid.law.queries import the_law
from grid.scope import Actor, Held
from tasks.rounds.actions.single import close_one
from workflows.cases import states
from workflows.cases.models import Case
from workflows.clocks.actions import start_clock, stop_clock
from workflows.clocks.terms import ending_with
from workflows.engine.actions.steps import record_on, step_of
from workflows.listing.actions.public_feed import bump_feed
from workflows.listing.documents import RemovalDecision
from workflows.listing.models import Listing
from workflows.listing.verbs import ListingVerb
from workflows.notices.actions import issue_document
from workflows.notices.documents import Citation, Letterhead
from workflows.notices.documents.composing import cited_by
from workflows.notices.models import NoticeKind
from workflows.sanctions.actions.lifting import lift_all, unlifted

_UNDONE = (
    _lazy("停止公示、共享和使用该条信息。"),
    _lazy("解除依据该条信息采取的措施，恢复受到影响的权益。"),
    _lazy("原向信用平台和有关单位推送的信息同步撤回。"),
)
# Phases with which terms of this room end (terms.py): the proposal that is dropped, the entry that has left.
LISTING, ENTRY = "listing", "entry"


@dataclass(frozen=True)
class Revoked:
    """Why a listing should never have been, and the clauses by which it is taken back."""

    why: str
    basis: tuple[Citation, ...]


def take_off(case: Case, why: str, *, by: Actor, revoked: Revoked | None = None) -> Listing:
    """Takes the entry of `case` off the list by a 移出决定书, or, should it never have been there, by a decision that
    revokes the listing from its beginning. Raises OutOfOrder where it is not published."""
    with _leaving(case, why, by) as (fresh, listing, held):
        decision = fresh.notices.filter(kind=NoticeKind.LISTING_DECISION, withdrawn_at=None).last()
        number = decision.number if decision else ""
        issue_document(
            fresh,
            NoticeKind.REMOVAL,
            lambda letter: _paper(letter, listing, number, revoked),
            by=by,
            held=held,
        )
    return listing


def _paper(
    letter: Letterhead, listing: Listing, listed_number: str, revoked: Revoked | None
) -> RemovalDecision:
    """What ends rests on what it ends by: the period on its own rule, a revocation on the answer or judgment."""
    assert listing.decided_on is not None
    paper = RemovalDecision(
        letter=letter,
        listed_number=listed_number,
        listed_on=listing.decided_on,
        reasons=(_("决定书确定的列入期限于{on}届满。").format(on=listing.ends_on),),
        basis=cited_by(the_law(today())["cite.removal"]),
        removed_on=letter.issued_on,
    )
    if revoked is None:
        return paper
    return replace(paper, is_revoked=True, reasons=(revoked.why,), basis=revoked.basis, effects=_UNDONE)


def take_off_by(case: Case, why: str, *, by: Actor) -> Listing:
    """The same where another paper, issued in the same act, already says so (修复决定书)."""
    with _leaving(case, why, by) as (_fresh, listing, _held):
        return listing


@contextmanager
def _leaving(case: Case, why: str, by: Actor) -> Iterator[tuple[Case, Listing, Held | None]]:
    with step_of(case, "remove", by=by) as (fresh, held):
        listing = listing_of(fresh)
        listing.removed_at, listing.removed_why = now(), why
        listing.save(update_fields=["removed_at", "removed_why"])
        fresh.closed_at, fresh.closed_why = now(), why
        running = fresh.clocks.filter(kind__in=ending_with(ENTRY), fired_at=None, stopped_at=None)
        for clock in running.select_related("case"):
            stop_clock(clock, why, by=by)
        spread(fresh, listing, why, by)
        _release_doors(listing)
        yield fresh, listing, held
        bump_feed(listing)
        record_on(ListingVerb.LISTING_REMOVED, fresh, by, held, reason=why)


def spread(case: Case, listing: Listing, why: str, by: Actor) -> None:
    """Part of leaving the list: every department lifts what was ordered, within one term."""
    term = the_law(today())["repair.spread"]
    if not unlifted(listing):
        return
    clock = start_clock("repair.spread", by=by, case=case, provision=term, from_day=today())
    lift_all(listing, why, clock.due_on, by=by)


def _release_doors(listing: Listing) -> None:
    """Nobody goes to look for a repair of what has left already; it is not decided any more."""
    for repair in listing.repairs.filter(decided_at=None).select_related("task"):
        if repair.task:
            close_one(repair.task)


def listing_of(case: Case) -> Listing:
    """The listing of a case, locked. Raises OutOfOrder before anything was proposed."""
    rows = Listing.objects.select_for_update(of=("self",)).select_related("ground", "case", "subject")
    listing = rows.filter(case=case.pk).first()
    if listing is None:
        raise states.out_of_order(case, _("办理列入"))
    return listing
