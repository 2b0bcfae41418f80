"""The feed of the credit platform as JSON and CSV: changes after a cursor, removals as tombstones.

    GET /public/listings/feed.json?after=0        Authorization: Bearer <token>
    {"entries": [...], "cursor": 17, "more": false}

Applying the entries in their order to what was known at `after` gives the public list: an entry "published" is
put in the place of the one with its code, one "removed" is taken out. An entry also leaves by itself once its
`ends_on` is over.
"""

import csv
import hmac
import json
from collections.abc import Callable, Sequence
from io import StringIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from grid import problems
from grid.outside import whole
from grid.sheets import inert
from workflows.listing import problems as listing_problems
from workflows.listing import queries
from workflows.listing.actions.public_feed import COLUMNS, Page
from workflows.listing.views.public import quiet

Reader = Callable[[int], Page]


@require_safe
def feed_json(request: HttpRequest) -> HttpResponse:
    return as_json(request, queries.feed_after)


@require_safe
def feed_csv(request: HttpRequest) -> HttpResponse:
    return as_csv(request, queries.feed_after, COLUMNS, "listings.csv")


def as_json(request: HttpRequest, read: Reader) -> HttpResponse:
    """A page of a feed for whoever has the token; `read` answers what changed after a cursor."""
    try:
        page = _page(request, read)
    except problems.Problem as refused:
        return _refused(refused)
    body = {"entries": page.entries, "cursor": page.cursor, "more": page.more}
    return quiet(HttpResponse(_text(body), content_type="application/json"))


def as_csv(request: HttpRequest, read: Reader, columns: Sequence[str], name: str) -> HttpResponse:
    """The same; cursor and whether there is more stand in the headers X-Cursor and X-More."""
    try:
        page = _page(request, read)
    except problems.Problem as refused:
        return _refused(refused)
    table = StringIO()
    writer = csv.DictWriter(table, columns)
    writer.writeheader()
    writer.writerows({key: inert(value) for key, value in entry.items()} for entry in page.entries)
    answer = HttpResponse("\ufeff" + table.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Cursor"], answer["X-More"] = str(page.cursor), "1" if page.more else "0"
    return quiet(answer)


def _page(request: HttpRequest, read: Reader) -> Page:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    token = settings.CREDIT_FEED_TOKEN.encode()
    if not token or not hmac.compare_digest(given, token):
        raise listing_problems.FeedNotYours()
    told = request.GET.get("after", "0")
    after = whole(told)
    if after is None:
        raise listing_problems.FeedCursorUnknown(cursor=told[:30])
    return read(after)


def _refused(problem: problems.Problem) -> HttpResponse:
    body = {
        "type": f"/problems/{problem.code}", "title": str(problem.title), "status": problem.status,
        "detail": problem.detail, "code": problem.code,
    }  # fmt: skip
    answer = HttpResponse(_text(body), status=problem.status, content_type="application/problem+json")
    if problem.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False)
