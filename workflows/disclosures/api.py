"""The feed of published penalties for the credit platform, as that of the list: changes after a cursor, tombstones.

GET /public/penalties/feed.json?after=0        Authorization: Bearer <token>
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from workflows.disclosures import queries
from workflows.listing.api import as_csv, as_json


@require_safe
def feed_json(request: HttpRequest) -> HttpResponse:
    return as_json(request, queries.feed_after)


@require_safe
def feed_csv(request: HttpRequest) -> HttpResponse:
    return as_csv(request, queries.feed_after, queries.COLUMNS, "penalties.csv")
