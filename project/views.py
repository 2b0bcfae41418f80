"""The desk's home, the source to take home, and what is answered when a request breaks."""

import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from grid.outages import outage_of
from grid.problems import ServerFault
from grid.requests import DeskRequest
from project.access import number_of
from project.gate import is_for_programs, refusal
from project.inbox import inbox_of
from project.orders import failed_orders
from project.source import packed


@login_required
@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    viewer = request.actor
    facts = {"inbox": inbox_of(viewer), "failed": failed_orders(viewer)}
    return render(request, "project/inbox.html", facts)


def archive(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(packed(Path(settings.ROOT)), content_type="application/gzip")
    answer["Content-Disposition"] = 'attachment; filename="grid-canvass.tar.gz"'
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """For whatever nobody caught: an outage in its own words, a fault with the number under which it stands in the
    log. Asks neither the database nor a session."""
    if outage := outage_of(sys.exc_info()[1]):
        answer = refusal(request, outage)
        # Said once for all requests by grid.outages; a traceback for each would fill the disk.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer
    if is_for_programs(request):
        return refusal(request, ServerFault())
    return HttpResponse(render_to_string("500.html", {"number": number_of(request)}), status=500)
