"""How long an entry is public, and from which day its repair may be asked for."""

from datetime import date

from django.utils.translation import gettext as _

from grid.law.queries import Law, the_law
from workflows.listing import rules
from workflows.listing.models import Listing

# What bounds the period of a ground, from below and from above.
PERIOD = ("listing.shortest", "listing.longest")


def months_of(listing: Listing, law: Law) -> int:
    """Months of publication: what the ground says, within what the law allows."""
    shortest, longest = (int(law[key].value) for key in PERIOD)
    return rules.period(listing.ground.months, shortest, longest)


def last_day_of(listing: Listing) -> date:
    """The last day of publication, counted from the decision; the law of that day bounds it."""
    assert listing.decided_on is not None
    return rules.last_public_day(listing.decided_on, months_of(listing, the_law(listing.decided_on)))


def earliest_day(listing: Listing, law: Law) -> date | None:
    """The first day on which repair may be applied for; None where the entry leaves before by itself."""
    assert listing.decided_on is not None
    shortest = int(law["listing.shortest"].value)
    return rules.earliest_repair(listing.decided_on, months_of(listing, law), shortest)


def is_period_reviewed(law: Law) -> bool:
    return all(law[key].reviewed for key in PERIOD)


def repair_words(listing: Listing, law: Law) -> str:
    """From which day and by what way repair may be asked for (信用修复管理办法: “信用中国” is the one window, whoever
    decided repairs); where the period is the shortest there is, that the entry leaves by itself."""
    first = earliest_day(listing, law)
    if first is None:
        return _("公示期即最短公示期，至{on}期满自动移出，无需申请信用修复。").format(on=last_day_of(listing))
    words = _(
        "自{on}起，改正违法行为、完全履行义务并作出信用承诺的，可以通过“信用中国”网站或者直接向作出决定的机关申请信用修复。"
    )
    return words.format(on=first)
