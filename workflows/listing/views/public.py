"""The public list: open to anyone, kept out of search engines, a page for each entry, not to be harvested."""

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid import outside
from grid.calendar.now import today
from grid.limits import Count, address_of
from grid.offices.models import Part
from grid.offices.queries import office_at
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.objecting import decision_number
from workflows.listing.actions.public_feed import private_names
from workflows.listing.rules import masked

PAGE = 20
# Nobody looking for one name turns more pages; whoever wants all of them is the platform, which has the feed.
PAGES = 10
# Pages a minute for one address: a multiple of grid.limits.STEP.
LOOKUPS = 60

_count = Count()


Entry = TypeVar("Entry", bound=Model)


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    require_few_lookups(request)
    text = request.GET.get("q", "")[:60]
    page = bounded_page(queries.published(text), request)
    context = {"page": page, "text": text, "reached": page.number >= PAGES and page.has_next()}
    return quiet(render(request, "workflows/listing/public_list.html", context))


@require_safe
def public_entry(request: HttpRequest, code: str) -> HttpResponse:
    require_few_lookups(request)
    entry = queries.published_entry(code)
    decided_on = entry.decided_on or today()
    names = private_names(entry)
    context = {
        "entry": entry, "facts": masked(entry.facts, names), "correction": masked(entry.correction, names),
        "decider": office_at(entry.area[:4], decided_on).name_of(Part.AUTHORITY),
        "office": office_at(entry.area[:4], today()), "repair_from": queries.repair_from(entry),
        "number": decision_number(entry.case),
    }  # fmt: skip
    return quiet(render(request, "workflows/listing/public_entry.html", context))


def bounded_page(rows: QuerySet[Entry], request: HttpRequest) -> Page[Entry]:
    """A page of a public list. Raises SearchByName beyond the last one that is shown."""
    number = request.GET.get("page", "1")
    if outside.is_digits(number) and not outside.whole(number, most=PAGES):
        raise listing_problems.SearchByName()
    return Paginator(rows, PAGE).get_page(number)


def require_few_lookups(request: HttpRequest) -> None:
    """Raises TooManyLookups for an address that asks more than LOOKUPS pages in a minute."""
    if seconds := _count.take(f"{address_of(request)}:listings", LOOKUPS):
        raise listing_problems.TooManyLookups(seconds=seconds)


def quiet(answer: HttpResponse) -> HttpResponse:
    """A name must be found by whoever looks for it here, and forgotten when its period is over."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer
