"""What an area's field shows while somebody types."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid.outside import is_area
from grid.requests import DeskRequest
from grid.territory.choosing.queries import areas_named, wanted_of

LONGEST = 60


@login_required
@require_safe
def named(request: DeskRequest) -> HttpResponse:
    """A part of a page: the areas meant so far, where the viewer holds what the field is for; outside there are none."""
    given = request.GET
    text = given.get(given.get("field", "")[:40], "")[:LONGEST]
    wanted = wanted_of(given.get("rights", ""), given.get("levels", ""), given.get("within", ""))
    near = given.get("near", "")
    found = areas_named(request.actor, text, wanted, near if is_area(near) else "")
    return render(request, "grid/territory/choosing/named.html", {"found": found})
