"""The public list: open to anyone, kept out of search engines, a page for each entry."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.listing import queries
from workflows.listing.rules import masked
from workflows.notices.offices import office_at

PAGE = 20


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:60]
    page = Paginator(queries.published(text), PAGE).get_page(request.GET.get("page"))
    return _quiet(render(request, "workflows/listing/public_list.html", {"page": page, "text": text}))


@require_safe
def public_entry(request: HttpRequest, code: str) -> HttpResponse:
    entry = queries.published_entry(code)
    context = {"entry": entry, "facts": masked(entry.facts), "office": office_at(entry.area[:4])}
    return _quiet(render(request, "workflows/listing/public_entry.html", context))


def _quiet(answer: HttpResponse) -> HttpResponse:
    """A name must be found by whoever looks for it here, and forgotten when its period is over."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
