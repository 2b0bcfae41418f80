"""The terms of a listing, of objections to it and of its repair, on the clock of the case."""

from workflows.clocks.terms import Term, Whose
from workflows.listing.actions import close_defence, remove_listing
from workflows.listing.actions.overdue import report_to_superior
from workflows.listing.actions.removing import ENTRY, LISTING

TERMS = (
    Term(
        key="listing.defence", matter="case", whose=Whose.PARTY, handler=close_defence, title="陈述申辩期",
        ends_with=(LISTING,), awaited_at="defence", is_sole_way=True, answered_by="statement", is_public=True,
    ),
    # As long as its ground says, at most as long as this.
    Term(
        key="listing.period", matter="case", whose=Whose.PARTY, handler=remove_listing, law="listing.longest",
        title="公示期", ends_with=(LISTING, ENTRY), awaited_at="published", is_sole_way=True, is_public=True,
    ),
    Term(
        key="listing.objection", matter="case", whose=Whose.OFFICE, handler=report_to_superior,
        ends_with=(LISTING, ENTRY),
    ),
    Term(
        key="repair.decide", matter="case", whose=Whose.OFFICE, handler=report_to_superior, ends_with=(ENTRY,),
    ),
    Term(key="repair.spread", matter="case", whose=Whose.OFFICE, handler=report_to_superior),
)  # fmt: skip
